"""A buyer's wish to see or to lose their data, carried out in a real browser from the wish to the page that says so."""

import pytest

from debriefs.calls import links
from debriefs.deals.models import Contact
from debriefs.foundation import clock
from debriefs.interviews import actions
from tests import factories
from tests.browser.test_written import entered

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def debrief(world):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    made = factories.debrief(deal, world.interviewer, invited_at=world.now, held_at=world.now, planned_by=world.manager)
    actions.open_sheet(debrief=made, by=world.interviewer, now=clock.now())
    made.answer_sheets.get().answers.update(text="We never saw the plan.", state="noted")
    links.issue(made, clock.now())
    return made


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_a_wish_is_met_by_keyboard_and_the_buyer_reads_that_it_is_done(
    open_page, violations, world, debrief, width, dark
):
    def judged(page):
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    buyer, manager = open_page(width=width, dark=dark), open_page(world.admin, width=width, dark=dark)
    entered(buyer, debrief)
    buyer.get_by_role("link", name="Your data").click()
    for kind in ("show", "erase"):
        buyer.locator(f"#kind-{kind}").check()
        buyer.get_by_role("button", name="Send this wish").click()
    manager.goto(f"/p/{world.programme.slug}/debriefs/wishes/")
    judged(manager)
    with manager.expect_download() as taken:
        manager.get_by_role("link", name="Look at the file they would get").click()
    assert "We never saw the plan." in taken.value.path().read_text()
    shown = manager.locator("section", has=manager.get_by_role("heading", name="Show me what you hold about me"))
    shown.locator("textarea").fill("Here it is.")
    shown.get_by_role("button", name="Settle this wish").click()
    manager.get_by_text("Here it is.").wait_for()
    buyer.reload()
    judged(buyer)
    with buyer.expect_download() as taken:
        buyer.get_by_role("link", name="All of it as one file").click()
    file = open_page(width=width)
    file.set_content(taken.value.path().read_text())
    assert "We never saw the plan." in file.locator("body").inner_text()
    manager.get_by_role("link", name="Erase this person").click()
    manager.get_by_role("heading", name="Erase Buyer").wait_for()
    judged(manager)
    sure = manager.get_by_label("I am sure")
    sure.focus()
    manager.keyboard.press("Space")
    manager.keyboard.press("Tab")
    manager.keyboard.press("Enter")
    manager.get_by_text("Erased. The buyer reads so on their page.").wait_for()
    assert Contact.objects.get(pk=debrief.contact_id).name == "Erased person"
    judged(manager)
    buyer.reload()
    buyer.get_by_role("heading", name="What we held about you was erased").wait_for()
    judged(buyer)
