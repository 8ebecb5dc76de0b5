"""After the conversation: every part saved as typed, what is missing, handing in, and correcting what was handed in."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import ProgrammeRequest, is_by_script, programme_url
from debriefs.calls.models import Debrief
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal
from debriefs.interviews import actions, pages, queries, write_up_pages
from debriefs.interviews.forms import CLOSING, PermissionsForm, joined
from debriefs.interviews.models import AnswerSheet, WriteUp
from debriefs.interviews.refusals import PartIsStale, PermissionsAreStale
from debriefs.interviews.views.access import debrief_held_by
from debriefs.interviews.views.questionnaire import shown as questionnaire_shown
from debriefs.interviews.write_up_forms import ADDING, CorrectionForm, PartForm


@never_cache
@require_safe
def write_up(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """The write-up for its interviewer; before the interview, the way in; once handed in, the notes."""
    debrief = debrief_held_by(request, debrief_id)
    found = queries.write_up_of(debrief)
    if found is None:
        return redirect(programme_url(request.programme, "interviews:questionnaire", debrief_id=debrief.pk))
    if found.submitted_at is not None:
        return redirect(_address(request, found, "answers"))
    return _shown(request, found)


@require_POST
def part_save(request: ProgrammeRequest, write_up_id: UUID, part: str) -> HttpResponse:
    """One save of one part. To the script: JSON. To a form: the page. 409 with both texts, 422 with a sentence, as for answers."""
    found = queries.write_up_written_by(request.person, write_up_id)
    form = PartForm(request.POST)
    if not form.is_valid():
        return _refused(request, found, part, _sentence(form), 422)
    try:
        saved = actions.save_part(write_up=found, key=part, by=request.person, now=clock.now(), **form.cleaned_data)
    except PartIsStale as stale:
        return _refused(request, found, part, str(stale), 409, stale)
    except Refusal as refusal:
        return _refused(request, found, part, str(refusal), 422)
    if is_by_script(request):
        told = {"revision": saved.revision, "saved_at": pages.hour_of(clock.now(), request.user.time_zone)}
        return JsonResponse(told | {"state": "noted" if saved.part.is_filled else "empty"})
    return redirect(f"{_address(request, found, 'write_up')}#part-{part}")


@require_POST
def row_add(request: ProgrammeRequest, write_up_id: UUID, row_kind: str) -> HttpResponse:
    """Adds a reason, a need, a competitor or something that came out only now."""
    found = queries.write_up_written_by(request.person, write_up_id)
    form = write_up_pages.adding_form(request, found, row_kind, request.POST)

    def act() -> None:
        ADDING[row_kind].act(write_up=found, by=request.person, now=clock.now(), **form.cleaned_data)

    if not form.is_valid():
        return _shown(request, found, forms={row_kind: form}, status=422)
    return _acted(request, found, act, f"#h-{write_up_pages.GROUP_OF[row_kind]}")


@require_POST
def row_remove(request: ProgrammeRequest, row_kind: str, row_id: UUID) -> HttpResponse:
    """Takes such a row out again."""
    row = queries.row_written_by(request.person, row_kind, row_id)
    act = lambda: actions.remove_row(row=row, by=request.person, now=clock.now())  # noqa: E731
    return _acted(request, row.write_up, act, f"#h-{write_up_pages.GROUP_OF[row_kind]}")


def _kept(debrief: Debrief) -> str:
    """What became of permissions that were recorded: with what was released, where that showed more. One query."""
    was_released = debrief.released_at is not None
    debrief.refresh_from_db(fields=["released_at"])
    if was_released and debrief.released_at is None:
        return _(
            "The permissions are kept. The release showed more; it was taken back, and whoever released it is told."
        )
    return _("The permissions are kept. The buyer can change them at any time.")


@require_POST
def permissions(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Records what the buyer permits and refuses; what is left out stays as it was. To the script: JSON."""
    debrief = debrief_held_by(request, debrief_id)
    found, sheet = queries.write_up_of(debrief), queries.sheet_of(debrief)
    if found is None:
        raise Http404
    asked = debrief.guide_version.guide.permissions
    form = PermissionsForm(request.POST, recorded=queries.permissions_given(debrief), asked=asked, action="")
    if not form.is_valid():
        return _permissions_unread(request, debrief, found, sheet, _sentence(form))
    over, problem, torn = form.over() if "over" in request.POST else None, "", {}
    try:
        actions.set_permissions(
            debrief=debrief,
            given=form.given(),
            quote_level=form.quote_level(),
            over=over,
            by=request.person,
            now=clock.now(),
        )
    except PermissionsAreStale as stale:
        problem, torn = str(stale), stale.torn
    except Refusal as refusal:
        problem = str(refusal)
    words = problem or _kept(debrief)
    if is_by_script(request):
        # What the page goes on from: what it showed, with what was recorded of it now or stands against it.
        seen = joined((over or {}) | (torn if problem else form.said()))
        told: dict[str, Any] = {"said": words, "problem": problem, "torn": torn, "over": seen}
        told["saved_at"] = pages.hour_of(clock.now(), request.user.time_zone)
        return JsonResponse(told, status=422 if problem else 200)
    (messages.error if problem else messages.success)(request, words)
    if request.POST.get("back") == "write_up" or sheet is None:
        return redirect(f"{_address(request, found, 'write_up')}#h-permissions")
    return redirect(f"{pages.page_of(sheet)}?at={CLOSING}")


def _permissions_unread(
    request: ProgrammeRequest, debrief: Debrief, found: WriteUp, sheet: AnswerSheet | None, problem: str
) -> HttpResponse:
    if is_by_script(request):
        return JsonResponse({"problem": problem}, status=422)
    if sheet is None:
        return _shown(request, found, status=422)
    sheet.debrief = debrief
    turns = pages.turns_of(sheet, request.programme)
    return questionnaire_shown(request, sheet, turns, at=CLOSING, status=422)


@require_POST
def submit(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Hands the write-up in; from then on this version does not change."""
    debrief = debrief_held_by(request, debrief_id)
    found = queries.write_up_of(debrief)
    if found is None:
        raise Http404
    try:
        actions.submit_write_up(write_up=found, by=request.person, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _shown(request, found, status=422)
    messages.success(request, _("The write-up is handed in. Somebody else checks it before the team reads anything."))
    return redirect(_address(request, found, "answers"))


@require_POST
def correct(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Opens a further version of a write-up that was handed in, with the reason."""
    debrief = debrief_held_by(request, debrief_id)
    form = CorrectionForm(request.POST)
    found = queries.handed_in_of(debrief)
    if found is None:
        raise Http404
    if not form.is_valid():
        messages.error(request, _sentence(form))
        return redirect(_address(request, found, "answers"))
    try:
        actions.correct_write_up(
            debrief=debrief, reason=form.cleaned_data["reason"], by=request.person, now=clock.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(_address(request, found, "answers"))
    return redirect(_address(request, found, "write_up"))


@require_POST
def discard(request: ProgrammeRequest, write_up_id: UUID) -> HttpResponse:
    """Gives an open correction up; what was handed in stands."""
    found = queries.write_up_written_by(request.person, write_up_id)
    if found.number == 1:
        raise PermissionDenied(_("The first version is not a correction: it can only be handed in."))
    act = lambda: actions.discard_correction(write_up=found, by=request.person, now=clock.now())  # noqa: E731
    return _acted(request, found, act, "", to="answers")


def _acted(
    request: ProgrammeRequest, found: WriteUp, act: Callable[[], Any], anchor: str, to: str = "write_up"
) -> HttpResponse:
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(request, found, to) + anchor)


def _refused(
    request: ProgrammeRequest, found: WriteUp, key: str, problem: str, status: int, stale: PartIsStale | None = None
) -> HttpResponse:
    """What was typed stays: with the script in the page that sent it, else in the page that answers."""
    told = write_up_pages.as_told(stale, request.user.time_zone) if stale else {}
    if is_by_script(request):
        return JsonResponse({"problem": problem, **told}, status=status)
    typed = write_up_pages.Typed(
        key, request.POST.get("text", ""), PartForm(request.POST)["chosen"].value() or [], problem, told
    )
    return _shown(request, found, typed=typed, status=status)


def _sentence(form: BaseForm) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def _address(request: ProgrammeRequest, found: WriteUp, name: str) -> str:
    return programme_url(request.programme, f"interviews:{name}", debrief_id=found.debrief_id)


def _shown(request: ProgrammeRequest, found: WriteUp, *, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "interviews/write_up.html", write_up_pages.page_of(request, found, **more), status=status)
