"""Planning debriefs, following them, and an interviewer's hours."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.calls import actions, availability, overview, permissions
from debriefs.calls.enums import Side
from debriefs.calls.forms import AvailabilityForm, InviteForm, NoShowForm, PlanForm, ReasonForm
from debriefs.calls.models import Debrief
from debriefs.calls.queries import debrief_visible_to
from debriefs.calls.refusals import NoSide
from debriefs.deals.permissions import can_schedule as can_schedule_deal
from debriefs.deals.queries import deal_visible_to
from debriefs.deals.refusals import RecentlyApproached
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal
from debriefs.guides.queries import newer_version


def _page(request: ProgrammeRequest, debrief: Debrief) -> str:
    return programme_url(request.programme, "calls:debrief_page", debrief_id=debrief.pk)


@require_safe
def debrief_list(request: ProgrammeRequest) -> HttpResponse:
    """The debriefs the reader may open, by state, newest first; fifty a page."""
    state = request.GET.get("state", "")
    rows = overview.listed(request.person, state)
    page = Paginator(rows, 50).get_page(request.GET.get("page", "1")[:6])
    return render(
        request,
        "calls/debrief_list.html",
        {"page": page, "views": overview.views(request.person, state), "state": state},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def debrief_plan(request: ProgrammeRequest, deal_id: UUID) -> HttpResponse:
    """Plans a debrief: 404 for a deal one may not know of, 403 for one whose debriefs another plans."""
    deal = deal_visible_to(request.person, deal_id)
    if not can_schedule_deal(request.person, deal):
        raise PermissionDenied(_("The manager of the deal’s team, or the programme manager, plans its debriefs."))
    back = programme_url(request.programme, "home:deal_page", deal_id=deal.pk)
    form = PlanForm(request.POST or None, deal=deal, back=back)
    if request.method == "POST" and form.is_valid():
        try:
            debrief = actions.plan_debrief(deal=deal, by=request.person, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Planned. Nothing has gone to the buyer yet."))
            return redirect(_page(request, debrief))
    status = 422 if request.method == "POST" else 200
    return render(
        request,
        "calls/debrief_plan.html",
        overview.plan_page(request.person, deal, clock.now()) | {"form": form},
        status=status,
    )


@require_safe
def debrief_page(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """One debrief: where it stands, what can be done, what was mailed, what the buyer wrote."""
    debrief = debrief_visible_to(request.person, debrief_id)
    return render(request, "calls/debrief_page.html", overview.debrief_page(request.person, debrief, clock.now()))


def _acted(
    request: ProgrammeRequest, debrief: Debrief, act: Callable[[datetime], Any], said: str, *, may: bool
) -> HttpResponse:
    """Runs an act and goes back to the debrief; a refusal is said there, on the page that shows how things stand."""
    if not may:
        raise PermissionDenied(_("This is for the manager of the deal’s team, or for the interviewer."))
    try:
        act(clock.now())
    except Refusal as refusal:
        page = overview.debrief_page(request.person, debrief_visible_to(request.person, debrief.pk), clock.now())
        asks_reason = isinstance(refusal, RecentlyApproached)
        return render(
            request, "calls/debrief_page.html", page | {"error": str(refusal), "asks_reason": asks_reason}, status=422
        )
    messages.success(request, said)
    return redirect(_page(request, debrief))


@require_POST
def debrief_invite(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Sends the invitation, now or after the cooling-off."""
    debrief = debrief_visible_to(request.person, debrief_id)
    form = InviteForm(request.POST)
    reason = form.cleaned_data["overruled_reason"] if form.is_valid() else ""
    send = lambda now: actions.send_invitation(debrief=debrief, by=request.person, now=now, overruled_reason=reason)  # noqa: E731
    return _acted(
        request,
        debrief,
        send,
        _("The invitation is on its way."),
        may=permissions.can_schedule(request.person, debrief),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def debrief_close(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Closes the debrief with a reason."""
    debrief = debrief_visible_to(request.person, debrief_id)
    may = permissions.can_schedule(request.person, debrief)
    if not may:
        raise PermissionDenied(_("The manager of the deal’s team closes a debrief."))
    form = ReasonForm(request.POST or None, back=_page(request, debrief))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        close = lambda now: actions.close_debrief(debrief=debrief, reason=reason, by=request.person, now=now)  # noqa: E731
        return _acted(request, debrief, close, _("Closed."), may=may)
    status = 422 if request.method == "POST" else 200
    return render(request, "calls/debrief_close.html", {"debrief": debrief, "form": form}, status=status)


@require_POST
def debrief_newer_guide(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """The debrief takes the newest version of its guide."""
    debrief = debrief_visible_to(request.person, debrief_id)
    newest = newer_version(debrief.guide_version)

    def take(now: datetime) -> None:
        if newest is not None:
            actions.take_newer_version(debrief=debrief, version=newest, by=request.person, now=now)

    may = permissions.can_schedule(request.person, debrief)
    return _acted(request, debrief, take, _("The newest version of the guide will be asked."), may=may)


@require_POST
def debrief_held(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Marks the conversation as held; for the interviewer and whoever schedules."""
    debrief = debrief_visible_to(request.person, debrief_id)
    held = lambda now: actions.mark_held(debrief=debrief, by=request.person, now=now)  # noqa: E731
    may = permissions.can_interview(request.person, debrief) or permissions.can_schedule(request.person, debrief)
    return _acted(request, debrief, held, _("Marked as held. The write-up is next."), may=may)


@require_POST
def debrief_no_show(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Marks that one side did not come to the booked call."""
    debrief = debrief_visible_to(request.person, debrief_id)
    form = NoShowForm(request.POST)

    def missed(now: datetime) -> None:
        if not form.is_valid():
            raise NoSide
        actions.mark_no_show(debrief=debrief, side=form.cleaned_data["side"], by=request.person, now=now)

    may = permissions.can_interview(request.person, debrief) or permissions.can_schedule(request.person, debrief)
    return _acted(request, debrief, missed, _("Noted. The buyer’s page offers new times."), may=may)


@require_POST
def call_cancel(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Cancels the booked call and tells both."""
    debrief = debrief_visible_to(request.person, debrief_id)
    off = lambda now: actions.cancel_call(debrief=debrief, side=Side.US, by=request.person, now=now)  # noqa: E731
    may = permissions.can_interview(request.person, debrief) or permissions.can_schedule(request.person, debrief)
    return _acted(request, debrief, off, _("Cancelled. Both are told."), may=may)


@roles_required(Role.INTERVIEWER, Role.MANAGER)
@require_http_methods(["GET", "HEAD", "POST"])
def availability_page(request: ProgrammeRequest) -> HttpResponse:
    """When one can be booked, in one's own zone; the same for every programme one works for."""
    form = AvailabilityForm(request.POST or None, initial=availability.initial_of(request.user))
    if request.method == "POST" and form.is_valid():
        availability.save(user=request.user, form_data=form.cleaned_data, spans=form.spans(), now=clock.now())
        messages.success(request, _("Your hours are saved."))
        return redirect(programme_url(request.programme, "calls:availability"))
    status = 422 if request.method == "POST" else 200
    return render(request, "calls/availability.html", {"form": form, "days": availability.rows_of(form)}, status=status)
