"""Sending a notice once more, because a person wants it so."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.calls import notice_facts, notices
from debriefs.calls.actions.record import locked
from debriefs.calls.models import Debrief
from debriefs.calls.refusals import WrongOrder
from debriefs.deals.notices import to_person
from debriefs.foundation import audit, notice_kinds, outbox
from debriefs.foundation.enums import ActorKind, NoticeState, RecipientKind
from debriefs.foundation.models import Notice
from debriefs.foundation.outbox import Recipient


@transaction.atomic
def send_again(*, debrief: Debrief, notice: Notice, by: Person, now: datetime) -> Notice:
    """A new notice of the same kind, due now, to the recipient's present address; the old one stays as it is.

    Refused with its reason (WrongOrder) when it makes no sense any more, when the address asked not to be written to, and while the
    same mail is on its way, so that a double click sends one.
    """
    debrief = locked(debrief)
    is_to_contact = notice.recipient_kind == RecipientKind.CONTACT
    call = notice_facts.call_of(notice)
    recipient = notices.to_contact(debrief.contact, call) if is_to_contact else _one_of_ours(notice)
    return _owed_again(notice, recipient, by=by, now=now)


@transaction.atomic
def send_mail_again(*, notice: Notice, by: Person, now: datetime) -> Notice:
    """As `send_again`, for a mail to one of ours that is about no debrief, such as a digest."""
    held = Notice.objects.select_for_update().defer("message").get(pk=notice.pk)
    return _owed_again(held, _one_of_ours(held), by=by, now=now)


def _one_of_ours(notice: Notice) -> Recipient:
    person = None
    if notice.recipient_kind == RecipientKind.PERSON and notice.recipient_id and notice.programme_id:
        people = Person.objects.select_related("user").filter(programme_id=notice.programme_id)
        person = people.filter(pk=notice.recipient_id).first()
    if person is None:
        raise WrongOrder(_("The person it went to is no longer there."))
    return to_person(person)


def _owed_again(notice: Notice, recipient: Recipient, *, by: Person, now: datetime) -> Notice:
    same = Notice.objects.filter(
        kind=notice.kind,
        subject_kind=notice.subject_kind,
        subject_id=notice.subject_id,
        recipient_id=notice.recipient_id,
    )
    if same.filter(state__in=(NoticeState.QUEUED, NoticeState.SENDING), due_at__lte=now).exists():
        raise WrongOrder(_("This mail is on its way already."))
    if notice_kinds.heeds_suppression(notice.kind) and outbox.is_suppressed(recipient.email, notice.programme_id):
        raise WrongOrder(_("This address asked not to be written to, or mail to it came back."))
    stem = notice.dedupe_key.partition("|again")[0]
    made = outbox.owe(
        kind=notice.kind,
        programme_id=notice.programme_id,
        subject_kind=notice.subject_kind,
        subject_id=notice.subject_id,
        recipient=recipient,
        due_at=now,
        dedupe_key=f"{stem}|again{same.count()}"[:200],
        now=now,
        not_after=notice.not_after if notice.not_after and notice.not_after > now else None,
        context=notice.context,
    )
    if made is None:
        raise WrongOrder(_("There is no address to send this to."))
    if reason := notice_kinds.get(made.kind).still_wanted(made, now):
        # Raised inside the transaction: the row is gone again.
        raise WrongOrder(reason)
    audit.record(
        action="notice.sent_again",
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=by.pk,
        programme_id=notice.programme_id,
        subject_kind=notice.subject_kind,
        subject_id=notice.subject_id,
        detail={"notice": str(notice.pk), "kind": notice.kind},
    )
    return made
