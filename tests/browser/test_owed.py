"""What the questionnaire owes the server besides notes: opening, marks, probes and permissions outlast whatever comes between."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from accounts.requests import programme_url
from debriefs.calls.models import Debrief
from debriefs.interviews.actions import record_consent, set_permissions
from debriefs.interviews.models import AnswerSheet, Disclosure, PermissionGiven, ProbeUse, Tag, Verbatim
from tests import factories
from tests.browser.test_kept import cut, debrief, kept, shell_is_kept  # noqa: F401 - debrief is a fixture
from tests.browser.test_questionnaire import address, note, state, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sheet_of(debrief):  # noqa: F811
    return AnswerSheet.objects.get(debrief=debrief)


def opened(debrief):  # noqa: F811
    sheet = sheet_of(debrief)
    return sheet.on_the_call, sheet.consent_words, bool(sheet.consent_at)


def say_everything(page):
    """The opening, a mark with its driver, a probe and a permission, one after the other."""
    page.get_by_label("Who is on the call").fill("Head of crewing")
    page.get_by_label("In their words").fill("“Yes, write it down.”")
    page.get_by_role("button", name="The buyer agrees to notes").click()
    expect(note(page)).to_be_visible()
    note(page).press_sequentially("Too expensive. Who would sit with them?")
    for key in ("Control+b", "i", "Tab", "ArrowRight", "Control+Enter"):
        page.keyboard.press(key)
    expect(note(page)).to_be_focused()
    page.get_by_role("button", name="Compared with what?").click()
    page.get_by_role("link", name="Go to closing").click()
    page.locator("#part-closing input[name=quote][value=internal]").check()


def is_everything_there(debrief):  # noqa: F811
    tags = [(tag.driver.name, tag.direction, tag.verbatim.text) for tag in Tag.objects.filter(verbatim__isnull=False)]
    return (
        opened(debrief) == ("Head of crewing", "“Yes, write it down.”", True)
        and tags == [("Implementation plan", "hurt", "Who would sit with them?")]
        and Verbatim.objects.count() == 1
        and list(ProbeUse.objects.values_list("text", flat=True)) == ["Compared with what?"]
        and list(PermissionGiven.objects.values_list("kind", "quote_level")) == [("quote", "internal")]
    )


def test_what_was_said_without_a_connection_outlasts_reloads_and_is_sent_once(open_page, violations, world, debrief):  # noqa: F811
    factories.driver(world.programme, "Implementation plan")
    page = open_page(world.interviewer)
    page.goto(address(debrief, "opening"))
    shell_is_kept(page)
    cut(page)
    say_everything(page)
    state(page, "Offline, 5 changes kept here")
    assert violations(page) == []
    page.reload()
    state(page, "Offline, 5 changes kept here")
    expect(page.locator("#part-closing input[name=quote][value=internal]")).to_be_checked()
    page.locator(".questions a[data-to='1']").click()
    expect(page.locator("#marks-1 .waiting")).to_contain_text("Who would sit with them?")
    expect(page.get_by_role("button", name="Compared with what?", pressed=True)).to_be_visible()
    page.locator(".questions a[data-to='opening']").click()
    expect(page.get_by_label("In their words")).to_have_value("“Yes, write it down.”")
    assert violations(page) == []
    # Sealed like the notes.
    assert "Who would sit" not in kept(page)["readable"] and "write it down" not in kept(page)["readable"]
    assert (opened(debrief), Verbatim.objects.count()) == (("", "", False), 0)
    page.context.set_offline(False)
    until(lambda: is_everything_there(debrief), page)
    state(page, "Saved")
    expect(page.locator("#marks-1 .waiting")).to_have_count(0)
    assert not any(kept(page)["notes"])


def test_a_sign_in_that_ran_out_in_between_loses_nothing(open_page, world, debrief):  # noqa: F811
    factories.driver(world.programme, "Implementation plan")
    page = open_page(world.interviewer)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address(debrief, "opening"))
    shell_is_kept(page)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    say_everything(page)
    state(page, "Signed out, kept here")
    client = Client()
    client.force_login(world.interviewer.user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": page.url.partition("/p/")[0]}]
    )
    # As signing in in another tab does: the page there brings the token of forms.
    other = page.context.new_page()
    other.goto(address(debrief, "2"))
    until(lambda: is_everything_there(debrief), page)
    state(page, "Saved")


def test_an_answer_that_got_lost_on_its_way_doubles_nothing(open_page, world, debrief):  # noqa: F811
    factories.driver(world.programme, "Implementation plan")
    page = open_page(world.interviewer)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address(debrief, "opening"))
    shell_is_kept(page)
    lost = []

    def answered_to_nobody(route):
        if route.request.method != "POST" or route.request.url in lost:
            route.continue_()
            return
        lost.append(route.request.url)
        route.fetch()
        route.abort()

    page.route("**/interviews/**", answered_to_nobody)
    say_everything(page)
    until(lambda: is_everything_there(debrief), page)
    state(page, "Saved")
    assert len(lost) >= 4
    expect(page.locator("#marks-1 .verbatim")).to_have_count(1)


def test_what_is_owed_is_sent_from_the_write_up_too(open_page, world, debrief):  # noqa: F811
    page = open_page(world.interviewer)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address(debrief, "closing"))
    shell_is_kept(page)
    page.route("**/permissions/", lambda route: route.abort())
    page.locator("#part-closing input[name=quote][value=internal]").check()
    state(page, "Offline, 1 change kept here")
    page.goto(programme_url(debrief.programme, "interviews:write_up", debrief_id=debrief.pk))
    state(page, "Offline, 1 change kept here")
    page.unroute("**/permissions/")
    until(lambda: PermissionGiven.objects.count() == 1, page)


def test_the_opening_is_saved_as_typed_and_two_windows_show_both(open_page, world, debrief):  # noqa: F811
    page = open_page(world.interviewer)
    page.goto(address(debrief, "opening"))
    shell_is_kept(page)
    who = page.get_by_label("Who is on the call")
    who.press_sequentially("Head of crewing")
    until(lambda: opened(debrief)[0] == "Head of crewing", page)
    # Typed on while the first was under way is no conflict with oneself.
    who.press_sequentially(" and a planner", delay=40)
    until(lambda: opened(debrief)[0] == "Head of crewing and a planner", page)
    assert page.locator(".opening-conflict").inner_text() == ""
    sheet = sheet_of(debrief)
    record_consent(sheet=sheet, by=world.interviewer, now=timezone.now(), on_the_call="Somebody else")
    who.press_sequentially(", later finance")
    page.get_by_role("button", name="Keep both").wait_for()
    assert opened(debrief)[0] == "Somebody else"
    page.reload()
    page.get_by_role("button", name="Keep both").click()
    until(lambda: opened(debrief)[0] == "Somebody else; Head of crewing and a planner, later finance", page)
    # Emptied on purpose is empty.
    who.fill("")
    until(lambda: opened(debrief)[0] == "", page)


def test_a_mark_that_is_refused_stays_in_sight(open_page, world, debrief):  # noqa: F811
    page = open_page(world.interviewer)
    page.goto(address(debrief))
    shell_is_kept(page)
    note(page).press_sequentially("Nobody asked the captains.")
    state(page, "Saved")
    now = timezone.now()
    AnswerSheet.objects.filter(debrief=debrief).update(submitted_at=now)
    Debrief.objects.filter(pk=debrief.pk).update(written_up_at=now)
    page.keyboard.press("Control+b")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#marks-1")).to_contain_text("Not kept: ")
    expect(page.get_by_role("textbox", name="The buyer’s words")).to_have_value("Nobody asked the captains.")


def test_permissions_chosen_in_two_windows_overwrite_nothing_unseen(open_page, world, debrief):  # noqa: F811
    one, other = open_page(world.interviewer), open_page(world.interviewer)
    for page in (one, other):
        page.goto(address(debrief, "closing"))
        shell_is_kept(page)
    one.locator("#part-closing input[name=reference][value=yes]").check()
    until(lambda: PermissionGiven.objects.count() == 1, one)
    other.locator("#part-closing input[name=referral][value=no]").check()
    until(lambda: PermissionGiven.objects.count() == 2, other)
    assert dict(PermissionGiven.objects.values_list("kind", "given")) == {"reference": True, "referral": False}


def test_a_permission_chosen_before_the_buyer_changed_theirs_changes_nothing_back(open_page, world, debrief):  # noqa: F811
    page = open_page(world.interviewer)
    page.goto(address(debrief, "closing"))
    shell_is_kept(page)
    cut(page)
    page.locator("#part-closing input[name=quote][value=named]").check()
    page.locator("#part-closing input[name=reference][value=yes]").check()
    set_permissions(debrief=debrief, given={}, quote_level="none", by=None, now=timezone.now())
    page.context.set_offline(False)
    expect(page.locator("#part-closing input[name=quote][value=none]")).to_be_checked()
    # What was chosen beside it is not lost.
    until(lambda: PermissionGiven.objects.count() == 2, page)
    state(page, "Saved")
    assert dict(PermissionGiven.objects.values_list("kind", "given")) == {"quote": False, "reference": True}
    # Chosen again in sight of the buyer's word, it is said; and so is what is chosen while that is under way.
    page.locator("#part-closing input[name=quote][value=internal]").check()
    page.locator("#part-closing input[name=quote][value=anonymous]").check()
    until(lambda: PermissionGiven.objects.get(kind="quote").quote_level == "anonymous", page)


def test_a_draft_of_permissions_leaves_what_the_buyer_said_since(open_page, world, debrief):  # noqa: F811
    set_permissions(debrief=debrief, given={"reference": True}, quote_level="named", by=None, now=timezone.now())
    page = open_page(world.interviewer)
    here = programme_url(debrief.programme, "interviews:write_up", debrief_id=debrief.pk)
    page.goto(here)
    group = page.get_by_role("region", name="What the buyer permits")
    group.locator("input[name=referral][value=yes]").check()
    cut(page)
    group.get_by_role("button", name="Keep the permissions").click()
    expect(group.get_by_role("alert")).to_contain_text("kept in this browser")
    set_permissions(debrief=debrief, given={"reference": False}, quote_level="none", by=None, now=timezone.now())
    page.context.set_offline(False)
    page.reload()
    expect(group.locator("input[name=referral][value=yes]")).to_be_checked()
    expect(group.locator("input[name=quote][value=none]")).to_be_checked()
    group.get_by_role("button", name="Keep the permissions").click()
    until(lambda: PermissionGiven.objects.count() == 3, page)
    found = dict(PermissionGiven.objects.values_list("kind", "given"))
    assert found == {"quote": False, "reference": False, "referral": True}


def test_a_sentence_for_the_write_up_outlasts_an_outage_a_reload_and_a_refusal(open_page, violations, world, debrief):  # noqa: F811
    page = open_page(world.interviewer)
    here = programme_url(debrief.programme, "interviews:write_up", debrief_id=debrief.pk)
    page.goto(here)
    group = page.get_by_role("region", name="What came out only now")
    group.get_by_label("In a sentence").fill("The works council had to see every shift.")
    cut(page)
    group.get_by_role("button", name="Add this").click()
    expect(group.get_by_role("alert")).to_contain_text("kept in this browser")
    assert violations(page) == []
    page.context.set_offline(False)
    page.reload()
    expect(group.get_by_label("In a sentence")).to_have_value("The works council had to see every shift.")
    # Refused, since nothing was chosen: it says so, and what was typed stands there.
    group.get_by_role("button", name="Add this").click()
    page.locator(".error-summary").wait_for()
    expect(group.get_by_label("In a sentence")).to_have_value("The works council had to see every shift.")
    group.get_by_label("Hidden need").check()
    group.get_by_role("button", name="Add this").click()
    until(
        lambda: (
            list(Disclosure.objects.values_list("text", flat=True)) == ["The works council had to see every shift."]
        ),
        page,
    )
    page.wait_for_url(f"**{here}#h-disclosures")
    page.get_by_role("button", name="Take out").wait_for()
    page.goto(here)
    expect(group.locator("form[data-draft] textarea")).to_have_value("")
    assert not any(kept(page)["notes"])


def test_a_hypothesis_typed_over_another_ones_shows_both(open_page, world, debrief):  # noqa: F811
    page = open_page(world.interviewer)
    page.goto(programme_url(debrief.programme, "interviews:briefing", debrief_id=debrief.pk))
    field = page.get_by_role("textbox", name="What I want to test")
    field.fill("Whether the first month decided.")
    until(lambda: kept(page)["notes"] == [True], page)
    Debrief.objects.filter(pk=debrief.pk).update(hypothesis="Typed elsewhere.")
    page.reload()
    both = "Typed elsewhere.\n\nWhether the first month decided."
    expect(field).to_have_value(both)
    page.get_by_role("button", name="Keep this").click()
    page.get_by_text("It stands beside your notes").wait_for()
    assert Debrief.objects.get(pk=debrief.pk).hypothesis.replace("\r", "") == both
    assert kept(page)["notes"] == []
