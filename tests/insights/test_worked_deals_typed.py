"""The worked set of eight deals typed in through the pages, from the guide to the release: the dashboards say what was worked out by hand.

The same tests as of `test_worked_deals`, on deals that five people entered as they would: the programme manager the guide, the sales
manager deals, contacts and plans, the seller the own view, the interviewer notes, tags and write-up, the reviewer findings and release.
"""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.requests import programme_url
from debriefs.calls.models import Debrief
from debriefs.deals.models import Deal, DealContact
from debriefs.findings.models import Finding, Release
from debriefs.foundation import clock
from debriefs.guides.enums import OutcomeGroup
from debriefs.guides.models import GuideVersion
from debriefs.insights.dashboards.look import Look
from debriefs.insights.filters import Filters
from debriefs.insights.queries import filtered_deals, scope_of
from debriefs.interviews.models import Answer, AnswerSheet
from debriefs.interviews.queries import write_up_of
from tests import factories
from tests.guides.test_pages import fields_of
from tests.insights.published import WORKED
from tests.insights.test_worked_deals import (
    EXPECTED,
    OUTCOMES,
    test_drivers_count_as_worked_by_hand,
    test_rates_and_reasons_count_as_worked_by_hand,
    test_rivals_count_as_worked_by_hand,
)

pytestmark = pytest.mark.django_db
__all__ = [
    "test_drivers_count_as_worked_by_hand",
    "test_rates_and_reasons_count_as_worked_by_hand",
    "test_rivals_count_as_worked_by_hand",
]


class Desk:
    """One person's browser: posts go where the page's form leads, and a refusal shows what the page says."""

    def __init__(self, client, programme):
        self.client, self.programme = client, programme

    def address(self, name, **kwargs):
        return programme_url(self.programme, name, **kwargs)

    def open(self, name, **kwargs):
        page = self.client.get(self.address(name, **kwargs))
        assert page.status_code == 200, (name, page.status_code)
        return page

    def post(self, name, typed=None, **kwargs):
        done = self.client.post(self.address(name, **kwargs), typed or {})
        assert done.status_code in (200, 302), (name, done.status_code, done.content.decode()[-6000:])
        return done


@pytest.fixture
def look(world, sign_in):
    """The eight deals as the pages took them; the codebook has one category per driver."""
    world.programme.owner_reads_first_hours = 0
    world.programme.privacy_notice = "We keep what you tell us for twelve months."
    world.programme.save()
    named = {finding[0] for deal in WORKED["deals"] for finding in deal["findings"]}
    named |= {deal[side] for deal in WORKED["deals"] for side in ("crm_reason", "buyer_reason")}
    drivers = {name: factories.driver(world.programme, name) for name in sorted(named)}
    people = ("admin", "manager", "rep", "interviewer", "reviewer")
    desks = {name: Desk(sign_in(getattr(world, name)), world.programme) for name in people}
    guide = a_guide(desks["admin"])
    for worked in WORKED["deals"]:
        deal = a_deal(world, desks, worked, drivers)
        debrief = a_conversation(world, desks, worked, deal, guide, drivers)
        a_release(desks["reviewer"], worked, debrief, drivers)
    scope = scope_of(world.admin, today=world.today, now=clock.now())
    return Look(scope, Filters(), filtered_deals(scope, Filters()))


def a_guide(desk):
    """One guide for every outcome with two questions, published."""
    fields = {
        "name": "All outcomes", "language": "en", "expected_minutes": "30", "outcome_groups": [group.value for group in OutcomeGroup],
    }  # fmt: skip
    desk.post("guides:guide_add", fields)
    draft = GuideVersion.objects.get(guide__name="All outcomes")
    typed = fields_of(desk.open("guides:version_edit", version_id=draft.pk).content.decode())
    typed |= {
        "q-0-text": "What decided it?",
        "q-1-text": "What else mattered?",
        "opening_script": "Good morning.",
        "closing_script": "Thank you.",
    }
    desk.post("guides:version_edit", typed, version_id=draft.pk)
    desk.post("guides:version_publish", {"note": "First."}, version_id=draft.pk)
    draft.refresh_from_db()
    assert draft.published_at
    return draft


def a_deal(world, desks, worked, drivers):
    """The deal with its rivals, a contact of the buyer that the manager approves, and the seller's own reason."""
    name = f"Worked {worked['id']}"
    withdrawn = OUTCOMES[worked["outcome"]] == "withdrawn"
    desks["manager"].post(
        "deals:deal_add",
        {
            "version": 0, "name": name, "company": f"Buyer {worked['id']}", "outcome": OUTCOMES[worked["outcome"]],
            "withdrawn_by": "buyer" if withdrawn else "", "decided_on": (world.today - timedelta(days=10)).isoformat(),
            "team": world.team.pk, "owner": world.rep.pk, "amount": "1000", "currency": "EUR",
            "competitors": ", ".join(worked["competitors"]), "winner": worked["lost_to"] or "",
        },
    )  # fmt: skip
    deal = Deal.objects.get(name=name)
    contact = {
        "name": f"Contact {worked['id']}", "email": f"{worked['id'].lower()}@buyer.example", "part": "evaluator", "time_zone": "Europe/Oslo",
        "language": "en",
    }  # fmt: skip
    desks["manager"].post("deals:contact_add", contact, deal_id=deal.pk)
    part = DealContact.objects.get(deal=deal)
    if part.approval != "approved":
        desks["manager"].post("deals:contact_approve", deal_contact_id=part.pk)
    typed = fields_of(desks["rep"].open("deals:own_view", deal_id=deal.pk).content.decode())
    desks["rep"].post("deals:own_view", typed | {"driver": drivers[worked["crm_reason"]].pk}, deal_id=deal.pk)
    return deal


def a_conversation(world, desks, worked, deal, guide, drivers):
    """Planned, invited, held, noted, tagged, and the write-up handed in."""
    plan = {
        "contact": [DealContact.objects.get(deal=deal).contact_id], "interviewer": world.interviewer.pk, "guide_version": guide.pk,
        "minutes": "30", "channel": "video",
    }  # fmt: skip
    desks["manager"].post("calls:debrief_plan", plan, deal_id=deal.pk)
    debrief = Debrief.objects.get(deal=deal)
    desks["manager"].post("calls:debrief_invite", debrief_id=debrief.pk)
    asker = desks["interviewer"]
    asker.post("interviews:begin", debrief_id=debrief.pk)
    sheet = AnswerSheet.objects.get(debrief=debrief)
    asker.post("interviews:consent", {"words": "Yes.", "agreed": "yes"}, sheet_id=sheet.pk)
    first, *others = Answer.objects.filter(sheet=sheet).order_by("question__position")
    words = [f"They spoke of {name} {strength}" for name, _direction, strength in worked["findings"]]
    asker.post(
        "interviews:answer_save",
        {"base_revision": first.revision, "operation": str(uuid4()), "text": ". ".join(words), "state": ""},
        answer_id=first.pk,
    )
    for other in others:
        asker.post(
            "interviews:answer_save",
            {"base_revision": other.revision, "operation": str(uuid4()), "text": "", "state": "not_asked"},
            answer_id=other.pk,
        )
    for (name, direction, strength), said in zip(worked["findings"], words, strict=True):
        tag = {"words": said, "driver": drivers[name].pk, "direction": direction, "strength": str(strength)}
        asker.post("interviews:mark_add", tag, answer_id=first.pk)
    asker.post("interviews:permissions", {"quote": "anonymous"}, debrief_id=debrief.pk)
    reason = {
        "stated_driver": drivers[worked["buyer_reason"]].pk,
        "root_driver": drivers[worked["buyer_reason"]].pk,
        "note": "",
    }
    asker.post("interviews:row_add", reason, write_up_id=write_up_of(debrief).pk, row_kind="reasons")
    asker.post("interviews:submit", debrief_id=debrief.pk)
    debrief.refresh_from_db()
    assert debrief.state == "written_up"
    return debrief


def a_release(desk, worked, debrief, drivers):
    """The tags become findings, the one that decided is said, and the debrief is reviewed and released."""
    desk.post("findings:review_open", debrief_id=debrief.pk)
    deciding = Finding.objects.get(debrief=debrief, driver=drivers[worked["buyer_reason"]])
    desk.post("findings:finding_primary", finding_id=deciding.pk)
    desk.post("findings:debrief_review", debrief_id=debrief.pk)
    desk.post("findings:debrief_release", {"summary": "What was said."}, debrief_id=debrief.pk)
    assert Release.objects.filter(debrief=debrief).exists()


def test_the_overview_shows_the_worked_numbers_to_the_programme_manager(look, world, sign_in):
    page = sign_in(world.admin).get(programme_url(world.programme, "insights:overview")).content.decode()
    assert "3 of 6 won or lost" in page
    assert EXPECTED["n"] == 8
    head = sign_in(world.admin).get(programme_url(world.programme, "insights:competitors")).content.decode()
    assert "X was met most often: won 2, lost to them 2" in head
