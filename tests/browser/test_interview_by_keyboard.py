"""The interview without a mouse, from signing in to the handed-in write-up; keys counted; what a screen reader is told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.requests import programme_url
from debriefs.calls.models import Debrief
from debriefs.foundation import clock
from debriefs.interviews.actions import add_transcript, align_passages, begin_interview
from debriefs.interviews.models import (
    Answer,
    AnswerSheet,
    PermissionGiven,
    ProbeUse,
    StatedReason,
    Tag,
    Transcript,
    Verbatim,
    WriteUp,
)
from tests import factories
from tests.browser.test_questionnaire import address, note, state, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def planned(world, questions=3, **by_number):
    """A booked debrief of a guide with so many questions; `by_number` changes single ones: `q2={"kind": "yes_no"}`."""
    deal = factories.deal(
        world.programme,
        owner=world.rep,
        team=world.team,
        company=factories.company(world.programme, "Pellworth Freight"),
    )
    version = factories.guide_version(world.programme, deal.outcome_group, questions=questions, published=False)
    version.questions.update(section="The decision")
    for key, changed in by_number.items():
        version.questions.filter(key=key).update(**changed)
    version.published_at = timezone.now()
    version.save(update_fields=["published_at"])
    now = timezone.now()
    return factories.debrief(deal, world.interviewer, version=version, invited_at=now, booked_at=now)


@pytest.fixture
def debrief(world):
    return planned(world)


@pytest.fixture
def begun(world, debrief):
    begin_interview(debrief=debrief, by=world.interviewer, now=timezone.now())
    return debrief


class Keys:
    """The keyboard of a page, and nothing else; counts what is pressed."""

    def __init__(self, page):
        self.page, self.presses = page, 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def type(self, text):
        self.page.keyboard.type(text)

    def tab_to(self, wanted, back=False, limit=120):
        """Tabs on until the focus is on what the words name: a button, link or field by its accessible name."""
        for _ in range(limit):
            name = self.page.evaluate(
                """() => { const one = document.activeElement, label = one.labels?.[0];
                    if (one === document.body) return "";
                    return [one.innerText, one.getAttribute("aria-label"), label?.innerText, one.value].filter(Boolean).join(" | ") }"""
            )
            if wanted in name:
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{wanted} is not reached by Tab; last: {name}")

    def to(self, one, back=False, limit=120):
        """Tabs on until the focus is on this one element."""
        for _ in range(limit):
            if one.evaluate("one => one === document.activeElement"):
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{one} is not reached by Tab")


def untouched(page):
    """Has every press of a mouse, pen or finger counted, whichever page it meets; returns what tells whether there was none."""
    page.add_init_script(
        """addEventListener("pointerdown", () => sessionStorage.setItem("touched", "yes"), {capture: true})"""
    )
    return lambda: page.evaluate("""sessionStorage.getItem("touched")""") is None


def test_a_whole_interview_is_held_written_up_and_handed_in_by_keyboard(open_page, violations, world):
    debrief = planned(
        world, 4, q2={"kind": "yes_no"}, q3={"conditions": [{"on": "q2", "operator": "is", "value": "yes"}]}
    )
    factories.driver(world.programme, "Implementation plan")
    factories.driver(world.programme, "Price")
    world.interviewer.user.set_password(factories.PASSWORD)
    world.interviewer.user.save()
    page = open_page()
    is_untouched, keys = untouched(page), Keys(page)
    # In, to the own page, and by the briefing to the interview.
    page.goto(programme_url(debrief.programme, "home:today"))
    keys.tab_to("Email")
    keys.type(world.interviewer.user.email)
    keys.tab_to("Password")
    keys.type(factories.PASSWORD)
    keys.press("Enter")
    page.get_by_role("link", name="Assignments").wait_for()
    keys.tab_to("Assignments")
    keys.press("Enter")
    page.get_by_role("heading", name="Upcoming").wait_for()
    keys.tab_to("Read the briefing")
    keys.press("Enter")
    page.get_by_role("heading", name="Briefing: Pellworth Freight").wait_for()
    assert violations(page) == []
    keys.tab_to("Go to the interview")
    keys.press("Enter")
    page.get_by_role("button", name="Begin the interview").wait_for()
    keys.tab_to("Begin the interview")
    keys.press("Enter")
    # Who is there, and the consent in the words it was given in.
    page.get_by_role("heading", name="Before the first question").wait_for()
    keys.tab_to("Who is on the call")
    keys.type("Head of crewing")
    keys.press("Tab")
    keys.type("“Yes, write it down.”")
    keys.tab_to("The buyer agrees to notes")
    keys.press("Enter")
    page.wait_for_url("**?at=1")
    sheet = AnswerSheet.objects.get(debrief=debrief)
    assert sheet.consent_at
    assert (sheet.consent_words, sheet.on_the_call) == ("“Yes, write it down.”", "Head of crewing")
    # A note; the keys looked up; the second line taken as the buyer's words, with its driver; a probe.
    keys.to(note(page))
    keys.type("It was too expensive, honestly.\nWho would sit with them?")
    keys.press("F1")
    page.get_by_role("dialog", name="Keys").wait_for()
    assert violations(page) == []
    keys.press("Escape")
    page.get_by_role("dialog", name="Keys").wait_for(state="hidden")
    expect(note(page)).to_be_focused()
    keys.press("Shift+Home", "Control+b", "i", "Tab", "ArrowRight", "Control+Enter")
    page.locator("#marks-1", has_text="Implementation plan").wait_for()
    expect(note(page)).to_be_focused()
    keys.tab_to("Compared with what?")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Compared with what?", pressed=True)).to_be_visible()
    assert violations(page) == []
    keys.to(note(page), back=True)
    keys.press("Control+Enter")
    # Yes leads to the third question, No past it.
    expect(note(page, 2)).to_be_focused()
    third = page.locator(".questions a[data-to='3']")
    keys.to(page.locator("#part-2").get_by_role("radio", name="No", exact=True), back=True)
    keys.press("ArrowLeft")
    expect(third).to_be_visible()
    keys.press("ArrowRight")
    expect(third).to_be_hidden()
    keys.to(note(page, 2))
    keys.press("Control+Enter")
    expect(note(page, 4)).to_be_focused()
    # The fourth was not asked.
    keys.tab_to("Skip, with a reason")
    keys.press("Enter")
    keys.tab_to("Asked")
    keys.press("ArrowDown")
    expect(page.locator(".questions a[data-to='4'] small")).to_have_text("Not asked")
    keys.to(note(page, 4), back=True)
    keys.press("Control+Enter")
    page.get_by_role("heading", name="What the buyer permits").wait_for()
    levels = page.locator("#part-closing input[name=quote]")
    keys.to(levels.first)
    keys.press("ArrowDown")
    expect(levels.nth(1)).to_be_checked()
    keys.tab_to("Keep the permissions")
    keys.press("Enter")
    page.get_by_text("The permissions are kept.").wait_for()
    assert PermissionGiven.objects.get(debrief=debrief).quote_level == "internal"
    keys.tab_to("Go to the write-up")
    keys.press("Enter")
    page.get_by_role("heading", name="Write-up: Pellworth Freight").wait_for()
    assert violations(page) == []
    keys.tab_to("The buyer named")
    keys.press("p", "Tab", "i")
    keys.tab_to("Add this reason")
    keys.press("Enter")
    until(lambda: StatedReason.objects.exists(), page)
    page.get_by_role("heading", name="It can be handed in").wait_for()
    keys.tab_to("Hand in the write-up")
    keys.press("Enter")
    page.get_by_text("The write-up is handed in.").wait_for()
    assert Debrief.objects.get(pk=debrief.pk).written_up_at and WriteUp.objects.get().submitted_at
    reason = StatedReason.objects.get()
    assert (reason.stated_driver.name, reason.root_driver.name) == ("Price", "Implementation plan")
    tag = Tag.objects.get()
    assert (tag.driver.name, tag.direction, tag.verbatim.text) == (
        "Implementation plan",
        "hurt",
        "Who would sit with them?",
    )
    assert list(ProbeUse.objects.values_list("text", flat=True)) == ["Compared with what?"]
    assert list(sheet.answers.order_by("question__position").values_list("state", "chosen")) == [
        ("noted", []),
        ("noted", ["no"]),
        ("empty", []),
        ("not_asked", []),
    ]
    assert is_untouched()


@pytest.mark.parametrize("is_recent", [False, True])
def test_a_tag_takes_eight_keys_at_most_from_a_selection(open_page, world, begun, is_recent):
    wanted = factories.driver(world.programme, "Implementation plan")
    factories.driver(world.programme, "Price")
    answer = Answer.objects.get(sheet__debrief=begun, question__position=1)
    if is_recent:
        Tag.objects.create(
            programme=world.programme, answer=answer, driver=wanted, direction="hurt", note="before",
            tagged_at=timezone.now(), tagged_by=world.interviewer,
        )  # fmt: skip
    page = open_page(world.interviewer)
    page.goto(address(begun))
    note(page).press_sequentially("Who would sit with them?")
    note(page).press("Control+a")
    keys = Keys(page)
    # Words, driver, hurt, decisively, kept: the driver by its letter, or on top of the list because it was chosen last.
    keys.press(
        "Control+b", "ArrowDown" if is_recent else "i", "Tab", "ArrowRight", "Tab", "ArrowRight", "Control+Enter"
    )
    page.locator("#marks-1", has_text="decisively").wait_for()
    tag = Tag.objects.exclude(note="before").get()
    assert (tag.driver, tag.direction, tag.strength) == (wanted, "hurt", 3)
    assert tag.verbatim.text == "Who would sit with them?"
    assert keys.presses <= 8
    expect(note(page)).to_be_focused()


def test_landmarks_and_live_regions_tell_a_screen_reader_where_it_is_and_what_is_saved(open_page, world, begun):
    page = open_page(world.interviewer)
    page.goto(address(begun))
    assert page.get_by_role("main").count() == 1
    assert page.get_by_role("banner").count() == 1
    assert page.get_by_role("navigation", name="Questions", exact=True).count() == 1
    assert page.get_by_role("navigation", name="Between questions").count() == 1
    assert page.get_by_role("complementary", name="Probes and briefing").count() == 1
    assert page.get_by_role("region", name="What happened 1?").is_visible()
    assert page.get_by_role("textbox", name="What happened 1? Notes").is_visible()
    assert page.get_by_role("heading", level=1).filter(visible=True).count() == 1
    assert page.locator(".questions [aria-current='step']").count() == 1
    # What is saved is said politely, in the one status of the page, and as whole words.
    page.evaluate(
        """() => { window.told = []; new MutationObserver(() => told.push(document.getElementById("save-state").innerText.trim()))
            .observe(document.getElementById("save-state"), {subtree: true, childList: true, characterData: true}) }"""
    )
    assert page.get_by_role("status").filter(has_text="Nothing noted yet").count() == 1
    note(page).press_sequentially("Words.")
    state(page, "Saved")
    told = page.evaluate("told")
    assert "Saving" in told and told[-1].startswith("Saved ")
    # Trouble is said at once, in an alert that was there before it had anything to say.
    alert = page.locator("#save-trouble[role=alert]")
    assert alert.inner_text() == ""
    page.route("**/save/", lambda route: route.abort())
    note(page).press_sequentially(" More.")
    expect(alert).to_contain_text("Keep typing")
    expect(page.get_by_role("status").filter(has_text="Offline, 1 change kept here")).to_be_visible()
    page.unroute("**/save/")
    expect(alert).to_have_text("")
    # The next question takes the focus with it, and its heading names the field.
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("textbox", name="What happened 2? Notes")).to_be_focused()
    assert (
        "question 2" in page.title() or page.locator(".questions [aria-current='step']").get_attribute("data-to") == "2"
    )


def test_a_probe_is_noted_though_the_connection_is_gone_for_a_while(open_page, world, begun):
    page = open_page(world.interviewer)
    page.goto(address(begun))
    note(page).press_sequentially("It was too expensive.")
    state(page, "Saved")
    asked = []
    page.route("**/probes/", lambda route: (asked.append(1), route.abort()))
    probe = page.get_by_role("button", name="Which part of the cost?")
    probe.click()
    until(lambda: asked, page)
    assert probe.get_attribute("aria-pressed") == "true"
    assert not ProbeUse.objects.exists()
    page.unroute("**/probes/")
    until(lambda: list(ProbeUse.objects.values_list("text", flat=True)) == ["Which part of the cost?"], page)
    # Another question has its own.
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Next question").click()
    note(page, 2).press_sequentially("Too expensive.")
    expect(page.get_by_role("button", name="Which part of the cost?", pressed=False)).to_be_visible()
    page.get_by_role("button", name="Previous").click()
    probe = page.get_by_role("button", name="Which part of the cost?", pressed=True)
    probe.click()
    until(lambda: not ProbeUse.objects.exists(), page)


def test_the_topic_of_a_short_sentence_brings_its_probes_when_the_typing_pauses(open_page, world, begun):
    page = open_page(world.interviewer)
    page.goto(address(begun))
    heading = page.get_by_role("heading", name="“Too expensive” was said")
    note(page).press_sequentially("Finance would never have signed that sum.")
    assert not heading.is_visible()
    heading.wait_for()
    assert page.locator(".probes.called").filter(visible=True).count() == 1
    note(page).press_sequentially(" Because the pilot was left out.")
    heading.wait_for(state="hidden")


def test_minutes_of_the_call_and_of_the_section_outlast_a_reload(open_page, world, begun):
    page = open_page(world.interviewer)
    page.clock.install()
    page.goto(address(begun))
    page.clock.run_for(3 * 60_000)
    assert page.locator("#section-timer").inner_text() == "3 min on The decision"
    page.reload()
    assert page.locator("#section-timer").inner_text() == "3 min on The decision"
    page.locator(".questions a[data-to='closing']").click()
    page.clock.run_for(65_000)
    assert page.locator("#section-timer").inner_text() == "1 min on the closing"


def test_a_laptop_that_sleeps_or_whose_clock_jumps_keeps_minutes_and_times_right(open_page, world, begun):
    page = open_page(world.interviewer)
    page.clock.install()
    page.goto(address(begun))
    minutes = page.locator("#section-timer")
    page.clock.run_for(3 * 60_000)
    an_hour_back = datetime.fromtimestamp(page.evaluate("Date.now()") / 1000 - 3600, UTC)
    page.clock.set_system_time(an_hour_back)
    page.clock.run_for(65_000)
    assert minutes.inner_text() == "4 min on The decision"
    page.clock.fast_forward(2 * 3_600_000)
    page.clock.run_for(5_000)
    assert minutes.inner_text() == "5 min on The decision"
    # What is kept has the server's time, whatever the page's clock says.
    note(page).fill("It was the rollout.")
    page.clock.run_for(5_000)
    until(lambda: Answer.objects.filter(text="It was the rollout.").exists(), page)
    saved = Answer.objects.get(text="It was the rollout.")
    assert abs(saved.saved_at - clock.now()) < timedelta(minutes=10)


TEXT = b"Ada Quill: What tipped it?\nBen Orrin: The captains did not sleep. Nobody came.\nAda Quill: Go on.\nBen Orrin: That was it."


def test_a_transcript_is_uploaded_aligned_and_marked_by_keyboard(open_page, violations, world, begun, tmp_path):
    factories.driver(world.programme, "Implementation plan")
    path = tmp_path / "call.txt"
    path.write_bytes(TEXT)
    page = open_page(world.interviewer)
    # Long before the chooser opens: asked for in the same breath as the key, Chromium may open one of its own that nobody answers.
    page.on("filechooser", lambda chooser: None)
    is_untouched, keys = untouched(page), Keys(page)
    page.goto(programme_url(begun.programme, "interviews:write_up", debrief_id=begun.pk))
    keys.tab_to("Transcript")
    keys.press("Enter")
    page.get_by_role("heading", name="Transcript: Pellworth Freight").wait_for()
    assert violations(page) == []
    keys.tab_to("Transcript")
    expect(page.get_by_label("Transcript")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        keys.press("Enter")
    chooser.value.set_files(path)
    keys.tab_to("Upload the transcript")
    keys.press("Enter")
    page.get_by_text("The transcript is here: 4 passages.").wait_for()
    assert violations(page) == []
    # Where the question begins is ticked, and what follows goes with it.
    keys.tab_to("Ada Quill")
    keys.press("Space")
    keys.tab_to("They belong to")
    keys.press("1")
    keys.tab_to("From the first chosen on")
    keys.press("Enter")
    page.get_by_text("4 of 4").wait_for()
    transcript = Transcript.objects.get()
    assert set(transcript.passages.values_list("answer__question__position", flat=True)) == {1}
    # The whole passage is taken from its box; what is too much is taken off in the field.
    keys.tab_to("Ben Orrin")
    keys.press("Control+b")
    expect(page.get_by_label("Passage", exact=True)).to_have_value("2")
    expect(page.get_by_role("textbox", name="The buyer’s words")).to_have_value(
        "The captains did not sleep. Nobody came."
    )
    keys.press("Shift+Tab", "End", *["Backspace"] * len(" Nobody came."))
    keys.press("Tab", "i", "Tab", "ArrowRight", "Control+Enter")
    expect(page.locator("#passage-2 mark")).to_have_text("The captains did not sleep.")
    assert violations(page) == []
    tag = Tag.objects.get()
    assert (tag.verbatim.passage.position, tag.verbatim.text) == (2, "The captains did not sleep.")
    assert (tag.driver.name, tag.direction) == ("Implementation plan", "hurt")
    assert Verbatim.objects.count() == 1
    assert is_untouched()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_own_page_transcript_and_delivery_are_accessible_and_fit(open_page, violations, world, begun, width, dark):
    transcript = add_transcript(
        debrief=begun, file_name="call.txt", data=TEXT * 3, by=world.interviewer, now=timezone.now()
    )
    answer = Answer.objects.get(sheet__debrief=begun, question__position=1)
    keys = set(transcript.passages.values_list("pk", flat=True)[:3])
    align_passages(transcript=transcript, passages=keys, answer=answer, by=world.interviewer, now=timezone.now())
    page = open_page(world.interviewer, width=width, dark=dark)
    for name in ("transcript", "assignment_list"):
        arguments = {"debrief_id": begun.pk} if name == "transcript" else {}
        page.goto(programme_url(begun.programme, f"interviews:{name}", **arguments))
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    now = timezone.now()
    WriteUp.objects.filter(debrief=begun).update(submitted_at=now)
    AnswerSheet.objects.filter(debrief=begun).update(submitted_at=now)
    Debrief.objects.filter(pk=begun.pk).update(written_up_at=now)
    for name in ("transcript", "answers", "assignment_list"):
        arguments = {} if name == "assignment_list" else {"debrief_id": begun.pk}
        page.goto(programme_url(begun.programme, f"interviews:{name}", **arguments))
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    document = Path(download.value.path()).read_text()
    page.goto("about:blank")
    page.set_content(document)
    assert page.get_by_role("heading", name="Pellworth Freight").is_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
