"""From a request to a page of figures: one way for the pages, their tables and their exports."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from accounts.requests import ProgrammeRequest
from debriefs.foundation import clock
from debriefs.insights import queries, snapshot_queries
from debriefs.insights.dashboards import BUILDERS, closed_quarters
from debriefs.insights.dashboards.look import Look
from debriefs.insights.figures import Page, judged, with_comparison
from debriefs.insights.filters import Compare, Filters
from debriefs.insights.rules import Period, Quarter
from debriefs.insights.small_groups import DIMENSIONS

# The pages there are for readers without record access.
CLOSED_PAGES = ("overview", "drivers")


def scope_of(request: ProgrammeRequest) -> queries.Scope:
    """The reader's scope now."""
    now = clock.now()
    return queries.scope_of(request.person, today=timezone.localdate(now), now=now)


def filters_of(scope: queries.Scope, asked: QueryDict) -> Filters:
    """The filters of a query string that count for this reader; what is left out without record access is said in `ignored`."""
    found = Filters.read(asked)
    if scope.has_record_access:
        return found
    left_out = found.parameters().keys() - {"p"}
    said = (_("Only the period can be chosen here: the other filters are for those who may read the deals."),)
    return replace(found.only_period(), ignored=found.ignored + (said if left_out else ()))


def compared_with(filters: Filters) -> str:
    """What the comparison is called: the other period, or the rest."""
    if filters.before and filters.before.period:
        return filters.before.period.label
    return _("All other deals") if filters.compare == Compare.REST else ""


def page_of(scope: queries.Scope, filters: Filters, key: str) -> Page:
    """A page for a reader with record access, compared where the filters ask for it. 404 for a page there is not."""
    if not scope.has_record_access or key not in BUILDERS:
        raise Http404
    page = BUILDERS[key](Look(scope, filters, queries.filtered_deals(scope, filters)))
    other = queries.compared_deals(scope, filters)
    if other is not None:
        page = with_comparison(page, BUILDERS[key](Look(scope, filters, other)), compared_with(filters))
    return judged(page)


@dataclass(frozen=True)
class Closed:
    """What a reader without record access asked: a closed quarter and a division, and the quarters there are."""

    page: Page
    quarters: tuple[Quarter, ...]
    quarter: Quarter | None
    dimension: str
    query: str


def closed_page_of(request: ProgrammeRequest, key: str) -> Closed:
    """The page a request of a reader without record access asks for. Two queries."""
    return closed_page(request.person, request.GET, key)


def closed_query(asked: QueryDict) -> str:
    """Of a query string, what such a reader may choose: the quarter and the division; what cannot be read is left out."""
    period = Period.parse(asked.get("p", "")[:20])
    kept = {"p": period.key} if period else {}
    return urlencode(kept | ({"by": asked["by"]} if asked.get("by") in DIMENSIONS else {}))


def closed_page(person: Person, asked_for: QueryDict, key: str) -> Closed:
    """The page from the snapshots: the quarter asked for or the newest that shows something, divided by one dimension at most. Two queries."""
    if key not in CLOSED_PAGES:
        raise Http404
    smallest = person.programme.smallest_group
    snapshots = list(snapshot_queries.snapshots_visible_to(person).annotate(count=Count("figures")))
    asked = Period.parse(asked_for.get("p", "")[:20])
    with_figures = next((one for one in snapshots if one.count), snapshots[0] if snapshots else None)
    chosen = next((one for one in snapshots if asked and asked == _period(one)), with_figures)
    rows: list[dict[str, Any]] = snapshot_queries.figures_of(chosen) if chosen else []
    dimension = asked_for.get("by", "") if asked_for.get("by", "") in DIMENSIONS and key == "drivers" else ""
    page = (
        closed_quarters.drivers(rows, dimension, smallest)
        if key == "drivers"
        else closed_quarters.overview(rows, smallest)
    )
    quarter = Quarter(chosen.year, chosen.number) if chosen else None
    query = "&".join(filter(None, (f"p={quarter.key}" if quarter else "", f"by={dimension}" if dimension else "")))
    quarters = tuple(Quarter(one.year, one.number) for one in snapshots)
    return Closed(page, quarters, quarter, dimension, query)


def _period(snapshot: Any) -> Period:
    quarter = Quarter(snapshot.year, snapshot.number)
    return Period(quarter, quarter)
