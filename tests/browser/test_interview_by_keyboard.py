"""The interview without a mouse: the keys of a tag counted, probes and minutes, and what a screen reader is told."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.requests import programme_url
from debriefs.calls.models import Debrief
from debriefs.interviews.actions import add_transcript, align_passages, begin_interview
from debriefs.interviews.models import (
    Answer,
    AnswerSheet,
    ProbeUse,
    Tag,
    WriteUp,
)
from tests import factories
from tests.browser.test_questionnaire import address, note, state, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def debrief(world):
    deal = factories.deal(
        world.programme,
        owner=world.rep,
        team=world.team,
        company=factories.company(world.programme, "Pellworth Freight"),
    )
    version = factories.guide_version(world.programme, deal.outcome_group, published=False)
    version.questions.update(section="The decision")
    version.published_at = timezone.now()
    version.save(update_fields=["published_at"])
    now = timezone.now()
    return factories.debrief(deal, world.interviewer, version=version, invited_at=now, booked_at=now)


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


TEXT = b"Ada Quill: What tipped it?\nBen Orrin: The captains did not sleep. Nobody came.\nAda Quill: Go on.\nBen Orrin: That was it."


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
