"""A debrief that waits: nothing is asked of the buyer and nothing can be booked, until somebody resumes it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.calls import notices
from debriefs.calls.actions.record import changed, is_to_do, locked
from debriefs.calls.acts import Act
from debriefs.calls.models import Debrief
from debriefs.calls.refusals import WrongOrder


@transaction.atomic
def pause(*, debrief: Debrief, reason: str, by: Person, now: datetime) -> Debrief:
    """Invitation and nudges wait and no time is offered; a booked call stands. Harmless if repeated."""
    debrief = locked(debrief)
    if not is_to_do(debrief, Act.PAUSE):
        return debrief
    debrief.paused_at, debrief.paused_by, debrief.pause_reason = now, by, reason[:300]
    debrief.save(update_fields=["paused_at", "paused_by", "pause_reason"])
    notices.wait(debrief, now=now)
    return changed(debrief, "debrief.paused", by=by, now=now, reason=reason)


@transaction.atomic
def resume(*, debrief: Debrief, by: Person, now: datetime) -> Debrief:
    """It goes on where it stood; what waited to be sent is owed again. Harmless if repeated.

    A debrief that lost its interviewer goes on only with another one (WrongOrder).
    """
    debrief = locked(debrief)
    if not is_to_do(debrief, Act.RESUME):
        return debrief
    if debrief.interviewer_ended_at is not None:
        raise WrongOrder(_("This debrief has no interviewer. Choose one, and it goes on by itself."))
    debrief.paused_at, debrief.paused_by, debrief.pause_reason = None, None, ""
    debrief.save(update_fields=["paused_at", "paused_by", "pause_reason"])
    notices.asked_again(debrief, now=now)
    return changed(debrief, "debrief.resumed", by=by, now=now)
