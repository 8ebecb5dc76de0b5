"""The names that must not stand in a debrief's released texts."""

from collections.abc import Iterable

from django.utils.translation import gettext, gettext_noop

from accounts.models import Person, Programme
from debriefs.calls.models import Debrief
from debriefs.deals.enums import PartyKind
from debriefs.deals.models import Company, Competitor, DealContact, DealParty, Offering
from debriefs.deals.queries import deals_with_record_for
from debriefs.findings.masking import Known, Roster
from debriefs.findings.models import Remark
from debriefs.interviews.enums import QuoteLevel

_ROLES = {
    PartyKind.OWNER: gettext_noop("the salesperson"),
    PartyKind.TEAM: gettext_noop("a colleague of the salesperson"),
    PartyKind.INTERVIEWER: gettext_noop("the interviewer"),
}


# Mail domains that say nothing of where somebody works.
_SHARED_DOMAINS = frozenset(
    (
        "aol.com", "fastmail.com", "gmail.com", "gmx.at", "gmx.ch", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com", "hotmail.fr",
        "icloud.com", "laposte.net", "live.com", "mail.com", "me.com", "msn.com", "orange.fr", "outlook.com", "proton.me",
        "protonmail.com", "t-online.de", "web.de", "yahoo.com", "yahoo.de", "yahoo.fr", "yandex.com", "zoho.com",
    )
)  # fmt: skip


def own_domain(email: str) -> str:
    """The domain of an address when it is the company's own; "" without one, or for a mail provider everybody uses."""
    domain = email.rpartition("@")[2].casefold()
    return "" if domain in _SHARED_DOMAINS else domain


def roster_of(debrief: Debrief, level: QuoteLevel) -> Roster:
    """Our people always; the buyer and the company unless the permission is "named", other contacts always; competitors and offerings never.

    Six queries; kept by the caller for all texts of the debrief.
    """
    deal, programme = debrief.deal, debrief.programme
    parties = DealParty.objects.filter(deal=deal).select_related("person").order_by("kind")
    known = [
        Known(row.person.name, gettext(_ROLES[PartyKind(row.kind)]), addresses=(row.person.email,)) for row in parties
    ]
    on_deal = {row.person_id for row in parties}
    others = Person.objects.filter(programme=programme).exclude(pk__in=on_deal)
    known += [Known(person.name, gettext("one of our people"), addresses=(person.email,)) for person in others]
    for row in DealContact.objects.filter(deal=deal, contact__erased_at__isnull=True).select_related("contact"):
        if row.contact_id != debrief.contact_id:
            # Who was not asked has permitted nothing.
            known.append(Known(row.contact.name, gettext("a colleague of the buyer"), addresses=(row.contact.email,)))
    if level != QuoteLevel.NAMED:
        if debrief.contact.erased_at is None:
            known.append(Known(debrief.contact.name, gettext("the buyer"), addresses=(debrief.contact.email,)))
        if deal.company is not None:
            domains = tuple(filter(None, [own_domain(debrief.contact.email)]))
            known.append(Known(deal.company.name, gettext("the company"), is_company=True, addresses=domains))
    return Roster(known, allowed=_allowed(programme))


def roster_of_all(writer: Person, remarks: Iterable[Remark]) -> Roster:
    """For a text that every member reads and that rests on these remarks: our people, and the buyers and companies of their deals.

    Whatever a buyer permits for their own debrief, a text that puts several together names none. Of deals whose record the writer
    does not read nothing is looked for: what is found would tell them whose words they read. Five queries.
    """
    programme = writer.programme
    deals = deals_with_record_for(writer).filter(pk__in={remark.deal_id for remark in remarks}).values("pk")
    known = [
        Known(person.name, gettext("one of our people"), addresses=(person.email,))
        for person in Person.objects.filter(programme=programme)
    ]
    contacts = DealContact.objects.filter(deal__in=deals, contact__erased_at__isnull=True).select_related("contact")
    for row in contacts:
        known.append(Known(row.contact.name, gettext("the buyer"), addresses=(row.contact.email,)))
    for company in Company.objects.filter(programme=programme, deals__in=deals).distinct():
        known.append(Known(company.name, gettext("the company"), is_company=True))
    return Roster(known, allowed=_allowed(programme))


def _allowed(programme: Programme) -> list[str]:
    """What may be named everywhere: competitors and offerings. Two queries."""
    rivals = Competitor.objects.filter(programme=programme).values_list("name", flat=True)
    offerings = Offering.objects.filter(programme=programme).values_list("name", flat=True)
    return [*rivals, *offerings]
