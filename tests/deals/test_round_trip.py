"""The list of deals saved as CSV and imported again: nothing changes, whatever the deals are called. And whatever the bytes, an answer."""

import csv
import io
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from debriefs.deals.actions import decide_due
from debriefs.deals.csv_lines import csv_lines
from debriefs.deals.enums import Outcome, WithdrawnBy
from debriefs.deals.export import rows as exported_rows
from debriefs.deals.mapping import propose
from debriefs.deals.models import Company, Competitor, Deal, DealChange, DealCompetitor, Offering
from debriefs.deals.queries import deals_visible_to, exported
from debriefs.deals.read_deals import ReadDeal, RejectedRow, read_deal
from debriefs.deals.reader import rows, sniff
from debriefs.deals.refusals import UnreadableFile
from debriefs.deals.rules import name_key
from debriefs.deals.survey import survey
from debriefs.foundation import clock
from tests import factories
from tests.deals.importing import figures, imported, row, table

# Letters of every script, signs that spreadsheets and CSV make something of, and what naughty names hold. No control characters:
# forms refuse them, and files are read with single blanks.
NAMES = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")),
        st.sampled_from("=+-@|%'\",; \u3000"),
    ),
    min_size=1,
    max_size=60,
).map(str.strip).filter(lambda text: len(text) > 8 and not text.isspace())  # fmt: skip
DAYS = st.dates(date(2024, 1, 1), date(2026, 6, 30))
QUICK = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def saved(person) -> bytes:
    """What the list's export hands out."""
    return "".join(csv_lines(exported_rows(exported(deals_visible_to(person), person)))).encode()


def named(model, programme, name):
    made, _is_new = model.objects.get_or_create(
        programme=programme, name_key=name_key(name), defaults={"name": name[:200]}
    )
    return made


def everything(programme):
    fields = [field.attname for field in Deal._meta.concrete_fields]
    return (
        sorted(Deal.objects.filter(programme=programme).values_list(*fields), key=repr),
        sorted(DealCompetitor.objects.filter(programme=programme).values_list("deal", "competitor"), key=repr),
        [model.objects.filter(programme=programme).count() for model in (Company, Offering, Competitor)],
        programme.people.count(),
        DealChange.objects.filter(programme=programme).count(),
    )


@pytest.mark.django_db
@QUICK
@given(
    deals=st.lists(
        st.fixed_dictionaries(
            {
                "name": NAMES,
                "company": NAMES,
                "offering": NAMES,
                "segment": NAMES,
                "stage": NAMES,
                "crm_reason": NAMES,
                "rivals": st.lists(NAMES.filter(lambda text: ";" not in text), max_size=2),
                "outcome": st.sampled_from(Outcome.values),
                "side": st.sampled_from(["", *WithdrawnBy.values]),
                "amount": st.none() | st.decimals("0", "99999999", places=2),
                "day": DAYS,
                "typed": st.booleans(),
            }
        ),
        min_size=1,
        max_size=4,
    )
)
def test_saved_and_imported_again_nothing_changes(deals):
    programme = factories.programme()
    admin = factories.person(programme, "admin")
    for number, one in enumerate(deals):
        decided = one["outcome"] != Outcome.OPEN
        deal = factories.deal(
            programme,
            owner=factories.person(programme, name=f"Seller {number}"),
            name=one["name"],
            company=named(Company, programme, one["company"]),
            offering=named(Offering, programme, one["offering"]),
            segment=one["segment"],
            stage=one["stage"],
            crm_reason=one["crm_reason"],
            outcome=one["outcome"],
            withdrawn_by=one["side"] if one["outcome"] == Outcome.WITHDRAWN else "",
            amount=one["amount"],
            currency="EUR" if one["amount"] is not None else "",
            opened_on=one["day"] - timedelta(days=60),
            decided_on=one["day"] if decided else None,
            source="" if one["typed"] else "salesforce",
            external_id="" if one["typed"] else f"X{number}",
        )
        for rival in {name_key(name): name for name in one["rivals"]}.values():
            DealCompetitor.objects.create(
                programme=programme, deal=deal, competitor=named(Competitor, programme, rival)
            )
    decide_due(now=clock.now())
    before = everything(programme)
    done = imported(programme, saved(admin), by=admin)
    assert [(row.line, row.column, row.value, row.reason) for row in done.rejections.all()] == []
    assert figures(done) == {"unchanged": len(deals)}
    assert everything(programme) == before


@pytest.mark.django_db
def test_a_cell_changed_in_the_saved_list_changes_that_fact_alone(world):
    imported(world.programme, table(row(1), row(2)), by=world.admin)
    typed = factories.deal(world.programme, name="=Typed", amount=Decimal("5"), source="", external_id="")
    lines = list(csv.DictReader(io.StringIO(saved(world.admin).decode("utf-8-sig"))))
    assert {line["Deal name"] for line in lines} == {"Rota 1", "Rota 2", "'=Typed"}
    for line in lines:
        if line["Deal name"] in ("Rota 2", "'=Typed"):
            line["Amount"] = "9.50"
    out = io.StringIO()
    writer = csv.DictWriter(out, lines[0])
    writer.writeheader()
    writer.writerows(lines)
    done = imported(world.programme, out.getvalue().encode(), by=world.admin)
    assert figures(done) == {"updated": 2, "unchanged": 1}
    changes = DealChange.objects.filter(deal_import=done).values_list("field", "after")
    assert list(changes) == [("amount", "9.50")] * 2
    typed.refresh_from_db()
    assert (typed.name, typed.amount, typed.external_id, typed.source) == ("=Typed", Decimal("9.50"), "", "")


@pytest.mark.django_db
def test_a_saved_deal_of_another_programme_is_refused_by_line(world):
    factories.deal(world.programme, source="", external_id="")
    done = imported(world.other_programme, saved(world.admin))
    assert figures(done) == {"rejected": 1}
    assert "is not a deal that was typed in here" in done.rejections.get().reason
    assert not Deal.objects.filter(programme=world.other_programme).exists()


# Bytes that look like files: starts of known kinds, pieces of CSV, noise.
PIECES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"Deal id,Deal name,Company,Stage,Close date,Amount\n",
            b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"PK\x03\x04", b"PK\x05\x06", b"<table>", b"%PDF-1.7", b"\xd0\xcf\x11\xe0", b"\x00",
            b'"', b'""', b",", b";", b"\t", b"|", b"\r\n", b"\n", b"\r", b"1,A,B,Won,03/04/2026,\"1.234,5\"\n", b"=1+1",
            "é,ü;ß\n".encode(), "é,ü;ß\n".encode("cp1252"), "Название;Сумма\n".encode("cp1251"), "a\tb\n1\t2\n".encode("utf-16"),
            b"x" * 2_000, b"Source,Deal ID,Outcome,State of the debrief\n", b"Line in the file,Rejected because\n",
        ]
    ),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=12).map(b"".join))
def test_whatever_the_bytes_an_answer_or_a_clear_error(content):
    try:
        shape = sniff(content)
        found = survey(content, shape)
    except UnreadableFile as error:
        assert str(error).strip()
        return
    assert shape.columns and len(set(shape.columns)) == len(shape.columns)
    read = list(rows(content, shape))
    assert all(len(one.cells) == len(shape.columns) for one in read)
    assert sum(one.is_data for one in read) == found.rows_total
    assert [one.line for one in read] == sorted(one.line for one in read)
    mapping = propose(shape.columns, found)
    for one in read:
        with suppress(RejectedRow):
            assert isinstance(read_deal(one, shape.columns, mapping, date(2026, 11, 26)), ReadDeal)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=30), min_size=3, max_size=3),
        min_size=1,
        max_size=6,
    )
)  # fmt: skip
def test_what_the_csv_module_writes_is_read_back_cell_by_cell(cells):
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([["Deal id", "Deal name", "Company"], *cells])
    content = ("\ufeff" + out.getvalue()).encode()
    shape = sniff(content, encoding="utf-8-sig", delimiter=",")
    data = list(rows(content, shape))
    assert [one.cells for one in data] == cells
