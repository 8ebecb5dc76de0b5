"""The second coder: chosen by rule, blind, compared, and a consensus that changes neither coding."""

from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from accounts.enums import Role
from debriefs.codebook.models import Driver
from debriefs.deals.models import DealParty
from debriefs.findings import actions, second_coding
from debriefs.findings.comparison import Unit, compare, is_chosen
from debriefs.findings.models import CodedUnit, Finding, SecondCoding, Side
from debriefs.findings.queries import releases_visible_to, remarks_visible_to
from debriefs.findings.refusals import NotReleasable, ReviewNotAllowed, SecondCodingClosed
from debriefs.findings.second_pages import compared_codings
from debriefs.foundation import clock
from tests import factories
from tests.findings.test_release import coded, released


@pytest.fixture
def second(world):
    return factories.person(world.programme, Role.REVIEWER, name="Second Reader")


def everyone(world, percent=100):
    world.programme.second_coding_percent = percent
    world.programme.save(update_fields=["second_coding_percent"])


def begun(world, debrief, second):
    everyone(world)
    coded(world, debrief)
    coding = SecondCoding.objects.get(debrief=debrief)
    return second_coding.begin(coding=coding, by=second, now=clock.now())


def unit(
    world, coding, second, key="implementation-plan", direction="hurt", said="They showed us a chart with arrows."
):
    driver = Driver.objects.get(programme=world.programme, key=key)
    return second_coding.add_unit(
        coding=coding, driver=driver, direction=direction, strength=2, verbatim=said, by=second, now=clock.now()
    )


def handed_in(world, coding, second):
    second_coding.decide_unit(unit=unit(world, coding, second), by=second)
    unit(world, coding, second, key="trust", direction="hurt", said="They said no twice.")
    return second_coding.hand_in(coding=coding, by=second, now=clock.now())


def address(world, name, **values):
    return reverse(f"findings:{name}", kwargs={"programme_slug": world.programme.slug, **values})


def test_the_rule_takes_the_share_it_names_and_keeps_what_a_smaller_share_took():
    seed = UUID(int=7)
    debriefs = [UUID(int=number) for number in range(2_000)]
    fifth = {one for one in debriefs if is_chosen(seed, one, 20)}
    half = {one for one in debriefs if is_chosen(seed, one, 50)}
    assert 340 <= len(fifth) <= 460
    assert fifth < half
    assert not any(is_chosen(seed, one, 0) for one in debriefs)
    assert all(is_chosen(seed, one, 100) for one in debriefs)
    assert {one for one in debriefs if is_chosen(uuid4(), one, 20)} != fifth


def test_strict_counts_drivers_and_lenient_categories_each_once():
    first = [Unit("a", "x", "hurt", True), Unit("a", "x", "mentioned"), Unit("b", "y", "helped")]
    second = [Unit("c", "x", "hurt", True), Unit("b", "y", "helped"), Unit("d", "z", "helped")]
    found = compare(first, second, ["x", "y", "z", "w"])
    assert (found.strict, found.strict_of) == (1, 4)
    assert (found.lenient, found.lenient_of) == (2, 3)
    assert found.deciding == ("a", "c") and found.deciding_categories == ("x", "x")
    assert found.by_category == (("hurt", "hurt"), ("helped", "helped"), ("absent", "helped"), ("absent", "absent"))


@pytest.mark.django_db
def test_a_share_of_none_chooses_nobody_and_a_later_share_changes_nothing(world, debrief):
    everyone(world, 0)
    actions.open_review(debrief=debrief, by=world.reviewer, now=clock.now())
    assert not SecondCoding.objects.exists()
    everyone(world, 100)
    debrief.programme.refresh_from_db()
    actions.open_review(debrief=debrief, by=world.reviewer, now=clock.now())
    assert SecondCoding.objects.get().share_percent == 100
    everyone(world, 0)
    actions.open_review(debrief=debrief, by=world.reviewer, now=clock.now())
    assert SecondCoding.objects.get().share_percent == 100


@pytest.mark.django_db
def test_who_coded_saw_interviewed_or_sold_is_no_second_coder(world, debrief, second, client):
    everyone(world)
    coded(world, debrief)
    coding = SecondCoding.objects.get()
    client.force_login(world.admin.user)
    assert client.get(address(world, "coding", debrief_id=debrief.pk)).status_code == 200
    for person in (world.reviewer, world.interviewer, world.rep, world.member, world.admin):
        with pytest.raises(ReviewNotAllowed):
            second_coding.begin(coding=coding, by=person, now=clock.now())
    assert SecondCoding.objects.get().coder is None


@pytest.mark.django_db
def test_the_second_coder_is_shown_nothing_of_the_first(world, debrief, second, client):
    coding = begun(world, debrief, second)
    Finding.objects.filter(debrief=debrief).update(note="FIRSTCANARY")
    client.force_login(second.user)
    page = client.get(address(world, "second_coding", debrief_id=debrief.pk)).content.decode()
    assert "RAWCANARY" in page
    assert "FIRSTCANARY" not in page
    # The tags' words are the interviewer's choice: they stand nowhere but in the notes.
    assert "chart with arrows" not in page
    for name in ("coding", "debrief_release"):
        assert client.get(address(world, name, debrief_id=debrief.pk)).status_code == 403
    finding = Finding.objects.filter(debrief=debrief).first()
    assert client.get(address(world, "finding_edit", finding_id=finding.pk)).status_code == 403
    assert client.get(address(world, "differences", debrief_id=debrief.pk)).status_code == 404
    with pytest.raises(ReviewNotAllowed, match="hand that in"):
        actions.remove_finding(finding=finding, by=second, now=clock.now())
    assert Finding.objects.filter(pk=finding.pk).exists()
    assert coding.coder == second


@pytest.mark.django_db
def test_a_release_made_meanwhile_stays_closed_to_the_second_coder_until_the_hand_in(world, debrief, second, client):
    coding = begun(world, debrief, second)
    release = released(world, debrief)
    now = clock.now()
    assert not releases_visible_to(second, now).exists()
    assert not remarks_visible_to(second, now).exists()
    assert releases_visible_to(world.reviewer, now).exists()
    client.force_login(second.user)
    address_of_release = address(world, "release_page", release_id=release.pk)
    assert client.get(address_of_release).status_code == 404
    handed_in(world, coding, second)
    assert releases_visible_to(second, now).get() == release
    assert "chart with arrows" in client.get(address_of_release).content.decode()


@pytest.mark.django_db
def test_after_a_release_nobody_begins_a_second_coding(world, debrief, second):
    everyone(world)
    released(world, debrief)
    with pytest.raises(ReviewNotAllowed, match="before the release"):
        second_coding.begin(coding=SecondCoding.objects.get(), by=second, now=clock.now())


@pytest.mark.django_db
def test_only_one_person_codes_a_second_time_and_a_repeat_changes_nothing(world, debrief, second):
    coding = begun(world, debrief, second)
    third = factories.person(world.programme, Role.REVIEWER, name="Third Reader")
    with pytest.raises(SecondCodingClosed, match="Somebody else"):
        second_coding.begin(coding=coding, by=third, now=clock.now())
    second_coding.begin(coding=coding, by=second, now=clock.now())
    with pytest.raises(ReviewNotAllowed):
        unit(world, coding, third)
    assert SecondCoding.objects.get().coder == second


@pytest.mark.django_db
@pytest.mark.parametrize("left", ["membership", "role", "deal team"])
def test_whoever_left_before_the_hand_in_is_followed_by_another_who_begins_anew(world, debrief, second, sign_in, left):
    coding = begun(world, debrief, second)
    second_coding.decide_unit(unit=unit(world, coding, second, said="They said no twice."), by=second)
    third = factories.person(world.programme, Role.REVIEWER, name="Third Reader")
    client, path = sign_in(third), address(world, "second_coding", debrief_id=debrief.pk)
    assert "Somebody else codes" in client.get(path).content.decode()
    if left == "membership":
        second.membership.ended_at = clock.now()
        second.membership.save()
    elif left == "role":
        second.membership.roles = [Role.MEMBER]
        second.membership.save()
    else:
        DealParty.objects.create(
            programme=world.programme, deal=debrief.deal, person=second, kind="team", joined_at=clock.now()
        )
    assert "Waits for a second coder" in client.get(address(world, "second_list")).content.decode()
    assert "Code this debrief" in client.get(path).content.decode()
    assert client.post(address(world, "second_begin", debrief_id=debrief.pk)).status_code == 302
    assert "They said no twice." not in client.get(path).content.decode()
    coding.refresh_from_db()
    assert coding.coder == third
    handed_in(world, coding, third)
    with pytest.raises(ReviewNotAllowed):
        unit(world, coding, second)
    # Nothing typed is lost, and none of it counts.
    kept = coding.units.get(side=Side.LEFT)
    assert (kept.coded_by, kept.verbatim, kept.is_primary) == (second, "They said no twice.", False)
    assert coding.units.filter(side=Side.SECOND, coded_by=third).count() == 2


@pytest.mark.django_db
def test_what_was_handed_in_is_whole_and_closed(world, debrief, second):
    coding = begun(world, debrief, second)
    with pytest.raises(NotReleasable, match="evidence"):
        unit(world, coding, second, said=" ")
    with pytest.raises(SecondCodingClosed, match="no finding"):
        second_coding.hand_in(coding=coding, by=second, now=clock.now())
    made = unit(world, coding, second)
    with pytest.raises(SecondCodingClosed, match="decided"):
        second_coding.hand_in(coding=coding, by=second, now=clock.now())
    second_coding.decide_unit(unit=made, by=second)
    second_coding.hand_in(coding=coding, by=second, now=clock.now())
    handed = second_coding.hand_in(coding=coding, by=second, now=clock.now())
    with pytest.raises(SecondCodingClosed, match="closed"):
        second_coding.remove_unit(unit=made, by=second)
    assert CodedUnit.objects.filter(pk=made.pk).exists() and handed.coder == second


@pytest.mark.django_db
def test_the_consensus_changes_neither_coding_and_a_later_change_of_a_finding_changes_no_figure(world, debrief, second):
    coding = handed_in(world, begun(world, debrief, second), second)
    actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    coding.refresh_from_db()
    before = list(coding.units.order_by("id").values())
    plan, trust = (Driver.objects.get(programme=world.programme, key=key) for key in ("implementation-plan", "trust"))
    with pytest.raises(SecondCodingClosed, match="decided"):
        second_coding.agree(coding=coding, taken={plan.pk: Side.FIRST}, deciding=trust.pk, by=world.reviewer, now=clock.now())  # fmt: skip
    for kept in (Side.FIRST, Side.SECOND):
        second_coding.agree(
            coding=coding, taken={plan.pk: kept, trust.pk: "out"}, deciding=plan.pk, by=world.reviewer, now=clock.now()
        )
    assert list(coding.units.exclude(side=Side.CONSENSUS).order_by("id").values()) == before
    agreed = coding.units.get(side=Side.CONSENSUS)
    assert (agreed.driver, agreed.is_primary, agreed.strength) == (plan, True, 2)
    Finding.objects.filter(debrief=debrief).update(direction="mentioned")
    (found,) = compared_codings(world.programme)
    assert (found.strict, found.strict_of, found.lenient, found.lenient_of) == (1, 2, 1, 2)
    assert found.deciding == (str(plan.pk), str(plan.pk))


@pytest.mark.django_db
def test_both_codings_stand_side_by_side_and_the_consensus_is_noted_from_the_page(world, debrief, second, client):
    handed_in(world, begun(world, debrief, second), second)
    client.force_login(world.reviewer.user)
    where = address(world, "differences", debrief_id=debrief.pk)
    assert client.get(where).status_code == 404
    actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    page = client.get(where).content.decode()
    assert "for 1 of 2 drivers" in page
    assert "Selling Person showed us" in page and "They showed us a chart" in page
    plan, trust = (Driver.objects.get(programme=world.programme, key=key) for key in ("implementation-plan", "trust"))
    noted = address(world, "consensus", debrief_id=debrief.pk)
    half = client.post(noted, {f"keep-{plan.pk}": "first", "deciding_driver": str(plan.pk)})
    assert half.status_code == 422 and not CodedUnit.objects.filter(side=Side.CONSENSUS).exists()
    whole = {f"keep-{plan.pk}": "first", f"keep-{trust.pk}": "second", "deciding_driver": str(plan.pk)}
    assert client.post(noted, whole).status_code == 302
    assert set(CodedUnit.objects.filter(side=Side.CONSENSUS).values_list("driver__key", "direction")) == {
        ("implementation-plan", "hurt"), ("trust", "hurt")
    }  # fmt: skip


@pytest.mark.django_db
def test_a_finding_is_coded_a_second_time_through_the_page(world, debrief, second, client):
    coding = begun(world, debrief, second)
    client.force_login(second.user)
    driver = Driver.objects.get(programme=world.programme, key="trust")
    add = address(world, "second_add", debrief_id=debrief.pk)
    typed = {"driver": driver.pk, "direction": "helped", "strength": "3", "verbatim": "", "note": ""}
    assert client.post(add, typed).status_code == 422
    assert client.post(add, typed | {"note": "They were frank."}).status_code == 302
    made = coding.units.get()
    assert (made.side, made.note, made.coded_by) == (Side.SECOND, "They were frank.", second)
    client.post(address(world, "second_decided", unit_id=made.pk))
    assert client.post(address(world, "second_hand_in", debrief_id=debrief.pk)).status_code == 302
    coding.refresh_from_db()
    assert coding.handed_in_at is not None


@pytest.mark.django_db
def test_the_notes_with_their_tags_and_reasons_are_closed_until_the_hand_in(world, debrief, second, client):
    coding = begun(world, debrief, second)
    client.force_login(second.user)
    page = reverse("interviews:answers", kwargs={"programme_slug": world.programme.slug, "debrief_id": debrief.pk})
    refused = client.get(page)
    assert refused.status_code == 403
    assert "chart with arrows" not in refused.content.decode()
    handed_in(world, coding, second)
    assert "chart with arrows" in client.get(page).content.decode()


@pytest.mark.django_db
def test_two_people_noting_a_consensus_do_not_overwrite_each_other(world, debrief, second, client):
    coding = begun(world, debrief, second)
    actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    handed_in(world, coding, second)
    keys = set(CodedUnit.objects.filter(coding=coding).values_list("driver_id", flat=True))
    deciding = Driver.objects.get(programme=world.programme, key="trust").pk
    sent = {f"keep-{key}": "first" for key in keys} | {"deciding_driver": deciding, "seen": ""}
    client.force_login(world.reviewer.user)
    assert client.post(address(world, "consensus", debrief_id=debrief.pk), sent).status_code == 302
    stale = client.post(address(world, "consensus", debrief_id=debrief.pk), sent | {f"keep-{deciding}": "second"})
    assert stale.status_code == 409
    kept = CodedUnit.objects.get(coding=coding, side=Side.CONSENSUS, driver=deciding)
    assert kept.direction == "helped"


@pytest.mark.django_db
def test_what_was_typed_is_shown_again_when_the_coding_was_handed_in_meanwhile(world, debrief, second, client):
    coding = begun(world, debrief, second)
    handed_in(world, coding, second)
    client.force_login(second.user)
    typed = {
        "driver": Driver.objects.get(programme=world.programme, key="trust").pk,
        "direction": "hurt",
        "strength": 2,
    }
    refused = client.post(address(world, "second_add", debrief_id=debrief.pk), typed | {"note": "TYPEDLATE"})
    assert refused.status_code == 422
    assert "TYPEDLATE" in refused.content.decode()
