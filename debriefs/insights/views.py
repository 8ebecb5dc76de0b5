"""The pages of figures, the remarks and debriefs behind a number, and the quarterly report."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest
from debriefs.codebook.enums import Direction
from debriefs.codebook.models import Category, Driver
from debriefs.insights import charts, chips, figures, measures, queries, reading
from debriefs.insights.dashboards import BUILDERS, TABS
from debriefs.insights.dashboards import overview as overview_charts
from debriefs.insights.drawing import drawn
from debriefs.insights.enums import Digest
from debriefs.insights.filters import FIELDS, Filters
from debriefs.insights.forms import NoteForm
from debriefs.insights.models import Annotation, FigureView
from debriefs.insights.permissions import NOTERS, READERS
from debriefs.insights.statistics import Share
from debriefs.lessons.queries import checks_due, evidence_counts, lessons_visible_to


def _frame(request: ProgrammeRequest, scope: queries.Scope, filters: Filters, key: str) -> dict[str, Any]:
    """What every page of figures has: tabs, filters, chips, saved views."""
    choices = chips.choices_of(scope, filters) if scope.has_record_access else []
    return {
        "scope": scope,
        "filters": filters,
        "query": filters.query,
        "keep_query": filters.query,
        "page_key": key,
        "tabs": [tab for tab in TABS if scope.has_record_access or tab[0] in reading.CLOSED_PAGES],
        "chips": chips.chips_of(choices, filters),
        "choices": choices,
        "views": FigureView.objects.filter(person=request.person),
        "digests": Digest.choices,
    }


@roles_required(*READERS)
@require_safe
def overview(request: ProgrammeRequest) -> HttpResponse:
    """Win rate, drivers, own reason against the buyer's, the funnel and the newest lessons, under the filters of the address."""
    scope, filters = reading.scope_of(request), Filters.read(request.GET)
    if not scope.has_record_access:
        return _closed(request, scope, "overview")
    counted = measures.overview(scope, queries.filtered_deals(scope, filters))
    other = queries.compared_deals(scope, filters)
    before = measures.overview(scope, other) if other is not None else None
    groups = charts.driver_groups(counted.drivers)
    shown = {
        "figures": counted,
        "headline": measures.headline(counted.drivers, counted.debriefs),
        "driver_groups": groups,
        "drivers_left_out": len(counted.drivers) - sum(len(group.bars) for group in groups),
        "reasons_headline": measures.reasons_headline(counted.reasons),
        "reason_rows": charts.reason_rows(counted.reasons),
        "step_bars": charts.step_bars(counted.funnel),
        "cards": chips.cards_of(
            counted, Share(*checks_due(request.person, scope.today)), before, reading.compared_with(filters)
        ),
        "lessons": lessons_visible_to(request.person)[:3],
        "quoted": next(iter(queries.quoted(scope, filters, 1)), None),
    }
    return render(request, "insights/overview.html", _frame(request, scope, filters, "overview") | shown)


@roles_required(*READERS)
@require_safe
def dashboard(request: ProgrammeRequest, key: str) -> HttpResponse:
    """One page of figures by its name. Those without record access read some of them, from snapshots."""
    scope, filters = reading.scope_of(request), Filters.read(request.GET)
    if not scope.has_record_access:
        return _closed(request, scope, key)
    page = reading.page_of(scope, filters, key)
    # Lessons belong to the programme: no filter leaves none of them.
    is_empty = bool(filters.query) and key != "lessons" and not any(chart.marks for chart in page.charts)
    shown = {
        "page": page,
        "is_empty": is_empty,
        # Of a page without a figure the first chart says what figures need.
        "drawn": [drawn(chart) for chart in page.charts[: 1 if is_empty else None]],
        "compared": reading.compared_with(filters),
    }
    more = _beside_charts(request, scope, key)
    return render(request, "insights/dashboard.html", _frame(request, scope, filters, key) | shown | more)


def _beside_charts(request: ProgrammeRequest, scope: queries.Scope, key: str) -> dict[str, Any]:
    """What two of the pages show that is no chart: the newest lessons with their evidence, the notes on the trend."""
    if key == "lessons":
        newest = lessons_visible_to(request.person)[:10]
        return {"lessons": newest, "evidence": evidence_counts(newest, scope.now)}
    if key == "trend":
        notes = Annotation.objects.filter(programme=request.programme)[:50]
        return {"notes": notes, "note_form": NoteForm() if request.person.has_role(*NOTERS) else None}
    return {}


def _closed(request: ProgrammeRequest, scope: queries.Scope, key: str) -> HttpResponse:
    """The page of a reader without record access: one closed quarter from its snapshot."""
    closed = reading.closed_page_of(request, key)
    shown = {
        "closed": closed,
        "page": closed.page,
        "drawn": [drawn(chart) for chart in closed.page.charts],
        "query": closed.query,
        # Without a quarter named in the address, a kept view is always the newest one.
        "keep_query": reading.closed_query(request.GET),
    }
    return render(request, "insights/dashboard.html", _frame(request, scope, Filters(), key) | shown)


@roles_required(*READERS)
@require_safe
def report(request: ProgrammeRequest) -> HttpResponse:
    """The quarterly report for print: the main charts of all pages on one sheet, each with its table."""
    scope, filters = reading.scope_of(request), Filters.read(request.GET)
    if not scope.has_record_access:
        return _closed(request, scope, "report")
    counted = measures.overview(scope, queries.filtered_deals(scope, filters))
    pages = [figures.judged(overview_charts.page_of(counted))]
    pages += [reading.page_of(scope, filters, key) for key in BUILDERS if key != "overview"]
    shown = {
        "figures": counted,
        "in_short": [(page.key, page.title, page.charts[0].title) for page in pages[1:] if page.charts[0].marks],
        # The overview's drivers are those of the page of drivers, and stand there.
        "sheets": [
            (page, [drawn(chart) for chart in page.charts[: 2 if place else 1]]) for place, page in enumerate(pages)
        ],
        "quoted": queries.quoted(scope, filters, 3),
        "lessons": lessons_visible_to(request.person)[:5],
    }
    return render(request, "insights/report.html", _frame(request, scope, filters, "report") | shown)


@roles_required(*READERS)
@require_safe
def remarks(request: ProgrammeRequest) -> HttpResponse:
    """The remarks behind a bar, with the page's filters kept; fifty a page, as far as the reader may read them."""
    scope = reading.scope_of(request)
    filters, driver = reading.filters_of(scope, request.GET), _driver(request)
    direction = request.GET.get("d", "") if request.GET.get("d", "") in Direction.values else ""
    found = queries.remarks_behind(scope, filters, driver=driver.pk if driver else None, direction=direction)
    page = Paginator(found, 50).get_page(request.GET.get("page", "1")[:6])
    shown = {"driver": driver, "direction": direction, "directions": Direction, "page": page}
    way = _way(request, filters, {"driver": str(driver.pk) if driver else "", "d": direction}, "overview")
    return render(request, "insights/remarks.html", _frame(request, scope, filters, "remarks") | shown | way)


@roles_required(*READERS)
@require_safe
def debrief_list(request: ProgrammeRequest) -> HttpResponse:
    """The released debriefs behind a number under the same filters, as far as the reader may read them; fifty a page."""
    scope = reading.scope_of(request)
    filters = reading.filters_of(scope, request.GET)
    own, buyer = (request.GET.get(name, "").replace("\x00", "")[:60] for name in ("own", "buyer"))
    found = queries.debriefs_behind(scope, filters, own=own, buyer=buyer)
    page = Paginator(found, 50).get_page(request.GET.get("page", "1")[:6])
    names = dict(Category.objects.filter(programme=request.programme, key__in=(own, buyer)).values_list("key", "name"))
    shown = {"page": page, "own": names.get(own, ""), "buyer": names.get(buyer, "")}
    way = _way(request, filters, {"own": own, "buyer": buyer}, "record")
    return render(request, "insights/debrief_list.html", _frame(request, scope, filters, "debriefs") | shown | way)


def _way(request: ProgrammeRequest, filters: Filters, own: dict[str, str], usual: str) -> dict[str, Any]:
    """Where the reader came from, and what of the address is no filter: forms, chips and pages carry it along.

    A filter that only the followed line added (`added`) is taken off again on the way back.
    """
    origin, added = request.GET.get("from", ""), request.GET.get("added", "")
    origin = origin if origin in BUILDERS else usual
    added = added if added in FIELDS else ""
    kept = {name: value for name, value in {**own, "from": origin, "added": added}.items() if value}
    back = filters.without(added) if added else filters
    return {"origin": origin, "back_query": back.query, "kept": list(kept.items()), "kept_query": urlencode(kept)}


def _driver(request: ProgrammeRequest) -> Driver | None:
    """The driver named in the address, None for nonsense or another programme's."""
    try:
        identifier = UUID(request.GET.get("driver", ""))
    except ValueError:
        return None
    return Driver.objects.filter(programme=request.programme, pk=identifier).first()
