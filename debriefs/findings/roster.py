"""The names that must not stand in a debrief's released texts."""

from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.deals.enums import PartyKind
from debriefs.deals.models import Competitor, DealContact, DealParty, Offering
from debriefs.findings.masking import Known, Roster
from debriefs.interviews.enums import QuoteLevel

_ROLES = {
    PartyKind.OWNER: "the salesperson",
    PartyKind.TEAM: "a colleague of the salesperson",
    PartyKind.INTERVIEWER: "the interviewer",
}


def roster_of(debrief: Debrief, level: QuoteLevel) -> Roster:
    """Our people always; the buyer and the company unless the permission is "named", other contacts always; competitors and offerings never.

    Six queries; kept by the caller for all texts of the debrief.
    """
    deal, programme = debrief.deal, debrief.programme
    parties = DealParty.objects.filter(deal=deal).select_related("person").order_by("kind")
    known = [Known(row.person.name, _ROLES[PartyKind(row.kind)], addresses=(row.person.email,)) for row in parties]
    on_deal = {row.person_id for row in parties}
    others = Person.objects.filter(programme=programme).exclude(pk__in=on_deal)
    known += [Known(person.name, "one of our people", addresses=(person.email,)) for person in others]
    for row in DealContact.objects.filter(deal=deal).select_related("contact"):
        if row.contact_id != debrief.contact_id:
            # Who was not asked has permitted nothing.
            known.append(Known(row.contact.name, "a colleague of the buyer", addresses=(row.contact.email,)))
    if level != QuoteLevel.NAMED:
        known.append(Known(debrief.contact.name, "the buyer", addresses=(debrief.contact.email,)))
        if deal.company is not None:
            known.append(Known(deal.company.name, "the company", is_company=True))
    rivals = Competitor.objects.filter(programme=programme).values_list("name", flat=True)
    offerings = Offering.objects.filter(programme=programme).values_list("name", flat=True)
    return Roster(known, allowed=[*rivals, *offerings])
