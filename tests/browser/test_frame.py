"""The frames and components in a real browser: reachable, readable, usable without script, kind when a request fails."""

import pytest

from tests.core import samples

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.core.samples.urls"),
]

# Fields that htmx sends without submitting their form, as autosave does; added by the tests because no sample needs them.
ADD_FIELDS = """status => {
    const form = document.createElement('form');
    form.innerHTML = `<input type=hidden name=csrfmiddlewaretoken value=${'stale'.padEnd(64, 'x')}>
        <label>Note <input name=note value="typed by hand"></label><div id=answer></div>
        <button type=button hx-post=/echo/${status}/ hx-include="closest form" hx-target=#answer>Keep the note</button>`;
    document.querySelector('main').append(form);
    htmx.process(form);
}"""


@pytest.mark.parametrize("name", samples.NAMES)
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("dark", [False, True])
def test_every_component_is_accessible_and_fits(open_page, violations, name, width, dark):
    page = open_page(width=width, dark=dark)
    page.goto(f"/sample/{name}/")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_icons_typefaces_and_the_programmes_colour_arrive_under_the_content_policy(open_page):
    page = open_page()
    page.goto("/sample/booking/")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('16px Inter')")
    assert page.evaluate("getComputedStyle(document.querySelector('.promise .icon')).color") == "rgb(75, 59, 143)"
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.btn-primary')).backgroundColor") == "rgb(75, 59, 143)"
    )
    assert page.locator(".promise use").first.evaluate("use => use.getBoundingClientRect().width") > 5


def test_on_a_phone_the_menu_opens_and_closes_by_keyboard(open_page):
    page = open_page(width=390)
    page.goto("/sample/today/")
    link = page.get_by_role("link", name="Deals", exact=False).first
    assert not link.is_visible()
    page.get_by_role("button", name="Open the menu").press("Enter")
    page.get_by_role("button", name="Close the menu").wait_for()
    assert link.is_visible()
    page.locator("#side:focus").wait_for()  # focus goes in once the menu has slid in
    page.keyboard.press("Escape")
    link.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Open the menu"


def test_without_script_the_rooms_the_programmes_and_the_menus_stand_open(open_page):
    page = open_page(width=390, javascript=False)
    page.goto("/sample/parts/")
    assert page.get_by_role("link", name="Insights").is_visible()
    assert page.get_by_role("link", name="Orbeline Services").is_visible()
    assert page.get_by_role("link", name="Choose another contact").is_visible()
    assert not page.get_by_role("button", name="Open the menu").is_visible()


def test_a_failed_form_is_announced_and_leads_to_its_field(open_page):
    page = open_page()
    page.goto("/sample/parts/")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_role("link", name="Name: This field is required.").press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_name"


def test_the_skip_link_leads_past_the_menu(open_page):
    page = open_page()
    page.goto("/sample/today/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("status", [200, 422, 409])
def test_a_partial_answer_is_shown_with_a_token_fresh_from_the_cookie(open_page, status):
    page = open_page()
    page.goto("/sample/today/")
    page.evaluate(ADD_FIELDS, status)
    page.request.get("/new-session/")  # another tab signs in again: the page's own token is stale from here on
    page.get_by_role("button", name="Keep the note").click()
    page.locator("#echo").wait_for()
    assert page.locator("#echo").inner_text() == f"{status}: typed by hand"


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(401, "You have been signed out."), (500, "nothing was changed"), (403, "nothing was changed")],
)
def test_a_failed_request_says_so_once_and_keeps_what_was_typed(open_page, status, sentence):
    page = open_page()
    page.goto("/sample/today/")
    page.evaluate(ADD_FIELDS, status)
    for _ in range(2):
        with page.expect_response(f"**/echo/{status}/"):
            page.get_by_role("button", name="Keep the note").click()
    said = page.locator("#messages .error")
    said.wait_for()
    assert said.count() == 1
    assert sentence in said.inner_text()
    assert page.get_by_label("Note").input_value() == "typed by hand"


def test_without_a_connection_the_page_says_so(open_page):
    page = open_page()
    page.goto("/sample/today/")
    page.evaluate(ADD_FIELDS, 200)
    page.context.set_offline(True)
    page.get_by_role("button", name="Keep the note").click()
    page.locator("#messages .warning", has_text="No connection.").wait_for()


def test_a_page_left_open_still_posts_after_signing_in_again_elsewhere(open_page):
    page = open_page()
    page.goto("/sample/today/")
    page.request.get("/new-session/")
    page.get_by_role("button", name="Sign out").click()
    page.locator("#echo").wait_for()
    assert "200" in page.locator("#echo").inner_text()


def test_on_paper_there_is_nothing_to_press(open_page):
    page = open_page()
    page.goto("/sample/parts/")
    page.emulate_media(media="print")
    assert not page.locator(".side").is_visible()
    assert page.locator(".btn:visible").count() == 0
    assert page.get_by_role("heading", name="Pellworth Freight").is_visible()
