"""What buyers said, read for the pages: one query each, collapsed to the deal by `content`."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Programme
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


# Driver by driver, because the index on remarks holds the deals of one driver in order: counting each deal once sorts nothing.
# `IS TRUE` keeps the releases a lookup beside that scan; as a join they would lose its order. Only where a driver gathers merged
# ones are the deals of several sorted together.
_DRIVER_COUNTS = """
    WITH released AS MATERIALIZED ({releases}), target AS MATERIALIZED (
        SELECT driver.id, driver.name, driver.programme_id,
               EXISTS (SELECT FROM codebook_driver merged WHERE merged.counts_as_id = driver.id) AS gathers
        FROM codebook_driver driver WHERE driver.programme_id = %s AND driver.counts_as_id IS NULL
    )
    SELECT target.id, target.name, said.* FROM target CROSS JOIN LATERAL (
        SELECT {counts} FROM findings_remark remark
        WHERE remark.programme_id = target.programme_id AND remark.driver_id = target.id
              AND (remark.release_id IN (SELECT pk FROM released)) IS TRUE
    ) said
    WHERE NOT target.gathers AND said.named > 0
    UNION ALL
    SELECT target.id, target.name, said.* FROM target CROSS JOIN LATERAL (
        SELECT {counts} FROM findings_remark remark JOIN codebook_driver part ON part.id = remark.driver_id
        WHERE remark.programme_id = target.programme_id AND (part.id = target.id OR part.counts_as_id = target.id)
              AND (remark.release_id IN (SELECT pk FROM released)) IS TRUE
    ) said
    WHERE target.gathers AND said.named > 0
""".replace(
    "{counts}",
    """count(DISTINCT remark.deal_id) AS named, count(DISTINCT remark.deal_id) FILTER (WHERE remark.direction = 'helped') AS helped,
               count(DISTINCT remark.deal_id) FILTER (WHERE remark.direction = 'hurt') AS hurt""",
)


def driver_counts(programme: Programme, releases: QuerySet[Release]) -> list[DriverCount]:
    """Per driver of the programme: in how many deals of these releases it was named, helped and hurt. One query.

    A driver that was merged counts as the one it was merged into.
    The unit is the deal: remarks of one deal on one driver count once per direction, whoever of the buyers said it.
    """
    return [DriverCount(*row) for row in _rows_over(releases, _DRIVER_COUNTS, programme.pk)]


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


def _rows_over(releases: QuerySet[Release], sql: str, *more: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement over the releases, with `more` parameters after theirs. One query.

    With memory enough to hold the releases or group the remarks of tens of thousands of debriefs, and without compiling the
    plan, which takes longer than running it.
    """
    try:
        inner, parameters = releases.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET LOCAL work_mem TO '32MB'; SET LOCAL jit TO off; {sql.format(releases=inner)}", [*parameters, *more]
        )
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
