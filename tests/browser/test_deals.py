"""The deal page and the deal list in a real browser: filters, search, a saved view, needs by keyboard, two people at once, a phone."""

import re

import pytest

from debriefs.deals.actions import add_need, open_own_view, save_own_view, update_deal
from debriefs.deals.actions.facts import facts_of
from debriefs.deals.models import Deal, Need, OwnView, SalesNote, SavedView
from debriefs.foundation import clock
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def deal(world):
    """A deal with one of everything, and words that do not fit a phone by themselves."""
    rival = factories.competitor(world.programme, "Plenara")
    made = factories.deal(
        world.programme, owner=world.rep, team=world.team, name="Müller shift planning", winner=rival, segment="Retail",
        company=factories.company(world.programme, "Donaudampfschifffahrtsgesellschaftskapitän Holding"), amount=228_000,
        search_text="Müller shift planning Donaudampfschifffahrtsgesellschaftskapitän Holding",
        solution_presented="Driver rotas for nine depots, with our trainer in the first two weeks.",
    )  # fmt: skip
    for text, weight in (("Rotas on the phone", "must"), ("Payroll export", "should"), ("Nine depots at once", "must")):
        add_need(deal=made, text=text, weight=weight, by=world.rep, now=world.now)
    factories.deal_contact(made)
    SalesNote.objects.create(
        programme=world.programme, deal=made, written_on=made.decided_on, author=world.rep, text="The second depot went quiet."
    )  # fmt: skip
    return made


def at(world, path: str) -> str:
    return f"/p/{world.programme.slug}/deals/{path}"


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_deal_its_forms_and_the_list_are_accessible_and_fit(open_page, violations, world, deal, width):
    need, row = deal.needs.first(), deal.deal_contacts.get()
    places = (
        "", "?q=muller&outcome=lost", f"{deal.pk}/", f"{deal.pk}/change/", f"{deal.pk}/needs/add/", f"needs/{need.pk}/change/",
        f"contacts/{row.pk}/change/", f"{deal.pk}/announce/", f"{deal.pk}/history/",
    )  # fmt: skip
    for dark in (False, True):
        page, found = open_page(world.manager, width=width, dark=dark), []
        for place in places:
            page.goto(at(world, place))
            found += violations(page)
            assert fits(page), (place, dark)
        assert found == []


def test_the_list_is_searched_filtered_and_kept_as_a_view(open_page, world, deal):
    factories.deal(
        world.programme, team=world.team, name="Castavera Foods", search_text="Castavera Foods", outcome="won"
    )
    page = open_page(world.manager)
    page.goto(at(world, ""))
    page.get_by_role("searchbox").fill("mullre")
    page.keyboard.press("Enter")
    page.get_by_role("row").filter(has_text="Müller shift planning").wait_for()
    assert page.get_by_text("Castavera Foods").count() == 0
    page.get_by_role("link", name="Clear all").click()
    page.get_by_text("Filter and sort").click()
    page.get_by_label("Outcome").select_option("won")
    page.get_by_role("button", name="Show these").click()
    page.get_by_role("row").filter(has_text="Castavera Foods").wait_for()
    assert page.get_by_text("Müller shift planning").count() == 0
    page.get_by_text("Save this view").click()
    page.get_by_label("Name of the view").fill("Our wins")
    page.get_by_role("button", name="Save the view").click()
    page.get_by_text("The view is saved as “Our wins”.").wait_for()
    assert SavedView.objects.get(person=world.manager).query.split("&").count("outcome=won") == 1
    page.goto(at(world, ""))
    page.get_by_role("link", name="Our wins").click()
    page.get_by_role("row").filter(has_text="Castavera Foods").wait_for()
    assert "outcome=won" in page.url


def test_somebody_who_was_faster_is_shown_beside_what_was_typed(open_page, world, deal):
    page = open_page(world.manager)
    page.goto(at(world, f"{deal.pk}/change/"))
    page.get_by_label("Deal name").fill("My name for it")
    saved = Deal.objects.get(pk=deal.pk)
    theirs = type(facts_of(saved))(**{**vars(facts_of(saved)), "name": "Their name for it"})
    update_deal(deal=saved, facts=theirs, base_version=saved.version, by=world.admin, now=clock.now())
    with page.expect_response(lambda response: response.request.method == "POST") as sent:
        page.get_by_role("button", name="Save deal").click()
    assert sent.value.status == 409
    row = page.get_by_role("row").filter(has_text="Deal name")
    assert "Their name for it" in row.inner_text() and "My name for it" in row.inner_text()
    assert page.get_by_label("Deal name").input_value() == "My name for it"
    assert Deal.objects.get(pk=deal.pk).name == "Their name for it"
    page.get_by_role("button", name="Save deal").click()
    page.get_by_text("The deal was saved.").wait_for()
    assert Deal.objects.get(pk=deal.pk).name == "My name for it"


def test_needs_are_added_and_put_in_order_by_keyboard_alone(open_page, world, deal):
    page = open_page(world.rep)
    page.goto(at(world, f"{deal.pk}/"))

    def tab_to(locator):
        for _ in range(90):
            if locator.evaluate("element => element === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"no way by keyboard to {locator}")

    tab_to(page.locator("#needs").get_by_role("link", name="Add a need"))
    page.keyboard.press("Enter")
    field = page.get_by_label("What the buyer needed")
    field.wait_for()
    tab_to(field)
    page.keyboard.type("A trainer on site")
    page.keyboard.press("Enter")
    up = page.get_by_role("button", name="Up: A trainer on site")
    up.wait_for()
    tab_to(up)
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    page.get_by_role("button", name="Down: A trainer on site").wait_for()
    assert [need.text for need in Need.objects.filter(deal=deal)] == [
        "Rotas on the phone",
        "Payroll export",
        "A trainer on site",
        "Nine depots at once",
    ]


def test_the_owner_gives_the_own_view_on_a_phone(open_page, violations, world, deal):
    open_own_view(deal=deal, now=clock.now())
    page = open_page(world.rep, width=390, height=844)
    page.goto(at(world, f"{deal.pk}/own-view/"))
    assert violations(page) == [] and fits(page)
    page.get_by_label("Why do you think they decided as they did?").fill("Price, in the end.")
    page.get_by_label("When did our chances change?").fill("After the trial.")
    page.get_by_role("button", name="Save my view").click()
    page.get_by_text("Your view was saved.").wait_for()
    view = OwnView.objects.get(deal=deal)
    assert (view.why, view.when_it_changed) == ("Price, in the end.", "After the trial.")


def test_the_own_view_is_saved_as_it_is_typed_and_given_by_its_button(open_page, violations, world, deal):
    open_own_view(deal=deal, now=clock.now())
    page = open_page(world.rep, width=390, height=844)
    page.goto(at(world, f"{deal.pk}/own-view/"))
    # The introduction too says that it is saved.
    saved = page.locator("#save-state .said").filter(has_text=re.compile("^Saved "))
    page.get_by_label("What mattered most to them?").press_sequentially("Fewer empty shifts")
    saved.wait_for()
    view = OwnView.objects.get(deal=deal)
    assert (view.what_mattered, view.given_at) == ("Fewer empty shifts", None)
    assert violations(page) == [] and fits(page)
    # Without a connection what is typed stays, and is sent as soon as there is one.
    page.context.set_offline(True)
    page.get_by_label("What mattered most to them?").press_sequentially(", no overtime")
    page.get_by_text("Not saved yet: the connection is gone.").wait_for()
    page.context.set_offline(False)
    saved.wait_for()
    assert OwnView.objects.get(deal=deal).what_mattered == "Fewer empty shifts, no overtime"
    page.reload()
    assert page.get_by_label("What mattered most to them?").input_value() == "Fewer empty shifts, no overtime"
    # Another window saves: this one stops saving by itself, and its button shows both texts.
    now = clock.now()
    view = OwnView.objects.get(deal=deal)
    save_own_view(
        own_view=view, by=world.rep, now=now, base_revision=view.revision, why="From elsewhere", is_given=False
    )
    page.get_by_label("Why do you think they decided as they did?").press_sequentially("Price")
    page.get_by_text("Not saved by itself any more").wait_for()
    page.get_by_role("button", name="Save my view").click()
    page.get_by_text("From elsewhere").wait_for()
    assert page.get_by_label("Why do you think they decided as they did?").input_value() == "Price"
    page.get_by_role("button", name="Save my view").click()
    page.get_by_text("Your view was saved.").wait_for()
    view = OwnView.objects.get(deal=deal)
    assert view.why == "Price" and view.given_at is not None
