"""What stands around the deals of a chunk: competitors, contacts, notes. Added where missing, never taken away."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from debriefs.deals import erased_names
from debriefs.deals.import_names import KnownNames
from debriefs.deals.models import Competitor, Contact, DealCompetitor, DealContact, DealImport, SalesNote
from debriefs.deals.names import KnownThing, refresh_contact_text
from debriefs.deals.read_deals import ReadDeal
from debriefs.deals.rules import name_key
from debriefs.deals.values import NamedAddress
from debriefs.foundation.addresses import address_key
from debriefs.foundation.bulk_rows import BulkRows
from debriefs.foundation.suppression import erased_among

ContactKey = tuple[str, str, UUID | None]


@dataclass
class Written:
    """A row of the file with the deal it became or met."""

    read: ReadDeal
    deal_id: UUID
    company: KnownThing | None
    is_new: bool
    contacts: "list[KnownContact]" = field(default_factory=list)

    @property
    def contact_text(self) -> str:
        """What `names.refresh_contact_text` would write for a new deal."""
        known = self.contacts
        if len(known) > 1:
            known = sorted(set(known), key=lambda contact: (contact.name, str(contact.id)))
        return " ".join(f"{one.name} {one.email}" if one.email else one.name for one in known)


class KnownContact(NamedTuple):
    """As much of a contact as an import needs."""

    id: UUID
    name: str
    email: str


class Surroundings:
    """Writes them for one chunk, in the caller's transaction, which holds the programme's names."""

    def __init__(self, deal_import: DealImport, names: KnownNames, today: date, now: datetime) -> None:
        self._import, self._programme, self._names = deal_import, deal_import.programme, names
        self._today, self._now = today, now
        self._same = {"programme_id": self._programme.pk, "imported_by_id": deal_import.pk}

    def meet_contacts(self, written: list[Written]) -> None:
        """Sets `contacts` of each: found, or made where missing. Up to five queries."""
        named = [
            (one, person, one.read.contact_title if position == 0 else "")
            for one in written
            for position, person in enumerate(one.read.contacts)
        ]
        if not named:
            return
        met = self._contacts_of([(person, one.company, title) for one, person, title in named])
        for one, person, _title in named:
            # Who asked to be erased is left out.
            if contact := met.get(_contact_key(person, one.company)):
                one.contacts.append(contact)

    def write(self, written: list[Written]) -> set[UUID]:
        """Adds what is missing; the older deals that gained something. Up to seven queries."""
        return self._add_competitors(written) | self._add_contacts(written) | self._add_notes(written)

    def _contacts_of(self, named: list[tuple[NamedAddress, KnownThing | None, str]]) -> dict[ContactKey, KnownContact]:
        """An address is one contact; without one, a name within a company is."""
        wanted = {_contact_key(person, company): (person, company, title) for person, company, title in named}
        for erased in erased_among({key[0] for key in wanted}, self._programme.pk):
            del wanted[erased, "", None]
        for name, of in erased_names.erased_among({key[1:] for key in wanted if not key[0]}, self._programme.pk):
            del wanted["", name, of]
        emails = [key[0] for key in wanted if key[0]]
        companies = {key[2] for key in wanted if not key[0]}
        found = self._by_address(emails)
        if companies:
            self._find_nameless(companies, found)
        rows = BulkRows(
            Contact, "id", "company_id", "name", "email", "email_key", "title", language=self._programme.language,
            programme_id=self._programme.pk, created_at=self._now, imported_by_id=self._import.pk,
        )  # fmt: skip
        made = set()
        for key, (person, company, title) in wanted.items():
            if key in found:
                continue
            contact = KnownContact(uuid4(), person.name, person.email)
            found[key] = contact
            made.add(key[0])
            rows.add(contact.id, company.pk if company else None, person.name, person.email, key[0], title)
        if rows.insert_missing():
            return found
        # A form has made one of the addresses in this moment: what won is read back.
        return found | self._by_address([email for email in made if email])

    def _by_address(self, emails: list[str]) -> dict[ContactKey, KnownContact]:
        if not emails:
            return {}
        known = Contact.objects.filter(programme=self._programme, email_key__in=emails)
        rows = known.values_list("email_key", "id", "name", "email")
        return {(email_key, "", None): KnownContact(pk, name, email) for email_key, pk, name, email in rows}

    def _find_nameless(self, companies: set[UUID | None], found: dict[ContactKey, KnownContact]) -> None:
        nameless = Contact.objects.filter(programme=self._programme, email_key="")
        for known in (nameless.filter(company__in=companies - {None}), nameless.filter(company__isnull=True)):
            for company_id, pk, name, email in known.values_list("company_id", "id", "name", "email"):
                if company_id in companies:
                    found.setdefault(("", name_key(name), company_id), KnownContact(pk, name, email))

    def _add_competitors(self, written: list[Written]) -> set[UUID]:
        named = [
            (one.deal_id, thing.pk)
            for one in written
            for name in one.read.competitors
            if (thing := self._names.thing(Competitor, name))
        ]
        if not named:
            return set()
        older = _older({deal_id for deal_id, _rival in named}, written)
        known = set(DealCompetitor.objects.filter(deal__in=older).values_list("deal", "competitor")) if older else set()
        missing = dict.fromkeys(pair for pair in named if pair not in known)
        rows = BulkRows(DealCompetitor, "deal_id", "competitor_id", **self._same)
        for deal_id, competitor_id in missing:
            rows.add(deal_id, competitor_id)
        rows.insert_missing()
        return {deal_id for deal_id, _rival in missing}

    def _add_contacts(self, written: list[Written]) -> set[UUID]:
        having = [one for one in written if one.contacts]
        older = _older({one.deal_id for one in having}, written)
        known, primary = set(), set()
        if older:
            for deal_id, contact_id, is_primary in DealContact.objects.filter(deal__in=older).values_list(
                "deal", "contact", "is_primary"
            ):
                known.add((deal_id, contact_id))
                if is_primary:
                    primary.add(deal_id)
        rows = BulkRows(DealContact, "id", "deal_id", "contact_id", "is_primary", **self._same)
        gained = set()
        for one in having:
            for contact in one.contacts:
                if (one.deal_id, contact.id) in known:
                    continue
                known.add((one.deal_id, contact.id))
                rows.add(uuid4(), one.deal_id, contact.id, one.deal_id not in primary)
                primary.add(one.deal_id)
                gained.add(one.deal_id)
        rows.copy()
        refresh_contact_text(gained & older)
        return gained

    def _add_notes(self, written: list[Written]) -> set[UUID]:
        noted = [one for one in written if one.read.note]
        older = _older({one.deal_id for one in noted}, written)
        known = set(SalesNote.objects.filter(deal__in=older).values_list("deal", "text")) if older else set()
        rows = BulkRows(SalesNote, "id", "deal_id", "written_on", "text", **self._same)
        gained = set()
        for one in noted:
            if (one.deal_id, one.read.note) not in known:
                day = one.read.decided_on or one.read.opened_on or self._today
                rows.add(uuid4(), one.deal_id, day, one.read.note)
                gained.add(one.deal_id)
        rows.copy()
        return gained


def _older(deal_ids: set[UUID], written: Iterable[Written]) -> set[UUID]:
    """Those that were there before: nothing can stand around the others yet."""
    return deal_ids - {one.deal_id for one in written if one.is_new}


def _contact_key(person: NamedAddress, company: KnownThing | None) -> ContactKey:
    """How a contact is recognised again."""
    if person.email:
        return address_key(person.email), "", None
    return "", name_key(person.name), company.pk if company else None
