"""People on the buyer's side: added, approved, approached."""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.deals import erased_names
from debriefs.deals.enums import Approval
from debriefs.deals.history import note_people
from debriefs.deals.models import Approach, Contact, Deal, DealChange, DealContact
from debriefs.deals.names import refresh_contact_text
from debriefs.deals.refusals import (
    AddressTaken,
    AskedToBeErased,
    ContactIsStale,
    MissingFact,
    NoAddress,
    RecentlyApproached,
)
from debriefs.deals.rules import name_key, today_in
from debriefs.foundation import audit
from debriefs.foundation.addresses import address_key
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.suppression import erased_among


@transaction.atomic
def add_contact(
    *,
    deal: Deal,
    name: str,
    email: str,
    title: str,
    part: str,
    time_zone: str,
    language: str,
    by: Person | None,
    now: datetime,
    is_checked: bool = False,
) -> DealContact:
    """The contact's part in the deal, waiting for approval; the first contact of a deal is its primary one.

    One row per mailbox and programme: an address known already is that contact, whose zone, title and language are filled
    in only where they were empty. Without an address the contact can be named but not asked. `is_checked`: `by` made sure
    that the address reaches this person. Refuses the address of somebody who was erased, and
    without an address their name in this company (AskedToBeErased).
    """
    key = address_key(email)
    if erased_among({key}, deal.programme_id):
        raise AskedToBeErased
    if not key and erased_names.erased_among({(name_key(name), deal.company_id)}, deal.programme_id):
        raise AskedToBeErased
    contact = Contact.objects.filter(programme_id=deal.programme_id, email_key=key).first() if key else None
    if contact is None:
        made = Contact(
            programme_id=deal.programme_id,
            company=deal.company,
            name=name,
            email=email.strip(),
            email_key=key,
            title=title,
            time_zone=time_zone,
            language=language,
            created_at=now,
        )
        # The same address may arrive from elsewhere in this moment: the unique key decides, and we read what won.
        Contact.objects.bulk_create([made], ignore_conflicts=True)
        contact = Contact.objects.get(programme_id=deal.programme_id, email_key=key) if key else made
    else:
        contact.title, contact.time_zone = contact.title or title, contact.time_zone or time_zone
        contact.save(update_fields=["title", "time_zone"])
    if is_checked:
        _check(contact, by=by, now=now)
    # The row lock of the deal makes "first" true for one contact only.
    Deal.objects.select_for_update().get(pk=deal.pk)
    first = not DealContact.objects.filter(deal=deal, is_primary=True).exists()
    deal_contact, made_now = DealContact.objects.get_or_create(
        deal=deal,
        contact=contact,
        defaults={"programme_id": deal.programme_id, "part": part, "is_primary": first},
    )
    if not made_now and deal_contact.part != part:
        deal_contact.part = part
        deal_contact.save(update_fields=["part"])
    refresh_contact_text([deal.pk])
    if made_now:
        _note_people(deal_contact, "", by=by, now=now)
    _note(deal_contact, "contact.added", by=by, now=now)
    return deal_contact


@transaction.atomic
def change_contact(
    *,
    deal_contact: DealContact,
    name: str,
    email: str,
    title: str,
    part: str,
    time_zone: str,
    language: str,
    seen: str,
    by: Person,
    now: datetime,
    is_checked: bool = False,
) -> DealContact:
    """The contact and its part in this deal as given, with lines of history; the search follows.

    `seen` is `contact_seen` of what the person saw: raises ContactIsStale when it was changed since. A new address is a new mailbox:
    it waits for approval in every deal, also where a debrief runs, which sends it no invitation or nudge before that; who was rejected
    stays rejected. `is_checked`: the address is known to reach this person; a new address is known only by a new check. Raises
    AddressTaken when another contact has it, AskedToBeErased when its owner or the contact was erased.
    """
    contact = Contact.objects.select_for_update().get(pk=deal_contact.contact_id)
    row = DealContact.objects.select_for_update(of=("self",)).select_related("contact").get(pk=deal_contact.pk)
    row.contact = contact
    if contact.erased_at is not None:
        raise AskedToBeErased
    if contact_seen(row) != seen:
        raise ContactIsStale(row.contact)
    key, before = address_key(email), _reads_contact(row)
    if key and Contact.objects.filter(programme_id=row.programme_id, email_key=key).exclude(pk=contact.pk).exists():
        raise AddressTaken(_("Another contact has this address. Add that contact to the deal instead."))
    new_mailbox = key != contact.email_key
    if new_mailbox and erased_among({key}, row.programme_id):
        raise AskedToBeErased
    contact.name, contact.email, contact.email_key = name, email.strip(), key
    contact.title, contact.time_zone, contact.language = title, time_zone, language
    contact.save(update_fields=["name", "email", "email_key", "title", "time_zone", "language"])
    row.part = part
    row.save(update_fields=["part"])
    if new_mailbox or not is_checked:
        _check(contact, by=None, now=None)
    if is_checked and contact.email_checked_at is None:
        _check(contact, by=by, now=now)
    if new_mailbox:
        approved = DealContact.objects.select_for_update(of=("self",)).select_related("contact")
        for other in approved.filter(contact=contact, approval=Approval.APPROVED):
            was = _reads_approval(other)
            other.approval, other.approved_by, other.approved_at = Approval.WAITING, None, None
            other.save(update_fields=["approval", "approved_by", "approved_at"])
            _note_people(other, was, by=by, now=now)
            _note(other, "contact.waiting", by=by, now=now)
        row.refresh_from_db(fields=["approval", "approved_by", "approved_at"])
    after = _reads_contact(row)
    if after != before:
        DealChange.objects.create(
            programme_id=row.programme_id,
            deal_id=row.deal_id,
            at=now,
            by=by,
            field="contact",
            before=before,
            after=after,
        )
        refresh_contact_text(list(DealContact.objects.filter(contact=contact).values_list("deal", flat=True)))
        _note(row, "contact.changed", by=by, now=now)
    return row


def contact_seen(deal_contact: DealContact) -> str:
    """What a form was filled with, as one short text to compare later."""
    is_checked = deal_contact.contact.email_checked_at is not None
    return hashlib.sha256(f"{is_checked} {_reads_contact(deal_contact)}".encode()).hexdigest()[:32]


def _reads_contact(row: DealContact) -> str:
    contact = row.contact
    words = (contact.name, contact.title, contact.email, row.part, contact.time_zone, contact.language)
    checked = _("address checked") if contact.email_checked_at else ""
    return "; ".join(word for word in (*words, checked) if word)


def _check(contact: Contact, *, by: Person | None, now: datetime | None) -> None:
    """The address is known to reach the contact since `now`, or no longer. Nothing without an address. One query."""
    contact.email_checked_at = now if contact.email_key else None
    contact.email_checked_by = by if contact.email_key else None
    contact.save(update_fields=["email_checked_at", "email_checked_by"])


@transaction.atomic
def approve_contact(*, deal_contact: DealContact, by: Person | None, now: datetime) -> DealContact:
    """The contact may be asked. Harmless if repeated. Raises NoAddress without an e-mail address."""
    if not deal_contact.contact.email_key:
        raise NoAddress(_("This contact has no e-mail address, so nobody can be asked. Add the address first."))
    if deal_contact.approval != Approval.APPROVED:
        _decide(deal_contact, Approval.APPROVED, "", by, now)
    return deal_contact


@transaction.atomic
def reject_contact(*, deal_contact: DealContact, by: Person | None, now: datetime, reason: str) -> DealContact:
    """The contact is not to be asked, with the reason. Raises MissingFact without a reason."""
    if not reason.strip():
        raise MissingFact(_("Say why this contact is not to be asked."))
    _decide(deal_contact, Approval.REJECTED, reason.strip(), by, now)
    return deal_contact


@transaction.atomic
def make_primary(*, deal_contact: DealContact, by: Person | None, now: datetime) -> None:
    """The contact speaks for the deal in the statistics; the one before no longer does."""
    Deal.objects.select_for_update().get(pk=deal_contact.deal_id)
    before = DealContact.objects.filter(deal_id=deal_contact.deal_id, is_primary=True).select_related("contact").first()
    DealContact.objects.filter(deal_id=deal_contact.deal_id, is_primary=True).update(is_primary=False)
    DealContact.objects.filter(pk=deal_contact.pk).update(is_primary=True)
    deal_contact.is_primary = True
    speaks = _("%(name)s speaks for the deal")
    note_people(
        deal_id=deal_contact.deal_id,
        programme_id=deal_contact.programme_id,
        before=speaks % {"name": before.contact.name} if before else "",
        after=speaks % {"name": deal_contact.contact.name},
        by=by,
        now=now,
    )
    _note(deal_contact, "contact.made_primary", by=by, now=now)


@transaction.atomic
def record_approach(
    *,
    deal: Deal,
    contact: Contact,
    debrief_id: UUID,
    by: Person | None,
    now: datetime,
    overruled_reason: str = "",
) -> Approach:
    """That the contact's address is approached for this debrief, protected from another approach for the programme's days.

    The same debrief twice is one approach, unless the contact has another address by then. Raises RecentlyApproached while another protection runs (the database decides);
    with `overruled_reason` the approach stands outside the rule and shows its reason. Raises NoAddress without an address.
    """
    if not contact.email_key:
        raise NoAddress(_("This contact has no e-mail address, so nobody can be asked. Add the address first."))
    _take_turns(contact)
    known = Approach.objects.filter(debrief_id=debrief_id, contact=contact, address_key=contact.email_key).first()
    if known is not None:
        return known
    programme = deal.programme
    today = today_in(programme.time_zone, now)
    until = today + timedelta(days=programme.contact_protection_days)
    try:
        with transaction.atomic():
            approach = Approach.objects.create(
                programme_id=deal.programme_id,
                contact=contact,
                address_key=contact.email_key,
                debrief_id=debrief_id,
                protected=DateRange(today, until),
                overruled_reason=overruled_reason.strip(),
                overruled_by=by if overruled_reason.strip() else None,
            )
    except IntegrityError:
        protections = Approach.objects.filter(
            programme_id=deal.programme_id, address_key=contact.email_key, overruled_reason=""
        )
        ends = [approach.protected.upper for approach in protections if approach.protected.upper]
        raise RecentlyApproached(max(ends, default=until)) from None
    audit.record(
        action="contact.approached",
        now=now,
        actor_kind=ActorKind.PERSON if by else ActorKind.RULE,
        actor_id=by.pk if by else None,
        programme_id=deal.programme_id,
        subject_kind="debrief",
        subject_id=debrief_id,
        detail={"contact": str(contact.pk), "overruled": bool(approach.overruled_reason)},
    )
    return approach


def _take_turns(contact: Contact) -> None:
    """Two approaches in the same moment would each wait for the other inside the exclusion constraint: one waits here."""
    Contact.objects.select_for_update().get(pk=contact.pk)


def _decide(deal_contact: DealContact, approval: str, reason: str, by: Person | None, now: datetime) -> None:
    before = _reads_approval(deal_contact)
    deal_contact.approval, deal_contact.approval_reason = approval, reason
    deal_contact.approved_by, deal_contact.approved_at = by, now
    deal_contact.save(update_fields=["approval", "approval_reason", "approved_by", "approved_at"])
    _note_people(deal_contact, before, by=by, now=now)
    _note(deal_contact, f"contact.{approval}", by=by, now=now)


def _reads_approval(row: DealContact) -> str:
    """ "Solveig Thun: Not to be asked (left the company)": a contact's approval as the history says it."""
    said = f"{row.contact.name}: {Approval(row.approval).label}"
    return f"{said} ({row.approval_reason})" if row.approval_reason else said


def _note_people(deal_contact: DealContact, before: str, *, by: Person | None, now: datetime) -> None:
    note_people(
        deal_id=deal_contact.deal_id,
        programme_id=deal_contact.programme_id,
        before=before,
        after=_reads_approval(deal_contact),
        by=by,
        now=now,
    )


def _note(deal_contact: DealContact, action: str, *, by: Person | None, now: datetime) -> None:
    detail: dict[str, Any] = {"contact": str(deal_contact.contact_id)}
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON if by else ActorKind.RULE,
        actor_id=by.pk if by else None,
        programme_id=deal_contact.programme_id,
        subject_kind="deal",
        subject_id=deal_contact.deal_id,
        detail=detail,
    )
