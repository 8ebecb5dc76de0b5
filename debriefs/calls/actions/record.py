"""What every action of this room leaves behind: the audit entry, and the deal's copy of the state."""

from datetime import datetime
from typing import Any

from accounts.models import Person
from debriefs.calls.acts import Act, Outcome, outcome_of, refusal_of
from debriefs.calls.models import Debrief, DebriefEvent
from debriefs.calls.refusals import WrongOrder
from debriefs.deals.actions import mark_debrief_state, set_hands_off
from debriefs.deals.enums import DebriefState
from debriefs.deals.models import Deal
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind

# While a debrief is in one of these states the deal team is asked not to speak to the buyer about the decision.
_HANDS_OFF = (DebriefState.PLANNED, DebriefState.INVITED, DebriefState.BOOKED, DebriefState.HELD)


def locked(debrief: Debrief) -> Debrief:
    """The debrief as it is now, its row locked until the transaction ends, everything a notice needs joined. Two queries.

    The deal's row comes first, here and wherever parts in a deal change: a fixed order is what keeps the two from a deadlock.
    """
    Deal.objects.select_for_update(of=("self",)).only("pk").get(pk=debrief.deal_id)
    return (
        Debrief.objects.select_for_update(of=("self",))
        .select_related(
            "programme",
            "deal__owner__user",
            "deal__programme",
            "deal__company",
            "contact",
            "interviewer__user",
            "planned_by__user",
        )
        .get(pk=debrief.pk)
    )


def changed(
    debrief: Debrief,
    action: str,
    *,
    by: Person | None,
    now: datetime,
    as_prospect: bool = False,
    detail: dict[str, Any] | None = None,
    reason: str = "",
) -> Debrief:
    """Records the act and pushes the state down to the deal; returns the debrief with the state the database derived.

    By a person, by the prospect, or (neither) by rule. The reason stands in the debrief's history, never in the audit log.
    """
    Debrief.objects.filter(pk=debrief.pk).update(version=debrief.version + 1)
    debrief.refresh_from_db(fields=["state", "version"])
    deal = debrief.deal
    if debrief.is_primary:
        mark_debrief_state(deal=deal, state=debrief.state, now=now)
    is_under_way = debrief.state in _HANDS_OFF
    if is_under_way and deal.hands_off_since is None:
        set_hands_off(deal=deal, since=now, now=now)
    if not is_under_way and deal.hands_off_since is not None and not _another_is_under_way(debrief):
        set_hands_off(deal=deal, since=None, now=now)
    actor = ActorKind.CONTACT if as_prospect else ActorKind.PERSON if by else ActorKind.RULE
    audit.record(
        action=action,
        now=now,
        actor_kind=actor,
        actor_id=debrief.contact_id if as_prospect else by.id if by else None,
        programme_id=debrief.programme_id,
        subject_kind="debrief",
        subject_id=debrief.id,
        detail={"state": debrief.state, **(detail or {})},
    )
    DebriefEvent.objects.create(
        programme_id=debrief.programme_id,
        debrief=debrief,
        at=now,
        action=action,
        by=by,
        is_by_prospect=as_prospect,
        reason=reason[:300],
    )
    return debrief


def _another_is_under_way(debrief: Debrief) -> bool:
    return Debrief.objects.filter(deal_id=debrief.deal_id, state__in=_HANDS_OFF).exclude(pk=debrief.pk).exists()


def is_to_do(debrief: Debrief, act: Act) -> bool:
    """Whether the act changes anything in the state the locked debrief is in; WrongOrder with a sentence where it may not."""
    is_paused = debrief.paused_at is not None
    refusal = refusal_of(act, debrief.state, is_paused=is_paused)
    if refusal is not None:
        raise WrongOrder(refusal)
    return outcome_of(act, debrief.state, is_paused=is_paused) == Outcome.DONE
