"""Which mails a fact of this room owes to whom, and when. Called by actions, inside their transaction."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Q

from accounts.models import Person, Programme
from debriefs.calls.models import Call, Debrief
from debriefs.calls.rules import reminders
from debriefs.deals.models import Contact
from debriefs.deals.notices import to_person
from debriefs.foundation import outbox
from debriefs.foundation.enums import NoticeState, RecipientKind
from debriefs.foundation.models import Notice
from debriefs.foundation.outbox import Recipient

NUDGES = ("prospect_nudge_1", "prospect_nudge_2")
# What asks for an answer that somebody who answered need not be asked for.
ASKING = ("prospect_invited", *NUDGES)
# After the invitation is due; none is sent when the last moment has passed.
NUDGE_AFTER = (timedelta(days=4), timedelta(days=9))
NUDGE_NOT_AFTER = timedelta(days=21)
# Two mails that ask the same are at least as far apart, whatever held the first of them up.
ASKING_APART = timedelta(days=2)
OVERDUE_AFTER = timedelta(days=3)
# The same act again within so short a time is one act.
DOUBLE_CLICK = timedelta(minutes=1)
PAUSED = "The debrief is paused."
RESUMED = "The debrief was paused; it was owed again."
CALL_KINDS = ("call_booked", "call_moved", "call_reminder_day", "call_reminder_hour", "briefing_ready")
# Owed whatever becomes of the debrief: that a call is off, and what the buyer wants of us.
ALWAYS_OWED = ("call_cancelled", "call_handed_over", "prospect_wrote", "mail_came_in")
# Time to read, and to ask the owner for what is missing.
BRIEFING_BEFORE = timedelta(days=2)


def spoken_with(contact: Contact, programme: Programme) -> str:
    """The language of the contact's pages and mails: theirs, else the programme's, else English; always one we have. No query."""
    known = dict(settings.LANGUAGES)
    return next((one for one in (contact.language, programme.language) if one in known), settings.LANGUAGE_CODE)


def read_in(contact: Contact, call: Call | None) -> str:
    """The zone in which the buyer reads times: the one their call was agreed in, else theirs, else the programme's. No query."""
    return (call.agreed_time_zone if call else "") or contact.time_zone or contact.programme.time_zone


def to_contact(contact: Contact, call: Call | None = None) -> Recipient:
    """The buyer, as they are now; of a call they hear in the zone in which it was agreed."""
    return Recipient(
        kind=RecipientKind.CONTACT,
        id=contact.id,
        name=contact.name,
        email=contact.email,
        language=spoken_with(contact, contact.programme),
        time_zone=read_in(contact, call),
    )


def owe(
    kind: str,
    debrief: Debrief,
    recipient: Recipient,
    *,
    now: datetime,
    key: str,
    due_at: datetime | None = None,
    not_after: datetime | None = None,
    call: Call | None = None,
    about: str = "",
) -> Notice | None:
    """One notice about a debrief; `key` tells it apart from others of its kind to the same person."""
    context: dict[str, object] = {"about": about} if about else {}
    if call is not None:
        context |= {"call": str(call.id), "sequence": call.ics_sequence}
    return outbox.owe(
        kind=kind,
        programme_id=debrief.programme_id,
        subject_kind="debrief",
        subject_id=debrief.id,
        recipient=recipient,
        due_at=due_at or now,
        dedupe_key=f"{kind}:{debrief.id}:{recipient.id}:{key}",
        now=now,
        not_after=not_after,
        context=context,
    )


def assigned(debrief: Debrief, *, now: datetime) -> None:
    """To the interviewer their assignment."""
    owe("debrief_assigned", debrief, to_person(debrief.interviewer), now=now, key=str(debrief.version))


def unassigned(debrief: Debrief, before: Person, *, now: datetime) -> None:
    """To the interviewer before, that somebody else asks the buyer."""
    owe("debrief_unassigned", debrief, to_person(before), now=now, key=str(debrief.version))


def handed_over(debrief: Debrief, call: Call, before: Person, *, now: datetime) -> None:
    """The call goes to another interviewer at its time: a cancellation to the one before, an invitation, an update to the buyer."""
    booked(debrief, call, now=now, moved=True)
    owe("call_handed_over", debrief, to_person(before), now=now, key=f"{call.id}:{call.ics_sequence}", call=call)


def stopped(debrief: Debrief, *, now: datetime) -> None:
    """To whoever planned it: the interviewer changed sides, and the debrief waits for another one."""
    wait(debrief, now=now)
    outbox.supersede(
        subject_kind="debrief",
        subject_id=debrief.id,
        now=now,
        kinds=("debrief_assigned",),
        reason="The interviewer joined the deal team.",
    )
    if debrief.planned_by is not None:
        owe("debrief_stopped", debrief, to_person(debrief.planned_by), now=now, key=str(debrief.version))


def wait(debrief: Debrief, *, now: datetime) -> None:
    """What is still to be asked of the buyer is taken back until the debrief goes on."""
    outbox.supersede(subject_kind="debrief", subject_id=debrief.id, now=now, kinds=ASKING, reason=PAUSED)


def asked_again(debrief: Debrief, *, now: datetime) -> None:
    """What was taken back by a pause is owed again, not before its day and as far apart as before; what would come too late is left."""
    waited = Notice.objects.filter(
        subject_kind="debrief", subject_id=debrief.id, kind__in=ASKING, settled_at__isnull=False, reason=PAUSED
    )
    waiting = list(waited.order_by("due_at"))
    if not waiting:
        return
    # Its reason moves on, so that a second pause does not bring it back twice.
    Notice.objects.filter(pk__in=[notice.pk for notice in waiting]).update(reason=RESUMED)
    if not any(notice.kind == "prospect_invited" for notice in waiting):
        waiting = [notice for notice in waiting if notice.not_after is None or notice.not_after > now]
    delay = max(timedelta(), now - min((notice.due_at for notice in waiting), default=now))
    # The last moment of a nudge counts from its invitation: it moves only where that goes out later too.
    later = delay if any(notice.kind == "prospect_invited" for notice in waiting) else timedelta()
    for notice in waiting:
        due_at = notice.due_at + delay
        not_after = notice.not_after + later if notice.not_after else None
        if not_after is None or not_after > due_at:
            owe(
                notice.kind,
                debrief,
                to_contact(debrief.contact),
                now=now,
                key=f"resumed:{debrief.version}",
                due_at=due_at,
                not_after=not_after,
            )


def invitations(debrief: Debrief) -> int:
    """How often the buyer was invited. One query."""
    return Notice.objects.filter(kind="prospect_invited", subject_kind="debrief", subject_id=debrief.id).count()


def is_being_invited(debrief: Debrief, *, now: datetime) -> bool:
    """Whether an invitation to the buyer's address is on its way, or was asked for within the last minute: a double click. One query."""
    sent = Notice.objects.filter(
        kind="prospect_invited",
        subject_kind="debrief",
        subject_id=debrief.id,
        recipient_email=debrief.contact.email,
    )
    on_its_way = Q(state__in=(NoticeState.QUEUED, NoticeState.SENDING))
    return sent.filter(on_its_way | Q(created_at__gt=now - DOUBLE_CLICK)).exists()


def planned(debrief: Debrief, *, now: datetime) -> None:
    """To the interviewer their assignment; to the owner the wish for an own view."""
    assigned(debrief, now=now)
    owner = debrief.deal.owner
    if owner is not None:
        owe("own_view_wanted", debrief, to_person(owner), now=now, key="1")


def invited(debrief: Debrief, *, now: datetime, due_at: datetime, number: int) -> None:
    """To the buyer the invitation, and two nudges while there is no answer; nudges of an earlier invitation are taken back."""
    outbox.supersede(
        subject_kind="debrief",
        subject_id=debrief.id,
        now=now,
        kinds=NUDGES,
        reason="The invitation was sent once more.",
    )
    contact = to_contact(debrief.contact)
    owe("prospect_invited", debrief, contact, now=now, key=str(number), due_at=due_at)
    for kind, after in zip(NUDGES, NUDGE_AFTER, strict=True):
        last = due_at + NUDGE_NOT_AFTER
        owe(kind, debrief, contact, now=now, key=str(number), due_at=due_at + after, not_after=last)


def booked(debrief: Debrief, call: Call, *, now: datetime, moved: bool) -> None:
    """To both the call with its calendar file, and the reminders that still lie ahead; what was owed about the old time is taken back.

    A calendar file that was not sent yet is replaced by the new one: an older REQUEST must never follow a newer one.
    """
    outbox.supersede(
        subject_kind="debrief", subject_id=debrief.id, now=now, kinds=CALL_KINDS, reason="The call was moved."
    )
    outbox.supersede(
        subject_kind="debrief", subject_id=debrief.id, now=now, kinds=NUDGES, reason="The buyer has booked."
    )
    kind = "call_moved" if moved else "call_booked"
    for recipient in (to_contact(debrief.contact, call), to_person(debrief.interviewer)):
        key = f"{call.id}:{call.ics_sequence}"
        owe(kind, debrief, recipient, now=now, key=key, call=call, not_after=call.ends_at)
        for name, due_at in reminders(starts_at=call.starts_at, now=now).items():
            owe(
                f"call_reminder_{name}",
                debrief,
                recipient,
                now=now,
                key=key,
                due_at=due_at,
                not_after=call.starts_at,
                call=call,
            )
    briefing_ready(debrief, call, now=now)


def briefing_ready(debrief: Debrief, call: Call, *, now: datetime) -> None:
    """To the interviewer that the briefing waits to be read: two days before the call, or at once when it is nearer."""
    if call.starts_at <= now:
        return
    owe(
        "briefing_ready",
        debrief,
        to_person(debrief.interviewer),
        now=now,
        key=f"{call.id}:{call.ics_sequence}",
        due_at=max(now, call.starts_at.astimezone(UTC) - BRIEFING_BEFORE),
        not_after=call.starts_at,
        call=call,
    )


def cancelled(debrief: Debrief, call: Call, *, now: datetime) -> None:
    """To both the cancellation; reminders and unsent invitations of that call are taken back."""
    outbox.supersede(
        subject_kind="debrief", subject_id=debrief.id, now=now, kinds=CALL_KINDS, reason="The call was cancelled."
    )
    for recipient in (to_contact(debrief.contact, call), to_person(debrief.interviewer)):
        owe("call_cancelled", debrief, recipient, now=now, key=f"{call.id}:{call.ics_sequence}", call=call)


def held(debrief: Debrief, *, now: datetime, spoke: bool = True) -> None:
    """To the buyer thanks with what happens next; to the interviewer the write-up's due day. `spoke` is False where all was written."""
    outbox.supersede(
        subject_kind="debrief",
        subject_id=debrief.id,
        now=now,
        reason="The call took place.",
        kinds=(*CALL_KINDS, *ASKING),
    )
    thanks = "prospect_thanks" if spoke else "written_thanks"
    owe(thanks, debrief, to_contact(debrief.contact), now=now, key=str(now), due_at=now + timedelta(hours=1))
    write_up(debrief, now=now)


def written(debrief: Debrief, *, now: datetime) -> None:
    """To the interviewer, that answers in writing came; where they are all there will be, thanks to the buyer and the write-up's due day."""
    outbox.supersede(
        subject_kind="debrief", subject_id=debrief.id, now=now, kinds=ASKING, reason="The buyer answered in writing."
    )
    sent = str(debrief.written_sent_at)
    if debrief.interviewer_ended_at is None:
        owe("written_sent", debrief, to_person(debrief.interviewer), now=now, key=sent)
    if debrief.held_at == debrief.written_sent_at:
        owe("written_thanks", debrief, to_contact(debrief.contact), now=now, key=sent, due_at=now + timedelta(hours=1))
        write_up(debrief, now=now)


def write_up(debrief: Debrief, *, now: datetime) -> None:
    """To the interviewer the write-up's due day, and that it is overdue. Once per time the debrief was held."""
    due = now + timedelta(days=debrief.programme.write_up_due_days)
    for kind, at in (("write_up_due", due), ("write_up_overdue", due + OVERDUE_AFTER)):
        owe(kind, debrief, to_person(debrief.interviewer), now=now, key=str(debrief.held_at), due_at=at)


def speaks_too(debrief: Debrief, *, now: datetime) -> None:
    """What was owed because written answers were all there would be is taken back: a call may follow."""
    kinds = ("written_thanks", "write_up_due", "write_up_overdue")
    outbox.supersede(
        subject_kind="debrief", subject_id=debrief.id, now=now, kinds=kinds, reason="The buyer would speak as well."
    )


def said_by_prospect(debrief: Debrief, note_id: object, *, now: datetime) -> None:
    """To whoever planned the debrief: the buyer wrote something that wants an answer."""
    if debrief.planned_by is not None:
        owe("prospect_wrote", debrief, to_person(debrief.planned_by), now=now, key=str(note_id))


def came_in(debrief: Debrief, mail_id: object, kind: str, *, now: datetime) -> None:
    """To whoever planned the debrief: a mail came in that wants a person."""
    if debrief.planned_by is not None:
        owe("mail_came_in", debrief, to_person(debrief.planned_by), now=now, key=str(mail_id), about=kind)


def over(debrief: Debrief, *, now: datetime, reason: str) -> int:
    """Takes back what is still owed about a debrief that is over, but for what has to be heard all the same; how many."""
    return outbox.supersede(subject_kind="debrief", subject_id=debrief.id, now=now, reason=reason, but=ALWAYS_OWED)
