"""Findings in a real browser: coding by keyboard, quotes with the buyer's yes, the second coder, and the story on one sheet."""

import re
import subprocess

import pytest
from django.urls import reverse

from debriefs.calls import links
from debriefs.calls.models import Debrief
from debriefs.findings import actions, quotes
from debriefs.findings.models import CodedUnit, Finding, Quote, QuoteUse, SecondCoding
from debriefs.findings.quote_queries import usable_quotes
from debriefs.foundation import clock
from tests import factories
from tests.findings.conftest import written_up
from tests.findings.test_release import coded, released

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Selects the words in the notes as a hand with a mouse would.
SELECT = """words => {
    for (const part of document.querySelectorAll("#noted p")) {
        const node = [...part.childNodes].find(node => node.textContent.includes(words));
        if (!node) continue;
        const range = document.createRange();
        range.setStart(node, node.textContent.indexOf(words));
        range.setEnd(node, node.textContent.indexOf(words) + words.length);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        return true;
    }
    return false;
}"""


@pytest.fixture
def debrief(world):
    world.programme.owner_reads_first_hours = 0
    world.programme.second_coding_percent = 100
    world.programme.save()
    return written_up(world)


def ours(world, name, **values):
    return reverse(f"findings:{name}", kwargs={"programme_slug": world.programme.slug, **values})


def test_words_are_coded_and_undone_without_leaving_the_keyboard(open_page, violations, world, debrief):
    page = open_page(world.reviewer)
    page.goto(ours(world, "coding", debrief_id=debrief.pk))
    assert page.evaluate(SELECT, "the note as it was typed")
    page.keyboard.press("Control+b")
    assert page.get_by_label("The buyer’s own words").input_value() == "the note as it was typed"
    # Found by its definition, not only by its name; the first that fits stands ready.
    driver = page.locator("#add").get_by_role("combobox", name="Driver")
    assert driver.evaluate("field => field === document.activeElement")
    page.keyboard.type("others like the buyer")
    assert "References" in page.locator('#add [role="option"][aria-selected="true"]').inner_text()
    assert violations(page) == []
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("hurt")
    page.keyboard.press("Control+Enter")
    page.get_by_text("Saved.", exact=True).wait_for()
    made = Finding.objects.get(debrief=debrief)
    assert (made.driver.key, made.direction, made.verbatim) == ("references", "hurt", "the note as it was typed")
    page.locator("h1").click()
    page.keyboard.press("Control+z")
    page.get_by_text("Undone.", exact=True).wait_for()
    assert not Finding.objects.filter(debrief=debrief).exists()
    page.keyboard.press("F1")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    page.keyboard.press("Escape")
    assert violations(page) == []


def test_another_driver_is_chosen_on_a_phone_in_the_dark_and_without_scripts(open_page, violations, world, debrief):
    coded(world, debrief)
    page = open_page(world.reviewer, width=390, dark=True)
    page.goto(ours(world, "coding", debrief_id=debrief.pk))
    first = page.locator("li.sheet").first
    first.get_by_text("Code anew or move").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    plain = open_page(world.reviewer, javascript=False)
    plain.goto(ours(world, "coding", debrief_id=debrief.pk))
    second = plain.locator("li.sheet", has=plain.locator(".verbatim", has_text="They said no twice."))
    second.get_by_text("Code anew or move").click()
    second.get_by_label("Another driver, words and notes as they are").select_option(index=3)
    second.get_by_role("button", name="Code anew").click()
    assert plain.get_by_text("Coded anew.").is_visible()
    plain.get_by_role("button", name="Undo").click()
    assert plain.get_by_text("Undone.").is_visible()
    assert Finding.objects.filter(debrief=debrief, driver__key="trust").exists()


def test_a_review_is_taken_on_and_over_and_what_was_typed_meanwhile_comes_back(open_page, violations, world, debrief):
    Debrief.objects.filter(pk=debrief.pk).update(reviewer=None)
    page = open_page(world.reviewer, width=390, dark=True)
    page.goto(ours(world, "coding", debrief_id=debrief.pk))
    assert "RAWCANARY" not in page.content()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Take the review on").focus()
    page.keyboard.press("Enter")
    page.get_by_text("You review this debrief.").wait_for()
    assert "RAWCANARY" in page.content()

    waiting = open_page(factories.person(world.programme, "reviewer", name="Other Reader"))
    waiting.goto(ours(world, "coding", debrief_id=debrief.pk))
    waiting.get_by_text(f"{world.reviewer.name} reviews this debrief").wait_for()
    assert "RAWCANARY" not in waiting.content()
    assert violations(waiting) == []

    page.get_by_text("Add a finding").click()
    page.locator("#add").get_by_label("Note").fill("They were tired of waiting.")
    leader = open_page(world.admin)
    leader.goto(ours(world, "coding", debrief_id=debrief.pk))
    leader.get_by_role("button", name="Take the review over").click()
    leader.get_by_text("You review this debrief.").wait_for()
    page.locator("#add form").evaluate("form => { form.noValidate = true; }")
    page.locator("#add").get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="What you typed").wait_for()
    assert "They were tired of waiting." in [field.input_value() for field in page.locator("textarea").all()]
    assert violations(page) == []


def test_a_quote_from_the_proposal_to_the_buyers_yes_and_back(open_page, violations, world, debrief):
    release = released(world, debrief)
    page = open_page(world.reviewer)
    page.goto(ours(world, "release_page", release_id=release.pk))
    page.locator(".verbatim", has_text="They said no twice.").get_by_role("link", name="Propose as a quote").click()
    page.get_by_label("How far they may go").select_option("anonymous")
    assert violations(page) == []
    page.get_by_role("button", name="Propose the quote").press("Enter")
    page.get_by_role("button", name="Ask the buyer").press("Enter")
    page.get_by_text("The buyer is asked by mail.").wait_for()
    member = open_page(world.member)
    member.goto(ours(world, "quote_list"))
    assert member.get_by_text("They said no twice.").count() == 0
    # The buyer, on a phone: nothing is chosen beforehand, and nothing is approved by opening.
    buyer = open_page(width=390)
    address = links.address(links.issue(debrief, clock.now())).split("://", 1)[1].partition("/")[2]
    buyer.goto("/" + address.replace("/open/", "/quotes/open/"))
    buyer.get_by_role("button", name="Yes, I am").press("Enter")
    buyer.wait_for_url("**/quotes/")
    assert buyer.locator("input:checked").count() == 0
    assert violations(buyer) == []
    assert Quote.objects.get().approved_at is None
    buyer.get_by_label("Yes, exactly these words").focus()
    buyer.keyboard.press("Space")
    buyer.locator('input[name="level"][value="anonymous"]').focus()
    buyer.keyboard.press("Space")
    buyer.locator("form button[type=submit]").first.press("Enter")
    buyer.wait_for_load_state()
    assert Quote.objects.get().approved_at is not None
    member.reload()
    member.get_by_role("link", name="Note a use").click()
    member.get_by_role("textbox", name="Where it was used").fill("Page for the spring fair")
    assert violations(member) == []
    member.get_by_role("button", name="Note the use").press("Enter")
    member.get_by_text("Noted.", exact=True).wait_for()
    assert QuoteUse.objects.count() == 1
    page.goto(ours(world, "quote_ledger"))
    assert "Approved" in page.locator("tbody tr").inner_text()
    assert violations(page) == []
    # Taken back: gone from every page at once, the words of the story too.
    quotes.withdraw(quote=Quote.objects.get(), now=clock.now(), closes_words=True)
    assert not usable_quotes(world.programme, clock.now()).exists()
    for name, values in (("quote_list", {}), ("release_page", {"release_id": release.pk}), ("remark_search", {})):
        member.goto(ours(world, name, **values) + ("?q=twice" if name == "remark_search" else ""))
        assert member.get_by_text("They said no twice.").count() == 0, name


def test_the_second_coder_is_blind_until_both_codings_stand_side_by_side(open_page, violations, world, debrief):
    coded(world, debrief)
    second = factories.person(world.programme, "reviewer", name="Second Reader")
    page = open_page(second)
    page.goto(ours(world, "second_coding", debrief_id=debrief.pk))
    assert violations(page) == []
    page.get_by_role("button", name="Code this debrief").press("Enter")
    page.get_by_text("Nothing coded yet.").wait_for()
    for hidden in ("chart with arrows", "They said no twice.", "What decided"):
        assert page.get_by_text(hidden).count() == 0
    page.goto(ours(world, "coding", debrief_id=debrief.pk))
    assert page.get_by_text("hand that in before you see the first coding").is_visible()
    page.goto(ours(world, "second_coding", debrief_id=debrief.pk))
    assert page.evaluate(SELECT, "the note as it was typed")
    page.keyboard.press("Control+b")
    page.keyboard.type("trust")
    page.keyboard.press("Enter")
    page.locator("#add").get_by_label("Direction").select_option("hurt")
    assert violations(page) == []
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="This decided").press("Enter")
    page.get_by_role("button", name="Hand the coding in").press("Enter")
    page.get_by_text("Handed in and closed.").wait_for()
    assert SecondCoding.objects.get().handed_in_at is not None
    actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    page.goto(ours(world, "differences", debrief_id=debrief.pk))
    assert page.get_by_text("Differs").count() == 2
    assert violations(page) == []
    for row in page.locator("tbody tr").all():
        row.locator('input[type=radio][name^="keep-"]').first.check()
    page.locator('input[name="deciding_driver"]').first.check()
    page.get_by_role("button", name="Note the consensus").press("Enter")
    page.get_by_text("Consensus noted").first.wait_for()
    assert CodedUnit.objects.filter(side="consensus").count() == 2
    assert Finding.objects.filter(debrief=debrief).count() == 2
    narrow = open_page(second, width=390, dark=True)
    narrow.goto(ours(world, "differences", debrief_id=debrief.pk))
    assert violations(narrow) == []
    assert narrow.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_story_is_printed_on_one_sheet(open_page, world, debrief, tmp_path):
    coded(world, debrief)
    actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    release = actions.release(
        debrief=debrief, summary="It came down to the plan.\nThey had none.", by=world.reviewer, now=clock.now(),
        timeline="Early on: a first call\nMidway: a list of three\nAt the end: terms beside each other", suggests="Show the plan.",
    )  # fmt: skip
    page = open_page(world.reviewer)
    page.goto(ours(world, "release_page", release_id=release.pk))
    page.evaluate("document.fonts.ready")
    page.pdf(path=tmp_path / "story.pdf", format="A4", print_background=True)
    told = subprocess.run(["pdfinfo", tmp_path / "story.pdf"], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Pages:\s+1\n", told)
    words = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "story.pdf", "-"], capture_output=True, text=True, check=True
    )
    for said in ("chart with arrows", "Midway", "Show the plan.", "findings/story/"):
        assert said in words.stdout
    for act in ("Propose as a quote", "Recall this release"):
        assert act not in words.stdout
