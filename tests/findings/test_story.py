"""The story of a released debrief: the buyer's timeline, our record beside it, and an address that stays."""

import pytest
from django.urls import reverse

from debriefs.codebook.models import Driver
from debriefs.findings import actions
from debriefs.findings.models import Release
from debriefs.findings.own_side import agreement_of, steps_of
from debriefs.findings.refusals import NamesRemain
from debriefs.foundation import clock
from debriefs.interviews.models import NeedAssessment, RecordCheck, WriteUp
from tests.findings.test_release import coded


@pytest.fixture
def judged(world, debrief):
    """The write-up with two judged fields and three needs, one of which names somebody."""
    made = WriteUp.objects.create(programme=world.programme, debrief=debrief, opened_at=world.now)
    for field, verdict in (("reason", "wrong"), ("competitor", "right"), ("timeline", "")):
        RecordCheck.objects.create(
            programme=world.programme, write_up=made, field=field, verdict=verdict, note="CHECKCANARY"
        )
    needs = [("Rotas people accept", "met"), ("What Selling Person promised", "not_shown"), ("Open point", "")]
    for position, (text, outcome) in enumerate(needs, start=1):
        NeedAssessment.objects.create(
            programme=world.programme, write_up=made, position=position, text=text, outcome=outcome, note="NEEDCANARY"
        )
    WriteUp.objects.filter(pk=made.pk).update(submitted_at=world.now, submitted_by=world.interviewer)
    return made


def told(world, debrief, **story):
    world.programme.owner_reads_first_hours = 0
    world.programme.save(update_fields=["owner_reads_first_hours"])
    coded(world, debrief)
    actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    return actions.release(debrief=debrief, by=world.reviewer, now=clock.now(), **({"summary": ""} | story))


def address(world, name, **values):
    return reverse(f"findings:{name}", kwargs={"programme_slug": world.programme.slug, **values})


def test_a_line_is_a_step_and_its_beginning_the_when():
    long = "Nobody expected that the board would ask once more: it did"
    assert [(step.when, step.what) for step in steps_of(f"Early May: five on a list\n\n{long}\nThen: \n")] == [
        ("Early May", "five on a list"), ("", long), ("", "Then:"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_story_tells_the_timeline_the_record_and_the_needs_and_nothing_raw(world, debrief, judged, client):
    release = told(
        world, debrief, summary="The start decided.", timeline="Early May: five on a list\nOctober: the board met",
        suggests="Show the first month.",
    )  # fmt: skip
    client.force_login(world.member.user)
    page = client.get(address(world, "release_page", release_id=release.pk)).content.decode()
    for said in ("Early May", "the board met", "Show the first month.", "Competitor", "Rotas people accept"):
        assert said in page, said
    for kept in ("CHECKCANARY", "NEEDCANARY", "Selling Person", "RAWCANARY", "Open point"):
        assert kept not in page, kept
    assert "A need, its words kept back" in page and "Existed but was not shown" in page
    assert set(release.checks.values_list("field", "verdict")) == {("reason", "wrong"), ("competitor", "right")}


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["summary", "timeline", "suggests"])
def test_no_part_of_the_story_carries_a_name(world, debrief, part):
    with pytest.raises(NamesRemain):
        told(world, debrief, **{part: "May: Selling Person came alone"})
    assert not Release.objects.exists()


@pytest.mark.django_db
def test_our_reason_is_right_by_driver_by_category_or_not(world, debrief):
    release = told(world, debrief)
    primary = release.primary_driver
    other = Driver.objects.filter(programme=world.programme).exclude(category=primary.category).first()
    beside = Driver.objects.filter(category=primary.category).exclude(pk=primary.pk).first()
    cases = {
        (None, None): (None, None),
        (None, primary.category): (None, True),
        (primary, primary.category): (True, True),
        (beside, primary.category): (False, True),
        (other, other.category): (False, False),
    }
    for (driver, category), expected in cases.items():
        release.own_driver, release.own_category = driver, category
        found = agreement_of(release)
        assert (found.strict, found.lenient) == expected


@pytest.mark.django_db
def test_the_address_for_the_crm_stays_when_the_debrief_is_released_anew(world, debrief, client):
    first = told(world, debrief)
    client.force_login(world.member.user)
    stable = address(world, "story_link", debrief_id=debrief.pk)
    assert client.get(stable)["Location"].endswith(f"/{first.pk}/")
    actions.recall(release=first, reason="A word was wrong", by=world.reviewer, now=clock.now())
    assert client.get(stable).status_code == 404
    debrief.refresh_from_db()
    actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    second = actions.release(debrief=debrief, summary="", by=world.reviewer, now=clock.now())
    assert client.get(stable)["Location"].endswith(f"/{second.pk}/")
    client.force_login(world.other_member.user)
    assert client.get(stable).status_code == 404
