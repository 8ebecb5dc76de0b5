"""What every action of this room leaves behind: the audit entry, and the deal's copy of the state."""

from datetime import datetime
from typing import Any

from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.deals.actions import mark_debrief_state, set_hands_off
from debriefs.deals.enums import DebriefState
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind

# While a debrief is in one of these states the deal team is asked not to speak to the buyer about the decision.
_HANDS_OFF = (DebriefState.PLANNED, DebriefState.INVITED, DebriefState.BOOKED, DebriefState.HELD)


def locked(debrief: Debrief) -> Debrief:
    """The debrief as it is now, its row locked until the transaction ends, everything a notice needs joined. One query."""
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
) -> Debrief:
    """Records the act and pushes the state down to the deal; returns the debrief with the state the database derived.

    By a person, by the prospect, or (neither) by rule.
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
    return debrief


def _another_is_under_way(debrief: Debrief) -> bool:
    return Debrief.objects.filter(deal_id=debrief.deal_id, state__in=_HANDS_OFF).exclude(pk=debrief.pk).exists()
