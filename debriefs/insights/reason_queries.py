"""Our reason beside the buyer's, per deal: counted by the database from the released copies."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from debriefs.findings.models import Release


@dataclass(frozen=True)
class ReasonPair:
    """Our reason and the buyer's, drivers as the codebook counts them, and in how many deals they met.

    Ours may be known by category only, or not at all: then its fields are None.
    """

    own_driver: UUID | None
    buyer_driver: UUID
    own_category: str | None
    own_name: str | None
    buyer_category: str
    buyer_name: str
    n: int


@dataclass(frozen=True)
class Reasons:
    """In how many deals a buyer was heard, and the pairs of reasons from the primary contact of each."""

    heard: int
    pairs: tuple[ReasonPair, ...]

    @property
    def known(self) -> list[ReasonPair]:
        """The pairs in which our side named a category at least."""
        return [pair for pair in self.pairs if pair.own_category]


# The releases are read once for all that is asked of them; a driver counts as the codebook says.
_RELEASED = """
    WITH released AS MATERIALIZED ({releases}), code AS (
        SELECT driver.id, COALESCE(target.id, driver.id) AS driver_id, COALESCE(target.category_id, driver.category_id) AS category_id
        FROM codebook_driver driver LEFT JOIN codebook_driver target ON target.id = driver.counts_as_id
    )
"""

# A deal counts once per pair, however many of its buyers were primary.
_REASONS = """
    , paired AS (
        SELECT DISTINCT released.deal_id, own.driver_id AS own_driver, buyer.driver_id AS buyer_driver,
               COALESCE(own.category_id, released.own_category_id) AS own_section, buyer.category_id AS buyer_section
        FROM released JOIN code buyer ON buyer.id = released.primary_driver_id LEFT JOIN code own ON own.id = released.own_driver_id
        WHERE released.is_primary
    ), pairs AS (
        SELECT own_driver, buyer_driver, own_section, buyer_section, count(*) AS n FROM paired GROUP BY 1, 2, 3, 4
    )
    SELECT heard.n, pairs.own_driver, pairs.buyer_driver, own.key, own.name, buyer.key, buyer.name, pairs.n
    FROM (SELECT count(DISTINCT deal_id) AS n FROM released) heard
         LEFT JOIN (pairs JOIN codebook_category buyer ON buyer.id = pairs.buyer_section) ON true
         LEFT JOIN codebook_category own ON own.id = pairs.own_section
"""

_ANY_MATCH = """
    , named AS MATERIALIZED (
        SELECT DISTINCT released.deal_id, COALESCE(own.category_id, released.own_category_id) AS section
        FROM released LEFT JOIN code own ON own.id = released.own_driver_id
        WHERE released.is_primary AND COALESCE(own.category_id, released.own_category_id) IS NOT NULL
    )
    SELECT (
        SELECT count(DISTINCT named.deal_id)
        FROM named JOIN released ON released.deal_id = named.deal_id JOIN findings_remark remark ON remark.release_id = released.id
             JOIN code ON code.id = remark.driver_id AND code.category_id = named.section
    ), (SELECT count(DISTINCT deal_id) FROM named)
"""


def reasons(releases: QuerySet[Release]) -> Reasons:
    """The deals heard and their pairs of reasons. One query; as many rows as pairs."""
    rows = _rows_over(releases, _REASONS)
    return Reasons(rows[0][0], tuple(ReasonPair(*row[1:]) for row in rows if row[-1])) if rows else Reasons(0, ())


def any_match(releases: QuerySet[Release]) -> tuple[int, int]:
    """In how many deals our reason is among the buyer's categories, of those in which our side named one. One query."""
    matched, named = (_rows_over(releases, _ANY_MATCH) or [(0, 0)])[0]
    return matched, named


def _rows_over(releases: QuerySet[Release], sql: str) -> list[tuple[Any, ...]]:
    columns = ("id", "deal_id", "is_primary", "own_driver_id", "own_category_id", "primary_driver_id")
    try:
        inner, parameters = releases.order_by().values(*columns).query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_RELEASED.format(releases=inner) + sql, parameters)
        return cursor.fetchall()
