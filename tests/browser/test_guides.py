"""Guides in a real browser: written with the keyboard, saved as typed, published, compared, printed; and the way answers lead."""

import contextlib
import re
import subprocess

import pytest
from playwright.sync_api import Error

from accounts.requests import programme_url
from debriefs.foundation import clock
from debriefs.guides.actions import create_guide, publish, save_draft, start_draft
from debriefs.guides.conditions import Condition
from debriefs.guides.models import GuideVersion
from debriefs.guides.queries import texts_of
from debriefs.guides.rules import QuestionText
from debriefs.interviews.actions import begin_interview
from debriefs.interviews.models import Answer
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ASKED = [
    "What was going on that made you start looking?",
    "How did we come onto your list?",
    "Walk me through the decision.",
    "What did a solution have to do?",
    "Which options made the final comparison?",
    "What tipped the decision?",
    "Where did our proposal differ from what you needed?",
    "How did dealing with our people compare with the others?",
    "What would you advise our team to do differently?",
    "What else should I have asked?",
]


def at(name, version):
    return programme_url(version.programme, f"guides:{name}", version_id=version.pk)


def until(page, condition):
    """Waits for the page; its policy forbids Playwright's own way of polling."""
    for _again in range(300):
        # A page that is being left can be asked nothing.
        with contextlib.suppress(Error):
            if page.evaluate(f"() => {condition}"):
                return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came: {condition}")


def said(page, text):
    page.locator("#draft-said", has_text=text).wait_for()


def test_ten_questions_are_written_moved_and_published_with_the_keyboard_alone(open_page, world, violations):
    page = open_page(world.admin)
    page.goto(programme_url(world.programme, "guides:guide_add"))
    keys = page.keyboard
    page.get_by_label("Name").focus()
    keys.type("Lost in the south")
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Space")
    assert page.get_by_label("Lost", exact=True).is_checked()
    page.get_by_label("Name").focus()
    keys.press("Enter")
    page.wait_for_url(re.compile("/change/"))
    draft = GuideVersion.objects.get(guide__name="Lost in the south")
    for number, text in enumerate(ASKED):
        page.locator("#question-new textarea").first.focus()
        keys.type(text)
        page.get_by_role("button", name="Save and go on").focus()
        keys.press("Enter")
        page.locator(f"#question-{number + 1}").wait_for()
        until(page, "document.activeElement?.closest('#question-new') != null")
    assert [text.text for text in texts_of(draft)] == ASKED
    page.locator("#question-10").get_by_role("button", name="Move up").focus()
    keys.press("Enter")
    until(page, "document.activeElement?.closest('#question-9') != null")
    assert [text.text for text in texts_of(draft)][8:] == [ASKED[9], ASKED[8]]
    page.get_by_role("button", name="Undo the last save").focus()
    keys.press("Enter")
    page.get_by_text("The last save was taken back.").wait_for()
    assert [text.text for text in texts_of(draft)] == ASKED
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Save the draft").focus()
    keys.press("Enter")
    page.wait_for_url(re.compile(rf"{draft.pk}/$"))
    page.get_by_label("What this version changes").focus()
    keys.type("The first one")
    keys.press("Enter")
    page.get_by_text("is published.").wait_for()
    draft.refresh_from_db()
    assert draft.published_at is not None


def test_what_is_typed_is_saved_as_it_is_typed_and_never_over_somebody_elses(open_page, world):
    version = factories.guide_version(world.programme, published=False)
    page = open_page(world.admin)
    page.goto(at("version_edit", version))
    page.locator("#question-1 textarea").first.fill("What came first?")
    said(page, "Saved")
    assert texts_of(version)[0].text == "What came first?"
    page.locator("#question-new textarea").first.fill("And what then?")
    until(page, "document.querySelector('[name=q-3-key]').value === 'and-what-then'")
    page.locator("#question-new textarea").first.fill("And what happened then?")
    while texts_of(version)[-1].text != "And what happened then?":
        page.wait_for_timeout(50)
    said(page, "Saved")
    other = open_page(world.admin)
    other.goto(at("version_edit", version))
    other.locator("#question-2 textarea").first.fill("From another window?")
    said(other, "Saved")
    page.locator("#question-1 textarea").first.fill("From this window?")
    said(page, "Somebody else changed this draft")
    assert [text.text for text in texts_of(version)][:2] == ["What came first?", "From another window?"]
    # The button shows both ways on and loses nothing.
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_text("Somebody else changed this draft while you were typing").first.wait_for()
    assert page.locator("#question-1 textarea").first.input_value() == "From this window?"


def test_warnings_appear_and_go_while_a_question_is_typed(open_page, world):
    version = factories.guide_version(world.programme, published=False)
    page = open_page(world.admin)
    page.goto(at("version_edit", version))
    question = page.locator("#question-1")
    assert not question.locator(".lint").is_visible()
    question.locator("textarea").first.fill("Did our price play a role?")
    question.get_by_text("It can be answered with yes or no.").wait_for()
    question.locator("textarea").first.fill("What role did our price play?")
    question.locator(".lint").wait_for(state="hidden")


def test_comparing_previewing_and_printing(open_page, world, violations):
    version = factories.guide_version(world.programme, questions=4)
    draft = create_guide(
        programme=world.programme, name="Other", outcome_groups=["won"], language="en", expected_minutes=20, by=world.admin, now=world.now,
        questions=[QuestionText(text="What <b>then</b>?", key="then", section="Start", probes=(("Such as?", "An event"),))],
    )  # fmt: skip
    publish(version=draft, by=world.admin, now=world.now, note="First")
    page = open_page(world.admin)
    page.goto(at("version_page", version))
    page.get_by_role("button", name="Write the next version").click()
    page.wait_for_url(re.compile("/change/"))
    page.locator("#question-1 textarea").first.fill("What came first?")
    said(page, "Saved")
    second = GuideVersion.objects.get(guide=version.guide, number=2)
    for name in ("version_compare", "version_written", "version_page"):
        page.goto(at(name, second))
        for width, look in ((1280, "light"), (390, "light"), (1280, "dark"), (390, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=look, reduced_motion="reduce")
            assert violations(page) == [], (name, width, look)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
    page.goto(programme_url(world.programme, "guides:question_bank"))
    assert violations(page) == []
    page.goto(at("version_page", draft))
    page.emulate_media(media="print")
    assert page.locator(".room-for-notes").first.bounding_box()["height"] > 60
    assert not page.locator(".side").is_visible()


def printed(page, path):
    """(words, number of pages) of the page on A4 paper; Poppler reads them as anybody's viewer would."""
    path.write_bytes(page.pdf(format="A4"))
    words = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    facts = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    return " ".join(words.split()), int(re.search(r"Pages:\s+(\d+)", facts)[1])


def test_a_printed_guide_holds_every_question_with_room_for_notes_and_no_button(open_page, world, tmp_path):
    questions = [
        QuestionText(text=text, section="The story" if number < 5 else "Looking back", intent=f"Intent {number}", probes=((f"Probe {number}?", "For that"),))
        for number, text in enumerate(ASKED)
    ]  # fmt: skip
    draft = create_guide(
        programme=world.programme, name="On paper", outcome_groups=["lost"], language="en", expected_minutes=30, by=world.admin,
        now=world.now, questions=questions,
    )  # fmt: skip
    version = publish(version=draft, by=world.admin, now=world.now, note="First")
    page = open_page(world.admin, dark=True)
    page.goto(at("version_page", version))
    words, pages = printed(page, tmp_path / "guide.pdf")
    places = [words.index(text) for text in ASKED]
    assert places == sorted(places)
    for number in range(10):
        assert f"Intent {number}" in words and f"Probe {number}?" in words
    assert "The story" in words and version.opening_script.split(".")[0] in words and "Closing" in words
    for pressed in ("Rehearse it", "Write the next version", "As a file for another installation", "Sign out"):
        assert pressed not in words, pressed
    # Ten questions with 28 mm each to write in, and the scripts: three sheets of paper, four at most.
    assert 3 <= pages <= 4


LOOKS = [(1280, "light"), (390, "light"), (1280, "dark"), (390, "dark")]


def test_every_page_of_the_room_is_accessible_wide_and_narrow_light_and_dark(open_page, world, violations):
    version = factories.guide_version(world.programme, questions=3)
    draft = start_draft(version=version, by=world.admin, now=world.now)
    asked = [
        QuestionText(key="q1", text="Did our price matter to you?", kind="yes_no", section="Start"),
        QuestionText(key="q2", text="What would it take to win you back?", conditions=(Condition("q1", "is", "yes"),)),
        QuestionText(key="q9", text="How do you rate us?", kind="rating", conditions=(Condition("gone"),)),
    ]
    save_draft(
        version=draft, opening_script="Hello.", closing_script="Thanks.", questions=asked, by=world.admin, now=world.now
    )
    named = {
        name: programme_url(world.programme, f"guides:{name}")
        for name in ("guide_list", "guide_add", "guide_import", "question_bank")
    }
    named |= {"guide_edit": programme_url(world.programme, "guides:guide_edit", guide_id=version.guide_id)}
    named |= {name: at(name, draft) for name in ("version_page", "version_edit", "version_compare", "version_written")}
    named |= {"published": at("version_page", version)}
    page = open_page(world.admin)
    for name, address in named.items():
        page.goto(address)
        for fold in page.locator("details").all():
            fold.evaluate("fold => { fold.open = true; }")
        for width, look in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=look, reduced_motion="reduce")
            assert violations(page) == [], (name, width, look)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)


def test_a_question_is_dragged_to_another_place_and_its_condition_reads_as_a_sentence(open_page, world):
    version = factories.guide_version(world.programme, questions=3, published=False)
    page = open_page(world.admin, height=2600)
    page.goto(at("version_edit", version))
    page.locator("#question-3 .drag").drag_to(page.locator("#question-1 legend"))
    until(page, "location.hash === '#question-1' && document.activeElement?.closest('#question-1') != null")
    assert [text.key for text in texts_of(version)] == ["q3", "q1", "q2"]
    assert page.locator("#question-1 textarea").first.input_value() == "What happened 3?"
    last = page.locator("#question-3")
    assert not last.locator(".only-if").is_visible()
    last.locator("details summary").first.click()
    last.get_by_label("Asked only if", exact=True).select_option("q3")
    last.get_by_text("Asked only if “What happened 3?” was answered.").wait_for()
    assert not page.locator("#draft-over").is_visible()
    page.locator("#question-1").get_by_label("Minutes").fill("60")
    page.locator("#draft-over").wait_for(state="visible")
    page.get_by_role("button", name="Undo the last save").click()
    page.get_by_text("The last save was taken back.").wait_for()
    assert [text.planned_minutes for text in texts_of(version)] == [3, 3, 3]


def test_a_draft_is_written_without_script(open_page, world):
    version = factories.guide_version(world.programme, questions=2, published=False)
    page = open_page(world.admin, javascript=False)
    page.goto(at("version_edit", version))
    assert not page.locator(".drag").first.is_visible()
    page.locator("#question-new textarea").first.fill("What else should I have asked?")
    page.get_by_role("button", name="Save and go on").click()
    page.locator("#question-3").get_by_role("button", name="Move up").click()
    page.wait_for_url(re.compile("#question-2"))
    assert [text.text for text in texts_of(version)][1] == "What else should I have asked?"
    page.get_by_role("button", name="Undo the last save").click()
    assert [text.text for text in texts_of(version)][2] == "What else should I have asked?"


def test_the_answers_lead_and_what_was_noted_off_the_way_stays_in_sight(open_page, world, violations):
    draft = create_guide(
        programme=world.programme, name="Paths", outcome_groups=["lost"], language="en", expected_minutes=30, by=world.admin, now=world.now,
        questions=[
            QuestionText(key="price", text="Did the price matter?", kind="yes_no"),
            QuestionText(key="how", text="How did it matter?", kind="multiple", choices=("Too high", "Too low"), conditions=(Condition("price", "is", "yes"),)),
            QuestionText(key="else", text="What else?"),
        ],
    )  # fmt: skip
    version = publish(version=draft, by=world.admin, now=world.now, note="First")
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    debrief = factories.debrief(deal, world.interviewer, version=version)
    begin_interview(debrief=debrief, by=world.interviewer, now=clock.now())
    page = open_page(world.interviewer)
    page.goto(programme_url(world.programme, "interviews:questionnaire", debrief_id=debrief.pk) + "?at=1")
    entry = page.locator(".questions li", has_text="How did it matter?")
    assert not entry.is_visible()
    page.locator("#part-1").get_by_label("Yes", exact=True).check()
    entry.wait_for(state="visible")
    page.get_by_role("button", name="Next question").click()
    page.locator("#part-2").get_by_label("Too high").check()
    page.locator("#part-2").get_by_label("Too low").check()
    page.locator("#note-2").fill("Both at once.")
    page.locator("#save-state", has_text="Saved").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Previous").click()
    page.locator("#part-1").get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Next question").click()
    page.locator("#part-3").wait_for(state="visible")
    # What was noted there is kept, in sight, and says that it counts nowhere.
    assert entry.is_visible()
    entry.locator("a").click()
    page.get_by_text("lead past this question").nth(1).wait_for()
    page.reload()
    assert page.locator("#note-2").input_value() == "Both at once."
    assert page.locator("#part-2").get_by_label("Too low").is_checked()
    saved = Answer.objects.get(sheet__debrief=debrief, question_key="how")
    assert (saved.chosen, saved.text) == (["Too high", "Too low"], "Both at once.")
