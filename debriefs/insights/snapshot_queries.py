"""The cases of a quarter, and the snapshots that readers without record access see."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Min, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Person, Programme
from debriefs.deals.enums import DECIDED
from debriefs.deals.models import Deal
from debriefs.findings.queries import counted_releases
from debriefs.insights import content_queries
from debriefs.insights.models import QuarterSnapshot
from debriefs.insights.rules import Quarter
from debriefs.insights.small_groups import Case

# Quarters further back than this are not taken when a programme starts.
MOST_QUARTERS = 20


def cases_of(programme: Programme, quarter: Quarter, now: datetime) -> list[Case]:
    """The decided deals of a quarter as small-group rules see them. Three queries."""
    deals = Deal.objects.filter(
        programme=programme,
        outcome__in=DECIDED,
        out_of_statistics=False,
        decided_on__range=(quarter.starts_on, quarter.ends_on),
    ).order_by()
    releases = counted_releases(programme, now).filter(deal__in=deals)
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in content_queries.statements(releases):
        said[row.deal, row.direction].add(row.name)
    agrees: dict[str, bool | None] = {}
    pairs = releases.annotate(
        own=Coalesce("own_driver__counts_as__category", "own_driver__category", "own_category"),
        buyers=Coalesce("primary_driver__counts_as__category", "primary_driver__category"),
    ).values_list("deal_id", "is_primary", "own", "buyers")
    for deal, is_primary, own, buyers in pairs:
        agrees.setdefault(str(deal), None)
        if is_primary and own:
            agrees[str(deal)] = own == buyers
    rows = deals.values_list("pk", "company_id", "outcome", "segment", "team__name", "offering__name")
    return [
        Case(
            company=str(company or ""),
            outcome=outcome,
            groups={"segment": segment, "team": team or "", "offering": offering or ""},
            debriefed=str(pk) in agrees,
            helped=frozenset(said.get((str(pk), "helped"), ())),
            hurt=frozenset(said.get((str(pk), "hurt"), ())),
            agrees=agrees.get(str(pk)),
        )
        for pk, company, outcome, segment, team, offering in rows
    ]


def quarters_due(programme: Programme, today: date) -> list[Quarter]:
    """Closed quarters with decided deals and without a snapshot, oldest first. Two queries."""
    span = Deal.objects.filter(programme=programme, outcome__in=DECIDED).aggregate(
        first=Min("decided_on"), last=Max("decided_on")
    )
    if span["first"] is None:
        return []
    taken = {Quarter(*row) for row in QuarterSnapshot.objects.filter(programme=programme).values_list("year", "number")}
    first = max(Quarter.of(span["first"]).index, Quarter.of(today).index - MOST_QUARTERS)
    quarters = map(Quarter.at, range(first, Quarter.of(span["last"]).index + 1))
    return [quarter for quarter in quarters if quarter.is_closed(today) and quarter not in taken]


def snapshots_visible_to(person: Person) -> QuerySet[QuarterSnapshot]:
    """The programme's snapshots taken with at least as large a k as the programme asks for today, newest first."""
    programme = person.programme
    found = QuarterSnapshot.objects.filter(programme=programme, smallest_group__gte=programme.smallest_group)
    # Said outright: a count of figures would drop the order of the model.
    return found.order_by("-year", "-number")


def figures_of(snapshot: QuarterSnapshot) -> list[dict[str, Any]]:
    """Every figure of a snapshot. One query."""
    rows: Any = snapshot.figures.values("dimension", "group", "measure", "subject", "k", "hurt", "n")
    return list(rows)
