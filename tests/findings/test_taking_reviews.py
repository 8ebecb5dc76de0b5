"""Who reads what was noted before the release: the interviewer, the reviewer who took the debrief on, the second coder, programme managers."""

import threading

import pytest
from django.db import IntegrityError, connections, transaction
from django.urls import reverse

from accounts.enums import Role
from debriefs.calls import actions as calls
from debriefs.calls.models import Debrief
from debriefs.calls.permissions import can_read_raw
from debriefs.calls.refusals import ReviewTaken
from debriefs.deals.models import DealParty
from debriefs.findings import actions, batches, second_coding
from debriefs.findings.models import Finding, SecondCoding
from debriefs.findings.plan import Story
from debriefs.findings.queries import prepared_releases, reviews_of, reviews_to_do, reviews_waiting
from debriefs.findings.refusals import ReviewNotAllowed
from debriefs.foundation import clock
from debriefs.foundation.models import AuditEntry
from tests import factories
from tests.findings.test_release import coded

RAW = "RAWCANARY"


@pytest.fixture
def free(debrief):
    """The written-up debrief before anybody took its review on."""
    Debrief.objects.filter(pk=debrief.pk).update(reviewer=None)
    debrief.refresh_from_db()
    return debrief


@pytest.fixture
def other(world):
    return factories.person(world.programme, Role.REVIEWER, name="Other Reader")


def address(debrief, name, room="findings"):
    slug = debrief.programme.slug
    return reverse(f"{room}:{name}", kwargs={"programme_slug": slug, "debrief_id": debrief.pk})


def readings(person):
    return AuditEntry.objects.filter(action="answers.read", actor_id=person.pk).count()


def now_of(debrief):
    return Debrief.objects.select_related("deal", "reviewer").get(pk=debrief.pk)


@pytest.mark.django_db
def test_no_reviewer_reads_a_word_before_the_review_is_taken_on(world, free, sign_in):
    client = sign_in(world.reviewer)
    listed = client.get(
        reverse("findings:review_list", kwargs={"programme_slug": world.programme.slug})
    ).content.decode()
    assert "Waits for a reviewer" in listed
    offer = client.get(address(free, "coding")).content.decode()
    assert "Take the review on" in offer and free.deal.company.name in offer
    assert RAW not in offer and "chart with arrows" not in offer
    assert client.get(address(free, "answers", "interviews")).status_code == 404
    assert client.get(address(free, "transcript", "interviews")).status_code == 404
    assert readings(world.reviewer) == 0

    client.post(address(free, "review_open"))
    assert RAW in client.get(address(free, "coding")).content.decode()
    assert RAW in client.get(address(free, "answers", "interviews")).content.decode()
    assert readings(world.reviewer) == 2
    assert AuditEntry.objects.filter(action="review.taken", actor_id=world.reviewer.pk, subject_id=free.pk).count() == 1


@pytest.mark.django_db
def test_another_reviewer_sees_who_reviews_and_gets_back_what_they_typed(world, free, other, sign_in):
    actions.open_review(debrief=free, by=world.reviewer, now=clock.now())
    client = sign_in(other)
    page = client.get(address(free, "coding")).content.decode()
    assert f"{world.reviewer.name} reviews this debrief" in page
    assert RAW not in page and "Take the review on" not in page
    assert client.get(address(free, "answers", "interviews")).status_code == 404
    for name in ("debrief_release", "debrief_review", "finding_add", "review_give_back"):
        answer = client.post(address(free, name), {"note": "What I would have said of it", "summary": "In short"})
        assert answer.status_code == 403
        assert "What I would have said of it" in answer.content.decode()
        assert RAW not in answer.content.decode()
    refused = client.post(address(free, "review_open"))
    assert refused.status_code == 422 and f"{world.reviewer.name} reviews this debrief" in refused.content.decode()
    with pytest.raises(ReviewNotAllowed, match="reviews this debrief"):
        actions.review(debrief=free, by=other, now=clock.now())
    with pytest.raises(ReviewTaken):
        calls.take_review(debrief=free, by=other, now=clock.now())
    assert now_of(free).reviewer == world.reviewer


@pytest.mark.django_db(transaction=True)
def test_two_who_take_a_review_on_at_once_are_one_reviewer_and_one_refused(world, free, other):
    barrier, got = threading.Barrier(2), []

    def take(person):
        try:
            barrier.wait()
            actions.open_review(debrief=free, by=person, now=clock.now())
            got.append(person.pk)
        except (ReviewTaken, ReviewNotAllowed):
            got.append(None)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=(person,)) for person in (world.reviewer, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got, key=str) == sorted([now_of(free).reviewer_id, None], key=str)
    assert Finding.objects.filter(debrief=free).count() == 2
    assert AuditEntry.objects.filter(action="review.taken").count() == 1


@pytest.mark.django_db
def test_a_review_given_back_waits_with_what_was_coded_for_the_next(world, free, other, sign_in):
    coded(world, free)
    client = sign_in(world.reviewer)
    assert client.post(address(free, "review_give_back")).status_code == 302
    assert RAW not in client.get(address(free, "coding")).content.decode()
    assert not can_read_raw(world.reviewer, now_of(free))
    assert Finding.objects.filter(debrief=free).count() == 2
    calls.give_review_back(debrief=free, by=world.reviewer, now=clock.now())
    assert AuditEntry.objects.filter(action="review.given_back").count() == 1
    assert set(reviews_to_do(other)) == {free}

    sign_in(other).post(address(free, "review_open"))
    assert now_of(free).reviewer == other
    assert Finding.objects.filter(debrief=free).count() == 2
    actions.review(debrief=free, by=other, now=clock.now())
    with pytest.raises(ReviewTaken):
        calls.give_review_back(debrief=free, by=world.reviewer, now=clock.now())


@pytest.mark.django_db
def test_a_programme_manager_reads_all_takes_over_where_they_say_so_and_nobody_else_does(world, free, sign_in):
    actions.open_review(debrief=free, by=world.reviewer, now=clock.now())
    client = sign_in(world.admin)
    page = client.get(address(free, "coding")).content.decode()
    assert RAW in page and "You read it as programme manager" in page
    client.post(address(free, "review_open"))
    assert now_of(free).reviewer == world.reviewer
    client.post(address(free, "review_open"), {"take_over": "1"})
    assert now_of(free).reviewer == world.admin
    assert not can_read_raw(world.reviewer, now_of(free))
    sign_in(world.reviewer).post(address(free, "review_open"), {"take_over": "1"})
    assert now_of(free).reviewer == world.admin
    taken = AuditEntry.objects.filter(action="review.taken").order_by("pk").last()
    assert taken.detail["before"] == str(world.reviewer.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["left", "other role", "joined our side"])
def test_the_review_of_somebody_who_may_not_go_on_is_free_again(world, free, other, how):
    coded(world, free)
    assert set(reviews_to_do(other)) == set()
    if how == "left":
        world.reviewer.membership.ended_at = clock.now()
        world.reviewer.membership.save(update_fields=["ended_at"])
    elif how == "other role":
        world.reviewer.membership.roles = [Role.MEMBER]
        world.reviewer.membership.save(update_fields=["roles"])
    else:
        DealParty.objects.create(
            programme=world.programme, deal=free.deal, person=world.reviewer, kind="team", joined_at=clock.now()
        )
    assert [one.is_free for one in reviews_waiting(other)] == [True]
    assert set(reviews_to_do(other)) == {free}
    actions.open_review(debrief=free, by=other, now=clock.now())
    assert now_of(free).reviewer == other
    actions.review(debrief=free, by=other, now=clock.now())


@pytest.mark.django_db
def test_the_second_coder_reads_the_notes_from_the_beginning_on_and_is_never_the_reviewer(world, free, other, sign_in):
    world.programme.second_coding_percent = 100
    world.programme.save(update_fields=["second_coding_percent"])
    coded(world, free)
    coding, client = SecondCoding.objects.get(debrief=free), sign_in(other)
    offer = client.get(address(free, "second_coding")).content.decode()
    assert "Code this debrief" in offer and RAW not in offer
    with pytest.raises(ReviewNotAllowed):
        second_coding.begin(coding=coding, by=world.reviewer, now=clock.now())
    client.post(address(free, "second_begin"))
    assert RAW in client.get(address(free, "second_coding")).content.decode()
    assert now_of(free).second_coder == other
    # Whoever gives the review back leaves it to a third.
    calls.give_review_back(debrief=free, by=world.reviewer, now=clock.now())
    with pytest.raises(ReviewTaken):
        calls.take_review(debrief=free, by=other, now=clock.now())
    with pytest.raises(IntegrityError, match="second_coder_is_a_third"), transaction.atomic():
        Debrief.objects.filter(pk=free.pk).update(reviewer=other)


@pytest.mark.django_db
def test_both_codings_are_compared_by_their_coders_and_programme_managers_alone(world, free, other, sign_in):
    world.programme.second_coding_percent = 100
    world.programme.save(update_fields=["second_coding_percent"])
    coded(world, free)
    coding = second_coding.begin(coding=SecondCoding.objects.get(debrief=free), by=other, now=clock.now())
    unit = second_coding.add_unit(
        coding=coding, driver=Finding.objects.first().driver, direction="hurt", strength=2, note="SECONDCANARY",
        by=other, now=clock.now(),
    )  # fmt: skip
    second_coding.decide_unit(unit=unit, by=other)
    second_coding.hand_in(coding=coding, by=other, now=clock.now())
    actions.review(debrief=free, by=world.reviewer, now=clock.now())
    third = factories.person(world.programme, Role.REVIEWER, name="Third Reader")
    for person in (world.reviewer, other, world.admin):
        assert "SECONDCANARY" in sign_in(person).get(address(free, "differences")).content.decode()
    client = sign_in(third)
    assert client.get(address(free, "differences")).status_code == 404
    assert client.post(address(free, "consensus")).status_code == 404
    offer = client.get(address(free, "second_coding")).content.decode()
    assert "SECONDCANARY" not in offer and "Compare both codings" not in offer
    listed = client.get(
        reverse("findings:second_list", kwargs={"programme_slug": world.programme.slug})
    ).content.decode()
    assert address(free, "second_coding") in listed and address(free, "differences") not in listed
    coding.refresh_from_db()
    with pytest.raises(ReviewNotAllowed, match="consensus"):
        second_coding.agree(coding=coding, taken={}, deciding=None, by=third, now=clock.now())


@pytest.mark.django_db
def test_what_is_prepared_for_a_batch_is_shown_to_its_reviewer_and_programme_managers(world, free, other):
    coded(world, free)
    actions.review(debrief=free, by=world.reviewer, now=clock.now())
    batches.prepare(
        debrief=now_of(free), story=Story("In short."), words_confirmed=False, by=world.reviewer, now=clock.now()
    )
    assert [prepared_releases(person).count() for person in (world.reviewer, world.admin, other)] == [1, 1, 0]
    assert [reviews_of(person).count() for person in (world.reviewer, world.admin, other)] == [1, 1, 0]
    assert [reviews_to_do(person).count() for person in (world.reviewer, world.admin, other)] == [1, 0, 0]
    assert reviews_waiting(world.member).count() == 0


@pytest.mark.django_db
def test_a_programme_manager_who_codes_blind_finds_its_story_in_no_batch(world, free, sign_in):
    world.programme.second_coding_percent = 100
    world.programme.save(update_fields=["second_coding_percent"])
    coded(world, free)
    actions.review(debrief=free, by=world.reviewer, now=clock.now())
    story = Story("FIRSTSTORY in short.")
    batches.prepare(debrief=now_of(free), story=story, words_confirmed=False, by=world.reviewer, now=clock.now())
    batch = reverse("findings:release_batch", kwargs={"programme_slug": world.programme.slug})
    client = sign_in(world.admin)
    assert prepared_releases(world.admin).count() == 1
    second_coding.begin(coding=SecondCoding.objects.get(debrief=free), by=world.admin, now=clock.now())
    assert prepared_releases(world.admin).count() == 0
    page = client.get(batch).content.decode()
    assert "FIRSTSTORY" not in page and free.deal.company.name not in page
