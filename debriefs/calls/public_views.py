"""The prospect's pages. GET changes nothing; every change is a POST with a choice that nobody made beforehand."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from debriefs.calls import actions, links, prospect_state
from debriefs.calls.enums import DeclineReason, Side
from debriefs.calls.models import Debrief, ProspectLink
from debriefs.calls.notices import read_in
from debriefs.calls.public_access import (
    admit,
    confirm_addressee,
    find_link,
    forwarded_page,
    guarded,
    language_of,
    not_open,
    prospect_page,
    too_often,
    whose_page,
    within_limit,
)
from debriefs.calls.public_forms import ConfirmForm, DataForm, DeclineForm, NoteForm, SlotForm, StopForm, WritingForm
from debriefs.calls.queries import live_call_of
from debriefs.calls.refusals import DebriefChanged
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal, Stale


@login_not_required
@require_safe
def open_link(request: HttpRequest, link_id: UUID, token: str) -> HttpResponse:
    """Exchanges the address of the mail for a cookie and leads to the page without token. Writes no row."""
    if not within_limit(request, link_id):
        return too_often(request)
    link = find_link(link_id)
    if link is None or not links.opens(link, token):
        return not_open(request)
    return guarded(admit(link))


def _shown(request: HttpRequest, link: ProspectLink, debrief: Debrief, status: int = 200, **more: Any) -> HttpResponse:
    now = clock.now()
    page = prospect_state.page_of(
        link, debrief, now=now, time_zone=request.GET.get("tz") or request.POST.get("tz") or ""
    )
    if not request.is_addressee and not prospect_state.is_untouched(page):  # type: ignore[attr-defined]
        return whose_page(request, link, debrief, status, **more)
    with timezone.override(page["time_zone"]):
        return render(request, "prospect/page.html", page | more, status=status)


def _acted(request: HttpRequest, link: ProspectLink, debrief: Debrief, form: Form, act: Any) -> HttpResponse:
    """Runs the act of a valid form and goes back to the page; a refusal or an error shows the page with what was typed."""
    if not form.is_valid():
        return _shown(request, link, debrief, 422, error=next(iter(form.errors.values()))[0], typed=request.POST)
    try:
        act(form.cleaned_data, clock.now())
    except Stale as stale:
        debrief.refresh_from_db()
        return _shown(request, link, debrief, 409, error=str(stale), typed=request.POST)
    except Refusal as refusal:
        debrief.refresh_from_db()
        return _shown(request, link, debrief, 422, error=str(refusal), typed=request.POST)
    return redirect("prospect:page", link_id=link.id)


def _as_addressee(answer: HttpResponse, link: ProspectLink) -> HttpResponse:
    """Who decides here may read what they decided."""
    return confirm_addressee(answer, link) if answer.status_code == 302 else answer


@forwarded_page
@require_POST
def addressee(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """Whoever opened the link says that it is them we wrote to; this browser keeps it, and no row changes."""
    own = reverse("prospect:page", kwargs={"link_id": link.id})
    to = request.POST.get("to", "")
    return confirm_addressee(redirect(to if to.startswith(own) and to.isascii() and len(to) < 200 else own), link)


@forwarded_page
@require_safe
def page(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """How things stand, and what can be done now."""
    return _shown(request, link, debrief)


@forwarded_page
@require_safe
def confirm(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """The chosen time once more, in the prospect's zone, before it is booked."""
    form = SlotForm(request.GET)
    if not form.is_valid():
        return _shown(request, link, debrief, 422, error=next(iter(form.errors.values()))[0])
    page = prospect_state.page_of(link, debrief, now=clock.now(), time_zone=form.cleaned_data["tz"])
    if not request.is_addressee and not prospect_state.is_untouched(page):  # type: ignore[attr-defined]
        return whose_page(request, link, debrief)
    if page["state"] not in ("choose", "booked") or form.cleaned_data["version"] not in (None, debrief.version):
        return _shown(request, link, debrief, 409, error=str(DebriefChanged()))
    chosen: datetime = form.cleaned_data["slot"]
    with timezone.override(page["time_zone"]):
        return render(request, "prospect/confirm.html", page | {"slot": chosen, "slot_value": chosen.isoformat()})


@forwarded_page
@require_POST
def book(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """Books the chosen time, or moves the booked call to it."""

    def act(data: dict[str, Any], now: datetime) -> None:
        call = live_call_of(debrief)
        zone = data["tz"] or read_in(debrief.contact, call)
        do = actions.move_call if call else actions.book
        do(debrief=debrief, starts_at=data["slot"], time_zone=zone, now=now, version=data["version"])

    return _as_addressee(_acted(request, link, debrief, SlotForm(request.POST), act), link)


@prospect_page
@require_POST
def cancel(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """Cancels the booked call; other times are offered again."""

    def act(data: dict[str, Any], now: datetime) -> None:
        actions.cancel_call(debrief=debrief, side=Side.BUYER, now=now, version=data["version"])

    return _acted(request, link, debrief, ConfirmForm(request.POST), act)


@forwarded_page
@require_POST
def decline(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """The prospect does not want this conversation, with one of four reasons."""

    def act(data: dict[str, Any], now: datetime) -> None:
        if data["reason"] == DeclineReason.IN_WRITING:
            actions.choose_writing(debrief=debrief, text=data["text"], now=now)
        else:
            actions.decline(debrief=debrief, reason=data["reason"], text=data["text"], now=now)

    return _as_addressee(_acted(request, link, debrief, DeclineForm(request.POST), act), link)


@prospect_page
@require_POST
def undo_decline(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """The prospect thought again."""
    return _acted(
        request,
        link,
        debrief,
        ConfirmForm(request.POST),
        lambda data, now: actions.undo_decline(debrief=debrief, now=now),
    )


@forwarded_page
@require_POST
def note(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """None of the times suits, or somebody else knows more."""
    form = NoteForm(request.POST)

    def act(data: dict[str, Any], now: datetime) -> None:
        actions.note_from_prospect(debrief=debrief, kind=data["kind"], text=data["text"], now=now)

    answer = _acted(request, link, debrief, form, act)
    if answer.status_code == 302:
        messages.success(request, _("Thank you. A person reads it and answers."))
    return answer


@forwarded_page
@require_POST
def writing(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """The prospect would rather answer in writing."""
    act = lambda data, now: actions.choose_writing(debrief=debrief, text=data["text"], now=now)  # noqa: E731
    return _as_addressee(_acted(request, link, debrief, WritingForm(request.POST), act), link)


@prospect_page
@require_POST
def undo_writing(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """The prospect would rather speak after all."""
    act = lambda data, now: actions.take_back_writing(debrief=debrief, now=now)  # noqa: E731
    return _acted(request, link, debrief, ConfirmForm(request.POST), act)


@prospect_page
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """What is held about the prospect in outline, and their wish to see all of it or to have it erased."""
    form = DataForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.ask_for_data(debrief=debrief, kind=form.cleaned_data["kind"], now=clock.now())
        return redirect("prospect:data", link_id=link.id)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "prospect/data.html", prospect_state.data_page_of(link, debrief) | {"form": form}, status=status
    )


@prospect_page
@require_POST
def undo_data(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """The prospect takes a wish about their data back."""
    form = DataForm(request.POST)
    if form.is_valid():
        actions.take_back_data_request(debrief=debrief, kind=form.cleaned_data["kind"], now=clock.now())
    return redirect("prospect:data", link_id=link.id)


@forwarded_page
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """Stops mail after a choice between this programme and all; says how to undo it."""
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.stop_mail(debrief=debrief, everywhere=form.cleaned_data["scope"] == "everywhere", now=clock.now())
        return redirect("prospect:stop", link_id=link.id)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "prospect/stop.html", prospect_state.stop_page_of(link, debrief) | {"form": form}, status=status
    )


@forwarded_page
@require_POST
def undo_stop(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """Mail may come again."""
    if ConfirmForm(request.POST).is_valid():
        actions.undo_stop(debrief=debrief, now=clock.now())
    return redirect("prospect:stop", link_id=link.id)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop_at_once(request: HttpRequest, link_id: UUID, token: str) -> HttpResponse:
    """The address mail providers send a POST to (RFC 8058): it stops this programme's mail and does nothing else.

    It needs no cookie and no form, may be repeated, and answers 200. GET shows a page whose button does the same.
    """
    link = find_link(link_id)
    if link is None or not links.opens(link, token, links.STOP_PURPOSE):
        return not_open(request)
    asked = request.POST.get("List-Unsubscribe") == "One-Click" or request.POST.get("sure") == "yes"
    if not asked:
        with translation.override(language_of(request, link.debrief)):
            page = render(request, "prospect/stop_at_once.html", {"programme": link.debrief.programme})
        return guarded(page, referrer="same-origin")
    if link.debrief.contact.erased_at is None:
        # Of who was erased no address is left to stop, and nobody writes to it.
        actions.stop_mail(debrief=link.debrief, everywhere=False, now=clock.now())
    return guarded(
        HttpResponse(_("Mail from this programme is stopped.") + "\n", content_type="text/plain; charset=utf-8")
    )
