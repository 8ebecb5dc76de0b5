"""What the rows of a file without ids would meet, told on the page before anything is written."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from debriefs.deals.models import Deal, DealImport
from tests import factories
from tests.deals.importing import imported, table

pytestmark = pytest.mark.django_db

HEADER = "Deal name,Company,Stage,Close date,Amount"
FIRST = table("Rota,Acme,Won,2026-11-03,5", "Shift,Acme,Open,,7", header=HEADER)
SECOND = table(
    "ROTA,acme,Won,2026-11-03,6", "Shift,Acme,Lost,2026-11-04,7", "Rota,Acme,Won,2026-01-31,8", "Typed,Brown,Won,2026-11-03,9",
    "New,Acme,Won,2026-11-03,1", "Broken,Acme,Won,31 Feb 2026,1", header=HEADER,
)  # fmt: skip


def columns_page(client, world, content):
    file = SimpleUploadedFile("deals.csv", content)
    return client.get(client.post(f"/p/{world.programme.slug}/deals/import/", {"file": file})["Location"])


def test_rows_that_meet_a_deal_and_those_that_only_resemble_one(world, sign_in):
    imported(world.programme, FIRST)
    factories.deal(world.programme, name="Typed", company=factories.company(world.programme, "Brown"))
    before = Deal.objects.count()
    page = columns_page(sign_in(world.admin), world, SECOND)
    found = page.context["matches"]
    assert (found.looked_at, found.met, found.fresh, found.alike) == (5, 2, 3, 2)
    shown = [(match.read.line, match.deal.name, match.is_alike) for match in found.shown]
    assert shown == [(2, "Rota", False), (3, "Shift", False), (4, "Rota", True), (5, "Typed", True)]
    text = page.content.decode()
    assert "Of the first 5 rows 2 belong to a deal that is here and 3 become new deals." in text
    assert text.count("becomes a new deal") == 2
    assert Deal.objects.count() == before
    # What was told is what happens.
    done = imported(world.programme, SECOND)
    assert (done.updated, done.created, done.rejected) == (2, 3, 1)


def test_a_file_with_ids_or_without_a_key_tells_nothing(world, sign_in):
    client = sign_in(world.admin)
    assert columns_page(client, world, table("1,Rota,5", header="Deal id,Deal name,Amount")).context["matches"] is None
    assert columns_page(client, world, table("Rota,5", header="Deal name,Amount")).context["matches"] is None


def test_only_deals_one_may_know_of_are_named(world, sign_in):
    imported(world.programme, FIRST)
    Deal.objects.filter(name="Rota").update(team=world.other_team)
    Deal.objects.filter(name="Shift").update(team=world.team)
    page = columns_page(sign_in(world.manager), world, SECOND)
    assert page.context["matches"].met == 2
    assert {match.deal.name for match in page.context["matches"].shown} == {"Shift"}


def test_only_the_beginning_of_a_long_file_is_looked_at(world, sign_in, monkeypatch):
    from debriefs.deals import import_matches

    monkeypatch.setattr(import_matches, "LOOKED_AT", 3)
    monkeypatch.setattr(import_matches, "_CHUNK", 2)
    imported(world.programme, FIRST)
    found = columns_page(sign_in(world.admin), world, SECOND).context["matches"]
    assert (found.looked_at, found.met) == (3, 2)
    assert DealImport.objects.count() == 2
