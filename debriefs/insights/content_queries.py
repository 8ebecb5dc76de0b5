"""What buyers said, read for the pages: one query each, collapsed to the deal by `content`."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from debriefs.codebook.enums import Direction
from debriefs.codebook.queries import counted_driver
from debriefs.deals.enums import Outcome
from debriefs.deals.models import Deal, DealCompetitor
from debriefs.findings.models import Release, Remark
from debriefs.insights.content import HeadToHead


@dataclass(frozen=True)
class Statement:
    """What the buyers of one deal said on one driver in one direction, with the greatest strength."""

    deal: str
    outcome: str
    driver: str
    name: str
    direction: str
    strength: int


def statements(releases: QuerySet[Release], **where: Any) -> list[Statement]:
    """One row per deal, driver (as the codebook counts it) and direction. One query; grows with the releases."""
    rows: Any = (
        Remark.objects.filter(release__in=releases, **where)
        .order_by()
        .values("deal_id", "direction", outcome=F("deal__outcome"), counted=counted_driver("driver"))
        .annotate(name=Max(Coalesce("driver__counts_as__name", "driver__name")), strength=Max("strength"))
    )
    return [
        Statement(
            str(row["deal_id"]), row["outcome"], str(row["counted"]), row["name"], row["direction"], row["strength"]
        )
        for row in rows
    ]


@dataclass(frozen=True)
class DriverCount:
    """One driver: its name, and in how many deals it was named, helped and hurt."""

    id: UUID
    name: str
    named: int
    helped: int
    hurt: int


# Grouped by deal first: a distinct count over all remarks sorts every one of them.
_DRIVER_COUNTS = """
    WITH said AS (
        SELECT COALESCE(driver.counts_as_id, driver.id) AS driver_id, bool_or(remark.direction = 'helped') AS helped,
               bool_or(remark.direction = 'hurt') AS hurt
        FROM findings_remark remark JOIN codebook_driver driver ON driver.id = remark.driver_id
        WHERE remark.release_id IN ({releases})
        GROUP BY 1, remark.deal_id
    ), counted AS (
        SELECT driver_id, count(*) AS named, count(*) FILTER (WHERE helped) AS helped, count(*) FILTER (WHERE hurt) AS hurt
        FROM said GROUP BY 1
    )
    SELECT driver.id, driver.name, counted.named, counted.helped, counted.hurt
    FROM counted JOIN codebook_driver driver ON driver.id = counted.driver_id
"""


def driver_counts(releases: QuerySet[Release]) -> list[DriverCount]:
    """Per driver: in how many deals it was named, helped and hurt. One query.

    A driver that was merged counts as the one it was merged into.
    The unit is the deal: remarks of one deal on one driver count once per direction, whoever of the buyers said it.
    """
    return [DriverCount(*row) for row in _rows_over(releases, _DRIVER_COUNTS)]


@dataclass(frozen=True)
class DriverRow:
    """One driver over all deals: deals in which it was named, helped, hurt, had the greatest strength; its share of influence (0 to 1)."""

    key: str
    name: str
    named: int
    helped: int
    hurt: int
    decisive: int
    helped_in_wins: int
    hurt_in_losses: int
    influence: float


@dataclass(frozen=True)
class DriverRows:
    """All drivers, and how many deals, wins and losses name any."""

    rows: tuple[DriverRow, ...]
    deals: int
    won: int
    lost: int


# The definitions of content.driver_counts. The deal is the unit: per deal and driver one row, per deal the sum of strengths.
_DRIVER_ROWS = """
    WITH said AS (
        SELECT remark.deal_id, COALESCE(driver.counts_as_id, driver.id) AS driver_id, bool_or(remark.direction = 'helped') AS helped,
               bool_or(remark.direction = 'hurt') AS hurt, max(remark.strength) AS strength
        FROM findings_remark remark JOIN codebook_driver driver ON driver.id = remark.driver_id
        WHERE remark.release_id IN ({releases})
        GROUP BY 1, 2
    ), weighed AS (
        SELECT said.*, sum(strength) OVER (PARTITION BY deal_id) AS strengths, row_number() OVER (PARTITION BY deal_id) = 1 AS is_first
        FROM said
    )
    SELECT weighed.driver_id, max(driver.name), count(*), count(*) FILTER (WHERE helped), count(*) FILTER (WHERE hurt),
           count(*) FILTER (WHERE strength = 3), count(*) FILTER (WHERE helped AND deal.outcome = 'won'),
           count(*) FILTER (WHERE hurt AND deal.outcome = 'lost'), sum(strength::float8 / strengths),
           count(*) FILTER (WHERE is_first), count(*) FILTER (WHERE is_first AND deal.outcome = 'won'),
           count(*) FILTER (WHERE is_first AND deal.outcome = 'lost')
    FROM weighed JOIN codebook_driver driver ON driver.id = weighed.driver_id JOIN deals_deal deal ON deal.id = weighed.deal_id
    GROUP BY weighed.driver_id
"""


def driver_rows(releases: QuerySet[Release]) -> DriverRows:
    """What the drivers page counts, put together by the database. One query; as many rows as drivers."""
    found = _rows_over(releases, _DRIVER_ROWS)
    deals, won, lost = (sum(row[place] for row in found) for place in (9, 10, 11))
    rows = tuple(
        DriverRow(str(key), name, named, helped, hurt, decisive, in_wins, in_losses, strengths / deals)
        for key, name, named, helped, hurt, decisive, in_wins, in_losses, strengths, *_bases in found
    )
    return DriverRows(rows, deals, won, lost)


def _rows_over(releases: QuerySet[Release], sql: str) -> list[tuple[Any, ...]]:
    """The rows of a statement over the releases. One query, with memory enough to group the remarks of tens of thousands of debriefs."""
    try:
        inner, parameters = releases.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem TO '32MB'; {sql.format(releases=inner)}", parameters)
        return cursor.fetchall()


def stated_and_root(releases: QuerySet[Release]) -> list[dict[str, Any]]:
    """Reason named first and what decided, by name, counted. One query."""
    rows: Any = (
        releases.filter(is_primary=True, stated_driver__isnull=False)
        .order_by()
        .values(
            stated=Coalesce("stated_driver__counts_as__name", "stated_driver__name"),
            root=Coalesce("primary_driver__counts_as__name", "primary_driver__name"),
        )
        .annotate(n=Count("deal", distinct=True))
    )
    return list(rows)


def any_match(releases: QuerySet[Release]) -> tuple[int, int]:
    """In how many debriefs our reason is among the buyer's categories, of those in which our side named one. One query."""
    own = Coalesce("own_driver__counts_as__category", "own_driver__category", "own_category")
    said = Remark.objects.filter(release__in=releases).annotate(
        category=Coalesce("driver__counts_as__category", "driver__category")
    )
    named: Any = releases.filter(is_primary=True).annotate(own=own).filter(own__isnull=False)
    matching = Exists(said.filter(deal=OuterRef("deal"), category=OuterRef("own")))
    counts = named.annotate(matches=matching).aggregate(
        n=Count("deal", distinct=True), k=Count("deal", distinct=True, filter=Q(matches=True))
    )
    return counts["k"], counts["n"]


def head_to_head(deals: QuerySet[Deal]) -> dict[tuple[Any, str], HeadToHead]:
    """Per rival (key, name) how the deals ended in which it was met; see `content.head_to_head`. One query."""
    lost = Q(deal__outcome=Outcome.LOST, deal__winner__isnull=False)
    rows: Any = (
        DealCompetitor.objects.filter(deal__in=deals)
        .order_by()
        .values_list("competitor_id", "competitor__name")
        .annotate(
            met=Count("id"),
            won=Count("id", filter=Q(deal__outcome=Outcome.WON)),
            to_them=Count("id", filter=lost & Q(deal__winner=F("competitor"))),
            to_other=Count("id", filter=lost & ~Q(deal__winner=F("competitor"))),
        )
    )
    return {(key, name): HeadToHead(*counts) for key, name, *counts in rows}


@dataclass(frozen=True)
class Comparison:
    """Deals in which the buyer held us beside a rival: better, worse, compared at all."""

    key: Any
    name: str
    better: int
    worse: int
    compared: int


def compared(releases: QuerySet[Release], *, by: str, rival: Any = None) -> list[Comparison]:
    """The comparisons by "rival" or by "driver" (as the codebook counts it), of one rival where it is given. One query."""
    key, name = (
        (F("competitor_id"), F("competitor__name"))
        if by == "rival"
        else (counted_driver("driver"), Coalesce("driver__counts_as__name", "driver__name"))
    )
    found = Remark.objects.filter(release__in=releases, competitor__isnull=False)
    if rival:
        found = found.filter(competitor=rival)
    rows: Any = (
        found.order_by()
        .values(what=key, called=name)
        .annotate(
            better=Count("deal", distinct=True, filter=Q(direction=Direction.HELPED)),
            worse=Count("deal", distinct=True, filter=Q(direction=Direction.HURT)),
            n=Count("deal", distinct=True),
        )
    )
    return [Comparison(row["what"], row["called"], row["better"], row["worse"], row["n"]) for row in rows]
