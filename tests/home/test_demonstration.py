"""The demonstration: the same for a seed and a day, with something to show on every page, and nothing that could not have happened."""

import json
from collections import Counter
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Person, Team
from accounts.requests import programme_url
from debriefs.calls import links, notices
from debriefs.calls.models import Debrief
from debriefs.deals.enums import DebriefState
from debriefs.deals.models import Deal, DealParty
from debriefs.deals.permissions import OUR_SIDE
from debriefs.findings import actions
from debriefs.findings.models import Finding, Release, Remark
from debriefs.findings.plan import plan_release
from debriefs.foundation import clock, outbox
from debriefs.foundation.notice_kinds import LOGO_ADDRESS
from debriefs.home.demonstration import cast
from debriefs.home.demonstration.build import build
from debriefs.insights.models import QuarterSnapshot
from debriefs.interviews.models import Answer, Transcript, TranscriptPassage, Verbatim

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


def told(seed):
    """What was made, in words, without the rows themselves; nothing is kept."""
    with transaction.atomic():
        programme = build(seed=seed, now=NOON)
        deals = list(
            Deal.objects.filter(programme=programme)
            .order_by("external_id")
            .values_list("external_id", "name", "outcome", "decided_on", "amount", "debrief_state", "owner__name")
        )
        texts = sorted(Remark.objects.values_list("verbatim", flat=True)) + sorted(
            Answer.objects.values_list("text", flat=True)
        )
        transaction.set_rollback(True)
    return deals, texts


def test_a_seed_and_a_day_give_the_same_programme_and_another_seed_another():
    first = told(1)
    assert told(1) == first
    assert told(2) != first
    assert not Deal.objects.exists()


def test_it_has_teams_deals_of_six_quarters_and_debriefs_in_every_state():
    programme = build(seed=1, now=clock.now())
    assert Team.objects.filter(programme=programme).count() == 3
    decided = Deal.objects.filter(programme=programme, decided_on__isnull=False)
    assert 110 <= decided.count() <= 130
    quarters = {(day.year, (day.month - 1) // 3) for day in decided.values_list("decided_on", flat=True)}
    assert len(quarters) in (6, 7)
    states = set(Debrief.objects.filter(programme=programme).values_list("state", flat=True))
    assert states == {state.value for state in DebriefState} - {"none"}
    assert Debrief.objects.filter(programme=programme).count() == 59
    # Filled once: what people changed in it stays.
    deal = decided.first()
    Deal.objects.filter(pk=deal.pk).update(name="Renamed by a person")
    assert build(seed=1, now=clock.now()) == programme
    deal.refresh_from_db()
    assert deal.name == "Renamed by a person"


def test_the_planted_patterns_are_there_to_be_found():
    programme = build(seed=1, now=clock.now())
    remarks = Remark.objects.filter(programme=programme)
    hurt = remarks.filter(driver__key="implementation-plan", direction="hurt")
    assert hurt.count() >= 8
    assert hurt.filter(release__deal__winner__name="Plenara").count() > hurt.count() / 2
    said_price = Release.objects.filter(programme=programme, own_category__key="price")
    assert said_price.filter(primary_driver__key="perceived-value").count() >= 3


def test_nothing_in_it_breaks_the_rules_it_shows():
    programme = build(seed=1, now=clock.now())
    for debrief in Debrief.objects.filter(programme=programme):
        assert not DealParty.objects.filter(deal=debrief.deal, person=debrief.interviewer, kind__in=OUR_SIDE).exists()
    noted = set(Verbatim.objects.filter(programme=programme).values_list("text", flat=True))
    for debrief in Debrief.objects.filter(programme=programme, released_at__isnull=False):
        plan = plan_release(debrief, debrief.releases.get().summary)
        assert (plan.missing, plan.names, plan.doubtful, plan.closed) == ([], [], [], []), debrief
    assert set(Remark.objects.filter(programme=programme).values_list("verbatim", flat=True)) <= noted
    assert set(Finding.objects.filter(programme=programme).values_list("verbatim", flat=True)) <= noted
    waiting = Debrief.objects.filter(programme=programme, state=DebriefState.REVIEWED)
    reviewer = Person.objects.get(programme=programme, email="reviewer@orbeline.example")
    for debrief in waiting:
        actions.release(debrief=debrief, summary="", by=reviewer, now=clock.now())
    assert not waiting.all().exists()


def test_buyers_use_other_words_as_long_as_there_are_any():
    programme = build(seed=1, now=clock.now())
    said = list(
        Remark.objects.filter(programme=programme, driver__key="implementation-plan", direction="hurt").values_list(
            "verbatim", flat=True
        )
    )
    assert max(said.count(words) for words in said) <= 2


def test_everybody_a_newcomer_can_sign_in_as_finds_something_to_do(sign_in):
    programme = build(seed=1, now=clock.now())
    for key, _who in cast.SIGN_INS:
        person = Person.objects.get(programme=programme, email=f"{key}@orbeline.example")
        page = sign_in(person).get(f"/p/{programme.slug}/").content.decode()
        assert "Your day is clear." not in page, key


def test_one_of_any_size_is_made_in_bulk():
    printed = StringIO()
    call_command("demo", "--scale", "300", "--json", stdout=printed)
    figures = json.loads(printed.getvalue())
    assert figures["deals"] == Deal.objects.filter(programme__slug=figures["programme"]).count() == 300
    assert figures["debriefs"] == Debrief.objects.count() > 30
    assert Remark.objects.count() == 10 * Release.objects.count() > 0


def test_transcripts_stand_beside_the_notes_and_in_the_coding_workspace(sign_in):
    programme = build(seed=1, now=clock.now())
    written_down = Transcript.objects.filter(programme=programme)
    states = set(written_down.values_list("debrief__state", flat=True))
    assert {"held", "written_up", "released"} <= states
    for verbatim in Verbatim.objects.filter(programme=programme, passage__isnull=False).select_related("passage"):
        assert verbatim.passage.text[verbatim.starts : verbatim.ends] == verbatim.text
    assert TranscriptPassage.objects.filter(programme=programme, answer=None).count() == written_down.count()
    coded = written_down.filter(debrief__state="written_up").first().debrief
    reviewer = Person.objects.get(programme=programme, name="Sunniva Haraldset")
    client = sign_in(reviewer)
    client.post(programme_url(programme, "findings:review_open", debrief_id=coded.pk))
    page = client.get(programme_url(programme, "findings:coding", debrief_id=coded.pk)).content.decode()
    assert "Read the whole transcript" in page and "From the transcript:" in page and "a name for every day" in page
    open_one = written_down.filter(debrief__state="held").first().debrief
    notes = programme_url(programme, "interviews:transcript", debrief_id=open_one.pk)
    page = sign_in(open_one.interviewer).get(notes).content.decode()
    assert "<mark>I would put it like this" in page and "No question yet" in page


def test_its_buyers_meet_its_logo_on_their_page_and_in_their_mail():
    programme = build(seed=1, now=clock.now())
    debrief = Debrief.objects.filter(programme=programme, state=DebriefState.INVITED).first()
    link, client = links.issue(debrief, clock.now()), Client()
    opened = client.get("/" + links.address(link).split("://", 1)[1].partition("/")[2])
    page = client.get(opened["Location"]).content.decode()
    shown = reverse("programme_logo", kwargs={"sha256": programme.logo.sha256})
    assert f'src="{shown}"' in page and f'alt="{cast.COMPANY}"' in page
    image = client.get(shown)
    assert image["Content-Type"] == "image/png" and image.content.startswith(b"\x89PNG")
    contact = notices.to_contact(debrief.contact)
    notice = notices.owe("prospect_invited", debrief, contact, now=clock.now(), key="with-logo")
    draft = outbox.draft_of(notice, clock.now())
    assert draft.logo.content == bytes(programme.logo.content) and LOGO_ADDRESS in draft.html


def test_a_member_finds_figures_in_the_newest_closed_quarter(sign_in):
    """Enough companies stand behind them to be shown; on the pages of members there is more than the sentence that all is hidden."""
    programme = build(seed=1, now=clock.now())
    newest = QuarterSnapshot.objects.filter(programme=programme).first()
    shown = Counter(newest.figures.filter(dimension="").values_list("measure", flat=True))
    assert shown["released"] == 1
    assert shown["outcome"] == 3
    assert shown["driver"] >= 2
    member = Person.objects.get(programme=programme, email="member@orbeline.example")
    page = sign_in(member).get(f"/p/{programme.slug}/insights/").content.decode()
    assert f"{newest}" in page
    assert "Debriefs released, of all decided deals" in page
    assert "Hidden: too few companies" not in page


def test_a_story_judges_the_record_and_the_needs_as_its_write_up_does():
    programme = build(seed=1, now=clock.now())
    for release in Release.objects.filter(programme=programme).select_related("own_driver", "primary_driver"):
        (write_up,) = release.debrief.write_ups.all()
        checks = dict(write_up.record_checks.values_list("field", "verdict"))
        assert dict(release.checks.values_list("field", "verdict")) == checks
        assert checks["reason"] != "right" or release.own_driver_id == release.primary_driver_id
        needs = list(write_up.need_assessments.order_by("position").values_list("text", "weight", "outcome"))
        assert list(release.needs.values_list("text", "weight", "outcome")) == needs
