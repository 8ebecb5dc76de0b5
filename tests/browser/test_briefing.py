"""The briefing in a real browser: everything on one sheet of paper, and ticked on screen."""

import subprocess

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.requests import programme_url
from debriefs.calls import actions
from debriefs.deals.models import Need, OwnView, SalesNote
from debriefs.foundation import clock, outbox
from debriefs.foundation.models import Notice
from debriefs.interviews.actions import begin_interview
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPENING = "\n".join(f"Sentence {n} of what is said before the first question, read aloud." for n in range(1, 9))


@pytest.fixture
def debrief(world, smtp):
    """A booked debrief about which our side knows a lot, with the invitation that was sent."""
    programme, now = world.programme, timezone.now()
    programme.contact_name, programme.contact_email = "Annelie Torkveen", "debriefs@orbeline.example"
    programme.privacy_notice = "We keep your answers for a year."
    programme.save()
    deal = factories.deal(
        programme, owner=world.rep, team=world.team, company=factories.company(programme, "Pellworth Freight"),
        crm_reason="Price", solution_presented="Two stages: the planners first, the drivers in spring.\n" * 3,
    )  # fmt: skip
    for place in range(1, 7):
        Need.objects.create(
            programme=programme, deal=deal, text=f"Need {place}: rotas read on a phone", position=place, noted_at=now
        )
        SalesNote.objects.create(
            programme=programme, deal=deal, written_on=world.today, author=world.rep,
            text=f"Note {place}: two meetings with the planners, one with finance, nothing on the first month.",
        )  # fmt: skip
    answers = {name: f"{name}: three lines of it, as the owner sees it today." for name in ("why", "what_mattered")}
    OwnView.objects.create(
        programme=programme, deal=deal, person=world.rep, asked_at=now, given_at=now, when_it_changed="May", **answers
    )
    version = factories.guide_version(programme, deal.outcome_group, published=False)
    version.opening_script, version.published_at = OPENING, now
    version.save()
    for _ in range(2):
        factories.deal_contact(deal)
    made = factories.debrief(deal, world.interviewer, version=version)
    actions.send_invitation(debrief=made, by=world.manager, now=clock.now())
    Notice.objects.filter(kind="prospect_invited").update(due_at=clock.now())
    outbox.drain()
    earlier = factories.deal(programme, owner=world.rep, company=deal.company, name="The year before")
    factories.debrief(earlier, world.interviewer, invited_at=now, booked_at=now, held_at=now)
    return made


@pytest.fixture
def page(open_page, world, debrief):
    opened = open_page(world.interviewer)
    opened.goto(programme_url(debrief.programme, "interviews:briefing", debrief_id=debrief.pk))
    opened.get_by_role("textbox", name="What I want to test").fill("Whether the first month decided.")
    opened.get_by_role("button", name="Keep this").click()
    opened.get_by_text("It stands beside your notes").wait_for()
    return opened


def test_the_briefing_is_printed_on_one_sheet_with_everything_on_it(page, tmp_path):
    page.evaluate("document.fonts.ready")
    page.pdf(path=tmp_path / "briefing.pdf", format="A4", print_background=True)
    told = subprocess.run(["pdfinfo", tmp_path / "briefing.pdf"], capture_output=True, text=True, check=True).stdout
    words = subprocess.run(["pdftotext", tmp_path / "briefing.pdf", "-"], capture_output=True, text=True, check=True)
    assert "Pages:           1\n" in told
    said = " ".join(words.stdout.split())
    for part in (
        "Pellworth Freight", "Whether the first month decided.", "Need 6", "drivers in spring", "Note 6", "what_mattered",
        "Sentence 8 of what", "as the buyer read it", "The year before", "to be asked", "What was promised",
        "Nobody of the deal team is on the call",
    ):  # fmt: skip
        assert part in said, part
    assert "Keep this" not in said and "Go to the interview" not in said


@pytest.mark.parametrize("width", [1280, 390])
def test_the_checklist_is_ticked_and_fits(open_page, violations, world, debrief, width):
    page = open_page(world.interviewer, width=width, dark=width == 390)
    page.goto(programme_url(debrief.programme, "interviews:briefing", debrief_id=debrief.pk))
    page.get_by_text("Ask for consent before the first note").click()
    expect(page.get_by_role("checkbox", name="Ask for consent before the first note")).to_be_checked()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_a_vague_answer_moves_nothing_away_under_the_thumb(open_page, world, debrief):
    begin_interview(debrief=debrief, by=world.interviewer, now=timezone.now())
    page = open_page(world.interviewer, width=390, height=844)
    page.goto(programme_url(debrief.programme, "interviews:questionnaire", debrief_id=debrief.pk) + "?at=1")
    note = page.locator("#note-1")
    note.press_sequentially("It was too")
    page.locator("#save-state", has_text="Saved").wait_for()
    page.evaluate("document.fonts.ready")
    before = note.bounding_box()
    note.press_sequentially(" expensive.")
    called = page.get_by_role("heading", name="“Too expensive” was said")
    called.wait_for()
    after = note.bounding_box()
    assert (before["x"], before["y"]) == (after["x"], after["y"])
    assert after["y"] + after["height"] < called.bounding_box()["y"] < 844
