"""Figures in a real browser: from a chart to the buyer's words and back, on a phone, in the dark, and on paper."""

import re
import subprocess

import pytest

from accounts.models import Person
from debriefs.findings.models import Release
from debriefs.foundation import clock
from debriefs.home.demonstration.build import build
from debriefs.insights.actions import take_snapshots
from tests.insights.test_pages import filled, url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["filled"]
# An A4 report of ten pages of figures, each with its table.
MOST_SHEETS = 16


def printed(page, place):
    """The words of the page on paper, and how many sheets they take."""
    page.evaluate("document.fonts.ready")
    page.pdf(path=place, format="A4", print_background=True)
    facts = subprocess.run(["pdfinfo", place], capture_output=True, text=True, check=True).stdout
    words = subprocess.run(["pdftotext", "-layout", place, "-"], capture_output=True, text=True, check=True).stdout
    return words, int(re.search(r"Pages:\s+(\d+)", facts)[1])


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("reader", ["admin", "manager"])
def test_a_bar_leads_to_the_words_and_back_with_the_filters_kept(open_page, violations, world, filled, reader):
    page = open_page(getattr(world, reader))
    page.goto(url(world, "drivers", f"p={filled.key}&o=lost"))
    assert violations(page) == []
    page.locator("ol.figures a", has_text="Price").first.click()
    page.wait_for_url(re.compile("/remarks/"))
    assert "p=" + filled.key in page.url
    assert "o=lost" in page.url
    assert page.get_by_text("Words 0 of").first.is_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Back to the figures").click()
    page.wait_for_url(re.compile(rf"/drivers/\?p={filled.key}&o=lost$"))
    # By keyboard alone: the bar is a link, its value is read out, the table opens.
    bar = page.locator("ol.figures a", has_text="Price").first
    bar.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/remarks/"))


def test_every_page_of_figures_is_read_on_a_phone_in_the_dark(open_page, violations, world, filled):
    page = open_page(world.manager, width=390, dark=True)
    for key in ("overview", "rates", "drivers", "competitors", "record", "participation", "trend", "lessons", "report"):
        page.goto(url(world, key, f"p={filled.key}"))
        assert violations(page) == []
        assert fits(page), key


def test_a_member_reads_the_closed_quarter_and_keeps_a_view_by_mail(open_page, violations, world, filled):
    take_snapshots(now=world.now, today=world.today)
    page = open_page(world.member, width=390, dark=True)
    page.goto(url(world, "overview"))
    assert page.get_by_text("Won 6 of 14 deals that were won or lost").first.is_visible()
    assert violations(page) == []
    assert fits(page)
    page.get_by_text("Saved views").click()
    page.get_by_label("Name of this view").fill("Each week")
    page.get_by_role("button", name="Keep this view").click()
    page.get_by_text("Saved views").click()
    page.get_by_label("By mail").select_option("weekly")
    page.get_by_role("button", name="Set").click()
    page.get_by_text("comes by mail: Every Monday").wait_for()
    assert violations(page) == []
    page.goto(url(world, "drivers", "by=segment"))
    assert violations(page) == []
    assert fits(page)
    # The words the member may read are one address away, and nothing of another team is among them.
    page.goto(url(world, "remarks", f"p={filled.key}"))
    assert page.get_by_text("Words 0 of").first.is_visible()


def test_the_report_and_the_stories_of_the_demonstration_on_paper(open_page, tmp_path):
    programme = build(seed=1, now=clock.now())
    manager = Person.objects.get(programme=programme, email="admin@orbeline.example")
    page = open_page(manager)
    page.goto(f"/p/{programme.slug}/insights/report/")
    words, sheets = printed(page, tmp_path / "report.pdf")
    assert 4 <= sheets <= MOST_SHEETS
    for said in ("Win rates", "Competitors", "Participation", "Lessons"):
        assert said in words
    assert "Choose a quarter, then print" not in words
    told = Release.objects.filter(programme=programme, recalled_at__isnull=True).exclude(timeline="")
    longest = sorted(told, key=lambda one: -len(one.summary + one.timeline + one.suggests))[:3]
    assert longest
    for release in longest:
        page.goto(f"/p/{programme.slug}/findings/released/{release.pk}/")
        _words, sheets = printed(page, tmp_path / f"{release.pk}.pdf")
        assert sheets == 1, page.url
