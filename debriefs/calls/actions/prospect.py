"""What the prospect decides through the personal link, besides booking."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from debriefs.calls import notices
from debriefs.calls.actions.booking import cancel_call
from debriefs.calls.actions.record import changed, is_to_do, locked
from debriefs.calls.acts import Act
from debriefs.calls.enums import ProspectNoteKind, Side
from debriefs.calls.models import Debrief, ProspectNote
from debriefs.calls.queries import live_call_of
from debriefs.foundation import audit, outbox, suppression
from debriefs.foundation.enums import ActorKind


@transaction.atomic
def decline(*, debrief: Debrief, reason: str, text: str, now: datetime) -> Debrief:
    """The buyer does not want this conversation; a booked call is cancelled. Can be undone while the debrief is open.

    The same answer within a minute is one.
    """
    debrief = locked(debrief)
    is_to_do(debrief, Act.DECLINE)
    if debrief.decline_reason == reason and _said_just_now(debrief, ProspectNoteKind.DECLINED, text, now):
        return debrief
    if live_call_of(debrief):
        debrief = cancel_call(debrief=debrief, side=Side.BUYER, now=now)
        debrief = locked(debrief)
    debrief.declined_at, debrief.decline_reason = now, reason
    debrief.save(update_fields=["declined_at", "decline_reason"])
    outbox.supersede(
        subject_kind="debrief",
        subject_id=debrief.id,
        now=now,
        kinds=notices.ASKING,
        reason=_("The buyer declined."),
    )
    note = _note(debrief, ProspectNoteKind.DECLINED, text, now)
    notices.said_by_prospect(debrief, note.id, now=now)
    return changed(debrief, "debrief.declined", by=None, now=now, as_prospect=True, detail={"reason": reason})


@transaction.atomic
def undo_decline(*, debrief: Debrief, now: datetime) -> Debrief:
    """The buyer thought again: free times are shown as before. Harmless if repeated."""
    debrief = locked(debrief)
    if not is_to_do(debrief, Act.UNDO_DECLINE):
        return debrief
    debrief.declined_at, debrief.decline_reason = None, ""
    debrief.save(update_fields=["declined_at", "decline_reason"])
    return changed(debrief, "debrief.decline_undone", by=None, now=now, as_prospect=True)


@transaction.atomic
def note_from_prospect(*, debrief: Debrief, kind: str, text: str, now: datetime) -> ProspectNote:
    """The buyer's words are kept and whoever planned the debrief is told. The same words within a minute are one note."""
    debrief = locked(debrief)
    recent = _said_just_now(debrief, kind, text, now)
    if recent is not None:
        return recent
    note = _note(debrief, kind, text, now)
    notices.said_by_prospect(debrief, note.id, now=now)
    changed(debrief, "prospect.wrote", by=None, now=now, as_prospect=True, detail={"kind": kind, "note": str(note.id)})
    return note


@transaction.atomic
def stop_mail(*, debrief: Debrief, everywhere: bool, now: datetime) -> None:
    """No mail goes to the buyer's address any more: of this programme, or of all on this installation. At once, undoable.

    A booked call stays; its cancellation or move still goes out.
    """
    programme_id = None if everywhere else debrief.programme_id
    suppression.suppress(
        address=debrief.contact.email, programme_id=programme_id, reason="asked through the link", now=now
    )
    _wish(debrief, "mail.stopped", now, everywhere=everywhere)


@transaction.atomic
def undo_stop(*, debrief: Debrief, now: datetime) -> None:
    """Mail may go to the buyer's address again; both wishes are lifted."""
    for programme_id in (debrief.programme_id, None):
        suppression.lift(
            address=debrief.contact.email, programme_id=programme_id, reason="asked through the link", now=now
        )
    _wish(debrief, "mail.allowed", now)


def _said_just_now(debrief: Debrief, kind: str, text: str, now: datetime) -> ProspectNote | None:
    same = ProspectNote.objects.filter(debrief=debrief, kind=kind, text=text[:5000])
    return same.filter(written_at__gt=now - notices.DOUBLE_CLICK).first()


def _note(debrief: Debrief, kind: str, text: str, now: datetime) -> ProspectNote:
    return ProspectNote.objects.create(
        programme_id=debrief.programme_id, debrief=debrief, kind=kind, text=text[:5000], written_at=now
    )


def _wish(debrief: Debrief, action: str, now: datetime, **detail: bool) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.CONTACT,
        actor_id=debrief.contact_id,
        programme_id=debrief.programme_id,
        subject_kind="debrief",
        subject_id=debrief.id,
        detail=detail,
    )
