"""From the call to the release: who marks what, in which order."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.calls import notices
from debriefs.calls.actions.record import changed, locked
from debriefs.calls.models import Debrief
from debriefs.calls.queries import live_call_of
from debriefs.calls.refusals import WrongOrder
from debriefs.deals.actions import close_own_view, end_interviewer


@transaction.atomic
def mark_held(*, debrief: Debrief, by: Person, now: datetime) -> Debrief:
    """The conversation took place; the own view closes. Harmless if repeated.

    A call need not be booked through the link: the two may have found a time by themselves.
    """
    debrief = locked(debrief)
    if debrief.held_at is not None:
        return debrief
    if debrief.closed_at is not None:
        raise WrongOrder(_("This debrief was closed. It cannot be held any more."))
    call = live_call_of(debrief)
    if call is not None:
        call.held_at = now
        call.save(update_fields=["held_at"])
    debrief.held_at, debrief.held_by = now, by
    debrief.booked_at = debrief.booked_at or now
    debrief.invited_at = debrief.invited_at or now
    debrief.declined_at, debrief.decline_reason = None, ""
    debrief.save(update_fields=["held_at", "held_by", "booked_at", "invited_at", "declined_at", "decline_reason"])
    close_own_view(deal=debrief.deal, now=now)
    notices.held(debrief, now=now)
    return changed(debrief, "debrief.held", by=by, now=now)


@transaction.atomic
def mark_no_show(*, debrief: Debrief, side: str, by: Person, now: datetime) -> Debrief:
    """One side did not come to the booked call. The link offers new times; what follows is a person's decision."""
    debrief = locked(debrief)
    call = live_call_of(debrief)
    if call is None or debrief.held_at is not None:
        raise WrongOrder(_("There is no booked call that somebody could have missed."))
    if call.starts_at > now:
        raise WrongOrder(_("The call has not begun yet."))
    call.no_show_at, call.no_show_side = now, side
    call.save(update_fields=["no_show_at", "no_show_side"])
    debrief.booked_at = None
    debrief.save(update_fields=["booked_at"])
    return changed(debrief, "call.missed", by=by, now=now, detail={"side": side, "call": str(call.id)})


@transaction.atomic
def mark_written_up(*, debrief: Debrief, by: Person, now: datetime) -> Debrief:
    """The interviewer has handed the write-up in."""
    return _advance(
        debrief, "held_at", "written_up", _("The conversation has to be held before it is written up."), by=by, now=now
    )


@transaction.atomic
def mark_reviewed(*, debrief: Debrief, by: Person, now: datetime) -> Debrief:
    """Somebody other than the interviewer has checked the write-up; they become its reviewer."""
    if debrief.interviewer_id == by.id:
        raise WrongOrder(_("A debrief is reviewed by somebody other than its interviewer."))
    Debrief.objects.filter(pk=debrief.pk, reviewer__isnull=True).update(reviewer=by)
    return _advance(
        debrief,
        "written_up_at",
        "reviewed",
        _("The write-up has to be handed in before it is reviewed."),
        by=by,
        now=now,
    )


@transaction.atomic
def mark_released(*, debrief: Debrief, by: Person, now: datetime) -> Debrief:
    """The reviewed debrief is readable for its audience."""
    debrief = _advance(
        debrief, "reviewed_at", "released", _("The debrief has to be reviewed before it is released."), by=by, now=now
    )
    notices.over(debrief, now=now, reason=_("The debrief was released."))
    return debrief


@transaction.atomic
def mark_recalled(*, debrief: Debrief, by: Person, now: datetime) -> Debrief:
    """The release was taken back: the debrief is reviewed, and not released. Harmless if repeated."""
    debrief = locked(debrief)
    debrief.released_at, debrief.released_by = None, None
    debrief.save(update_fields=["released_at", "released_by"])
    return changed(debrief, "debrief.recalled", by=by, now=now)


@transaction.atomic
def close_debrief(*, debrief: Debrief, reason: str, by: Person, now: datetime) -> Debrief:
    """The debrief ends without a result, with a reason that stays; a booked call must be cancelled first (WrongOrder)."""
    debrief = locked(debrief)
    if debrief.closed_at is not None:
        return debrief
    if debrief.held_at is not None:
        raise WrongOrder(
            _("The conversation took place. What was said is not thrown away: write it up and release it.")
        )
    if live_call_of(debrief) is not None:
        raise WrongOrder(_("A call is booked. Cancel it first, so that both are told."))
    debrief.closed_at, debrief.closed_by, debrief.closed_reason = now, by, reason[:300]
    debrief.save(update_fields=["closed_at", "closed_by", "closed_reason"])
    end_interviewer(deal=debrief.deal, person=debrief.interviewer, by=by, now=now)
    notices.over(debrief, now=now, reason=_("The debrief was closed."))
    return changed(debrief, "debrief.closed", by=by, now=now)


def _advance(debrief: Debrief, needs: str, step: str, sentence: str, *, by: Person, now: datetime) -> Debrief:
    """One step on the way to the release; harmless if repeated, WrongOrder with the sentence when the step before is missing."""
    debrief = locked(debrief)
    if getattr(debrief, f"{step}_at") is not None:
        return debrief
    if getattr(debrief, needs) is None or debrief.closed_at is not None:
        raise WrongOrder(sentence)
    setattr(debrief, f"{step}_at", now)
    setattr(debrief, f"{step}_by", by)
    debrief.save(update_fields=[f"{step}_at", f"{step}_by"])
    return changed(debrief, f"debrief.{step}", by=by, now=now)
