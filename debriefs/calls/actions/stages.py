"""From the call to the release: who marks what, in which order."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.calls import notices
from debriefs.calls.actions.record import changed, is_to_do, locked
from debriefs.calls.acts import Act
from debriefs.calls.models import Debrief
from debriefs.calls.queries import live_call_of
from debriefs.calls.refusals import WrongOrder
from debriefs.deals.actions import close_own_view, end_interviewer


@transaction.atomic
def mark_held(*, debrief: Debrief, by: Person, now: datetime, spoke: bool = True) -> Debrief:
    """The conversation took place; the own view closes. Harmless if repeated.

    A call need not be booked through the link: the two may have found a time by themselves. `spoke` is False where the answers in
    writing are all there will be; WrongOrder then while a call is booked.
    """
    debrief = locked(debrief)
    if not is_to_do(debrief, Act.MARK_HELD):
        return debrief
    if debrief.interviewer_ended_at is not None:
        raise WrongOrder(_("This debrief has no interviewer. Choose one first."))
    call = live_call_of(debrief)
    if call is not None and not spoke:
        raise WrongOrder(_("A call is booked. Hold it, or cancel it first, so that both are told."))
    if call is not None:
        call.held_at = now
        call.save(update_fields=["held_at"])
    debrief.held_at, debrief.held_by = now, by
    debrief.booked_at = debrief.booked_at or now
    debrief.invited_at = debrief.invited_at or now
    debrief.declined_at, debrief.decline_reason = None, ""
    debrief.paused_at, debrief.paused_by, debrief.pause_reason = None, None, ""
    debrief.save(
        update_fields=[
            "held_at", "held_by", "booked_at", "invited_at", "declined_at", "decline_reason", "paused_at", "paused_by", "pause_reason",
        ]
    )  # fmt: skip
    close_own_view(deal=debrief.deal, now=now)
    notices.held(debrief, now=now, spoke=spoke)
    return changed(debrief, "debrief.held", by=by, now=now)


@transaction.atomic
def mark_no_show(*, debrief: Debrief, side: str, by: Person, now: datetime, reason: str = "") -> Debrief:
    """One side did not come to the booked call. The link offers new times; what follows is a person's decision."""
    debrief = locked(debrief)
    is_to_do(debrief, Act.MARK_NO_SHOW)
    call = live_call_of(debrief)
    if call is None:
        raise WrongOrder(_("There is no booked call that somebody could have missed."))
    if call.starts_at > now:
        raise WrongOrder(_("The call has not begun yet."))
    call.no_show_at, call.no_show_side = now, side
    call.save(update_fields=["no_show_at", "no_show_side"])
    debrief.booked_at = None
    debrief.save(update_fields=["booked_at"])
    detail = {"side": side, "call": str(call.id)}
    return changed(debrief, "call.missed", by=by, now=now, detail=detail, reason=reason)


@transaction.atomic
def mark_written_up(*, debrief: Debrief, by: Person, now: datetime) -> Debrief:
    """The interviewer has handed the write-up in."""
    return _advance(debrief, Act.WRITE_UP, "written_up", by=by, now=now)


@transaction.atomic
def mark_reviewed(*, debrief: Debrief, by: Person, now: datetime) -> Debrief:
    """Somebody other than the interviewer has checked the write-up; they become its reviewer."""
    if debrief.interviewer_id == by.id:
        raise WrongOrder(_("A debrief is reviewed by somebody other than its interviewer."))
    Debrief.objects.filter(pk=debrief.pk, reviewer__isnull=True).exclude(second_coder=by).update(reviewer=by)
    return _advance(debrief, Act.REVIEW, "reviewed", by=by, now=now)


@transaction.atomic
def mark_released(*, debrief: Debrief, by: Person, now: datetime) -> Debrief:
    """The reviewed debrief is readable for its audience."""
    debrief = _advance(debrief, Act.RELEASE, "released", by=by, now=now)
    notices.over(debrief, now=now, reason=_("The debrief was released."))
    return debrief


@transaction.atomic
def mark_recalled(*, debrief: Debrief, by: Person | None, now: datetime) -> Debrief:
    """The release was taken back: the debrief is reviewed, and not released. Harmless if repeated."""
    debrief = locked(debrief)
    if not is_to_do(debrief, Act.RECALL):
        return debrief
    debrief.released_at, debrief.released_by = None, None
    debrief.save(update_fields=["released_at", "released_by"])
    return changed(debrief, "debrief.recalled", by=by, now=now)


@transaction.atomic
def close_debrief(*, debrief: Debrief, reason: str, by: Person, now: datetime) -> Debrief:
    """The debrief ends without a result, with a reason that stays; a booked call must be cancelled first (WrongOrder)."""
    debrief = locked(debrief)
    if not is_to_do(debrief, Act.CLOSE):
        return debrief
    debrief.closed_at, debrief.closed_by, debrief.closed_reason = now, by, reason[:300]
    debrief.save(update_fields=["closed_at", "closed_by", "closed_reason"])
    end_interviewer(deal=debrief.deal, person=debrief.interviewer, by=by, now=now)
    notices.over(debrief, now=now, reason=_("The debrief was closed."))
    return changed(debrief, "debrief.closed", by=by, now=now, reason=reason)


def _advance(debrief: Debrief, act: Act, step: str, *, by: Person, now: datetime) -> Debrief:
    """One step on the way to the release; harmless if repeated, WrongOrder when the step before is missing."""
    debrief = locked(debrief)
    if not is_to_do(debrief, act):
        return debrief
    setattr(debrief, f"{step}_at", now)
    setattr(debrief, f"{step}_by", by)
    debrief.save(update_fields=[f"{step}_at", f"{step}_by"])
    return changed(debrief, f"debrief.{step}", by=by, now=now)
