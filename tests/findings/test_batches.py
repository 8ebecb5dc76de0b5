"""A release tells beforehand who reads it, and several can be released at one moment, or none of them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Person
from debriefs.codebook.actions import install_starter_codebook
from debriefs.codebook.models import Driver
from debriefs.findings import actions, batches
from debriefs.findings.models import Finding, PreparedRelease, Release
from debriefs.findings.plan import Story
from debriefs.findings.queries import counted_releases, releases_visible_to
from debriefs.findings.readers import readers_of
from debriefs.findings.refusals import BatchTooSmall, NamesRemain, NotReleasable
from debriefs.foundation import clock
from debriefs.interviews.models import Answer, AnswerSheet
from tests import factories
from tests.findings.conftest import permit, tag
from tests.findings.test_release import coded


def address(world, name, **values):
    return reverse(f"findings:{name}", kwargs={"programme_slug": world.programme.slug, **values})


def reviewed(world, company):
    """A reviewed debrief of a deal with that company, in the same team."""
    if not Driver.objects.filter(programme=world.programme).exists():
        install_starter_codebook(programme=world.programme)
    deal = factories.deal(
        world.programme, owner=world.rep, team=world.team, company=factories.company(world.programme, company)
    )
    contact = factories.contact(world.programme, f"Buyer of {company}", company=deal.company)
    factories.deal_contact(deal, contact)
    stages = dict.fromkeys(("invited_at", "booked_at", "held_at", "written_up_at"), world.now)
    made = factories.debrief(deal, world.interviewer, contact_=contact, **stages)
    sheet = AnswerSheet.objects.create(
        programme=world.programme, debrief=made, opened_at=world.now, submitted_at=world.now
    )
    question = made.guide_version.questions.first()
    answer = Answer.objects.create(
        programme=world.programme, sheet=sheet, question=question, question_key=question.key, question_text=question.text,
        text="Noted.", state="noted",
    )  # fmt: skip
    tag(world, answer, "trust", "helped", "They said no twice.")
    permit(made, "anonymous")
    actions.open_review(debrief=made, by=world.reviewer, now=clock.now())
    actions.make_primary(finding=Finding.objects.get(debrief=made), by=world.reviewer, now=clock.now())
    actions.review(debrief=made, by=world.reviewer, now=clock.now())
    made.refresh_from_db()
    return made


def prepared(world, debrief, summary="In short."):
    return batches.prepare(
        debrief=debrief, story=Story(summary), words_confirmed=False, by=world.reviewer, now=clock.now()
    )


@pytest.mark.django_db
@pytest.mark.parametrize("audience", ["team", "programme"])
def test_the_list_of_readers_is_who_reads_it_then(world, debrief, audience):
    world.programme.audience = audience
    world.programme.save(update_fields=["audience"])
    debrief.programme.refresh_from_db()
    coded(world, debrief)
    actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    now = clock.now()
    told = readers_of(debrief, now)
    release = actions.release(debrief=debrief, summary="", by=world.reviewer, now=now)
    everybody = Person.objects.filter(membership__ended_at__isnull=True).select_related("programme", "membership")
    for moment in (now, now + timedelta(hours=23), now + timedelta(hours=25)):
        read_by = {p.pk for p in everybody if releases_visible_to(p, moment).filter(pk=release.pk).exists()}
        assert {p.pk for group in told if group.since <= moment for p in group.people} == read_by
    groups = [group.people for group in told]
    assert sum(map(len, groups)) == len(set().union(*groups))


@pytest.mark.django_db
def test_the_page_of_a_release_says_who_reads_what_and_what_goes_with_it(world, debrief, sign_in):
    coded(world, debrief)
    actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    path = address(world, "debrief_release", debrief_id=debrief.pk)
    page = sign_in(world.reviewer).get(path).content.decode()
    for said in (
        "The owner of the deal, alone at first", "The owning team with its manager", "a company in transport",
        "no group of fewer than 5 companies", "The salesperson showed us a chart with arrows.",
    ):  # fmt: skip
        assert said in page
    assert "Selling Person showed" not in page


@pytest.mark.django_db
def test_a_batch_is_released_at_one_moment(world, sign_in):
    made = [reviewed(world, f"Company {letter}") for letter in "ABCDE"]
    for debrief in made:
        prepared(world, debrief)
    assert not Release.objects.exists()
    client = sign_in(world.reviewer)
    page = client.get(address(world, "release_batch")).content.decode()
    assert "5 companies at once" in page
    assert "although_few" not in page
    keys = [str(one.pk) for one in PreparedRelease.objects.all()]
    assert client.post(address(world, "release_batch"), {"prepared": keys}).status_code == 302
    assert len(set(Release.objects.values_list("released_at", "others_from"))) == 1
    assert Release.objects.count() == 5
    assert not PreparedRelease.objects.exists()
    # The figures take all five at once.
    opens = Release.objects.first().others_from
    counts = [counted_releases(world.programme, opens + timedelta(seconds=step)).count() for step in (-1, 0)]
    assert counts == [0, 5]


@pytest.mark.django_db
def test_a_small_batch_waits_unless_somebody_says_that_it_may(world, sign_in):
    for letter in "AB":
        prepared(world, reviewed(world, f"Company {letter}"))
    client, path = sign_in(world.reviewer), address(world, "release_batch")
    keys = [str(one.pk) for one in PreparedRelease.objects.all()]
    refused = client.post(path, {"prepared": keys})
    assert refused.status_code == 422
    assert "fewer than 5 companies at once" in refused.content.decode()
    assert not Release.objects.exists()
    with pytest.raises(BatchTooSmall):
        batches.release_batch(prepared=list(PreparedRelease.objects.all()), by=world.reviewer, now=clock.now())
    assert client.post(path, {"prepared": keys, "although_few": "on"}).status_code == 302
    assert Release.objects.count() == 2


@pytest.mark.django_db
def test_one_that_may_not_be_released_keeps_the_whole_batch_back(world):
    one, other = reviewed(world, "Company A"), reviewed(world, "Company B")
    rows = [prepared(world, one), prepared(world, other)]
    # Somebody got that name after the story was written.
    factories.person(world.programme, "member", name="Noted Shortly")
    PreparedRelease.objects.filter(debrief=other).update(summary="Noted Shortly said so.")
    rows[1].refresh_from_db()
    with pytest.raises(NotReleasable, match="Company B"):
        batches.release_batch(prepared=rows, by=world.reviewer, now=clock.now(), although_few=True)
    assert not Release.objects.exists()
    one.refresh_from_db()
    assert one.released_at is None


@pytest.mark.django_db
def test_names_are_refused_when_a_release_is_prepared_and_what_was_written_is_found_again(world, sign_in):
    debrief = reviewed(world, "Company A")
    with pytest.raises(NamesRemain):
        prepared(world, debrief, "Selling Person came late.")
    client, path = sign_in(world.reviewer), address(world, "debrief_release", debrief_id=debrief.pk)
    typed = {"summary": "Selling Person came late.", "batch": "1"}
    refused = client.post(path, typed)
    assert refused.status_code == 422
    assert "Selling Person came late." in refused.content.decode()
    kept = {"summary": "They came late.", "timeline": "June: three suppliers", "suggests": "Come sooner.", "batch": "1"}
    assert client.post(path, kept).status_code == 302
    assert not Release.objects.exists()
    page = client.get(path).content.decode()
    for words in ("They came late.", "June: three suppliers", "Come sooner.", "Waits for the next batch"):
        assert words in page
    assert client.post(address(world, "batch_leave", debrief_id=debrief.pk)).status_code == 302
    assert "Company A" not in client.get(address(world, "release_batch")).content.decode()
    # It waits for no batch, and what was written stays where it was written.
    page = client.get(path).content.decode()
    assert "Waits for the next batch" not in page
    assert "June: three suppliers" in page
    assert client.post(path, kept | {"seen": PreparedRelease.objects.get().prepared_at.isoformat()}).status_code == 302
    assert "Company A" in client.get(address(world, "release_batch")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["taken out", "prepared anew"])
def test_a_batch_releases_nothing_that_was_changed_since_it_was_read(world, change):
    debrief = reviewed(world, "Company A")
    row = prepared(world, debrief)
    if change == "taken out":
        batches.take_out(prepared=row, by=world.admin, now=clock.now())
    else:
        prepared(world, debrief, "They came late.")
    with pytest.raises(NotReleasable, match="Company A: Somebody"):
        batches.release_batch(prepared=[row], by=world.reviewer, now=clock.now(), although_few=True)
    assert not Release.objects.exists()
    assert PreparedRelease.objects.count() == 1


@pytest.mark.django_db
def test_nobody_prepares_or_releases_what_is_not_theirs_to_review(world, sign_in):
    debrief = reviewed(world, "Company A")
    row = prepared(world, debrief)
    for person in (world.interviewer, world.rep, world.manager, world.other_admin):
        client = sign_in(person)
        path = reverse("findings:release_batch", kwargs={"programme_slug": person.programme.slug})
        if client.get(path).status_code == 200:
            assert "Company A" not in client.get(path).content.decode()
            assert client.post(path, {"prepared": [str(row.pk)], "although_few": "on"}).status_code == 422
        assert client.post(address(world, "batch_leave", debrief_id=debrief.pk)).status_code == 404
    assert PreparedRelease.objects.count() == 1
    assert not Release.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("button", ["batch", "release"])
def test_a_text_somebody_else_prepared_meanwhile_is_not_overwritten_unseen(world, sign_in, button):
    debrief = reviewed(world, "Halden Foods")
    page = address(world, "debrief_release", debrief_id=debrief.pk)
    prepared(world, debrief, "The reviewer's careful text.")
    client, sent = sign_in(world.admin), {"summary": "We came late.", "seen": "", button: "1"}
    refused = client.post(page, sent)
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert "careful text" in shown and "We came late." in shown
    assert PreparedRelease.objects.get().summary == "The reviewer's careful text."
    assert not Release.objects.exists()
    seen = PreparedRelease.objects.get().prepared_at.isoformat()
    assert f'name="seen" value="{seen}"' in shown
    assert client.post(page, sent | {"seen": seen}).status_code == 302


@pytest.mark.django_db
def test_the_story_of_a_release_taken_back_is_not_written_again(world, sign_in):
    debrief = reviewed(world, "Halden Foods")
    made = actions.release(debrief=debrief, summary="They doubted the plan.", by=world.reviewer, now=clock.now())
    actions.recall(release=made, reason="A role was wrong", by=world.reviewer, now=clock.now())
    page = sign_in(world.reviewer).get(address(world, "debrief_release", debrief_id=debrief.pk)).content.decode()
    assert "They doubted the plan." in page
