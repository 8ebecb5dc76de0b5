"""The pages of the programme's manager, on a desk and on a phone."""

import pytest

from accounts import actions
from accounts.enums import Role
from debriefs.foundation import clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_of_the_programme_is_accessible_and_fits(open_page, violations, world, width):
    actions.invite_person(
        programme=world.programme, email="a-long-address-of-somebody@agency.example", name="New Interviewer",
        roles=[Role.INTERVIEWER], by=world.admin, now=clock.now(),
    )  # fmt: skip
    page = open_page(world.admin, width=width, dark=width == 390)
    found = []
    for place in ("", "people/", "people/invite/", f"people/{world.member.id}/roles/", "teams/", "audit/"):
        page.goto(f"/p/{world.programme.slug}/programme/{place}")
        found += violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), place
        # On a phone a table that is not restacked fits too, with cells one letter wide.
        narrow = "[...document.querySelectorAll('td, th[scope=row]')].filter(cell => cell.clientWidth < 60).length"
        assert width != 390 or page.evaluate(narrow) == 0, place
    assert found == []
