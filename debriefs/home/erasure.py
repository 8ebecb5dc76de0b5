"""Erasing a person of the buyer's side at their wish, in every room at once, and what is looked at before."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Person
from debriefs.calls import actions as calls
from debriefs.calls.models import Debrief
from debriefs.calls.queries import live_call_of
from debriefs.deals import actions as deals
from debriefs.deals.models import Contact, Deal
from debriefs.findings import erasure as findings
from debriefs.findings.masking import Known, Roster, Why, suggestion
from debriefs.findings.models import Quote, QuoteUse, Release
from debriefs.foundation import audit, erasing
from debriefs.foundation.addresses import address_key
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.erasing import GONE, Reword
from debriefs.insights import actions as insights
from debriefs.interviews import actions as interviews
from debriefs.lessons import actions as lessons


@dataclass(frozen=True)
class Outline:
    """What erasing a contact meets: their debriefs, those with a booked call, and where their words were used outside."""

    contact: Contact
    debriefs: list[Debrief]
    booked: list[Debrief]
    uses: list[QuoteUse]


def contact_to_erase(person: Person, contact_id: UUID) -> Contact:
    """The contact, for programme managers; 404 for everybody else. At most two queries.

    Erasing shows nothing of what was said, so that a manager who sold the deal may do it too: a wish must not wait for another one.
    """
    found = Contact.objects.select_related("company", "programme").filter(
        pk=contact_id, programme_id=person.programme_id
    )
    contact = found.first() if person.has_role(Role.ADMIN) else None
    if contact is None:
        raise Http404
    return contact


def outline_of(contact: Contact) -> Outline:
    """What erasing would meet now. A query, one for each debrief, and one for the uses."""
    debriefs = list(Debrief.objects.filter(contact=contact).select_related("deal__company").order_by("planned_at"))
    booked = [one for one in debriefs if one.held_at is None and live_call_of(one) is not None]
    return Outline(contact, debriefs, booked, findings.uses_of(contact))


@transaction.atomic
def erase_contact(*, contact: Contact, by: Person, now: datetime) -> bool:
    """Nothing on this installation's pages, in its tables or its mails holds the contact of this programme; False if it was so before.

    What only was chosen, coded or counted stays, without a name and without a word. Raises what the rooms refuse: ImportUnderWay while an
    import could bring the contact back. Who erased whom and when is in the audit log, as ids. Some eighty queries, and one for each text
    around the contact that named them.
    """
    # Deals first, as everywhere, so that no booking and no save waits for us while we wait for it.
    around = list(
        Deal.objects.select_for_update(of=("self",))
        .filter(pk__in=deals.deals_around(contact).values("pk"))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    contact = Contact.objects.select_for_update(of=("self",)).select_related("programme").get(pk=contact.pk)
    if contact.erased_at is not None:
        return False
    names, addresses = deals.spellings_of(contact)
    mailed_names, mailed_addresses = erasing.addresses_written_to(contact.pk)
    names, addresses = names | mailed_names, addresses | mailed_addresses
    reword = reworder(names, addresses)
    erasing.begin()
    subjects = {
        "quote": list(Quote.objects.filter(contact=contact).values_list("pk", flat=True)),
        "release": list(Release.objects.filter(debrief__contact=contact).values_list("pk", flat=True)),
    }
    insights.erase_contact(contact=contact, reword=reword)
    lessons.erase_contact(contact=contact, reword=reword)
    findings.erase_contact(contact=contact, reword=reword, deals=around)
    interviews.erase_contact(contact=contact, reword=reword, by=by, now=now)
    subjects["debrief"] = calls.erase_contact(contact=contact, reword=reword, by=by, now=now)
    deals.erase_contact(contact=contact, names=names, addresses=addresses, reword=reword, now=now)
    keys = {address_key(address) for address in addresses}
    erasing.erase_contact(
        contact_id=contact.pk,
        programme_id=contact.programme_id,
        addresses=keys,
        subjects=subjects,
        is_known_elsewhere=Contact.objects.filter(email_key__in=keys).exists(),
        reason=_("The buyer asked to be erased."),
        now=now,
    )
    audit.record(
        action="contact.erased",
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=by.pk,
        programme_id=contact.programme_id,
        subject_kind="contact",
        subject_id=contact.pk,
        detail={"debriefs": len(subjects["debrief"])},
    )
    return True


def reworder(names: Iterable[str], addresses: Iterable[str]) -> Reword:
    """Takes a person out of texts: the name in all its spellings, as masking knows them, and the addresses. Other people stay."""
    known = [Known(name, GONE) for name in sorted(names)] + [Known("", GONE, addresses=tuple(addresses))]
    roster, theirs = Roster(known), {address.casefold() for address in addresses}

    def reword(text: str) -> str:
        hits = [
            replace(hit, replacement=GONE)
            for hit in roster.find(text)
            if hit.is_certain and (hit.why is not Why.ADDRESS or hit.found.casefold() in theirs)
        ]
        return suggestion(text, hits) if hits else text

    return reword
