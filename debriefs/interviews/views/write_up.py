"""After the conversation: what is missing, what the buyer named and permits, and handing in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import ProgrammeRequest, programme_url
from debriefs.codebook.queries import drivers_of
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal
from debriefs.interviews import actions, pages, queries
from debriefs.interviews.forms import CLOSING, PermissionsForm, StatedReasonForm
from debriefs.interviews.models import AnswerSheet, Tag
from debriefs.interviews.views.access import debrief_held_by, sheet_held_by
from debriefs.interviews.views.questionnaire import shown as questionnaire_shown


@require_safe
def write_up(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """The checklist of the write-up for its interviewer; before the interview, the way in; once handed in, the notes."""
    debrief = debrief_held_by(request, debrief_id)
    sheet = queries.sheet_of(debrief)
    if sheet is None:
        return redirect(programme_url(request.programme, "interviews:questionnaire", debrief_id=debrief.pk))
    if sheet.submitted_at is not None:
        return redirect(programme_url(request.programme, "interviews:answers", debrief_id=debrief.pk))
    sheet.debrief = debrief
    return _shown(request, sheet)


@require_POST
def reason_add(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Adds a reason the buyer named, with what lay behind it."""
    sheet = sheet_held_by(request, debrief_id)
    form = _reason_form(request, sheet)
    if not form.is_valid():
        return _shown(request, sheet, form, 422)
    try:
        actions.set_stated_reason(sheet=sheet, by=request.person, now=clock.now(), **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _shown(request, sheet, form, 422)
    return redirect(_address(request, sheet, "write_up"))


@require_POST
def reason_remove(request: ProgrammeRequest, reason_id: UUID) -> HttpResponse:
    """Takes a stated reason out again."""
    reason = queries.reason_written_by(request.person, reason_id)
    try:
        actions.remove_stated_reason(reason=reason, by=request.person, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(request, reason.sheet, "write_up"))


@require_POST
def permissions(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Records what the buyer permits and refuses."""
    sheet = sheet_held_by(request, debrief_id)
    assert sheet.debrief is not None  # noqa: S101 - found by its debrief
    asked = sheet.debrief.guide_version.guide.permissions
    form = PermissionsForm(request.POST, recorded=queries.permissions_given(sheet.debrief), asked=asked, action="")
    if not form.is_valid():
        turns = pages.turns_of(sheet, request.programme)
        return questionnaire_shown(request, sheet, turns, at=CLOSING, status=422)
    try:
        actions.set_permissions(
            debrief=sheet.debrief,
            given=form.given(),
            quote_level=form.quote_level(),
            by=request.person,
            now=clock.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The permissions are kept. The buyer can change them at any time."))
    return redirect(f"{pages.page_of(sheet)}?at={CLOSING}")


@require_POST
def submit(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Hands the write-up in; from then on the notes do not change."""
    sheet = sheet_held_by(request, debrief_id)
    try:
        actions.submit_write_up(sheet=sheet, by=request.person, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _shown(request, sheet, status=422)
    messages.success(request, _("The write-up is handed in. Somebody else checks it before the team reads anything."))
    return redirect(_address(request, sheet, "answers"))


def _address(request: ProgrammeRequest, sheet: AnswerSheet, name: str) -> str:
    return programme_url(request.programme, f"interviews:{name}", debrief_id=sheet.debrief_id)  # type: ignore[arg-type]


def _reason_form(request: ProgrammeRequest, sheet: AnswerSheet) -> StatedReasonForm:
    return StatedReasonForm(
        request.POST if request.method == "POST" else None,
        drivers=drivers_of(request.programme),
        action=_address(request, sheet, "reason_add"),
    )


def _shown(
    request: ProgrammeRequest, sheet: AnswerSheet, form: StatedReasonForm | None = None, status: int = 200
) -> HttpResponse:
    lacking = actions.checklist(sheet)
    if form is None:
        form = StatedReasonForm(drivers=drivers_of(request.programme), action=_address(request, sheet, "reason_add"))
    shown: dict[str, Any] = {
        "sheet": sheet,
        "debrief": sheet.debrief,
        "missing": lacking,
        "is_blocked": any(one.blocks for one in lacking),
        "reasons": queries.stated_reasons_of(sheet),
        "tags": Tag.objects.filter(answer__sheet=sheet).select_related("driver", "verbatim", "answer__question"),
        "form": form,
        "page": pages.page_of(sheet),
    }
    return render(request, "interviews/write_up.html", shown, status=status)
