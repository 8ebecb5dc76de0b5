"""How far the answers in writing are, told by the room that holds them; and a call after all."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from debriefs.calls import links, notices
from debriefs.calls.actions.record import changed, is_to_do, locked
from debriefs.calls.acts import Act
from debriefs.calls.models import Debrief
from debriefs.calls.queries import live_call_of
from debriefs.calls.refusals import WrongOrder
from debriefs.deals.actions import close_own_view


@transaction.atomic
def mark_writing_begun(*, debrief: Debrief, now: datetime) -> Debrief:
    """The buyer opened the questions to answer them in writing. Harmless if repeated.

    WrongOrder unless they chose writing before, or where the debrief takes no written answers any more.
    """
    debrief = locked(debrief)
    if debrief.written_begun_at is not None:
        return debrief
    if not debrief.takes_writing:
        raise WrongOrder(_("This conversation is over."))
    if debrief.writing_chosen_at is None:
        raise WrongOrder(_("Say first that you would rather answer in writing."))
    debrief.written_begun_at = now
    debrief.save(update_fields=["written_begun_at"])
    return changed(debrief, "debrief.writing_begun", by=None, now=now, as_prospect=True)


@transaction.atomic
def mark_written_sent(*, debrief: Debrief, now: datetime) -> Debrief:
    """The buyer sent their answers in writing. Harmless if repeated. WrongOrder where the debrief takes none any more.

    Without a booked call the conversation counts as held: nothing more is asked of the buyer, and the write-up is due. With one
    the call stands, and what was written is a source beside it. A debrief that waits for an interviewer is held once it has one.
    """
    debrief = locked(debrief)
    if debrief.written_sent_at is not None:
        return debrief
    if not debrief.takes_writing:
        raise WrongOrder(_("This conversation is over."))
    debrief.written_sent_at = now
    fields = ["written_sent_at"]
    if debrief.held_at is None and debrief.interviewer_ended_at is None and live_call_of(debrief) is None:
        debrief.held_at, debrief.booked_at = now, now
        debrief.paused_at, debrief.paused_by, debrief.pause_reason = None, None, ""
        fields += ["held_at", "booked_at", "paused_at", "paused_by", "pause_reason"]
        close_own_view(deal=debrief.deal, now=now)
    debrief.save(update_fields=fields)
    notices.written(debrief, now=now)
    return changed(debrief, "debrief.written_sent", by=None, now=now, as_prospect=True)


@transaction.atomic
def speak_too(*, debrief: Debrief, now: datetime) -> Debrief:
    """The buyer sent answers in writing and would speak as well: free times are shown again, what was sent stays. Harmless if repeated.

    WrongOrder once a call was held or the debrief written up. The write-up is due after the call, or when its interviewer goes
    on without one.
    """
    debrief = locked(debrief)
    if not is_to_do(debrief, Act.SPEAK_TOO):
        return debrief
    if not debrief.offers_call_after_writing:
        raise WrongOrder(_("This conversation is over."))
    debrief.held_at, debrief.held_by, debrief.booked_at, debrief.writing_chosen_at = None, None, None, None
    debrief.save(update_fields=["held_at", "held_by", "booked_at", "writing_chosen_at"])
    links.renew(debrief, now)
    notices.speaks_too(debrief, now=now)
    return changed(debrief, "debrief.speaks_too", by=None, now=now, as_prospect=True)
