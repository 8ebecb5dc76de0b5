"""The list of deals."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from accounts.enums import Role
from accounts.models import Programme, Team
from accounts.permissions import roles_required
from accounts.queries import teams_managed_by, teams_of
from accounts.requests import ProgrammeRequest
from debriefs.deals import permissions, queries
from debriefs.deals.forms.filters import DealFilter
from debriefs.deals.models import Deal
from debriefs.deals.paging import COUNTED_TO, PAGE_ROWS, Cursor
from debriefs.deals.rules import today_in
from debriefs.deals.window import Window, window_of
from debriefs.foundation import clock


@roles_required(Role.ADMIN, Role.MANAGER, Role.REVIEWER, Role.MEMBER)
def deal_list(request: ProgrammeRequest) -> HttpResponse:
    """The deals the person may know of, by view and filters of the address, a keyset page at a time.

    Five queries besides the frame's, whatever the number of rows.
    """
    today = today_in(request.programme.time_zone, clock.now())
    filters = DealFilter(request.GET, teams=_teams(request), today=today)
    return render(request, "deals/deal_list.html", {"filters": filters} | _page(request, filters, today))


def _page(request: ProgrammeRequest, filters: DealFilter, today: date) -> dict[str, Any]:
    deals = queries.filtered(queries.deals_visible_to(request.person), shown=filters.shown, **filters.choices())
    cursor = filters.cursor
    found = list(queries.page_of(deals, order=filters.order, after=cursor))
    rows, more = found[:PAGE_ROWS], len(found) > PAGE_ROWS
    before = cursor.rows_before if cursor else 0
    return {
        "rows": [(deal, _window(request.programme, deal, today)) for deal in rows],
        "count": queries.count_up_to(deals, COUNTED_TO),
        "counted_to": COUNTED_TO,
        "first_row": before + 1,
        "last_row": before + len(rows),
        "next_page": filters.address(after=_cursor(rows[-1], filters.order, before + len(rows))) if more else "",
        "sees_interviewers": request.person.has_role(Role.ADMIN, Role.MANAGER, Role.REVIEWER),
        "can_import": permissions.can_import(request.person),
    }


def _teams(request: ProgrammeRequest) -> list[Team]:
    """The teams whose deals the person may filter by. One query."""
    if request.person.has_role(Role.ADMIN, Role.REVIEWER):
        return list(Team.objects.filter(programme=request.programme).order_by("name"))
    if request.person.has_role(Role.MEMBER):
        return list(teams_of(request.person).order_by("name"))
    return list(teams_managed_by(request.person).order_by("name"))


def _window(programme: Programme, deal: Deal, today: date) -> Window | None:
    """The window while a debrief can still be held in it."""
    if not deal.awaits_debrief or deal.decided_on is None:
        return None
    return window_of(
        decided_on=deal.decided_on,
        today=today,
        cooling_off_days=programme.cooling_off_days,
        best_within_days=programme.best_within_days,
        overdue_after_days=programme.overdue_after_days,
        implementation_starts_on=deal.implementation_starts_on if deal.outcome == "won" else None,
    )


def _cursor(deal: Deal, order: str, rows_before: int) -> str:
    value = {"decided": deal.decided_on, "amount": deal.amount, "name": deal.name}[order.removeprefix("-")]
    return Cursor(value, deal.pk, rows_before).write()
