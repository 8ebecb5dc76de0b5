"""A mail came in: what it changes. It may stop mail, it may tell a person; it never books, moves, cancels or answers by itself."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from debriefs.calls import notices
from debriefs.calls.actions.record import locked
from debriefs.calls.models import Call, Debrief
from debriefs.foundation import audit, limits, outbox, received, suppression
from debriefs.foundation.addresses import address_key
from debriefs.foundation.enums import ActorKind, ReceivedKind, RecipientKind
from debriefs.foundation.models import Notice, ReceivedMail
from debriefs.foundation.received import Reading

# A person who is away is not asked again before this is over.
ABSENCE = timedelta(days=7)
# However much comes in about one debrief, its planner hears of so many a day; all of it stands on the page.
_MOST_TOLD = 10


def receive_mail(*, raw: bytes, size: int, recipient: str = "", now: datetime) -> ReceivedMail:
    """Keeps the mail, shows it where it belongs, and does what its sender may ask for; the same bytes again change nothing.

    `raw` may be cut at settings.INCOMING_MAX_BYTES, `size` is the whole length; `recipient` is the envelope's, if known. Never
    refuses: what cannot be read or matched is kept as that.
    """
    reading = received.understood(raw, recipient=recipient)
    with transaction.atomic():
        return _take_in(reading, raw, size, recipient, now)


def _take_in(reading: Reading, raw: bytes, size: int, recipient: str, now: datetime) -> ReceivedMail:
    row, is_new = received.kept(raw, size=size, reading=reading, now=now)
    if not is_new:
        return row
    notice = received.notice_answered(reading, recipient=recipient)
    debrief, call = _belongs_to(reading, notice)
    if call is not None and debrief is not None:
        row.facts = row.facts | _standing(row, reading, debrief, call)
    if notice is not None:
        row.notice_id, row.programme_id = notice.pk, notice.programme_id
        row.subject_kind, row.subject_id = notice.subject_kind, notice.subject_id
    if debrief is not None:
        row.programme_id, row.subject_kind, row.subject_id = debrief.programme_id, "debrief", debrief.pk
    row.save(update_fields=["facts", "notice_id", "programme_id", "subject_kind", "subject_id"])
    if notice is not None and row.kind in (ReceivedKind.BOUNCE, ReceivedKind.BOUNCE_SOFT):
        _returned(row, notice, now)
    if reading.stops:
        _stop(row, reading, notice, debrief, now)
    if debrief is not None:
        _follow(row, debrief, now)
        _record(row, debrief, now)
    return row


def _belongs_to(reading: Reading, notice: Notice | None) -> tuple[Debrief | None, Call | None]:
    """The debrief, and for a calendar's answer the call: by UID and attendee, else it is about no call of ours."""
    if reading.kind in (ReceivedKind.CALENDAR_REPLY, ReceivedKind.CALENDAR_COUNTER) and reading.answer is not None:
        call = (
            Call.objects.select_related("debrief__contact", "interviewer__user")
            .filter(ics_uid=reading.answer.uid)
            .first()
            if reading.answer.uid
            else None
        )
        if call is not None and _whose(call, reading.answer.attendee):
            return locked(call.debrief), call
    if notice is not None and notice.subject_kind == "debrief":
        found = Debrief.objects.filter(pk=notice.subject_id).first()
        return (locked(found) if found else None), None
    return None, None


def _whose(call: Call, attendee: str) -> str:
    """Which of the two answers; "" for an address the call was never sent to."""
    key = address_key(attendee)
    user = call.interviewer.user
    if key and key in (address_key(call.debrief.contact.email), call.contact_address_key):
        return "contact"
    return "interviewer" if key and user is not None and key == address_key(user.email) else ""


def _standing(row: ReceivedMail, reading: Reading, debrief: Debrief, call: Call) -> dict[str, Any]:
    """Whose answer it is and whether it still counts: an older sequence or stamp than ours or theirs does not (RFC 5546, 2.1.5)."""
    answer = reading.answer
    if answer is None:
        return {}
    whose = _whose(call, answer.attendee)
    earlier = ReceivedMail.objects.filter(
        subject_kind="debrief", subject_id=debrief.pk, facts__uid=answer.uid, facts__whose=whose, facts__is_stale=False
    ).exclude(pk=row.pk)
    stamp = answer.stamp.isoformat() if answer.stamp else ""
    newest = max((str(one.facts.get("stamp", "")) for one in earlier.only("facts")), default="")
    is_stale = (answer.sequence is not None and answer.sequence < call.ics_sequence) or bool(stamp and stamp < newest)
    return {
        "call": str(call.pk),
        "whose": whose,
        "is_stale": is_stale,
        "from_another": address_key(reading.mail.sender) != address_key(answer.attendee),
    }


def _returned(row: ReceivedMail, notice: Notice, now: datetime) -> None:
    """The notice is marked as come back; after a final no nothing more goes to that mailbox of the buyer's side."""
    reason = " ".join(str(row.facts.get(name, "")) for name in ("status", "diagnosis")).strip()
    Notice.objects.filter(pk=notice.pk).update(returned_at=now, returned_reason=reason[:300])
    if row.kind == ReceivedKind.BOUNCE and notice.recipient_kind == RecipientKind.CONTACT:
        suppression.suppress(
            address=notice.recipient_email, programme_id=notice.programme_id, reason=suppression.CAME_BACK, now=now
        )


def _stop(row: ReceivedMail, reading: Reading, notice: Notice | None, debrief: Debrief | None, now: datetime) -> None:
    """A wish wins: the address that got our mail and the one that wrote are stopped, for the programme the mail was about.

    A mail that answers none of ours stops its sender's address for all programmes; too much stopped can be allowed again.
    Mails of our own people are not stopped by a mail: whoever forges a sender could silence the programme.
    """
    programme_id = debrief.programme_id if debrief else notice.programme_id if notice else None
    if notice is not None and notice.recipient_kind != RecipientKind.CONTACT:
        return
    addresses = {reading.mail.sender} if row.kind != ReceivedKind.COMPLAINT else set()
    if notice is not None:
        addresses.add(notice.recipient_email)
    elif debrief is not None:
        addresses.add(debrief.contact.email)
    ours = {address_key(email) for email in User.objects.filter(is_active=True).values_list("email", flat=True)}
    for address in sorted(one for one in addresses if one and address_key(one) not in ours):
        suppression.suppress(address=address, programme_id=programme_id, reason="asked by mail", now=now)


def _follow(row: ReceivedMail, debrief: Debrief, now: datetime) -> None:
    """What a person is told, and which nudges wait or are taken back."""
    if row.kind == ReceivedKind.AUTO_REPLY and _is_from_buyer(row):
        outbox.postpone(
            subject_kind="debrief",
            subject_id=debrief.pk,
            kinds=notices.NUDGES,
            until=now + ABSENCE,
            reason="An automatic answer came: the contact seems to be away.",
        )
    if row.facts.get("stops") or row.kind == ReceivedKind.BOUNCE:
        outbox.supersede(
            subject_kind="debrief",
            subject_id=debrief.pk,
            now=now,
            kinds=notices.ASKING,
            reason="Mail to this address came back."
            if row.kind == ReceivedKind.BOUNCE
            else "The contact asked not to be written to.",
        )
    if _wants_a_person(row) and limits.allow(
        f"mail-told:{debrief.pk}", limit=_MOST_TOLD, within=timedelta(days=1), now=now
    ):
        notices.came_in(debrief, row.pk, row.kind, now=now)


def _is_from_buyer(row: ReceivedMail) -> bool:
    return (
        row.notice_id is not None
        and Notice.objects.filter(pk=row.notice_id, recipient_kind=RecipientKind.CONTACT).exists()
    )


def _wants_a_person(row: ReceivedMail) -> bool:
    """Whether somebody has to look: never for what a program wrote, so that two programs cannot keep each other busy."""
    if row.facts.get("stops"):
        return True
    if row.kind == ReceivedKind.CALENDAR_REPLY:
        return row.facts.get("partstat") == "DECLINED" and not row.facts.get("is_stale", True)
    if row.kind == ReceivedKind.CALENDAR_COUNTER:
        return not row.facts.get("is_stale", True)
    if row.kind == ReceivedKind.BOUNCE:
        # Mail to the planner that comes back must not be told to the planner by mail.
        return _is_from_buyer(row)
    return row.kind in (ReceivedKind.MESSAGE, ReceivedKind.STOP, ReceivedKind.COMPLAINT)


def _record(row: ReceivedMail, debrief: Debrief, now: datetime) -> None:
    audit.record(
        action="mail.received",
        now=now,
        actor_kind=ActorKind.RULE,
        actor_id=None,
        programme_id=debrief.programme_id,
        subject_kind="debrief",
        subject_id=debrief.pk,
        detail={"kind": row.kind, "mail": str(row.pk), "stops": bool(row.facts.get("stops"))},
    )
