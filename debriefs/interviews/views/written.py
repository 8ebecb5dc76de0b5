"""The buyer's answers in writing, for the interviewer: read once sent or shared, the buyer's words marked once sent."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import ProgrammeRequest, programme_url
from debriefs.calls.queries import live_call_of
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal
from debriefs.interviews import actions, pages, queries
from debriefs.interviews.models import AnswerSheet
from debriefs.interviews.views.access import debrief_held_by


@never_cache
@require_safe
def written(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """What the buyer wrote, as far as they let it be read; 404 before they began, the notes once written up."""
    debrief = debrief_held_by(request, debrief_id)
    sheet = queries.written_sheet_of(debrief)
    if sheet is None:
        raise Http404
    if debrief.written_up_at is not None:
        return redirect(programme_url(request.programme, "interviews:answers", debrief_id=debrief.pk))
    sheet.debrief = debrief
    is_readable = sheet.submitted_at is not None or sheet.shared_at is not None
    return shown(request, sheet, pages.turns_of(sheet, request.programme) if is_readable else [])


@require_POST
def written_alone(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """The interviewer writes up from the answers in writing: there will be no call."""
    debrief = debrief_held_by(request, debrief_id)
    try:
        actions.go_on_without_call(debrief=debrief, by=request.person, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(programme_url(request.programme, "calls:debrief_page", debrief_id=debrief.pk))
    return redirect(programme_url(request.programme, "interviews:write_up", debrief_id=debrief.pk))


def shown(request: ProgrammeRequest, sheet: AnswerSheet, turns: list[pages.Turn], status: int = 200) -> HttpResponse:
    """The page with its turns; without turns where the buyer did not let it be read yet."""
    debrief = sheet.debrief
    assert debrief is not None  # noqa: S101 - a written sheet belongs to a debrief, by constraint
    context = {
        "debrief": debrief,
        "sheet": sheet,
        "turns": [turn for turn in turns if turn.is_asked],
        "call": live_call_of(debrief),
        "page": pages.page_of(sheet),
    }
    return render(request, "interviews/written.html", context, status=status)
