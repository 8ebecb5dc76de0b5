"""An import in a real browser: the file, its columns, the questions, the progress, the result, the conflicts; by keyboard, and on a phone."""

from dataclasses import replace

import pytest
from django.test import Client
from playwright.sync_api import expect

from debriefs.deals import importing, tasks
from debriefs.deals.actions import receive_upload, update_deal
from debriefs.deals.actions.facts import facts_of
from debriefs.deals.actions.imports import claim_import
from debriefs.deals.enums import ImportState
from debriefs.deals.importing import ImportRun
from debriefs.deals.models import Deal, DealImport
from debriefs.foundation import clock
from tests.deals.importing import imported, row, table
from tests.deals.workbook_files import workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Donaudampfschifffahrtsgesellschaftskapitän Holding of Aldermoor"
AMBIGUOUS = (
    "Deal id,Deal name,Company,Stage,Close date,Amount\n"
    f"1,Rota planning,{LONG},Closed Lost,03/04/2026,184000\n"
    "2,Shift plans,Castavera Foods,Closed Won,05/06/2026,96000\n"
    "3,Night rota,Castavera Foods,Gone quiet,07/06/2026,5\n"
    "4,Broken,Castavera Foods,Closed Won,31 Feb 2026,5\n"
).encode()


def at(world, place="") -> str:
    return f"/p/{world.programme.slug}/deals/import/{place}"


def uploaded(page, world, content, name="deals.csv"):
    page.goto(at(world))
    page.get_by_label("CSV file or Excel workbook").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Upload and look at it").click()
    page.get_by_role("heading", name="Match the columns").wait_for()


def sound(page, violations, width):
    """axe finds nothing, nothing is wider than the screen, no cell is squeezed."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    narrow = "[...document.querySelectorAll('td, th[scope=row]')].filter(cell => cell.clientWidth < 40 && cell.offsetParent).length"
    assert width != 390 or page.evaluate(narrow) == 0


def tab_to(page, locator):
    for _ in range(120):
        if locator.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab never reached it")


@pytest.mark.parametrize("width", [1280, 390])
def test_from_the_file_to_the_result(open_page, violations, world, width):
    page = open_page(world.admin, width=width, dark=width == 390)
    page.goto(at(world))
    sound(page, violations, width)
    uploaded(page, world, AMBIGUOUS)
    sound(page, violations, width)
    assert "Fri 3 Apr 2026" in page.inner_text("main") and "Wed 4 Mar 2026" in page.inner_text("main")
    page.get_by_role("button", name="Import 4 rows").click()
    page.get_by_text("in which order day and month stand").wait_for()
    sound(page, violations, width)
    assert DealImport.objects.get().state == ImportState.UPLOADED
    page.get_by_label("Day, month, year").check()
    page.get_by_label("Gone quiet").select_option(label="Withdrawn by the buyer")
    page.get_by_role("button", name="Show the rows again").click()
    expect(page.locator("#h-preview").locator("xpath=ancestor::section")).to_contain_text("Withdrawn")
    page.get_by_role("button", name="Import 4 rows").click()
    page.get_by_text("Waiting for a worker").wait_for()
    sound(page, violations, width)
    tasks.run_import(str(DealImport.objects.get().pk))
    # The page asks by itself and shows the result when it is there.
    page.get_by_role("heading", name="Rejected rows").wait_for()
    sound(page, violations, width)
    facts = page.locator("dl.facts").inner_text().split()
    assert facts == ["Read", "4", "Created", "3", "Updated", "0", "Unchanged", "0", "Rejected", "1", "Conflicts", "0"]
    assert "is a day that does not exist" in page.inner_text("main")
    with page.expect_download() as download:
        page.get_by_role("link", name="Save them as CSV").click()
    assert "31 Feb 2026" in download.value.path().read_text("utf-8-sig")
    assert Deal.objects.get(external_id="1").decided_on.isoformat() == "2026-04-03"
    assert Deal.objects.get(external_id="3").outcome == "withdrawn"


def test_another_sheet_of_a_workbook_is_chosen(open_page, violations, world):
    content = workbook(
        ("Notes", [["About this file", "Date"], ["Nothing to import", "today"]]),
        ("Deals", [["Deal id", "Deal name", "Stage"], ["1", "Rota", "Won"], ["2", "Shift", "Open"]]),
    )
    page = open_page(world.admin)
    uploaded(page, world, content, "deals.xlsx")
    page.get_by_label("Sheet", exact=True).select_option("Deals")
    page.get_by_role("button", name="Read the file again").click()
    page.get_by_text("2 rows of data").wait_for()
    expect(page.locator("#id_column_1")).to_have_value("name")
    sound(page, violations, 1280)


def test_progress_is_true_and_the_import_can_be_left_and_found_again(open_page, violations, world, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK_ROWS", 10)
    content = table(*(row(number) for number in range(40)))
    page = open_page(world.admin)
    uploaded(page, world, content)
    page.get_by_role("button", name="Import 40 rows").click()
    page.get_by_text("Waiting for a worker").wait_for()
    now = clock.now()
    made = DealImport.objects.get()
    run = ImportRun(made.pk, claim_import(import_id=made.pk, now=now), now)
    run.next_chunk(now)
    expect(page.locator("progress")).to_have_attribute("value", "10")
    sound(page, violations, 1280)
    run.next_chunk(now)
    expect(page.locator("progress")).to_have_attribute("value", "20")
    page.goto(at(world))
    expect(page.locator("#imports progress")).to_have_attribute("value", "20")
    sound(page, violations, 1280)
    while run.next_chunk(now):
        pass
    page.get_by_text("40 created").wait_for()
    page.get_by_role("link", name="deals.csv").click()
    expect(page.locator("dl.facts")).to_contain_text("40")


@pytest.fixture
def disputed(world):
    """An import with questions about three deals: each name was changed here and says something else in the file."""
    imported(world.programme, table(*(row(number) for number in range(3))), by=world.admin)
    for deal in Deal.objects.order_by("external_id"):
        changed = replace(facts_of(deal), name=f"Ours {deal.external_id}")
        update_deal(deal=deal, facts=changed, base_version=deal.version, by=world.manager, now=clock.now())
    lines = [row(number, name=f"Theirs {number}") for number in range(3)]
    return imported(world.programme, table(*lines), by=world.admin)


@pytest.mark.parametrize("width", [1280, 390])
def test_conflicts_one_by_one_and_the_rest_at_once(open_page, violations, world, disputed, width):
    page = open_page(world.admin, width=width, dark=width == 390)
    page.goto(at(world, f"{disputed.pk}/"))
    page.get_by_text("3 values to decide").wait_for()
    sound(page, violations, width)
    page.get_by_role("row").filter(has_text="Theirs 0").get_by_role("button", name="Take the file's").click()
    page.get_by_text("2 values to decide").wait_for()
    assert Deal.objects.get(external_id="D0").name == "Theirs 0"
    page.get_by_role("row").filter(has_text="Theirs 1").get_by_role("button", name="Keep ours").click()
    page.get_by_text("1 value to decide").wait_for()
    assert Deal.objects.get(external_id="D1").name == "Ours D1"
    page.get_by_role("button", name="Take all from the file").click()
    page.get_by_role("heading", name="Decided").wait_for()
    assert Deal.objects.get(external_id="D2").name == "Theirs 2"
    sound(page, violations, width)


def test_an_import_by_keyboard_alone(open_page, world):
    content = AMBIGUOUS.replace(b"31 Feb 2026", b"28/02/2026")
    made = receive_upload(programme=world.programme, name="k.csv", content=content, by=world.admin, now=clock.now())
    page = open_page(world.admin)
    page.goto(at(world, f"{made.pk}/columns/"))
    # 28/02/2026 can be read in one way only, which answers the question: nothing is asked.
    assert page.get_by_label("Day, month, year").count() == 0
    tab_to(page, page.get_by_label("Gone quiet"))
    page.keyboard.press("w")
    page.keyboard.press("w")
    tab_to(page, page.get_by_role("button", name="Import 4 rows"))
    page.keyboard.press("Enter")
    page.get_by_text("Waiting for a worker").wait_for()
    tab_to(page, page.get_by_role("button", name="Stop the import"))
    page.keyboard.press("Enter")
    page.get_by_text("The import was stopped").wait_for()
    assert DealImport.objects.get().state == ImportState.CANCELLED


def test_conflicts_by_keyboard_alone_and_their_table_scrolls(open_page, world, disputed):
    page = open_page(world.admin, width=800)
    page.goto(at(world, f"{disputed.pk}/"))
    region = page.get_by_role("region", name="Values changed here and in the file").last
    tab_to(page, region)
    tab_to(page, page.get_by_role("row").filter(has_text="Theirs 0").get_by_role("button", name="Take the file's"))
    page.keyboard.press("Enter")
    page.get_by_text("2 values to decide").wait_for()
    tab_to(page, page.get_by_role("button", name="Keep all of ours"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Decided").wait_for()
    assert sorted(Deal.objects.values_list("name", flat=True)) == ["Ours D1", "Ours D2", "Theirs 0"]


def test_rows_without_ids_show_what_they_meet(open_page, violations, world):
    header = "Deal name,Company,Stage,Close date,Amount"
    imported(world.programme, table("Rota,Acme,Won,2026-11-03,5", header=header), by=world.admin)
    page = open_page(world.admin, width=390)
    uploaded(
        page, world,
        table("Rota,ACME,Won,2026-11-03,6", "Rota,Acme,Won,2026-10-03,5", "New,Acme,Won,2026-10-03,5", header=header),
    )  # fmt: skip
    section = page.locator("#h-matches").locator("xpath=ancestor::section")
    expect(section).to_contain_text("Of the first 3 rows 1 belong to a deal that is here and 2 become new deals.")
    expect(section).to_contain_text("becomes a new deal")
    sound(page, violations, 390)


def test_without_javascript_the_way_is_the_same(world):
    """The forms are plain: a client that runs no script goes all the way."""
    client = Client()
    client.force_login(world.admin.user)
    made = receive_upload(
        programme=world.programme, name="p.csv", content=table(row(1)), by=world.admin, now=clock.now()
    )
    page = client.get(at(world, f"{made.pk}/columns/"))
    form = page.context["form"]
    answers = {name: form[name].value() for name in form.fields if form[name].value()}
    assert client.post(at(world, f"{made.pk}/columns/"), answers | {"step": "start"}).status_code == 302
    tasks.resume_imports()
    assert "Look at the deals" in client.get(at(world, f"{made.pk}/")).content.decode()
