"""When an interviewer can be booked: the same for every programme they work for."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.calls import availability
from debriefs.calls.actions import availability as actions
from debriefs.calls.availability_forms import AvailabilityForm, CalendarForm, ExceptionForm
from debriefs.calls.feed import calls_as_calendar
from debriefs.calls.models import AvailabilityException, BusyCalendar
from debriefs.calls.public_access import guarded, within_limit
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal

_interviews = roles_required(Role.INTERVIEWER, Role.MANAGER)


def _back(request: ProgrammeRequest) -> HttpResponse:
    return redirect(programme_url(request.programme, "calls:availability"))


def _shown(request: ProgrammeRequest, status: int = 200, **forms: Any) -> HttpResponse:
    form = forms.get("form") or AvailabilityForm(initial=availability.initial_of(request.user))
    address = {name: programme_url(request.programme, f"calls:{name}") for name in ("exception_add", "calendar_add")}
    page = {
        "form": form,
        "days": availability.rows_of(form),
        "exception_form": forms.get("exception_form") or ExceptionForm(action=address["exception_add"]),
        "calendar_form": forms.get("calendar_form") or CalendarForm(action=address["calendar_add"]),
    }
    return render(
        request, "calls/availability.html", page | availability.page_of(request.user, clock.now()), status=status
    )


@_interviews
@require_http_methods(["GET", "HEAD", "POST"])
def availability_page(request: ProgrammeRequest) -> HttpResponse:
    """Hours, limits and languages; days that differ, calendars elsewhere and the feed beside them."""
    if request.method != "POST":
        return _shown(request)
    form = AvailabilityForm(request.POST)
    if not form.is_valid():
        return _shown(request, 422, form=form)
    actions.save_hours(user=request.user, form_data=form.cleaned_data, spans=form.spans(), now=clock.now())
    messages.success(request, _("Your hours are saved."))
    return _back(request)


def _added(
    request: ProgrammeRequest, name: str, form: ExceptionForm | CalendarForm, act: Callable[..., Any], said: str
) -> HttpResponse:
    """Adds what the form says and goes back to the page; a refusal stands above what was typed, in the form called `name`."""
    if form.is_valid():
        try:
            act(user=request.user, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("url" if "url" in form.fields else None, str(refusal))
        else:
            messages.success(request, said)
            return _back(request)
    return _shown(request, 422, **{name: form})


@_interviews
@require_POST
def exception_add(request: ProgrammeRequest) -> HttpResponse:
    """Days that differ from the weekly hours."""
    form = ExceptionForm(request.POST, action=request.path)
    return _added(request, "exception_form", form, actions.add_exception, _("Those days are noted."))


@_interviews
@require_POST
def exception_remove(request: ProgrammeRequest, exception_id: UUID) -> HttpResponse:
    """The weekly hours hold on those days again."""
    get_object_or_404(AvailabilityException, pk=exception_id, user=request.user)
    actions.remove_exception(user=request.user, exception_id=exception_id, now=clock.now())
    messages.success(request, _("Your weekly hours hold again."))
    return _back(request)


@_interviews
@require_POST
def calendar_add(request: ProgrammeRequest) -> HttpResponse:
    """A calendar elsewhere whose busy times are not offered."""
    form = CalendarForm(request.POST, action=request.path)
    said = _("The calendar is read within a minute, and every quarter of an hour from then on.")
    return _added(request, "calendar_form", form, actions.add_calendar, said)


@_interviews
@require_POST
def calendar_remove(request: ProgrammeRequest, calendar_id: UUID) -> HttpResponse:
    """The calendar is not read any more."""
    get_object_or_404(BusyCalendar, pk=calendar_id, user=request.user)
    actions.remove_calendar(user=request.user, calendar_id=calendar_id, now=clock.now())
    messages.success(request, _("The calendar is not read any more; its times can be booked."))
    return _back(request)


@_interviews
@require_POST
def feed_open(request: ProgrammeRequest) -> HttpResponse:
    """A new private address for one's own calls; the one before stops working."""
    actions.open_feed(user=request.user, now=clock.now())
    messages.success(request, _("The private address is ready. Whoever knows it sees when you have calls."))
    return _back(request)


@_interviews
@require_POST
def feed_close(request: ProgrammeRequest) -> HttpResponse:
    """The private address stops working."""
    actions.close_feed(user=request.user, now=clock.now())
    messages.success(request, _("The private address does not work any more."))
    return _back(request)


@login_not_required
@require_safe
def call_feed(request: HttpRequest, feed_id: UUID, token: str) -> HttpResponse:
    """One's own calls as a calendar, for any calendar program: the token in the address is the key. Changes no row."""
    if not within_limit(request, feed_id):
        return guarded(HttpResponse(_("Too often. Try again in ten minutes."), status=429, content_type="text/plain"))
    feed = actions.feed_opened_by(feed_id, token)
    if feed is None:
        return guarded(HttpResponse(_("Nothing is here."), status=404, content_type="text/plain; charset=utf-8"))
    body = calls_as_calendar(feed.user, clock.now())
    return guarded(HttpResponse(body, content_type="text/calendar; charset=utf-8"))
