"""`manage.py import_deals`: the same engine as the pages, its answer as JSON, its exit code for scripts."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from debriefs.deals.actions import cancel_import, run_import
from debriefs.deals.enums import ImportState
from debriefs.deals.management.commands import import_deals
from debriefs.deals.models import Deal, DealImport, UploadedFile
from tests import factories
from tests.deals.workbook_files import workbook

pytestmark = pytest.mark.django_db

GOOD = "Deal id,Deal name,Stage,Close date,Amount\n1,A,Won,2026-01-31,5\n2,B,Lost,2026-02-28,0\n"
BAD = GOOD + "3,C,Lost,never,1\n"
AMBIGUOUS = "Deal id,Deal name,Stage,Close date\n1,A,Won,03/04/2026\n"


@pytest.fixture
def command(tmp_path):
    programme = factories.programme()

    def run(content: str | bytes, **options) -> tuple[dict, int, str]:
        """(figures, exit code, what was said about rows)."""
        file = tmp_path / "deals.csv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        out, err, code = io.StringIO(), io.StringIO(), 0
        options = {"programme": programme.slug, "json": True} | options
        try:
            call_command("import_deals", str(file), stdout=out, stderr=err, **options)
        except SystemExit as stop:
            code = stop.code
        return json.loads(out.getvalue()), code, err.getvalue()

    return run


def figures(**counts) -> dict:
    names = ("read", "created", "updated", "unchanged", "rejected", "conflicts")
    return {name: counts.get(name, 0) for name in names}


def test_a_clean_file_ends_with_zero_and_the_second_run_changes_nothing(command):
    assert command(GOOD)[:2] == (figures(read=2, created=2), 0)
    assert command(GOOD)[:2] == (figures(read=2, unchanged=2), 0)
    assert Deal.objects.get(external_id="2").amount is None


def test_a_rejected_row_is_named_and_ends_with_one(command):
    counts, code, said = command(BAD)
    assert (counts, code) == (figures(read=3, created=2, rejected=1), 1)
    assert said.strip() == "line 4: Close date 'never' is not a date"


def test_a_dry_run_counts_and_writes_nothing(command):
    counts, code, said = command(BAD, dry_run=True)
    assert (counts, code) == (figures(read=3, created=2, rejected=1), 1)
    assert "line 4" in said
    assert not (Deal.objects.exists() or DealImport.objects.exists() or UploadedFile.objects.exists())


def test_ambiguous_dates_want_an_order(command):
    with pytest.raises(CommandError, match="03/04/2026 can be read in two ways: give --date-order"):
        command(AMBIGUOUS)
    assert not UploadedFile.objects.exists()
    assert command(AMBIGUOUS, date_order="MDY")[1] == 0
    assert Deal.objects.get().decided_on.isoformat() == "2026-03-04"


def test_ambiguous_amounts_want_a_decimal_sign(command):
    content = "Deal id,Deal name,Stage,Close date,Amount\n1,A,Won,2026-01-31,1.234\n"
    with pytest.raises(CommandError, match=r"1\.234 can be read in two ways: give --decimal point or --decimal comma"):
        command(content)
    assert not (UploadedFile.objects.exists() or Deal.objects.exists())
    assert command(content, decimal="comma")[1] == 0
    assert Deal.objects.get().amount == 1234
    # Asked once: the same columns are read the same way from then on.
    assert command(content)[:2] == (figures(read=1, unchanged=1), 0)


def test_an_encoding_is_chosen_by_name(command):
    content = "Deal id,Deal name\n1,Řehoř\n".encode("cp1250")
    assert command(content, encoding="cp1250")[:2] == (figures(read=1, created=1), 0)
    assert Deal.objects.get().name == "Řehoř"


def test_the_answer_waits_for_a_worker_that_was_faster(command, monkeypatch):
    def taken(*, import_id, clock):
        """As when a worker's tick comes between the queue and this command, and the worker dies over it."""
        monkeypatch.setattr(import_deals, "run_import", run_import)
        return False

    monkeypatch.setattr(import_deals, "run_import", taken)
    assert command(BAD)[:2] == (figures(read=3, created=2, rejected=1), 1)


def test_an_import_that_somebody_stops_is_no_success(command, monkeypatch):
    def stopped(*, import_id, clock):
        cancel_import(deal_import=DealImport.objects.get(pk=import_id), by=None, now=clock())
        return False

    monkeypatch.setattr(import_deals, "run_import", stopped)
    with pytest.raises(CommandError, match="stopped after 0 of 2 rows"):
        command(GOOD)


def test_while_an_import_is_being_undone_nothing_is_kept_waiting(command):
    command(GOOD)
    DealImport.objects.update(state=ImportState.UNDOING)
    for options in ({}, {"dry_run": True}):
        with pytest.raises(CommandError, match="is being undone"):
            command(BAD, **options)
    assert (DealImport.objects.count(), UploadedFile.objects.count()) == (1, 1)


def test_a_sheet_and_columns_are_chosen_by_name(command):
    content = workbook(("Notes", [["a"], ["b"]]), ("Deals", [["a", "b", "c"], ["7", "Rota", "x"], ["8", "Shift", "y"]]))
    assert command(content, sheet="Deals", column=["a=external_id", "b=name", "c="])[:2] == (
        figures(read=2, created=2),
        0,
    )
    assert dict(Deal.objects.values_list("external_id", "name")) == {"7": "Rota", "8": "Shift"}
    # The mapping is remembered for the columns, and the ids of the same source are met again.
    assert command(content, sheet="Deals")[:2] == (figures(read=2, unchanged=2), 0)


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        (GOOD, {"programme": "nowhere"}, "no programme 'nowhere'"),
        ('a,b\n1,"x', {}, "never closed"),
        ("x,y\n1,2\n", {}, "which column is the id"),
        (GOOD, {"column": ["Nope=name"]}, "no column 'Nope'. The file has: Deal id"),
        (GOOD, {"column": ["Stage=price"]}, "no fact 'price'"),
        (GOOD, {"sheet": "Deals"}, "no sheet named Deals"),
    ],
)
def test_what_cannot_be_done_is_said(command, content, options, said):
    with pytest.raises(CommandError, match=said):
        command(content, **options)
    assert not Deal.objects.exists()


def test_a_missing_file_is_said():
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_deals", "/nowhere/deals.csv", programme=factories.programme().slug)
