"""How deals ended, by what can be known of each: grouped counts, one query each."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, FloatField, Q, QuerySet, Sum
from django.db.models.functions import Cast, ExtractQuarter, ExtractYear

from accounts.enums import Role
from accounts.models import Person
from accounts.queries import teams_managed_by
from debriefs.calls.models import Debrief
from debriefs.deals.enums import Outcome
from debriefs.deals.models import Deal
from debriefs.insights.value_rates import BOOTSTRAP_UP_TO, INTERVAL_FROM, Sums, bootstrapped, linearised

COMPETITIVE = (Outcome.WON, Outcome.LOST)


def decided_or_not(person: Person) -> QuerySet[Deal]:
    """The deals a reader with record access counts, and those of the same teams still open. No query by itself."""
    deals = Deal.objects.filter(programme=person.programme, out_of_statistics=False).exclude(outcome=Outcome.INVALID)
    return deals if person.has_role(Role.ADMIN, Role.REVIEWER) else deals.filter(team__in=teams_managed_by(person))


def by_group(deals: QuerySet[Deal]) -> list[tuple[str, str, str, int]]:
    """Deals won or lost by (segment, region of the buyer, outcome, n)."""
    rows = deals.filter(outcome__in=COMPETITIVE).order_by()
    return list(rows.values_list("segment", "company__country", "outcome").annotate(n=Count("id")))


def value_sums(deals: QuerySet[Deal], currency: str) -> tuple[Sums, int]:
    """The sums of deals won or lost with an amount in the programme's currency, and how many others have none."""
    amount = Cast("amount", FloatField())
    won = Q(outcome=Outcome.WON)
    inside = Q(amount__isnull=False, currency=currency)
    row: Any = (
        deals.filter(outcome__in=COMPETITIVE)
        .order_by()
        .aggregate(
            n=Count("id", filter=inside),
            outside=Count("id", filter=~inside),
            total=Sum(amount, filter=inside),
            squares=Sum(amount * amount, filter=inside),
            won=Sum(amount, filter=inside & won),
            won_squares=Sum(amount * amount, filter=inside & won),
        )
    )
    names = ("total", "squares", "won", "won_squares")
    return Sums(row["n"], *(row[name] or 0.0 for name in names)), row["outside"]


def value_interval(deals: QuerySet[Deal], currency: str, sums: Sums) -> tuple[float, float] | None:
    """The interval of the rate by value; None below thirty deals. One query up to a thousand deals, none beyond."""
    if sums.n < INTERVAL_FROM:
        return None
    if sums.n > BOOTSTRAP_UP_TO:
        return linearised(sums)
    rows = deals.filter(outcome__in=COMPETITIVE, amount__isnull=False, currency=currency).order_by("pk")
    amounts: Iterable[tuple[str, float]] = rows.values_list("outcome", Cast("amount", FloatField()))
    sides: dict[str, list[float]] = {Outcome.WON: [], Outcome.LOST: []}
    for outcome, amount in amounts:
        sides[outcome].append(amount)
    return bootstrapped(sides[Outcome.WON], sides[Outcome.LOST])


def close_counts(deals: QuerySet[Deal]) -> dict[tuple[str, int, int], list[list[int]]]:
    """Per segment and quarter of the decision a 2x2 table: rows debriefed and not, columns won and lost."""
    released = Debrief.objects.filter(released_at__isnull=False).values("deal")
    rows: Any = (
        deals.filter(outcome__in=COMPETITIVE)
        .order_by()
        .values("segment", year=ExtractYear("decided_on"), quarter=ExtractQuarter("decided_on"))
        .annotate(
            won_with=Count("id", filter=Q(outcome=Outcome.WON, pk__in=released)),
            lost_with=Count("id", filter=Q(outcome=Outcome.LOST, pk__in=released)),
            won=Count("id", filter=Q(outcome=Outcome.WON)),
            lost=Count("id", filter=Q(outcome=Outcome.LOST)),
        )
    )
    return {
        (row["segment"], row["year"], row["quarter"]): [
            [row["won_with"], row["lost_with"]],
            [row["won"] - row["won_with"], row["lost"] - row["lost_with"]],
        ]
        for row in rows
    }


def cohorts(deals: QuerySet[Deal], most: int) -> list[dict[str, Any]]:
    """Per quarter in which deals were opened, newest first: how they ended, or that they are open."""
    rows: Any = (
        deals.filter(opened_on__isnull=False)
        .order_by()
        .values(year=ExtractYear("opened_on"), quarter=ExtractQuarter("opened_on"))
        .annotate(
            n=Count("id"),
            won=Count("id", filter=Q(outcome=Outcome.WON)),
            lost=Count("id", filter=Q(outcome=Outcome.LOST)),
            none=Count("id", filter=Q(outcome__in=(Outcome.WITHDRAWN, Outcome.REJECTED))),
            open=Count("id", filter=Q(outcome=Outcome.OPEN)),
        )
        .order_by(F("year").desc(), F("quarter").desc())
    )
    return list(rows[:most])
