"""Coding a debrief a second time, blind, and both codings side by side."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.calls.permissions import may_review
from debriefs.findings import permissions, queries, second_coding, second_pages
from debriefs.findings.forms import ConsensusForm, FindingForm
from debriefs.findings.models import CodedUnit, SecondCoding, Side
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal, Stale


def _coding(request: ProgrammeRequest, debrief_id: UUID) -> SecondCoding:
    """The second coding, or 404 for whoever could not review the debrief and where none was chosen."""
    coding = get_object_or_404(queries.second_codings_of(request.person), debrief=debrief_id)
    if not may_review(request.person, coding.debrief):
        raise Http404
    return coding


def _unit(request: ProgrammeRequest, unit_id: UUID) -> CodedUnit:
    """One of the person's own; what others coded does not exist here."""
    unit = get_object_or_404(
        CodedUnit.objects.select_related("coding"),
        pk=unit_id,
        programme=request.programme,
        side=Side.SECOND,
        coding__coder=request.person,
    )
    unit.coding = _coding(request, unit.coding.debrief_id)
    return unit


def _url(request: ProgrammeRequest, name: str, coding: SecondCoding) -> str:
    return programme_url(request.programme, f"findings:{name}", debrief_id=coding.debrief_id)


def _shown(request: ProgrammeRequest, coding: SecondCoding, status: int = 200, **more: Any) -> HttpResponse:
    if coding.coder_id != request.person.pk:
        page = second_pages.offer_page(request.person, coding)
        return render(request, "findings/second_offer.html", page | more, status=status)
    form = FindingForm(programme=request.programme, back="", action=_url(request, "second_add", coding), is_blind=True)
    page = second_pages.blind_page(request.person, coding, clock.now()) | {"form": form}
    return render(request, "findings/second_coding.html", page | more, status=status)


def _acted(
    request: ProgrammeRequest, coding: SecondCoding, act: Callable[[datetime], Any], said: str, **typed: Any
) -> HttpResponse:
    """Runs an act and goes back to the page; a refusal is said there, beside what was `typed`."""
    try:
        act(clock.now())
    except Refusal as refusal:
        return _shown(request, coding, 422, error=str(refusal), **typed)
    messages.success(request, said)
    return redirect(_url(request, "second_coding", coding))


@roles_required(Role.REVIEWER, Role.ADMIN)
@require_safe
def second_list(request: ProgrammeRequest) -> HttpResponse:
    """The debriefs that the rule chose for a second coder, with how far each has come."""
    page = {"codings": queries.second_codings_of(request.person), "percent": request.programme.second_coding_percent}
    return render(request, "findings/second_list.html", page)


@require_safe
def second_page(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Notes left, own findings right; nothing of the first coder's."""
    return _shown(request, _coding(request, debrief_id))


@require_POST
def second_begin(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Takes the second coding on."""
    coding = _coding(request, debrief_id)
    begin = lambda now: second_coding.begin(coding=coding, by=request.person, now=now)  # noqa: E731
    return _acted(request, coding, begin, _("You code this debrief a second time. The first coding stays closed to you until you hand in."))  # fmt: skip


@require_POST
def second_add(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Adds a finding of the second coder."""
    coding = _coding(request, debrief_id)
    action = _url(request, "second_add", coding)
    form = FindingForm(request.POST, programme=request.programme, back="", action=action, is_blind=True)
    if not form.is_valid():
        return _shown(request, coding, 422, form=form)
    add = lambda now: second_coding.add_unit(coding=coding, by=request.person, now=now, **form.facts())  # noqa: E731
    return _acted(request, coding, add, _("Saved."), form=form)


@require_POST
def second_remove(request: ProgrammeRequest, unit_id: UUID) -> HttpResponse:
    """Removes one of the second coder's own findings."""
    unit = _unit(request, unit_id)
    remove = lambda now: second_coding.remove_unit(unit=unit, by=request.person)  # noqa: E731
    return _acted(request, unit.coding, remove, _("Removed."))


@require_POST
def second_decided(request: ProgrammeRequest, unit_id: UUID) -> HttpResponse:
    """Says that this finding decided, in the second coder's reading."""
    unit = _unit(request, unit_id)
    decide = lambda now: second_coding.decide_unit(unit=unit, by=request.person)  # noqa: E731
    return _acted(request, unit.coding, decide, _("Noted as what decided."))


@require_POST
def second_hand_in(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Closes the second coding."""
    coding = _coding(request, debrief_id)
    hand_in = lambda now: second_coding.hand_in(coding=coding, by=request.person, now=now)  # noqa: E731
    return _acted(request, coding, hand_in, _("Handed in. It can be compared once the first coding is closed too."))


def _comparable(request: ProgrammeRequest, debrief_id: UUID) -> SecondCoding:
    coding = _coding(request, debrief_id)
    if not permissions.may_compare(request.person, coding):
        raise Http404
    return coding


@require_safe
def differences(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Both codings side by side once both are closed, and the consensus."""
    return _differences(request, _comparable(request, debrief_id))


def _differences(request: ProgrammeRequest, coding: SecondCoding, status: int = 200, error: str = "") -> HttpResponse:
    page = second_pages.differences_page(coding) | {"error": error, "seen": second_coding.seen_of(coding)}
    return render(request, "findings/differences.html", page, status=status)


@require_POST
def consensus(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Notes what both coders agree on, apart from both codings."""
    coding = _comparable(request, debrief_id)
    form = ConsensusForm(request.POST, drivers=coding.units.exclude(side=Side.LEFT).values_list("driver_id", flat=True))
    if not form.is_valid():
        return _differences(
            request, coding, 422, _("For every driver, say whose coding you keep, and which of them decided.")
        )
    try:
        second_coding.agree(
            coding=coding, taken=form.taken(), deciding=form.deciding(), by=request.person, now=clock.now(),
            seen=form.cleaned_data["seen"],
        )  # fmt: skip
    except Refusal as refusal:
        status = 409 if isinstance(refusal, Stale) else 422
        return _differences(request, _comparable(request, debrief_id), status, str(refusal))
    messages.success(request, _("The consensus is noted. Both codings stay as they are."))
    return redirect(_url(request, "differences", coding))
