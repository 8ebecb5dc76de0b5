"""Pages anybody can open."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_the_sign_in_page_is_accessible_and_leads_somewhere(open_page, violations, width, dark):
    page = open_page(width=width, dark=dark)
    page.goto("/")
    assert page.url.endswith("/accounts/login/?next=/")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
