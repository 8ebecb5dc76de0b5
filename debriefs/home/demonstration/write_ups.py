"""Write-ups of the demonstration: the record judged, needs met or not, competitors compared, where the buyer heard of us."""

from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from accounts.models import Person, Programme
from debriefs.calls.models import Debrief
from debriefs.deals.enums import NeedWeight
from debriefs.deals.models import Need
from debriefs.interviews.enums import (
    AwarenessHow,
    CycleTime,
    DisclosureKind,
    KnownBefore,
    NeedOutcome,
    RecordField,
    Standing,
    Verdict,
)
from debriefs.interviews.models import (
    CompetitorStanding,
    Disclosure,
    NeedAssessment,
    RecordCheck,
    StatedReason,
    WriteUp,
)

if TYPE_CHECKING:
    from debriefs.home.demonstration.build import Stage
    from debriefs.home.demonstration.plan import DealPlan

_NEEDS = (
    "Rotas that people can read on their phones",
    "A link to the payroll that is in use",
    "Going live in one plant first",
    "A fixed person to ask during the first month",
    "Works where there is no reception",
)
_CAME_OUT = {
    DisclosureKind.HIDDEN_NEED: "The works council had to see every change of a shift.",
    DisclosureKind.RISK: "The man who keeps the old system leaves in spring.",
    DisclosureKind.POLITICS: "Two plants wanted to keep their own way of planning.",
}
_DECISIONS = {"won": "us", "lost": "competitor", "withdrawn": "nothing", "rejected": "competitor"}


def make_write_up(
    stage: "Stage", plan: "DealPlan", debrief: Debrief, interviewer: Person, at: datetime, *, is_written_up: bool
) -> None:
    """The first version: full where it was handed in, empty where it is still to write. `hand_in` freezes them once all are written."""
    chance, rows = Random(f"write-up-{plan.index}"), stage.rows  # noqa: S311 - reproducible on purpose, guards nothing
    if not is_written_up:
        rows.add(WriteUp, debrief=debrief, opened_at=at, opened_by=interviewer)
        return
    decision = _DECISIONS.get(plan.outcome, "unknown")
    winner = stage.rivals[plan.winner] if plan.winner and decision == "competitor" else None
    sources = [one for one in AwarenessHow.values if one not in ("other", "unknown")]
    write_up = rows.add(
        WriteUp,
        debrief=debrief,
        opened_at=at,
        opened_by=interviewer,
        decision=decision,
        winner=winner,
        awareness_how=chance.choice(sources[: 3 + plan.index % 6]),
        awareness_what="A talk at a trade fair" if plan.index % 3 == 0 else "",
        cycle_time=chance.choice(CycleTime.values),
        process_note="The plant, the works council and finance each had a say; finance came last.",
        second_look="not_raised",
        quality=chance.choice(("frank", "frank", "frank", "guarded", "short")),
    )
    rows.add(
        StatedReason, write_up=write_up, position=1, stated_driver=stage.drivers[plan.stated], root_driver=stage.drivers[plan.drivers[0][0]],
        note="Named first; the other came on being asked what lay behind it.",
    )  # fmt: skip
    agrees = bool(plan.own_driver) and plan.own_driver == plan.drivers[0][0]
    for field in RecordField.values:
        verdict = chance.choices(Verdict.values, (5, 3, 2, 2))[0]
        if field == RecordField.REASON:
            verdict = Verdict.RIGHT if agrees else Verdict.WRONG if plan.own_driver else Verdict.MISSING
        rows.add(RecordCheck, write_up=write_up, field=field, verdict=verdict)
    for position, need in enumerate(chance.sample(_NEEDS, 3), start=1):
        outcome = chance.choices(NeedOutcome.values, (5, 2, 1, 2) if decision == "us" else (2, 2, 2, 3))[0]
        weight = NeedWeight.MUST if chance.random() < 0.6 else NeedWeight.SHOULD
        # The last was raised in the debrief only.
        listed = None
        if position < 3:
            listed = rows.add(Need, deal=debrief.deal, text=need, weight=weight, position=position, noted_at=at)
        rows.add(
            NeedAssessment, write_up=write_up, need=listed, position=position, text=need, weight=weight, outcome=outcome
        )
    for rival in dict.fromkeys(plan.rivals):
        weights = (1, 2, 4, 1) if rival == plan.winner else (4, 3, 1, 1)
        standing = chance.choices(Standing.values, weights)[0]
        rows.add(CompetitorStanding, write_up=write_up, competitor=stage.rivals[rival], standing=standing)
    kind = chance.choice([None, *_CAME_OUT])
    if kind:
        known = chance.choice(KnownBefore.values[:3])
        rows.add(Disclosure, write_up=write_up, kind=kind, position=1, text=_CAME_OUT[kind], known_before=known)


def hand_in(programme: Programme) -> None:
    """Freezes the write-ups of debriefs that were written up. One query."""
    of = Debrief.objects.filter(pk=OuterRef("debrief"))
    WriteUp.objects.filter(programme=programme, debrief__written_up_at__isnull=False).update(
        submitted_at=Subquery(of.values("written_up_at")), submitted_by=Subquery(of.values("written_up_by"))
    )
