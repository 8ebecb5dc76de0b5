"""The questionnaire in a real browser: no typed word is lost, whatever the server and the connection do."""

import time

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.requests import programme_url
from debriefs.calls.models import Debrief
from debriefs.interviews.actions import begin_interview
from debriefs.interviews.models import Answer, AnswerRevision, AnswerSheet, Tag, Verbatim
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVES = "**/save/"


@pytest.fixture
def debrief(world):
    deal = factories.deal(
        world.programme,
        owner=world.rep,
        team=world.team,
        company=factories.company(world.programme, "Pellworth Freight"),
    )
    made = factories.debrief(deal, world.interviewer)
    begin_interview(debrief=made, by=world.interviewer, now=timezone.now())
    return made


@pytest.fixture
def answer(debrief):
    return Answer.objects.get(sheet__debrief=debrief, question__position=1)


def address(debrief, at="1"):
    return programme_url(debrief.programme, "interviews:questionnaire", debrief_id=debrief.pk) + f"?at={at}"


def saved_text(answer):
    return Answer.objects.get(pk=answer.pk).text


def until(condition, page):
    """Waits for a state of the database while the page goes on."""
    limit = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < limit, page.locator("#save-state").inner_text()
        page.wait_for_timeout(50)


def note(page, at=1):
    return page.locator(f"#note-{at}")


def state(page, text):
    page.locator("#save-state", has_text=text).wait_for()


def test_what_is_typed_is_saved_as_it_is_typed_and_the_page_says_so(open_page, world, debrief, answer):
    page = open_page(world.interviewer)
    page.goto(address(debrief))
    note(page).press_sequentially("Price first, straight away.")
    state(page, "Saved")
    assert saved_text(answer) == "Price first, straight away."
    assert page.locator(".questions a[data-to='1'] small").inner_text() == "Noted"
    page.reload()
    assert note(page).input_value() == "Price first, straight away."


def test_nothing_is_lost_while_the_server_refuses_and_the_connection_comes_and_goes(open_page, world, debrief, answer):
    page = open_page(world.interviewer)
    page.goto(address(debrief))
    ways = ["abort", "500", "pass", "502", "abort", "pass"]
    seen = []

    def troubled(route):
        way = ways[len(seen) % len(ways)]
        seen.append(way)
        if way == "abort":
            route.abort()
        elif way == "pass":
            route.continue_()
        else:
            route.fulfill(status=int(way), body="<h1>Sorry</h1>")

    page.route(SAVES, troubled)
    for sentence in ("Compares with Plenara. ", "Long pause. ", "“Who would sit with them?” ", "Ours said nothing."):
        note(page).press_sequentially(sentence)
        page.wait_for_timeout(700)
    state(page, "change kept here")
    page.unroute(SAVES)
    typed = "Compares with Plenara. Long pause. “Who would sit with them?” Ours said nothing."
    until(lambda: saved_text(answer) == typed, page)
    state(page, "Saved")
    assert note(page).input_value() == typed
    assert not answer.revisions.filter(was_refused=True).exists()
    assert "abort" in seen and "500" in seen


def test_a_save_whose_answer_is_lost_is_no_conflict_with_oneself(open_page, world, debrief, answer):
    page = open_page(world.interviewer)
    page.goto(address(debrief))
    lost = []

    def saved_but_unheard(route):
        if len(lost) < 2:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route(SAVES, saved_but_unheard)
    note(page).press_sequentially("One.")
    until(lambda: len(lost) == 2, page)
    note(page).press_sequentially(" Two.")
    until(lambda: saved_text(answer) == "One. Two.", page)
    state(page, "Saved")
    assert lost == [200, 200]
    assert list(answer.revisions.values_list("text", "was_refused")) == [("One.", False), ("One. Two.", False)]


def test_a_slow_answer_neither_undoes_nor_doubles_what_was_typed_meanwhile(open_page, world, debrief, answer):
    page = open_page(world.interviewer)
    page.goto(address(debrief))
    held, released = [], []

    def slow(route):
        if released:
            route.continue_()
        else:
            held.append(route)

    page.route(SAVES, slow)
    note(page).press_sequentially("First words")
    until(lambda: held, page)
    note(page).press_sequentially(", and more while it hangs")
    page.wait_for_timeout(1500)
    assert len(held) == 1  # one request in flight per answer
    released.append(True)
    held.pop().continue_()
    until(lambda: saved_text(answer) == "First words, and more while it hangs", page)
    assert note(page).input_value() == "First words, and more while it hangs"
    assert Answer.objects.get(pk=answer.pk).revision == 2


def two_windows(open_page, world, debrief):
    """Two windows with different texts over one revision; the second one is told."""
    first, second = open_page(world.interviewer), open_page(world.interviewer)
    for page in (first, second):
        page.goto(address(debrief))
    note(first).press_sequentially("From the first window.")
    state(first, "Saved")
    note(second).press_sequentially("From the second window.")
    alert = second.get_by_role("alert").filter(has_text="saved from another window")
    alert.wait_for()
    assert "From the first window." in alert.inner_text() and "From the second window." in alert.inner_text()
    state(second, "Two texts")
    return second


@pytest.mark.parametrize(
    ("choice", "stands"),
    [
        ("Keep mine", "From the second window. More."),
        ("Take theirs", "From the first window."),
        ("Keep both", "From the first window.\n\nFrom the second window. More."),
    ],
)
def test_two_windows_never_overwrite_each_other_unseen(open_page, world, debrief, answer, choice, stands):
    second = two_windows(open_page, world, debrief)
    note(second).press_sequentially(" More.")
    second.wait_for_timeout(900)
    assert saved_text(answer) == "From the first window."  # nothing is sent before somebody has chosen
    second.get_by_role("button", name=choice).click()
    until(lambda: saved_text(answer) == stands, second)
    state(second, "Saved")
    assert note(second).input_value() == stands
    texts = set(answer.revisions.values_list("text", flat=True))
    assert {"From the first window.", "From the second window."} <= texts
    assert second.locator(".conflict").count() == 0


def test_what_was_typed_on_in_a_conflict_is_kept_by_the_server_though_theirs_was_taken(
    open_page, world, debrief, answer
):
    second = two_windows(open_page, world, debrief)
    note(second).press_sequentially(" Typed on meanwhile.")
    second.get_by_role("button", name="Take theirs").click()
    state(second, "Saved")
    assert note(second).input_value() == saved_text(answer) == "From the first window."
    refused = AnswerRevision.objects.filter(answer=answer, was_refused=True)
    until(lambda: refused.filter(text="From the second window. Typed on meanwhile.").exists(), second)


def test_signed_out_one_types_on_and_signs_in_in_another_tab(open_page, live_server, world, debrief, answer):
    page = open_page(world.interviewer)
    page.goto(address(debrief))
    note(page).press_sequentially("Before. ")
    state(page, "Saved")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    note(page).press_sequentially("While signed out. ")
    page.get_by_role("alert").filter(has_text="sign in again in another tab").wait_for()
    note(page).press_sequentially("Still typing.")
    assert saved_text(answer) == "Before. "
    client = Client()
    client.force_login(world.interviewer.user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    other_tab = page.context.new_page()
    other_tab.goto(page.url)  # signing in there sets a new CSRF cookie too
    until(lambda: saved_text(answer) == "Before. While signed out. Still typing.", page)
    state(page, "Saved")


def test_after_handing_in_elsewhere_the_text_stays_in_the_window_with_the_reason(open_page, world, debrief, answer):
    page = open_page(world.interviewer)
    page.goto(address(debrief))
    now = timezone.now()
    AnswerSheet.objects.filter(debrief=debrief).update(submitted_at=now)
    Debrief.objects.filter(pk=debrief.pk).update(written_up_at=now)
    note(page).press_sequentially("An afterthought")
    page.get_by_role("alert").filter(has_text="handed in").wait_for()
    state(page, "Not saved")
    assert note(page).input_value() == "An afterthought"
    assert answer.revisions.get().was_refused


def test_leaving_with_unsaved_words_asks_first(open_page, world, debrief, answer):
    page = open_page(world.interviewer)
    page.goto(address(debrief))
    page.route(SAVES, lambda route: route.abort())
    note(page).press_sequentially("Unsaved")
    state(page, "Offline, 1 change kept here")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    until(lambda: asked, page)
    assert asked == ["beforeunload"]
    assert note(page).input_value() == "Unsaved"
    page.unroute(SAVES)
    until(lambda: saved_text(answer) == "Unsaved", page)


def test_questions_turn_over_without_losing_words_and_probes_come_forward(open_page, world, debrief):
    page = open_page(world.interviewer)
    page.goto(address(debrief))
    note(page).press_sequentially("It was too expensive, honestly.")
    page.get_by_role("heading", name="“Too expensive” was said").wait_for()
    page.get_by_role("button", name="Next question").click()
    assert page.get_by_role("heading", name="What happened 2?").is_visible()
    assert not page.get_by_role("heading", name="“Too expensive” was said").is_visible()
    note(page, 2).press_sequentially("Then a silence.")
    page.keyboard.press("Control+Enter")
    note(page, 3).press_sequentially("Declined.")
    page.locator("#part-3 summary").click()
    page.get_by_label("Declined to answer").locator("visible=true").check()
    answers = Answer.objects.filter(sheet__debrief=debrief).order_by("question__position")
    wanted = [
        ("It was too expensive, honestly.", "noted"),
        ("Then a silence.", "noted"),
        ("Declined.", "declined"),
    ]
    until(lambda: list(answers.values_list("text", "state")) == wanted, page)
    assert page.url.endswith("?at=3")


def test_words_are_marked_and_tagged_by_keyboard_alone(open_page, world, debrief, answer):
    driver = factories.driver(world.programme, "Implementation plan")
    page = open_page(world.interviewer)
    page.goto(address(debrief))
    note(page).press_sequentially("Price first. Who would sit with them? Then more.")
    for _ in " Then more.":
        page.keyboard.press("ArrowLeft")
    presses = ["Control+b", "i", "Tab", "ArrowRight", "ArrowRight", "Tab", "ArrowRight", "Control+Enter"]
    for press in presses:
        page.keyboard.press(press)
    page.locator("#marks-1 .verbatim", has_text="Implementation plan").wait_for()
    tag = Tag.objects.get()
    assert (tag.answer, tag.driver, tag.verbatim.text) == (answer, driver, "Who would sit with them?")
    assert tag.direction in ("helped", "hurt", "mentioned")
    assert page.evaluate("document.activeElement.id") == "note-1"
    page.get_by_role("button", name="Undo this tag").click()
    until(lambda: not Tag.objects.exists(), page)
    assert Verbatim.objects.count() == 1


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_every_page_of_the_interview_is_accessible_and_fits(open_page, violations, world, debrief, answer, width, dark):
    driver = factories.driver(world.programme, "Implementation plan")
    Tag.objects.create(
        programme=world.programme, answer=answer, driver=driver, direction="hurt", note="x", tagged_at=timezone.now()
    )
    page = open_page(world.interviewer, width=width, dark=dark)
    for at in ("opening", "1", "closing"):
        page.goto(address(debrief, at))
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(address(debrief, "1"))
    page.locator("#part-1 .mark-words").click()
    assert violations(page) == []
    for name in ("briefing", "write_up", "answers"):
        page.goto(programme_url(debrief.programme, f"interviews:{name}", debrief_id=debrief.pk))
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_script_the_whole_conversation_can_be_noted(open_page, world, debrief, answer):
    driver = factories.driver(world.programme, "Implementation plan")
    page = open_page(world.interviewer, javascript=False)
    page.goto(address(debrief, "opening"))
    page.get_by_role("button", name="The buyer agrees to notes").click()
    note(page).fill("The first month worried them.")
    page.get_by_role("button", name="Next question").click()
    assert saved_text(answer) == "The first month worried them."
    page.goto(address(debrief))
    page.get_by_label("The buyer’s words").locator("visible=true").fill("The first month")
    page.get_by_label("Driver", exact=True).locator("visible=true").select_option(label="Implementation plan")
    page.locator("label.hurt").locator("visible=true").click()
    page.get_by_role("button", name="Keep this").locator("visible=true").click()
    assert Tag.objects.get().driver == driver
    assert page.get_by_text("“The first month”").first.is_visible()


def test_the_list_of_keys_opens_and_closes_on_one_key(open_page, world, debrief, violations):
    page = open_page(world.interviewer)
    page.goto(address(debrief))
    note(page).press("F1")
    keys = page.get_by_role("dialog", name="Keys")
    keys.wait_for()
    assert "marks the selected words" in keys.inner_text()
    assert violations(page) == []
    page.keyboard.press("F1")
    keys.wait_for(state="hidden")
    assert note(page).evaluate("field => field === document.activeElement")
