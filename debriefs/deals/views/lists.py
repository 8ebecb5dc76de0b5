"""The list of deals."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Role
from accounts.models import Programme, Team
from accounts.permissions import roles_required
from accounts.queries import teams_managed_by, teams_of
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.deals import actions, export, permissions, queries
from debriefs.deals.csv_lines import csv_file
from debriefs.deals.enums import Outcome
from debriefs.deals.forms.filters import KEPT, DealFilter, Offered, SavedViewForm
from debriefs.deals.list_rows import ListedDeal, RowWriter
from debriefs.deals.models import Deal
from debriefs.deals.paging import COUNTED_TO, PAGE_ROWS, Cursor
from debriefs.deals.rules import today_in
from debriefs.deals.window import Window, window_of
from debriefs.foundation import audit, clock
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.refusals import Refusal

_readers = roles_required(Role.ADMIN, Role.MANAGER, Role.REVIEWER, Role.MEMBER)


@_readers
@require_safe
def deal_list(request: ProgrammeRequest) -> HttpResponse:
    """The deals the person may know of, by view and filters of the address, a keyset page at a time.

    Nine queries at most besides the frame's, whatever the number of rows; a search that finds nothing to the letter makes two more.
    """
    return _shown(request)


def _shown(request: ProgrammeRequest, form: SavedViewForm | None = None, status: int = 200) -> HttpResponse:
    today = today_in(request.programme.time_zone, clock.now())
    query = QueryDict(form.data.get("query", "")[:1000]) if form else request.GET
    filters = DealFilter(query, offered=_offered(request), today=today)
    page = {"filters": filters, "form": form, "saved_views": queries.saved_views_of(request.person)}
    return render(request, "deals/deal_list.html", page | _page(request, filters, today), status=status)


def _found(request: ProgrammeRequest, filters: DealFilter) -> QuerySet[Deal]:
    """The deals under the filters; a search that finds nothing to the letter is made once more within a typing error."""
    seen, wanted = queries.deals_visible_to(request.person), filters.choices(request.programme)
    deals = queries.filtered(seen, record_of=request.person, **wanted)
    if wanted["q"].strip() and not deals.exists():
        return queries.filtered(seen, record_of=request.person, forgiving=True, **wanted)
    return deals


@_readers
@require_safe
def deal_export(request: ProgrammeRequest) -> HttpResponse:
    """Exactly the deals that the address filters, as CSV, formula-safe; recorded with how many they were."""
    now = clock.now()
    filters = DealFilter(request.GET, offered=_offered(request), today=today_in(request.programme.time_zone, now))
    deals = _found(request, filters)
    audit.record(
        action="deals.exported",
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=request.person.pk,
        programme_id=request.programme.pk,
        subject_kind="programme",
        subject_id=request.programme.pk,
        detail={"rows": deals.count(), "filters": sorted(name for name in KEPT if filters.chosen(name))},
    )
    rows = export.rows(queries.exported(deals, request.person))
    return csv_file(rows, "deals.csv")  # type: ignore[return-value]


@_readers
@require_POST
def view_save(request: ProgrammeRequest) -> HttpResponse:
    """Names the view of the list that is open; the same name again replaces it."""
    form = SavedViewForm(request.POST)
    if form.is_valid():
        try:
            view = actions.save_view(person=request.person, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The view is saved as “%(name)s”.") % {"name": view.name})
            return redirect(f"{programme_url(request.programme, 'deals:deal_list')}?{view.query}")
    return _shown(request, form, 422)


@_readers
@require_POST
def view_remove(request: ProgrammeRequest, view_id: UUID) -> HttpResponse:
    """Forgets a view of one's own."""
    view = get_object_or_404(queries.saved_views_of(request.person), pk=view_id)
    actions.remove_view(view=view)
    messages.success(request, _("The view “%(name)s” is forgotten.") % {"name": view.name})
    return redirect(programme_url(request.programme, "deals:deal_list"))


def _page(request: ProgrammeRequest, filters: DealFilter, today: date) -> dict[str, Any]:
    cursor = filters.cursor
    deals, found = _searched(request, filters)
    listed, more = found[:PAGE_ROWS], len(found) > PAGE_ROWS
    sees_interviewers = request.person.has_role(Role.ADMIN, Role.MANAGER, Role.REVIEWER)
    interviewers = queries.interviewers_of([deal.pk for deal in listed]) if sees_interviewers else None
    rows = [(deal, _window(request.programme, deal, today)) for deal in listed]
    writer = RowWriter(page=_deal_page(request), slot=str(_NOBODY), today=today, interviewers=interviewers)
    before = cursor.rows_before if cursor else 0
    return {
        "rows": rows,
        "table": writer.table(rows),
        # What stands on one page needs no count of its own.
        "count": queries.count_up_to(deals, COUNTED_TO) if more or cursor else len(rows),
        "counted_to": COUNTED_TO,
        "first_row": before + 1,
        "last_row": before + len(rows),
        "next_page": filters.address(after=_cursor(listed[-1], filters.order, before + len(rows))) if more else "",
        "sees_interviewers": sees_interviewers,
        "can_import": permissions.can_import(request.person),
    }


def _searched(request: ProgrammeRequest, filters: DealFilter) -> tuple[QuerySet[Deal], list[ListedDeal]]:
    """The deals of `_found` and a page of them: one query where the first page shows something."""
    wanted = filters.choices(request.programme)
    deals = queries.filtered(queries.deals_visible_to(request.person), record_of=request.person, **wanted)
    found = queries.page_of(deals, order=filters.order, after=filters.cursor)
    if not found and wanted["q"].strip():
        deals = _found(request, filters)
        found = queries.page_of(deals, order=filters.order, after=filters.cursor)
    return deals, found


# Stands in an address where the id of a row's deal comes.
_NOBODY = UUID(int=0)


def _deal_page(request: ProgrammeRequest) -> str:
    return programme_url(request.programme, "home:deal_page", deal_id=_NOBODY)


def _window(programme: Programme, deal: ListedDeal, today: date) -> Window | None:
    """The window is drawn while a debrief can still be held in it."""
    if deal.decided_on is None or not deal.awaits_debrief:
        return None
    return window_of(
        deal.decided_on,
        today,
        cooling_off_days=programme.cooling_off_days,
        best_within_days=programme.best_within_days,
        overdue_after_days=programme.overdue_after_days,
        implementation_starts_on=deal.implementation_starts_on if deal.outcome == Outcome.WON else None,
    )


def _offered(request: ProgrammeRequest) -> Offered:
    """What the person may filter by. Four queries."""
    return Offered(
        teams={team.pk: team.name for team in _teams(request)},
        owners={person.pk: person.name for person in queries.owners_for(request.person)},
        segments={segment: segment for segment in queries.segments_for(request.person)},
        competitors={rival.pk: rival.name for rival in queries.competitors_for(request.person)},
    )


def _teams(request: ProgrammeRequest) -> list[Team]:
    """The teams whose deals the person may filter by. One query."""
    if request.person.has_role(Role.ADMIN, Role.REVIEWER):
        return list(Team.objects.filter(programme=request.programme).order_by("name"))
    if request.person.has_role(Role.MEMBER):
        return list(teams_of(request.person).order_by("name"))
    return list(teams_managed_by(request.person).order_by("name"))


def _cursor(deal: ListedDeal, order: str, rows_before: int) -> str:
    value = {"decided": deal.decided_on, "amount": deal.amount, "name": deal.name}[order.removeprefix("-")]
    return Cursor(value, deal.pk, rows_before).write()
