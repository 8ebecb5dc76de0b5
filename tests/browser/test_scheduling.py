"""The manager schedules: five debriefs planned at once, handed over, moved to another frame, cancelled; by keyboard, wide and narrow."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from accounts.requests import programme_url
from debriefs.calls import actions, links
from debriefs.calls.actions import booking
from debriefs.calls.models import Call, Debrief
from debriefs.deals.enums import Selection
from debriefs.foundation import clock, suppression
from debriefs.guides.enums import OutcomeGroup
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def reach(page, words):
    """Presses Tab until what is focused says exactly these words."""
    for _press in range(250):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText?.trim()") == words:
            return
    raise AssertionError(f"Tab never came to {words!r}")


def judged(page, violations):
    """What is wrong with the page as it stands, wide and narrow."""
    wrong = []
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        wrong += violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{page.url} is wider than {width}")
    return wrong


@pytest.fixture
def deals(world):
    """Five deals decided ten days ago, each with one approved contact, and a guide for them."""
    factories.guide_version(world.programme, OutcomeGroup.LOST)
    made = [
        factories.deal(
            world.programme, owner=world.rep, team=world.team, decided_days_ago=10, selection=Selection.CHOSEN
        )
        for _one in range(5)
    ]
    for deal in made:
        factories.deal_contact(deal, factories.contact(world.programme, company=deal.company))
    return made


@pytest.fixture
def booked(world):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    debrief = factories.debrief(deal, world.interviewer, invited_at=world.now, planned_by=world.manager)
    links.issue(debrief, world.now)
    slot = booking.open_slots(debrief, clock.now())[0]
    actions.book(debrief=debrief, starts_at=slot, time_zone="UTC", now=clock.now())
    debrief.refresh_from_db()
    return debrief


@pytest.mark.parametrize("javascript", [True, False])
def test_five_debriefs_are_planned_at_once_with_the_keyboard(open_page, violations, world, deals, javascript):
    page = open_page(world.manager, javascript=javascript)
    page.goto(programme_url(world.programme, "deals:window_closing"))
    for box in page.locator("input[name=deal]").all():
        box.focus()
        page.keyboard.press("Space")
    reach(page, "Plan the chosen deals together")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan several debriefs")
    assert page.locator("fieldset.section").count() == 5
    if javascript:
        assert judged(page, violations) == []
    # What few debriefs need stays folded until it is wanted; it opens by keyboard, with and without script.
    assert not page.get_by_label("Link, number or place of the call").first.is_visible()
    reach(page, "Place and window")
    page.keyboard.press("Enter")
    page.get_by_label("Link, number or place of the call").first.fill("https://meet.example/one")
    page.locator("select[name$=channel]").nth(1).select_option("phone")
    if javascript:
        assert judged(page, violations) == []
    reach(page, "Plan them all")
    page.keyboard.press("Enter")
    expect(page.get_by_text("5 debriefs are planned.")).to_be_visible()
    planned = Debrief.objects.filter(state="planned", planned_by=world.manager)
    assert sorted(planned.values_list("channel", "place")) == [
        ("phone", ""), ("video", ""), ("video", ""), ("video", ""), ("video", "https://meet.example/one"),
    ]  # fmt: skip
    assert all(page.get_by_role("link", name=str(deal.company)).count() for deal in deals)
    if javascript:
        assert judged(page, violations) == []


def test_a_booked_call_is_handed_over_and_cancelled_with_the_keyboard(open_page, violations, world, booked):
    page = open_page(world.manager)
    address = programme_url(world.programme, "calls:debrief_page", debrief_id=booked.pk)
    page.goto(address)
    reach(page, "Another interviewer")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Another interviewer")
    assert judged(page, violations) == []
    # A reason is missing: the error stands on top, and what was chosen stays.
    page.get_by_label("Interviewer").select_option(str(world.agency_interviewer.pk))
    reach(page, "Hand the debrief over")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]").first).to_be_visible()
    assert page.get_by_label("Interviewer").input_value() == str(world.agency_interviewer.pk)
    page.get_by_label("Reason").focus()
    page.keyboard.type("Knows the industry")
    reach(page, "Hand the debrief over")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Handed over.")).to_be_visible()
    expect(page.get_by_text("Knows the industry")).to_be_visible()
    assert Call.objects.get().interviewer == world.agency_interviewer
    reach(page, "Cancel the call")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cancel the call")
    assert judged(page, violations) == []
    page.get_by_label("Reason").focus()
    page.keyboard.type("The contact is ill")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Cancelled. Both are told.")).to_be_visible()
    expect(page.get_by_text("The contact is ill")).to_be_visible()
    call = Call.objects.get()
    assert (call.cancelled_at is not None, call.cancelled_by_side) == (True, "us")
    assert judged(page, violations) == []


def test_the_frame_is_changed_and_what_was_missed_is_noted(open_page, violations, world, booked):
    page = open_page(world.manager, width=390)
    page.goto(programme_url(world.programme, "calls:debrief_page", debrief_id=booked.pk))
    page.get_by_role("link", name="Length, place and window").click()
    assert judged(page, violations) == []
    page.get_by_label("Minutes").fill("45")
    page.get_by_label("Reason").fill("They want more time")
    page.get_by_role("button", name="Change the frame").click()
    expect(page.get_by_text("The frame is changed.")).to_be_visible()
    expect(page.get_by_text("45 minutes").first).to_be_visible()
    begun, ends = world.now - timedelta(minutes=10), world.now + timedelta(minutes=20)
    Call.objects.update(starts_at=begun, ends_at=ends, blocked=(begun, ends))
    page.reload()
    page.get_by_role("link", name="Somebody did not come").click()
    assert page.locator("input:checked").count() == 0
    assert judged(page, violations) == []
    page.get_by_label("The buyer", exact=True).check()
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_text("Noted. The buyer’s page offers new times.")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_board_and_week_are_accessible_and_fit(open_page, violations, world, booked, dark):
    page = open_page(world.manager, dark=dark)
    page.goto(programme_url(world.programme, "calls:debrief_board"))
    assert judged(page, violations) == []
    page.goto(programme_url(world.programme, "calls:call_week") + f"?day={Call.objects.get().starts_at:%Y-%m-%d}")
    expect(page.get_by_role("link", name=str(booked.deal.company))).to_be_visible()
    assert judged(page, violations) == []


@pytest.mark.parametrize("dark", [False, True])
def test_a_stopped_address_is_allowed_again_with_the_keyboard(open_page, violations, world, booked, dark):
    """What came back has its act folded below the reason; a person's own wish has none."""
    other = factories.contact(
        world.programme, "Zoë Müller-Hathersby", company=booked.deal.company, email="zoe.mueller-hathersby@procurement.buyer.example"
    )  # fmt: skip
    for contact, reason in ((booked.contact, suppression.CAME_BACK), (other, "asked through the link")):
        suppression.suppress(address=contact.email, programme_id=world.programme.pk, reason=reason, now=clock.now())
    page = open_page(world.admin, dark=dark)
    page.goto(programme_url(world.programme, "calls:stop_list"))
    assert page.locator("details").count() == 1
    expect(page.get_by_text("Only they can take this back")).to_be_visible()
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    assert judged(page, violations) == []
    page.get_by_label("Why mail arrives there now").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]")).to_contain_text("Say why mail arrives there now.")
    page.get_by_label("Why mail arrives there now").fill("They wrote from it today.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Mail may go there again.")).to_be_visible()
    expect(page.get_by_text("They wrote from it today.")).to_be_visible()
    assert page.locator("details").count() == 0
    assert judged(page, violations) == []
