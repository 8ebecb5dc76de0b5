"""The questionnaire during the call, and the same page for practice."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.calls.models import Debrief
from debriefs.deals.models import OwnView
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal
from debriefs.guides.queries import version_visible_to
from debriefs.interviews import actions, pages, queries
from debriefs.interviews.forms import ConsentForm
from debriefs.interviews.models import AnswerSheet, Rehearsal
from debriefs.interviews.views.access import debrief_held_by


@never_cache
@require_safe
def questionnaire(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """The page of the call for its interviewer: before it, the way in; after the write-up, the notes to read."""
    debrief = debrief_held_by(request, debrief_id)
    sheet = queries.sheet_of(debrief)
    if sheet is None and debrief.written_sent_at is not None and debrief.held_at is not None:
        return redirect(programme_url(request.programme, "interviews:written", debrief_id=debrief.pk))
    if sheet is None:
        return _before(request, debrief)
    if sheet.submitted_at is not None:
        return redirect(programme_url(request.programme, "interviews:answers", debrief_id=debrief.pk))
    sheet.debrief = debrief
    return shown(request, sheet, pages.turns_of(sheet, request.programme))


@require_POST
def begin(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Begins the interview: the call counts as held and the own view closes."""
    debrief = debrief_held_by(request, debrief_id)
    try:
        actions.begin_interview(debrief=debrief, by=request.person, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _before(request, debrief, 422)
    return redirect(programme_url(request.programme, "interviews:questionnaire", debrief_id=debrief.pk))


@roles_required(Role.ADMIN, Role.MANAGER, Role.INTERVIEWER, Role.REVIEWER)
@require_POST
def rehearse(request: ProgrammeRequest, version_id: UUID) -> HttpResponse:
    """Starts a practice run of a published version."""
    version = version_visible_to(request.person, version_id)
    if version.published_at is None:
        raise PermissionDenied(_("A draft still changes. Publish it, then it can be rehearsed."))
    rehearsal = actions.start_rehearsal(version=version, by=request.person, now=clock.now())
    return redirect(programme_url(request.programme, "interviews:rehearsal", rehearsal_id=rehearsal.pk))


@never_cache
@require_safe
def rehearsal(request: ProgrammeRequest, rehearsal_id: UUID) -> HttpResponse:
    """One's own practice run; other people's do not exist."""
    found = get_object_or_404(Rehearsal, pk=rehearsal_id, person=request.person)
    sheet = AnswerSheet.objects.select_related("rehearsal__guide_version__guide", "programme").get(rehearsal=found)
    return shown(request, sheet, pages.turns_of(sheet, request.programme))


def shown(
    request: ProgrammeRequest,
    sheet: AnswerSheet,
    turns: list[pages.Turn],
    *,
    at: str = "",
    status: int = 200,
    opening: ConsentForm | None = None,
) -> HttpResponse:
    """The questionnaire with its turns; `at` wins over the address. `opening` is what was typed before the first question and refused."""
    of = sheet.debrief or sheet.rehearsal
    assert of is not None  # noqa: S101 - a sheet belongs to one of the two, by constraint
    version = of.guide_version
    context = pages.questionnaire(
        sheet=sheet,
        version=version,
        turns=turns,
        at=at or request.GET.get("at", ""),
        time_zone=request.user.time_zone,
        now=clock.now(),
        expected_minutes=sheet.debrief.minutes if sheet.debrief else version.guide.expected_minutes,
    )
    if opening is not None:
        context["opening"] = opening
    return render(request, "interviews/questionnaire.html", context | _beside(sheet), status=status)


def _beside(sheet: AnswerSheet) -> dict[str, Any]:
    """The short briefing that stands beside the notes."""
    if sheet.debrief is None:
        return {"debrief": None, "own_view": None, "needs": ()}
    own_view = OwnView.objects.filter(deal=sheet.debrief.deal_id).select_related("driver").first()
    return {"debrief": sheet.debrief, "own_view": own_view, "needs": sheet.debrief.deal.needs.all()}


def _before(request: ProgrammeRequest, debrief: Debrief, status: int = 200) -> HttpResponse:
    return render(request, "interviews/begin.html", {"debrief": debrief}, status=status)
