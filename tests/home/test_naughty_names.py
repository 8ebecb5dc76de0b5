"""Names that break careless programs, as company, deal and contact: imported, shown, found, exported and mailed letter by letter."""

import csv
import html
import io
from datetime import timedelta
from email import message_from_string
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest

from debriefs.calls import actions
from debriefs.deals.actions import approve_contact, join_deal_team
from debriefs.deals.models import Deal, DealContact
from debriefs.foundation import clock, outbox
from debriefs.guides.enums import OutcomeGroup
from tests import factories
from tests.deals.importing import figures, imported

pytestmark = pytest.mark.django_db

NAMES = (
    "Robert'); DROP TABLE deals_deal;--", "</textarea><script>alert('x')</script>", "&lt;b&gt; &amp;", "田中さん ﾊﾝｶｸ", "مُنَاقَشَة ١٢٣ הָיְתָה",
    "𝕿𝖍𝖊 𝖖𝖚𝖎𝖈𝖐 𝖋𝖔𝖝", "👩‍👩‍👧‍👦 & ☃️", "Ṱ̺̺o͞ ͎inv ﬀ ﷽", "abc\u202edef\u200bzero", "%_\\ 100% %(company)s {0}", "{{ 7*7 }} {% now 'Y' %}", "$(touch x) `id`",
    "undefined", 'Zoë "Q" Müller; CFO', "Smith, John <x@evil.example>", "=?utf-8?q?Bcc?=", "Subject: hello", "=1+2", "'quoted'|pipe", "W" * 120,
    "n" * 60 + " é " + "m" * 60,
)  # fmt: skip


@pytest.fixture
def deals(world):
    """A deal per name, its company bearing the next name and its contact the one after that; imported from a file."""
    world.programme.privacy_notice = "What we hold."
    world.programme.save()
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ["Deal id", "Deal name", "Company", "Stage", "Close date", "Owner email", "Contact name", "Contact email"]
    )
    decided = (world.today - timedelta(days=10)).isoformat()
    for n, name in enumerate(NAMES):
        company, contact = NAMES[(n + 1) % len(NAMES)], NAMES[(n + 2) % len(NAMES)]
        writer.writerow(
            [f"N-{n}", name, company, "Lost", decided, world.rep.user.email, contact, f"c{n}@buyer.example"]
        )
    done = imported(world.programme, out.getvalue().encode(), by=world.admin)
    assert figures(done) == {"created": len(NAMES)}
    assert figures(imported(world.programme, out.getvalue().encode(), by=world.admin)) == {"unchanged": len(NAMES)}
    kept = Deal.objects.filter(programme=world.programme).select_related("company").order_by("external_id")
    return sorted(kept, key=lambda deal: int(deal.external_id[2:]))


def names_of(n: int) -> tuple[str, str, str]:
    """Deal, company and contact of the n-th deal."""
    return NAMES[n], NAMES[(n + 1) % len(NAMES)], NAMES[(n + 2) % len(NAMES)]


def test_they_survive_import_page_search_and_export(world, deals, sign_in):
    client, base = sign_in(world.admin), f"/p/{world.programme.slug}/deals/"
    parts = dict(DealContact.objects.filter(deal__in=deals).values_list("deal", "contact__name"))
    for n, deal in enumerate(deals):
        assert (deal.name, str(deal.company), parts[deal.pk]) == names_of(n)
        page = client.get(f"{base}{deal.pk}/").content.decode()
        assert all(html.escape(name) in page for name in names_of(n))
        # Each name is looked for once: as deal, as company or as contact.
        found = client.get(base, {"q": names_of(n)[n % 3]}).context["rows"]
        assert deal.pk in [row.pk for row, _window in found], names_of(n)[n % 3]
    rows, address = [], base
    while address:
        page = client.get(address)
        rows += [(row.name, row.company) for row, _window in page.context["rows"]]
        text = html.unescape(page.content.decode())
        assert all(row.name in text and row.company in text for row, _window in page.context["rows"])
        address = page.context["next_page"] and base + page.context["next_page"]
    assert sorted(rows) == sorted(names_of(n)[:2] for n in range(len(deals)))
    saved = b"".join(client.get(f"{base}deals.csv").streaming_content)
    cells = {row["Deal ID"]: row for row in csv.DictReader(io.StringIO(saved.decode("utf-8-sig")))}
    for n, deal in enumerate(deals):
        row = cells[deal.external_id]
        for name, cell in zip(names_of(n)[:2], (row["Deal name"], row["Company"]), strict=True):
            # With an apostrophe in front where a spreadsheet would take it for a formula.
            assert cell in (name, f"'{name}"), name
    assert figures(imported(world.programme, saved, by=world.admin)) == {"unchanged": len(NAMES)}


def test_they_survive_mail_in_header_and_text(world, deals, smtp):
    version = factories.guide_version(world.programme, OutcomeGroup.LOST)
    for deal in deals:
        join_deal_team(deal=deal, person=world.other_member, part="", by=world.manager, now=clock.now())
        (part,) = DealContact.objects.filter(deal=deal).select_related("contact")
        approve_contact(deal_contact=part, by=world.manager, now=clock.now())
        debrief = actions.plan_debrief(
            deal=deal, contact=part.contact, interviewer=world.interviewer, minutes=30, by=world.manager,
            guide_version=version, now=clock.now(),
        )  # fmt: skip
        actions.send_invitation(debrief=debrief, by=world.manager, now=clock.now())
    while outbox.drain():
        pass
    assert all(len(mail["To"].addresses) == 1 and mail["Bcc"] is None for mail in smtp.mails)
    to_interviewer = [words_of(mail) for mail in mails_to(smtp, world.interviewer.user.email)]
    to_team = [str(mail["Subject"]) for mail in mails_to(smtp, world.other_member.user.email)]
    for n in range(len(deals)):
        _deal, company, contact = names_of(n)
        (invitation,) = mails_to(smtp, f"c{n}@buyer.example")
        assert display_name(invitation) == contact
        text, page = words_of(invitation)
        assert f"Dear {contact}," in text
        assert html.escape(contact) in page
        assert any(contact in text and company in text for text, _page in to_interviewer), contact
        assert any(html.escape(contact) in page and html.escape(company) in page for _text, page in to_interviewer)
        assert any(company in subject for subject in to_team), company


def mails_to(smtp, address: str) -> list[EmailMessage]:
    return [mail for mail in smtp.mails if mail["To"].addresses[0].addr_spec == address]


def display_name(mail: EmailMessage) -> str:
    """The recipient's name as RFC 2047 says it; `addresses` puts a blank between encoded words that belong together."""
    header = message_from_string(mail.as_string(policy=mail.policy.clone(refold_source="none")))["To"]
    return str(make_header(decode_header(parseaddr(header)[0])))


def words_of(mail: EmailMessage) -> tuple[str, str]:
    """The mail as text and as page."""
    return mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
