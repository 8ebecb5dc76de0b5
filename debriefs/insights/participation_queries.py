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
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, TruncDate

from debriefs.calls.models import Debrief
from debriefs.deals.enums import Selection
from debriefs.deals.models import Deal
from debriefs.findings.models import Release, Remark


def stages_by_outcome(deals: QuerySet[Deal]) -> dict[str, dict[str, int]]:
    """Per outcome: deals decided, invited, held and released."""
    rows: Any = (
        deals.order_by()
        .values("outcome")
        .annotate(
            decided=Count("id", distinct=True),
            invited=Count("id", distinct=True, filter=Q(debriefs__invited_at__isnull=False)),
            held=Count("id", distinct=True, filter=Q(debriefs__held_at__isnull=False)),
            released=Count("id", distinct=True, filter=Q(debriefs__released_at__isnull=False)),
        )
    )
    return {row["outcome"]: row for row in rows}


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
    """Days from the decision to the first call held, of the chosen deals. One query."""
    first = (
        Debrief.objects.filter(deal=OuterRef("pk"), held_at__isnull=False)
        .order_by("held_at")
        .values(day=TruncDate("held_at"))[:1]
    )
    days = Func(
        F("first_held"), F("decided_on"), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField()
    )
    chosen: Any = (
        deals.exclude(selection=Selection.PASSED_OVER)
        .order_by()
        .annotate(first_held=Subquery(first))
        .annotate(days=days)
    )
    wanted: dict[str, Any] = {"chosen": Count("pk")}
    for limit in limits:
        old = Q(decided_on__lte=today - timedelta(days=limit))
        wanted[f"old_{limit}"] = Count("pk", filter=old)
        wanted[f"held_{limit}"] = Count("pk", filter=old & Q(days__lte=limit))
    wanted |= {f"q{place}": Quartile("days", place / 4) for place in (1, 2, 3)}
    row = chosen.aggregate(**wanted)
    quartiles = (row["q1"], row["q2"], row["q3"]) if row["q2"] is not None else None
    return DaysToCall(row["chosen"], {n: (row[f"held_{n}"], row[f"old_{n}"]) for n in limits}, quartiles)


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
