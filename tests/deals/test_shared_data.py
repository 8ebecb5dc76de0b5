"""The sample exports go in with the right counts, twice, the second time without a change. Skipped where they are absent."""

import csv
import html
import io
import json
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from pathlib import Path

import pytest
from django.core.management import call_command

from debriefs.deals.actions import queue_import, receive_upload, run_import
from debriefs.deals.enums import Outcome, Selection
from debriefs.deals.models import Company, Contact, Deal, DealContact, DealImport, DealParty, SalesNote
from debriefs.deals.notice_kinds import render
from debriefs.deals.notices import HANDS_OFF
from debriefs.deals.reader import made_plain, rows, sniff
from debriefs.deals.rules import name_key
from debriefs.deals.values import is_answer
from debriefs.foundation import clock
from debriefs.foundation.mail import build
from debriefs.foundation.models import Notice
from tests import factories
from tests.sample_data import SAMPLES as DATA

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not DATA.is_dir(), reason="the sample data is not beside this checkout"),
]


def imported(programme, file, **options):
    out = io.StringIO()
    try:
        call_command("import_deals", str(DATA / file), programme=programme.slug, json=True, stdout=out, **options)
    except SystemExit:
        pass
    return json.loads(out.getvalue())


def figures(read, created=0, updated=0, unchanged=0, rejected=0, conflicts=0):
    return {
        "read": read,
        "created": created,
        "updated": updated,
        "unchanged": unchanged,
        "rejected": rejected,
        "conflicts": conflicts,
    }


def test_maven_pipeline():
    programme = factories.programme()
    assert imported(programme, "maven-crm/sales_pipeline.csv", mapping="maven") == figures(8800, created=8800)
    deals = Deal.objects.filter(programme=programme)
    counts = {outcome: deals.filter(outcome=outcome).count() for outcome in Outcome.values}
    assert counts == {"open": 2089, "won": 4238, "lost": 2473, "withdrawn": 0, "rejected": 0, "invalid": 0}
    assert not deals.filter(outcome=Outcome.LOST, amount__isnull=False).exists()
    assert deals.filter(company__isnull=True).count() == 1425
    assert Company.objects.filter(programme=programme).count() == 85
    assert programme.people.count() == 30
    assert DealParty.objects.filter(programme=programme).count() == 8800
    assert deals.filter(selection=Selection.PASSED_OVER).count() == 4238 + 2473
    before = set(deals.values_list("pk", "version", "updated_at"))
    assert imported(programme, "maven-crm/sales_pipeline.csv", mapping="maven") == figures(8800, unchanged=8800)
    assert set(deals.values_list("pk", "version", "updated_at")) == before


@pytest.mark.parametrize(
    ("file", "first", "second"),
    [
        ("fivetran-hubspot/deal_data.csv", figures(44, created=44), figures(44, unchanged=44)),
        ("sf-gen-ai-demo/Opportunity.csv", figures(58, created=58), figures(58, unchanged=58)),
        ("sf-powerbi/Opportunity.csv", figures(36, created=36), figures(36, unchanged=36)),
        (
            "written-from-docs/sf_report_utf8.csv",
            figures(4, created=3, rejected=1, conflicts=1),
            figures(4, unchanged=3, rejected=1, conflicts=1),
        ),
    ],
)
def test_other_exports_twice(file, first, second):
    programme = factories.programme()
    assert imported(programme, file) == first
    assert imported(programme, file) == second


# What the columns of each file are, said by a person: the files come from nowhere in particular.
SPECTRUM = {
    "comma_in_quotes": (
        ["first", "last", "address", "city", "zip"],
        ["external_id", "name", "note", "company", "segment"],
    ),
    "empty": (["a", "b", "c"], ["external_id", "name", "note"]),
    "empty_crlf": (["a", "b", "c"], ["external_id", "name", "note"]),
    "escaped_quotes": (["a", "b"], ["external_id", "name"]),
    "json": (["key", "val"], ["external_id", "note"]),
    "location_coordinates": (
        ["Contact Phone Number", "Location Coordinates", "Cities", "Counties"],
        ["external_id", "name", "segment", "company"],
    ),
    "newlines": (["a", "b", "c"], ["name", "external_id", "note"]),
    "newlines_crlf": (["a", "b", "c"], ["name", "external_id", "note"]),
    "quotes_and_newlines": (["a", "b"], ["external_id", "note"]),
    "simple": (["a", "b", "c"], ["external_id", "name", "note"]),
    "simple_crlf": (["a", "b", "c"], ["external_id", "name", "note"]),
    "utf8": (["a", "b", "c"], ["external_id", "name", "note"]),
}


def test_every_file_of_csv_spectrum_is_here():
    assert {file.stem for file in (DATA / "csv-spectrum" / "csvs").glob("*.csv")} == set(SPECTRUM)


@pytest.mark.parametrize("name", SPECTRUM)
def test_csv_spectrum_by_command(name):
    headers, facts = SPECTRUM[name]
    # The sample's line breaks were changed on their way here, in some files of a pair and not in the other.
    expected = json.loads((DATA / "csv-spectrum" / "json" / f"{name}.json").read_text("utf-8").replace("\\r\\n", "\\n"))
    expected = expected if isinstance(expected, list) else [expected]
    content = (DATA / "csv-spectrum" / "csvs" / f"{name}.csv").read_bytes()
    shape = sniff(content)
    read = [dict(zip(shape.columns, row.cells, strict=True)) for row in rows(content, shape) if row.is_data]
    if name == "location_coordinates":
        # The pair gives two different telephone numbers.
        expected[0]["Contact Phone Number"] = read[0]["Contact Phone Number"]
    assert read == expected
    programme = factories.programme()
    count = len(expected)
    options = {"column": [f"{header}={fact}" for header, fact in zip(headers, facts, strict=True)]}
    file = f"csv-spectrum/csvs/{name}.csv"
    assert imported(programme, file, **options) == figures(count, created=count)
    assert imported(programme, file, **options) == figures(count, unchanged=count)
    # The columns are remembered: nothing has to be said a second time.
    assert imported(programme, file) == figures(count, unchanged=count)


BY_BROWSER = {
    "maven-crm/sales_pipeline.csv": 8800,
    "fivetran-hubspot/deal_data.csv": 44,
    "sf-gen-ai-demo/Opportunity.csv": 58,
    "sf-powerbi/Opportunity.csv": 36,
    "written-from-docs/sf_report_utf8.csv": 3,
    "written-from-docs/hubspot-crm-exports-all-deals-2026-04-02.csv": 4,
} | {f"csv-spectrum/csvs/{name}.csv": 0 for name in SPECTRUM}


@pytest.mark.parametrize("file", BY_BROWSER)
def test_each_file_through_the_pages_twice(world, sign_in, file):
    client = sign_in(world.admin)
    headers, facts = SPECTRUM.get(Path(file).stem, ([], []))
    chosen = dict(zip((f"column_{n}" for n in range(len(headers))), facts, strict=True))
    done = [through_the_pages(client, world, file, chosen) for _ in (1, 2)]
    expected = BY_BROWSER[file] or done[0].rows_done
    assert expected > 0
    assert (done[0].created, done[0].rejected + done[0].created) == (expected, done[0].rows_done)
    assert (done[1].created, done[1].updated, done[1].unchanged) == (0, 0, expected)


def through_the_pages(client, world, file, chosen) -> DealImport:
    """Uploaded, the columns confirmed or chosen, started, and run as the worker would."""
    with (DATA / file).open("rb") as content:
        page = client.post(f"/p/{world.programme.slug}/deals/import/", {"file": content})["Location"]
    form = client.get(page).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    client.post(page, {name: value for name, value in shown.items() if value} | chosen | {"step": "show"})
    form = client.get(page).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    started = client.post(page, {name: value for name, value in shown.items() if value} | {"step": "start"})
    assert started.status_code == 302, started.content.decode()
    made = DealImport.objects.latest("created_at")
    assert run_import(import_id=made.pk, clock=clock.now)
    return DealImport.objects.get(pk=made.pk)


def test_hubspot_export():
    programme = factories.programme()
    file = "written-from-docs/hubspot-crm-exports-all-deals-2026-04-02.csv"
    assert imported(programme, file) == figures(4, created=4)
    deal = Deal.objects.get(external_id="18230467712")
    assert (deal.outcome, deal.crm_reason, deal.owner.name, deal.owner.email) == (
        Outcome.LOST,
        "Went with incumbent",
        "Sara Lind",
        "sara@vendor.example",
    )
    contacts = DealContact.objects.filter(deal=deal).order_by("-is_primary")
    assert [part.contact.email_key for part in contacts] == ["ana@acme.example", "bo@acme.example"]
    assert Contact.objects.filter(programme=programme).count() == 3
    test_deal = Deal.objects.get(external_id="18230467715")
    assert (test_deal.outcome, test_deal.owner, test_deal.decided_on) == (Outcome.INVALID, None, None)
    assert imported(programme, file) == figures(4, unchanged=4)
    assert Contact.objects.filter(programme=programme).count() == 3
    assert programme.people.count() == 1


def test_salesforce_report_keeps_notes_and_shows_what_stands_twice():
    programme = factories.programme()
    imported(programme, "written-from-docs/sf_report_utf8.csv")
    note = SalesNote.objects.get(programme=programme, text__contains="ROI sheet")
    assert "\n" in note.text
    assert sorted(note.deal.competitors.values_list("name", flat=True)) == ["Acme", "Initech"]
    rejection = DealImport.objects.get().rejections.get()
    assert "other facts" in rejection.reason


def test_naughty_strings_as_names_survive_import_page_search_export_and_mail(sign_in):
    strings = json.loads((DATA / "naughty-strings" / "blns.json").read_text())
    # Blanks are made single and what says nothing is no name: everything else has to come through letter by letter.
    names = [" ".join(text.split()) for text in strings if "\x00" not in text and is_answer(text)]
    world = factories.world()
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Deal id", "Deal name", "Company", "Contact name", "Stage", "Close date"])
    writer.writerows([str(n), name, name[:200], name[:200], "Won", "2026-01-31"] for n, name in enumerate(names))
    content = out.getvalue().encode()
    first = world.programme
    made = receive_upload(programme=first, name="names.csv", content=content, by=None, now=clock.now())
    queue_import(deal_import=made, by=None, now=clock.now())
    run_import(import_id=made.pk, clock=clock.now)
    done = DealImport.objects.get()
    too_long = sum(1 for name in names if len(name) > 250)
    assert (done.created, done.rejected) == (len(names) - too_long, too_long)
    kept = dict(Deal.objects.values_list("external_id", "name"))
    assert kept == {str(n): name for n, name in enumerate(names) if len(name) <= 250}
    client, page = sign_in(world.admin), f"/p/{first.slug}/deals/"
    for _ in range(12):
        response = client.get(page)
        shown = html.unescape(response.content.decode())
        assert all(deal.name in shown for deal, _window in response.context["rows"])
        if not response.context["next_page"]:
            break
        page = f"/p/{first.slug}/deals/{response.context['next_page']}"
    for name in names[::12]:
        page = client.get(f"/p/{first.slug}/deals/", {"q": name[:200], "show": "all"})
        assert page.status_code == 200
        if name in kept.values() and len(name) <= 200 and not page.context["next_page"]:
            assert name in {deal.name for deal, _window in page.context["rows"]}
    # In the list taken along, in the deal's contact, and in a mail about it.
    exported = client.get(f"/p/{first.slug}/deals/deals.csv?show=all").getvalue().decode("utf-8-sig")
    assert {row["Deal ID"]: made_plain(row["Deal name"]) for row in csv.DictReader(io.StringIO(exported))} == kept
    spellings: dict[str, set[str]] = {}
    for name in kept.values():
        spellings.setdefault(name_key(name[:200]), set()).add(name[:200].strip())
    contacts = dict(DealContact.objects.values_list("deal__external_id", "contact__name"))
    for deal in Deal.objects.select_related("company"):
        at_most = kept[deal.external_id][:200].strip()
        # Names that differ in case alone are one company, and one contact of it, in the spelling that came first.
        assert deal.company.name in spellings[name_key(at_most)]
        assert contacts[deal.external_id] in spellings[name_key(at_most)]
        mail, addressee = mailed(Notice(kind=HANDS_OFF, subject_id=deal.pk), contacts[deal.external_id])
        text, page = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
        assert deal.company.name in text, deal.name
        assert deal.company.name in html.unescape(page), deal.name
        # A header holds no control character, and a mail program shows none.
        if contacts[deal.external_id].isprintable():
            assert addressee == contacts[deal.external_id]


def mailed(notice: Notice, to_name: str) -> tuple[EmailMessage, str]:
    """The mail, and to whom: read by the older parser, because the newer one puts blanks between encoded words of a name."""
    draft = render(notice, clock.now())
    sent = build(draft, to_name=to_name, to_email="rep@vendor.example", message_id="<1@vendor.example>", at=clock.now())
    name, _address = parseaddr(message_from_bytes(sent)["To"])
    return message_from_bytes(sent, policy=default), str(make_header(decode_header(name)))
