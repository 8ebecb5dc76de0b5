"""The sample exports go in through a real browser, twice, the second time without a change. Skipped where they are absent."""

from pathlib import Path

import pytest

from debriefs.deals import tasks
from debriefs.deals.models import DealImport
from tests.browser.test_import import at
from tests.deals.test_shared_data import BY_BROWSER, SPECTRUM
from tests.sample_data import SAMPLES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample data is not beside this checkout"),
]


@pytest.mark.parametrize("file", BY_BROWSER)
def test_each_sample_goes_in_twice(open_page, world, file):
    page = open_page(world.admin)
    facts = SPECTRUM.get(Path(file).stem, ([], []))[1]
    first, second = (taken_in(page, world, SAMPLES / file, facts) for _ in range(2))
    assert first["Created"] == BY_BROWSER[file] or first["Created"] == first["Read"]
    assert first["Created"] + first["Rejected"] == first["Read"] > 0
    assert second == first | {"Created": 0, "Unchanged": first["Created"]}


def taken_in(page, world, file, facts) -> dict[str, int]:
    """Uploaded, the columns said where the file does not say them, imported; the figures of the result page."""
    page.goto(at(world))
    page.get_by_label("CSV file or Excel workbook").set_input_files(file)
    page.get_by_role("button", name="Upload and look at it").click()
    page.get_by_role("heading", name="Match the columns").wait_for()
    for number, fact in enumerate(facts):
        page.locator(f"#id_column_{number}").select_option(fact)
    if facts:
        with page.expect_navigation():
            page.get_by_role("button", name="Show the rows again").click()
    page.get_by_role("button", name="Import ").click()
    page.get_by_text("Waiting for a worker").wait_for()
    tasks.run_import(str(DealImport.objects.latest("created_at").pk))
    page.reload()
    page.locator("dl.facts").get_by_text("Conflicts").wait_for()
    words = page.locator("dl.facts").inner_text().replace(",", "").split()
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))
