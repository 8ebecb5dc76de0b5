"""Who interviews: chosen, replaced, and gone as soon as they join our side of the deal."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.calls import notices
from debriefs.calls.actions.booking import cancel_call, lock_interviewers, place_again, taking_turns
from debriefs.calls.actions.record import changed, is_to_do, locked
from debriefs.calls.acts import Act
from debriefs.calls.enums import Side
from debriefs.calls.models import Debrief
from debriefs.calls.queries import can_be_booked, live_call_of, relation_to_deal
from debriefs.calls.refusals import DebriefChanged, NotReady
from debriefs.calls.rules import neutrality_of
from debriefs.deals.actions import assign_interviewer, end_interviewer
from debriefs.deals.models import Deal
from debriefs.deals.refusals import NotNeutral


def level_of(interviewer: Person, deal: Deal) -> str:
    """The level of neutrality of somebody who may interview; NotNeutral for the owner's team, NotReady without an account."""
    level = neutrality_of(relation_to_deal(interviewer, deal))
    if level is None:
        raise NotNeutral(
            _(
                "%(name)s is in the owner’s team and cannot interview the buyer. Choose somebody of another team, an outside agency, or the team’s manager."
            )
            % {"name": interviewer.name}
        )
    if not can_be_booked(interviewer):
        raise NotReady(_("%(name)s has no account and cannot be booked.") % {"name": interviewer.name})
    return level


def reassign(*, debrief: Debrief, interviewer: Person, by: Person, now: datetime, reason: str = "") -> Debrief:
    """Another person interviews; a debrief that was stopped for want of one goes on. Harmless if repeated.

    A booked call is handed over at its time: the one before gets a cancellation, the new one an invitation, the buyer an update;
    SlotTaken when the new one has another call then. Refuses as planning does. Call it outside any transaction.
    """
    with taking_turns(), transaction.atomic():
        lock_interviewers(debrief.interviewer.user_id, interviewer.user_id)
        before_lock = debrief.interviewer_id
        debrief = locked(debrief)
        if debrief.interviewer_id != before_lock:
            raise DebriefChanged
        is_to_do(debrief, Act.REASSIGN)
        level = level_of(interviewer, debrief.deal)
        before, was_stopped = debrief.interviewer, debrief.interviewer_ended_at is not None
        if before == interviewer and not was_stopped:
            return debrief
        assign_interviewer(deal=debrief.deal, person=interviewer, by=by, now=now)
        debrief.interviewer, debrief.neutrality = interviewer, level
        if was_stopped:
            debrief.interviewer_ended_at = None
            debrief.paused_at, debrief.paused_by, debrief.pause_reason = None, None, ""
        debrief.save(
            update_fields=[
                "interviewer", "neutrality", "interviewer_ended_at", "paused_at", "paused_by", "pause_reason",
            ]
        )  # fmt: skip
        if before != interviewer and not _interviews_another(debrief, before):
            end_interviewer(deal=debrief.deal, person=before, by=by, now=now)
        _hand_over(debrief, before, now)
        if was_stopped:
            notices.asked_again(debrief, now=now)
        detail = {"from": str(before.id), "to": str(interviewer.id), "neutrality": level}
        return changed(debrief, "debrief.reassigned", by=by, now=now, detail=detail, reason=reason)


def stop_for(deal: Deal, person: Person, by: Person | None, now: datetime) -> None:
    """The person is on our side of the deal from now on: every debrief they were to hold stops, and whoever planned it is told.

    Runs in the joining's transaction, which holds the deal's row. Raises NotNeutral when they have heard a buyer of this deal.
    """
    theirs = Debrief.objects.filter(deal=deal, interviewer=person)
    if theirs.filter(held_at__isnull=False).exists():
        raise NotNeutral(
            _("%(name)s has interviewed the buyer of this deal and cannot join our side of it.") % {"name": person.name}
        )
    for one in theirs.filter(closed_at__isnull=True, interviewer_ended_at__isnull=True).order_by("id"):
        debrief = cancel_call(
            debrief=one, side=Side.US, by=by, now=now, reason=_("The interviewer joined the deal team.")
        )
        debrief = locked(debrief)
        debrief.interviewer_ended_at = now
        if debrief.paused_at is None:
            debrief.paused_at, debrief.paused_by = now, by
        debrief.pause_reason = _("%(name)s joined our side of the deal and can no longer interview.") % {
            "name": person.name
        }
        debrief.save(update_fields=["interviewer_ended_at", "paused_at", "paused_by", "pause_reason"])
        notices.stopped(debrief, now=now)
        changed(
            debrief,
            "debrief.stopped",
            by=by,
            now=now,
            detail={"interviewer": str(person.id)},
            reason=debrief.pause_reason,
        )


def _hand_over(debrief: Debrief, before: Person, now: datetime) -> None:
    notices.assigned(debrief, now=now)
    call = live_call_of(debrief)
    if call is None:
        notices.unassigned(debrief, before, now=now)
        return
    place_again(call, call.starts_at, debrief, now=now)
    call.save()
    notices.handed_over(debrief, call, before, now=now)


def _interviews_another(debrief: Debrief, person: Person) -> bool:
    others = Debrief.objects.filter(deal_id=debrief.deal_id, interviewer=person, interviewer_part__isnull=False)
    return others.exclude(pk=debrief.pk).exists()
