"""What buyers said, read for the pages: one query each, collapsed to the deal by `content`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, QuerySet
from django.db.models.functions import Coalesce

from debriefs.codebook.queries import counted_driver
from debriefs.deals.models import Deal, DealCompetitor
from debriefs.findings.models import Release, Remark
from debriefs.insights.content import Met, Said


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


def by_deal(rows: Iterable[Statement]) -> dict[str, list[Said[str]]]:
    """The statements of each deal."""
    found: dict[str, list[Said[str]]] = {}
    for row in rows:
        found.setdefault(row.deal, []).append(Said(row.driver, row.direction, row.strength))
    return found


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


def own_and_buyers(releases: QuerySet[Release]) -> list[tuple[str, str, str, str]]:
    """Per deal: own category key and name, buyer's category key and name, where our side had named one. One query."""
    return list(
        releases.filter(is_primary=True)
        .order_by()
        .annotate(
            own_key=Coalesce("own_driver__counts_as__category__key", "own_driver__category__key", "own_category__key"),
            own_name=Coalesce(
                "own_driver__counts_as__category__name", "own_driver__category__name", "own_category__name"
            ),
            buyer_key=Coalesce("primary_driver__counts_as__category__key", "primary_driver__category__key"),
            buyer_name=Coalesce("primary_driver__counts_as__category__name", "primary_driver__category__name"),
        )
        .filter(own_key__isnull=False)
        .values_list("own_key", "own_name", "buyer_key", "buyer_name")
    )


def any_match(releases: QuerySet[Release]) -> tuple[int, int]:
    """In how many debriefs our reason is among the buyer's categories, of those in which our side named one. Two queries."""
    named: Any = (
        releases.filter(is_primary=True)
        .annotate(own=Coalesce("own_driver__counts_as__category", "own_driver__category", "own_category"))
        .filter(own__isnull=False)
    )
    own = dict(named.values_list("deal_id", "own"))
    said = set(
        Remark.objects.filter(release__in=releases)
        .order_by()
        .values_list("deal_id", Coalesce("driver__counts_as__category", "driver__category"))
        .distinct()
    )
    return sum((deal, category) in said for deal, category in own.items()), len(own)


def meetings(deals: QuerySet[Deal]) -> list[Met]:
    """The deals in which a rival was met: outcome, rivals, and to which it was lost, rivals by name. One query."""
    rows = DealCompetitor.objects.filter(deal__in=deals).values_list(
        "deal_id", "deal__outcome", "competitor__name", "deal__winner__name"
    )
    rivals: dict[Any, set[str]] = {}
    about: dict[Any, tuple[str, str | None]] = {}
    for deal, outcome, rival, winner in rows:
        rivals.setdefault(deal, set()).add(rival)
        about[deal] = (outcome, winner)
    return [Met(about[deal][0], frozenset(names), about[deal][1]) for deal, names in rivals.items()]


def rival_remarks(releases: QuerySet[Release]) -> list[dict[str, Any]]:
    """Per rival and driver: deals in which we were better (helped) or they were (hurt), and deals compared. One query."""
    rows: Any = (
        Remark.objects.filter(release__in=releases, competitor__isnull=False)
        .order_by()
        .values("direction", "deal_id", rival=F("competitor__name"), rival_id=F("competitor_id"),
                counted=counted_driver("driver"), name=Coalesce("driver__counts_as__name", "driver__name"))
        .distinct()
    )  # fmt: skip
    return list(rows)
