"""What the people who schedule change about a debrief under way: its frame, whether it is offered once more, its link."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.calls import links, notices
from debriefs.calls.actions.booking import lock_interviewers, place_again, taking_turns
from debriefs.calls.actions.planning import may_be_mailed
from debriefs.calls.actions.record import changed, is_to_do, locked
from debriefs.calls.acts import Act
from debriefs.calls.enums import DeclineReason
from debriefs.calls.models import Debrief
from debriefs.calls.queries import last_call_of, live_call_of
from debriefs.calls.refusals import DebriefChanged, WrongOrder


@transaction.atomic
def offer_again(*, debrief: Debrief, reason: str, by: Person, now: datetime) -> Debrief:
    """The buyer is written to once more: after a call that was missed or cancelled, or after "not now". A double click writes once.

    A "no", and "I am not the right person", are kept to (WrongOrder): the buyer alone can take them back.
    """
    debrief = locked(debrief)
    is_to_do(debrief, Act.OFFER_AGAIN)
    if debrief.declined_at is None and notices.is_being_invited(debrief, now=now):
        return debrief
    if debrief.declined_at is not None and debrief.decline_reason != DeclineReason.NOT_NOW:
        raise WrongOrder(
            _("The buyer declined, and not only for now. Only they can take that back, through their page.")
        )
    if debrief.declined_at is None and last_call_of(debrief) is None:
        raise WrongOrder(_("There is nothing to offer again: no call was missed, cancelled or put off."))
    may_be_mailed(debrief)
    debrief.declined_at, debrief.decline_reason = None, ""
    debrief.invited_at = debrief.invited_at or now
    debrief.save(update_fields=["declined_at", "decline_reason", "invited_at"])
    links.renew(debrief, now)
    notices.invited(debrief, now=now, due_at=now, number=notices.invitations(debrief) + 1)
    return changed(debrief, "debrief.offered_again", by=by, now=now, reason=reason)


def replan(
    *,
    debrief: Debrief,
    minutes: int,
    channel: str,
    place: str,
    not_before_on: date | None,
    not_after_on: date | None,
    reason: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> Debrief:
    """Length, channel, place and window are these from now on; both hear of it where a call is booked.

    A longer call must not run into the interviewer's next one (SlotTaken). Call it outside any transaction.
    """
    with taking_turns(), transaction.atomic():
        lock_interviewers(debrief.interviewer.user_id)
        debrief = locked(debrief)
        is_to_do(debrief, Act.REPLAN)
        if version is not None and version != debrief.version:
            raise DebriefChanged
        told = (debrief.minutes, debrief.channel, debrief.place)
        debrief.minutes, debrief.channel, debrief.place = minutes, channel, place
        debrief.not_before_on, debrief.not_after_on = not_before_on, not_after_on
        debrief.save(update_fields=["minutes", "channel", "place", "not_before_on", "not_after_on"])
        call = live_call_of(debrief)
        if call is not None and told != (minutes, channel, place):
            place_again(call, call.starts_at, debrief, now=now)
            call.save()
            notices.booked(debrief, call, now=now, moved=True)
        detail = {"minutes": minutes, "channel": channel}
        return changed(debrief, "debrief.replanned", by=by, now=now, detail=detail, reason=reason)


@transaction.atomic
def withdraw_link(*, debrief: Debrief, reason: str, by: Person, now: datetime) -> Debrief:
    """Every personal link of this debrief sent so far stops opening; whatever is mailed from now on carries a new one. Sends nothing."""
    debrief = locked(debrief)
    links.revoke(links.issue(debrief, now), now)
    return changed(debrief, "link.withdrawn", by=by, now=now, reason=reason)
