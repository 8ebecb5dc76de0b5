"""What the figures are counted from: one scope per reader, a handful of grouped queries per page."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.enums import Role
from accounts.models import Person, Team
from accounts.queries import teams_managed_by
from debriefs.calls.models import Debrief
from debriefs.deals.enums import DECIDED, Selection
from debriefs.deals.models import Company, Competitor, Deal, DealCompetitor, Offering
from debriefs.findings.models import Release, Remark
from debriefs.findings.queries import counted_releases, releases_visible_to, remarks_visible_to
from debriefs.insights.filters import SIZES, Announced, Filters, Size
from debriefs.insights.rules import Quarter


@dataclass(frozen=True)
class Scope:
    """Which deals a reader's figures stand on, and whether the reader may see the records behind them.

    Without record access no figure is counted from these deals: such readers see the snapshots of closed quarters.
    """

    person: Person
    deals: QuerySet[Deal]
    has_record_access: bool
    today: date
    now: datetime


def scope_of(person: Person, *, today: date, now: datetime) -> Scope:
    """The reader's scope: admin and reviewer the programme, a sales manager the teams managed, others the remarks they may read."""
    deals = Deal.objects.filter(programme=person.programme, outcome__in=DECIDED, out_of_statistics=False)
    if person.has_role(Role.ADMIN, Role.REVIEWER):
        return Scope(person, deals, True, today, now)
    if person.has_role(Role.MANAGER):
        return Scope(person, deals.filter(team__in=teams_managed_by(person)), True, today, now)
    return Scope(person, deals, False, today, now)


def filtered_deals(scope: Scope, filters: Filters) -> QuerySet[Deal]:
    """The decided deals of the scope that the filters leave; without record access only the period counts.

    Conditions on rows beside the deal are asked with EXISTS, so that a deal never comes twice.
    """
    if not scope.has_record_access:
        filters = filters.only_period()
    deals = scope.deals
    if filters.period:
        deals = deals.filter(decided_on__range=(filters.period.starts_on, filters.period.ends_on))
    plain = {
        "outcome": filters.outcome,
        "segment": filters.segment,
        "company__country": filters.region,
        "team_id": filters.team,
        "offering_id": filters.offering,
    }
    deals = deals.filter(**{name: value for name, value in plain.items() if value})
    if filters.competitor:
        met = DealCompetitor.objects.filter(deal=OuterRef("pk"), competitor=filters.competitor)
        deals = deals.filter(Exists(met))
    if filters.size == Size.UNKNOWN:
        deals = deals.filter(company__employees__isnull=True)
    elif filters.size:
        low, below = SIZES[Size(filters.size)]
        deals = deals.filter(company__employees__gte=low, company__employees__lt=below)
    if filters.announced:
        deals = deals.filter(announced_on__isnull=filters.announced == Announced.NO)
    for name in ("neutrality", "channel"):
        if value := getattr(filters, name):
            deals = deals.filter(Exists(Debrief.objects.filter(deal=OuterRef("pk"), **{name: value})))
    return deals


def compared_deals(scope: Scope, filters: Filters) -> QuerySet[Deal] | None:
    """The deals that the filters' comparison sets beside the others; None where nothing is compared."""
    if not scope.has_record_access or not filters.compare:
        return None
    if filters.before:
        return filtered_deals(scope, filters.before)
    return scope.deals.exclude(pk__in=filtered_deals(scope, filters).values("pk"))


def releases_behind(scope: Scope, deals: QuerySet[Deal]) -> QuerySet[Release]:
    """The counted releases of these deals."""
    return counted_releases(scope.person.programme, scope.now).filter(deal__in=deals)


def outcome_counts(deals: QuerySet[Deal]) -> dict[str, int]:
    """How many deals per outcome. One query."""
    return dict(deals.order_by().values_list("outcome").annotate(Count("id")))


def deals_heard(releases: QuerySet[Release]) -> int:
    """How many deals the releases stand for. One query."""
    return releases.order_by().values("deal").distinct().count()


# The steps of a debrief, in order, and the time at which a debrief reached each; planned is every debrief.
_STEPS = ("invited", "booked", "held", "written_up", "released", "declined")


@dataclass(frozen=True)
class Funnel:
    """Per outcome and step how many deals reached it: decided, chosen, planned and the steps of a debrief."""

    by_outcome: dict[str, dict[str, int]]

    @property
    def total(self) -> dict[str, int]:
        """The steps of all outcomes together."""
        names = ("decided", "chosen", "planned", *_STEPS)
        return {name: sum(row[name] for row in self.by_outcome.values()) for name in names}

    def decided(self, outcome: str) -> int:
        """How many deals ended like this."""
        return self.by_outcome[outcome]["decided"] if outcome in self.by_outcome else 0


def funnel(deals: QuerySet[Deal]) -> Funnel:
    """How the deals ended and how far their debriefs came. Two queries.

    A step counts the deals with at least one debrief that ever reached it, so that a debrief declined later still counts as
    invited.
    """
    ended: Any = (
        deals.order_by()
        .values("outcome")
        .annotate(decided=Count("id"), chosen=Count("id", filter=~Q(selection=Selection.PASSED_OVER)))
    )
    found = {row["outcome"]: row | dict.fromkeys(("planned", *_STEPS), 0) for row in ended}
    steps: dict[str, Any] = {
        name: Count("id", distinct=True, filter=Q(**{f"debriefs__{name}_at__isnull": False})) for name in _STEPS
    }
    reached: Any = (
        deals.filter(debriefs__isnull=False)
        .order_by()
        .values("outcome")
        .annotate(planned=Count("id", distinct=True), **steps)
    )
    for row in reached:
        # What was decided between the two reads is counted at the next look.
        if row["outcome"] in found:
            found[row["outcome"]] |= row
    return Funnel(found)


def quarters_of(scope: Scope) -> list[Quarter]:
    """The quarters in which deals of the scope were decided, newest first, at most twenty. One query."""
    span = scope.deals.aggregate(first=Min("decided_on"), last=Max("decided_on"))
    if span["first"] is None:
        return []
    quarter, first = Quarter.of(span["last"]), Quarter.of(span["first"])
    found: list[Quarter] = []
    while quarter >= first and len(found) < 20:
        found.append(quarter)
        quarter = Quarter(quarter.year - (quarter.number == 1), (quarter.number - 2) % 4 + 1)
    return found


def segments_of(scope: Scope) -> list[str]:
    """The segments to choose from: those in which deals count. One query."""
    return list(scope.deals.exclude(segment="").order_by("segment").values_list("segment", flat=True).distinct()[:100])


def regions_of(scope: Scope) -> list[str]:
    """The buyers' countries to choose from: for a sales manager those of their own deals. One query."""
    if scope.person.has_role(Role.ADMIN, Role.REVIEWER):
        named = Company.objects.filter(programme=scope.person.programme).exclude(country="")
        return list(named.order_by("country").values_list("country", flat=True).distinct()[:100])
    deals = scope.deals.exclude(company__country="").exclude(company=None).order_by("company__country")
    return list(deals.values_list("company__country", flat=True).distinct()[:100])


def teams_of_scope(scope: Scope) -> QuerySet[Team]:
    """The teams to choose from."""
    return Team.objects.filter(Exists(scope.deals.filter(team=OuterRef("pk")))).order_by("name")


def competitors_of(scope: Scope) -> QuerySet[Competitor]:
    """The competitors to choose from."""
    return Competitor.objects.filter(programme=scope.person.programme).order_by("name")[:200]


def offerings_of(scope: Scope) -> QuerySet[Offering]:
    """The offerings to choose from."""
    return Offering.objects.filter(programme=scope.person.programme).order_by("name")[:200]


def remarks_behind(scope: Scope, filters: Filters, *, driver: UUID | None, direction: str) -> QuerySet[Remark]:
    """The remarks behind a number, as far as this reader may read them. Newest release first."""
    releases = releases_behind(scope, filtered_deals(scope, filters))
    remarks = remarks_visible_to(scope.person, scope.now).filter(release__in=releases)
    if driver:
        remarks = remarks.filter(Q(driver=driver) | Q(driver__counts_as=driver))
    if direction:
        remarks = remarks.filter(direction=direction)
    return _in_order(remarks)


def _in_order(remarks: QuerySet[Remark]) -> QuerySet[Remark]:
    joined = remarks.select_related("release", "driver", "deal", "competitor")
    return joined.order_by("-is_primary", "-release__others_from", "id")


# The words that a page opens with are looked for among so many of the newest releases first.
_NEWEST_RELEASES = 50


def quoted(scope: Scope, filters: Filters, most: int) -> list[Remark]:
    """The first of the remarks with the buyer's own words, in the order of `remarks_behind`. Two queries, three where the newest releases hold too few.

    A remark of a primary contact of one of the newest releases comes before all older ones, so these alone need not be sorted.
    """
    said = remarks_behind(scope, filters, driver=None, direction="").exclude(verbatim="")
    newest = (
        releases_behind(scope, filtered_deals(scope, filters)).order_by("-others_from").values_list("pk", flat=True)
    )
    among = _in_order(remarks_visible_to(scope.person, scope.now)).exclude(verbatim="")
    found = list(among.filter(is_primary=True, release__in=list(newest[:_NEWEST_RELEASES]))[:most])
    return found if len(found) == most else list(said[:most])


def debriefs_behind(scope: Scope, filters: Filters, *, own: str, buyer: str) -> QuerySet[Release]:
    """The counted releases behind a number that this reader may read, by category of our reason and the buyer's. Newest decision first."""
    releases = releases_behind(scope, filtered_deals(scope, filters)).filter(
        pk__in=releases_visible_to(scope.person, scope.now).values("pk")
    )
    releases = releases.annotate(
        own_key=Coalesce("own_driver__counts_as__category__key", "own_driver__category__key", "own_category__key"),
        own_name=Coalesce("own_driver__counts_as__name", "own_driver__name", "own_category__name"),
        buyer_key=Coalesce("primary_driver__counts_as__category__key", "primary_driver__category__key"),
        buyer_name=Coalesce("primary_driver__counts_as__name", "primary_driver__name"),
    )
    if own:
        releases = releases.filter(own_key=own)
    if buyer:
        releases = releases.filter(buyer_key=buyer)
    return releases.select_related("deal").order_by("-deal__decided_on", "pk")
