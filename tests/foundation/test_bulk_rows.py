"""Rows written by COPY: every sign of every text comes through, and a taken key leaves out only its own row."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from debriefs.deals.models import Company, Deal, Offering
from debriefs.foundation.bulk_rows import BulkRows
from tests import factories

pytestmark = pytest.mark.django_db

TEXTS = [
    "tab\there", "line\nbreak", "carriage\rreturn", "back\\slash", "\\N", "\\.", "\\\\t", "N", "t", "n", "", " ", "'; DROP TABLE x --",
    "\x01\x02\x1f\x7f", "﷽ 😀 \u202e\u200b", "é", "％",
]  # fmt: skip


def offerings(programme) -> BulkRows:
    return BulkRows(Offering, "id", "name", "name_key", programme_id=programme.pk)


def test_every_text_comes_through_letter_by_letter():
    programme = factories.programme()
    rows = offerings(programme)
    ids = []
    for number, text in enumerate(TEXTS):
        ids.append(uuid4())
        rows.add(ids[-1], f"{number} {text}", str(number))
    rows.copy()
    kept = dict(Offering.objects.filter(programme=programme).values_list("pk", "name"))
    assert [kept[pk] for pk in ids] == [f"{number} {text}" for number, text in enumerate(TEXTS)]


@pytest.mark.parametrize("text", ["\x00", "a\x00t", "a\x00N", "\x00n"])
def test_a_nul_is_refused_and_nothing_is_written(text):
    programme = factories.programme()
    rows = offerings(programme)
    rows.add(uuid4(), "North", "north")
    rows.add(uuid4(), f"x{text}", "x")
    with pytest.raises(ValueError, match="NUL"):
        rows.copy()
    assert not Offering.objects.exists()


def test_a_taken_key_is_told_or_left_out():
    programme = factories.programme()
    there = Offering.objects.create(programme=programme, name="North", name_key="north")

    def two():
        rows = offerings(programme)
        rows.add(uuid4(), "Again", there.name_key)
        rows.add(uuid4(), "South", "south")
        return rows

    with pytest.raises(IntegrityError), transaction.atomic():
        two().copy()
    assert not two().insert_missing()
    assert sorted(Offering.objects.values_list("name", flat=True)) == ["North", "South"]
    more = offerings(programme)
    more.add(uuid4(), "West", "west")
    assert more.insert_missing()
    assert not len(more)


def test_what_is_not_given_takes_its_default_and_nothing_is_nothing():
    programme = factories.programme()
    rows = BulkRows(Company, "id", "name", "name_key", "employees", programme_id=programme.pk, imported_by_id=None)
    made = Company(name="N", name_key="n")
    rows.add(made.pk, "\\N", "n", None)
    rows.copy()
    kept = Company.objects.get(pk=made.pk)
    assert (kept.name, kept.employees, kept.segment, kept.imported_by_id) == ("\\N", None, "", None)


def test_numbers_keep_every_digit():
    programme = factories.programme()
    deal = factories.deal(programme)
    rows = BulkRows(
        Deal, "id", "name", "amount", programme_id=programme.pk, created_at=deal.created_at, updated_at=deal.updated_at
    )
    made = Deal()
    rows.add(made.pk, "x", Decimal("999999999999.99"))
    rows.copy()
    assert Deal.objects.get(pk=made.pk).amount == Decimal("999999999999.99")
