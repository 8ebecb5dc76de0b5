"""The lessons-learned page and the remarks behind its numbers."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest
from debriefs.codebook.enums import Direction
from debriefs.codebook.models import Driver
from debriefs.foundation import clock
from debriefs.insights import charts, chips, measures, queries
from debriefs.insights.filters import Filters
from debriefs.lessons.queries import lessons_visible_to

READERS = (Role.ADMIN, Role.MANAGER, Role.REVIEWER, Role.MEMBER)


def _scope(request: ProgrammeRequest) -> queries.Scope:
    now = clock.now()
    today = timezone.localdate(now, timezone.get_current_timezone())
    return queries.scope_of(request.person, today=today, now=now)


@roles_required(*READERS)
def overview(request: ProgrammeRequest) -> HttpResponse:
    """Win rate, drivers, own reason against the buyer's, the funnel and the newest lessons, under the filters of the address."""
    scope, filters = _scope(request), Filters.read(request.GET)
    figures = measures.overview(scope, filters)
    return render(
        request,
        "insights/overview.html",
        _page(scope, filters)
        | _figures(figures, request.programme.smallest_group)
        | {
            "lessons": lessons_visible_to(request.person)[:3],
            "quoted": queries.remarks_behind(scope, filters, driver=None, direction="").exclude(verbatim="").first(),
        },
    )


def _page(scope: queries.Scope, filters: Filters) -> dict[str, Any]:
    return {
        "scope": scope,
        "filters": filters,
        "chips": chips.chips_of(scope, filters),
        "choices": chips.choices_of(scope, filters),
    }


def _figures(figures: measures.Overview, smallest: int) -> dict[str, Any]:
    return {
        "figures": figures,
        "headline": measures.headline(figures.drivers, figures.debriefs),
        "driver_bars": charts.driver_bars(figures.drivers),
        "reason_rows": charts.reason_rows(figures.reasons),
        "step_bars": charts.step_bars(figures.funnel),
        "cards": chips.cards_of(figures, smallest),
    }


@roles_required(*READERS)
def remarks(request: ProgrammeRequest) -> HttpResponse:
    """The remarks behind a bar, with the page's filters kept; fifty a page, as far as the reader may read them."""
    scope, filters = _scope(request), Filters.read(request.GET)
    driver = _driver(request)
    direction = request.GET.get("d", "") if request.GET.get("d", "") in Direction.values else ""
    found = queries.remarks_behind(scope, filters, driver=driver.pk if driver else None, direction=direction)
    page = Paginator(found, 50).get_page(request.GET.get("page", "1")[:6])
    return render(
        request,
        "insights/remarks.html",
        _page(scope, filters) | {"driver": driver, "direction": direction, "directions": Direction, "page": page},
    )


def _driver(request: ProgrammeRequest) -> Driver | None:
    """The driver named in the address, None for nonsense or another programme's."""
    try:
        identifier = UUID(request.GET.get("driver", ""))
    except ValueError:
        return None
    return Driver.objects.filter(programme=request.programme, pk=identifier).first()
