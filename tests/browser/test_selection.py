"""Selection in a real browser: every page on a desk and on a phone, the rules set by keyboard alone."""

import pytest

from debriefs.deals import tasks
from debriefs.deals.actions import exclude, overrule, set_rules
from debriefs.deals.models import SelectionRules
from debriefs.deals.selection_rules import Share
from debriefs.foundation import clock
from tests import factories
from tests.deals.test_selection import draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def decided(world):
    now = clock.now()
    company = factories.company(world.programme, "Donaudampfschifffahrtsgesellschaftskapitän Holding of Aldermoor")
    set_rules(
        programme=world.programme, by=world.admin, now=now,
        draft=draft(shares=(Share(50, "won", "Enterprise"), Share(40, "lost")), segments=("Enterprise", "Public")),
    )  # fmt: skip
    set_rules(programme=world.programme, draft=draft(), by=world.admin, now=now)
    deals = [factories.deal(world.programme, owner=world.rep, team=world.team, decided_days_ago=n) for n in (1, 19, 28)]
    deals.append(factories.deal(world.programme, team=world.other_team, company=company))
    tasks.decide_selections()
    overrule(deal=deals[0], selection="chosen", reason="A key account", by=world.admin, now=now)
    exclude(programme=world.programme, kind="outreach", reason="In court", by=world.admin, now=now, segment="Retail")
    return deals


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_of_selection_is_accessible_and_fits(open_page, violations, world, decided, width):
    page = open_page(world.admin, width=width, dark=width == 390)
    found = []
    for place in (
        "selection/",
        "selection/rules/",
        "selection/exclusions/add/",
        f"{decided[0].pk}/selection/",
        "window-closing/",
    ):
        page.goto(f"/p/{world.programme.slug}/deals/{place}")
        found += violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), place
        narrow = "[...document.querySelectorAll('td, th[scope=row]')].filter(cell => cell.clientWidth < 40).length"
        assert width != 390 or page.evaluate(narrow) == 0, place
    assert found == []


def test_rules_are_previewed_and_saved_by_keyboard_alone(open_page, world, decided):
    page = open_page(world.admin)
    page.goto(f"/p/{world.programme.slug}/deals/selection/rules/")

    def tab_to(locator):
        for _ in range(80):
            if locator.evaluate("element => element === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError("Tab never reached it")

    tab_to(page.get_by_label("Smallest amount"))
    page.keyboard.type("20000")
    tab_to(page.get_by_role("button", name="Show what they would have chosen"))
    page.keyboard.press("Enter")
    page.get_by_text("Not saved yet").wait_for()
    assert SelectionRules.objects.count() == 2
    tab_to(page.get_by_role("button", name="Save the rules"))
    page.keyboard.press("Enter")
    page.get_by_text("in force as version 3").wait_for()
    assert "at least €20,000" in page.inner_text("main")
