"""Following debriefs, and the acts upon one."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import ProgrammeRequest, programme_url
from debriefs.calls import actions, overview, permissions
from debriefs.calls.enums import Side
from debriefs.calls.forms import FrameForm, InviteForm, NoShowForm, PlaceForm, ReasonForm, ReassignForm, StandingForm
from debriefs.calls.models import Debrief
from debriefs.calls.notices import read_in
from debriefs.calls.queries import debrief_visible_to, live_call_of
from debriefs.calls.refusals import DebriefChanged
from debriefs.calls.suggestions import suggested
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
    form = ReasonForm(
        request.POST if request.method == "POST" else None, back=_page(request, debrief), act=_("Close the debrief")
    )
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
def debrief_resume(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """A paused debrief goes on where it stood."""
    debrief = debrief_visible_to(request.person, debrief_id)
    on = lambda now: actions.resume(debrief=debrief, by=request.person, now=now)  # noqa: E731
    return _acted(request, debrief, on, _("It goes on."), may=permissions.can_schedule(request.person, debrief))


def _asked(
    request: ProgrammeRequest,
    debrief: Debrief,
    form: ReasonForm | NoShowForm,
    words: tuple[str, str],
    act: Callable[[dict[str, Any], datetime], Any],
    said: str,
) -> HttpResponse:
    """A page that asks what an act needs, a reason at least; a refusal stands above what was typed, and how things stand now where
    they changed meanwhile."""
    standing, status = None, 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data, clock.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            if isinstance(refusal, DebriefChanged):
                standing, status = debrief_visible_to(request.person, debrief.pk), 409
        else:
            messages.success(request, said)
            return redirect(_page(request, debrief))
    if standing and isinstance(form, StandingForm):
        form.stands_on(standing)
    call = live_call_of(standing) if standing else None
    page = {
        "debrief": debrief,
        "form": form,
        "heading": words[0],
        "intro": words[1],
        "standing": standing,
        "call": call,
    }
    return render(request, "calls/debrief_act.html", page, status=status)


def _either(request: ProgrammeRequest, debrief_id: UUID) -> Debrief:
    debrief = debrief_visible_to(request.person, debrief_id)
    if not (permissions.can_interview(request.person, debrief) or permissions.can_schedule(request.person, debrief)):
        raise PermissionDenied(_("This is for the manager of the deal’s team, or for the interviewer."))
    return debrief


@require_http_methods(["GET", "HEAD", "POST"])
def debrief_no_show(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """One side did not come to the booked call: which, and what is known of why."""
    debrief = _either(request, debrief_id)
    form = NoShowForm(request.POST if request.method == "POST" else None, back=_page(request, debrief))

    def act(data: dict[str, Any], now: datetime) -> None:
        actions.mark_no_show(debrief=debrief, side=data["side"], by=request.person, now=now, reason=data["reason"])

    words = (_("Somebody did not come"), _("Nobody is written to. The buyer’s page offers new times at once."))
    return _asked(request, debrief, form, words, act, _("Noted. The buyer’s page offers new times."))


@require_http_methods(["GET", "HEAD", "POST"])
def call_cancel(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Cancels the booked call and tells both."""
    debrief = _either(request, debrief_id)
    form = StandingForm(
        request.POST if request.method == "POST" else None,
        debrief=debrief,
        back=_page(request, debrief),
        act=_("Cancel the call"),
    )

    def act(data: dict[str, Any], now: datetime) -> None:
        actions.cancel_call(debrief=debrief, side=Side.US, by=request.person, now=now, **data)

    words = (
        _("Cancel the call"),
        _("Both get a cancellation for their calendars. The reason stays here; the buyer’s page offers times again."),
    )
    return _asked(request, debrief, form, words, act, _("Cancelled. Both are told."))


@require_http_methods(["GET", "HEAD", "POST"])
def debrief_replan(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Another length, channel, place or window; where a call is booked, both hear of it."""
    debrief = _scheduled(request, debrief_id)
    form = FrameForm(request.POST if request.method == "POST" else None, debrief=debrief, back=_page(request, debrief))

    def act(data: dict[str, Any], now: datetime) -> None:
        actions.replan(debrief=debrief, by=request.person, now=now, **data)

    words = (
        _("Length, place and window"),
        _(
            "A booked call stays at its time. Both get an update for their calendars if length, channel or place change."
        ),
    )
    return _asked(request, debrief, form, words, act, _("The frame is changed."))


def _scheduled(request: ProgrammeRequest, debrief_id: UUID) -> Debrief:
    debrief = debrief_visible_to(request.person, debrief_id)
    if not permissions.can_schedule(request.person, debrief):
        raise PermissionDenied(_("This is for the manager of the deal’s team."))
    return debrief


@require_http_methods(["GET", "HEAD", "POST"])
def debrief_reassign(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Another interviewer; a booked call is handed over at its time."""
    debrief = _scheduled(request, debrief_id)
    found = suggested(debrief.deal, language=debrief.contact.language, minutes=debrief.minutes, now=clock.now())
    form = ReassignForm(request.POST or None, suggestions=found, deal=debrief.deal, back=_page(request, debrief))

    def act(data: dict[str, Any], now: datetime) -> None:
        actions.reassign(
            debrief=debrief, interviewer=data["interviewer"], by=request.person, now=now, reason=data["reason"]
        )

    words = (
        _("Another interviewer"),
        _(
            "A booked call stays at its time: the one before gets a cancellation, the new one an invitation, the buyer an update."
        ),
    )
    return _asked(request, debrief, form, words, act, _("Handed over."))


@require_http_methods(["GET", "HEAD", "POST"])
def debrief_pause(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Nothing is asked and nothing can be booked until it is resumed."""
    debrief = _scheduled(request, debrief_id)
    form = ReasonForm(
        request.POST if request.method == "POST" else None, back=_page(request, debrief), act=_("Pause the debrief")
    )

    def act(data: dict[str, Any], now: datetime) -> None:
        actions.pause(debrief=debrief, reason=data["reason"], by=request.person, now=now)

    words = (_("Pause"), _("Invitation and nudges wait, and the buyer’s page offers no time. A booked call stands."))
    return _asked(request, debrief, form, words, act, _("Paused."))


@require_http_methods(["GET", "HEAD", "POST"])
def debrief_offer_again(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """The buyer is written to once more after a call that was missed or cancelled, or after "not now"."""
    debrief = _scheduled(request, debrief_id)
    form = ReasonForm(
        request.POST if request.method == "POST" else None, back=_page(request, debrief), act=_("Offer times again")
    )

    def act(data: dict[str, Any], now: datetime) -> None:
        actions.offer_again(debrief=debrief, reason=data["reason"], by=request.person, now=now)

    words = (_("Offer again"), _("The buyer gets one more mail with the same personal link."))
    return _asked(request, debrief, form, words, act, _("The buyer is offered times again."))


@require_http_methods(["GET", "HEAD", "POST"])
def call_place(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Books or moves the call by hand, past the limits that hold for the buyer."""
    debrief = _scheduled(request, debrief_id)
    form = PlaceForm(request.POST if request.method == "POST" else None, debrief=debrief, back=_page(request, debrief))

    def act(data: dict[str, Any], now: datetime) -> None:
        call = live_call_of(debrief)
        zone = read_in(debrief.contact, call)
        do = actions.move_call if call else actions.book
        do(
            debrief=debrief, starts_at=data["starts_at"].astimezone(UTC), time_zone=zone, now=now,
            by=request.person, reason=data["reason"], version=data["version"],
        )  # fmt: skip

    words = (
        _("A time by hand"),
        _(
            "Past the interviewer’s hours, notice and calls a day, and as often as needed. Never past another call: the database refuses that."
        ),
    )
    return _asked(request, debrief, form, words, act, _("Booked. Both get the calendar file."))


@require_http_methods(["GET", "HEAD", "POST"])
def link_withdraw(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """The personal links sent so far stop opening, because one got into the wrong hands."""
    debrief = _scheduled(request, debrief_id)
    form = ReasonForm(
        request.POST if request.method == "POST" else None, back=_page(request, debrief), act=_("Withdraw the link")
    )

    def act(data: dict[str, Any], now: datetime) -> None:
        actions.withdraw_link(debrief=debrief, reason=data["reason"], by=request.person, now=now)

    words = (
        _("Withdraw the personal link"),
        _(
            "Every link sent to the buyer so far stops opening, also where the buyer has the page open. Nothing is sent: the next mail carries a new link, so send the latest one again if the buyer needs it."
        ),
    )
    return _asked(request, debrief, form, words, act, _("Withdrawn. The next mail carries a new link."))
