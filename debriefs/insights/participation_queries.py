"""Who was asked and who took part: grouped counts, one query each."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import Coalesce, TruncDate

from debriefs.calls.models import Debrief
from debriefs.deals.enums import Selection
from debriefs.deals.models import Deal
from debriefs.findings.models import Release, Remark


def answers_to_invitations(deals: QuerySet[Deal]) -> dict[str, int]:
    """What became of the invitations, counted in debriefs."""
    quiet = Q(booked_at__isnull=True, declined_at__isnull=True, writing_chosen_at__isnull=True, held_at__isnull=True)
    return Debrief.objects.filter(deal__in=deals, invited_at__isnull=False).aggregate(
        invited=Count("id"),
        booked=Count("id", filter=Q(booked_at__isnull=False)),
        writing=Count("id", filter=Q(writing_chosen_at__isnull=False)),
        declined=Count("id", filter=Q(declined_at__isnull=False)),
        silent=Count("id", filter=quiet & Q(closed_at__isnull=True)),
        no_show=Count("id", filter=Q(booked_at__isnull=False, held_at__isnull=True, closed_at__isnull=False)),
        closed=Count("id", filter=Q(closed_at__isnull=False, held_at__isnull=True)),
    )


class Quartile(Aggregate):
    """percentile_cont of an expression: q by linear interpolation, as `samples.quantile`."""

    function = "percentile_cont"
    template = "%(function)s(%(q)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, q: float) -> None:
        super().__init__(expression, q=q, output_field=FloatField())


@dataclass(frozen=True)
class DaysToCall:
    """Chosen deals; per limit in days the deals held within it and those at least so old; quartiles of the days, None before any call."""

    chosen: int
    within: dict[int, tuple[int, int]]
    quartiles: tuple[float, float, float] | None


def days_to_call(deals: QuerySet[Deal], today: date, limits: tuple[int, ...]) -> DaysToCall:
    """Days from the decision to the first call held, of the chosen deals. Two queries."""
    chosen = deals.exclude(selection=Selection.PASSED_OVER).order_by()
    old = {limit: Q(decided_on__lte=today - timedelta(days=limit)) for limit in limits}
    bases = chosen.aggregate(chosen=Count("pk"), **{f"old_{n}": Count("pk", filter=old[n]) for n in limits})
    days = Func(
        TruncDate("first_held"), F("decided_on"), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField()
    )  # fmt: skip
    held: Any = (
        chosen.filter(debriefs__held_at__isnull=False)
        .values("pk", "decided_on")
        .annotate(first_held=Min("debriefs__held_at"))
        .annotate(days=days)
    )
    wanted: dict[str, Any] = {f"held_{n}": Count("pk", filter=old[n] & Q(days__lte=n)) for n in limits}
    row = held.aggregate(**wanted, **{f"q{place}": Quartile("days", place / 4) for place in (1, 2, 3)})
    quartiles = (row["q1"], row["q2"], row["q3"]) if row["q2"] is not None else None
    return DaysToCall(bases["chosen"], {n: (row[f"held_{n}"], bases[f"old_{n}"]) for n in limits}, quartiles)


def mix(deals: QuerySet[Deal]) -> list[tuple[str, str, bool, int]]:
    """Deals by outcome, segment and whether a debrief was released: (outcome, segment, debriefed, n)."""
    released = Debrief.objects.filter(deal=OuterRef("pk"), released_at__isnull=False)
    return list(
        deals.order_by()
        .annotate(debriefed=Exists(released))
        .values_list("outcome", "segment", "debriefed")
        .annotate(n=Count("id"))
    )


def drivers_by_cell(releases: QuerySet[Release]) -> dict[tuple[str, str, str], int]:
    """Deals naming a driver, by (driver, outcome, segment)."""
    rows = (
        Remark.objects.filter(release__in=releases)
        .order_by()
        .values_list(Coalesce("driver__counts_as__name", "driver__name"), F("deal__outcome"), F("deal__segment"))
        .annotate(n=Count("deal", distinct=True))
    )
    return {(name, outcome, segment): n for name, outcome, segment, n in rows}
