"""Saving what was noted: by the page's script as it is typed, or by a button without it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.requests import ProgrammeRequest, is_by_script, programme_url
from debriefs.codebook.queries import drivers_of
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal
from debriefs.interviews import actions, pages
from debriefs.interviews.enums import SheetKind
from debriefs.interviews.forms import CLOSING, OPENING, AnswerForm, ChosenField, ConsentForm, MarkForm
from debriefs.interviews.models import Answer, AnswerSheet
from debriefs.interviews.queries import (
    answer_marked_by,
    answer_written_by,
    asked_in,
    competitors_of,
    sheet_written_by,
    tag_marked_by,
    verbatim_marked_by,
)
from debriefs.interviews.refusals import AnswerIsStale, OpeningIsStale
from debriefs.interviews.rules import unified
from debriefs.interviews.views.questionnaire import shown
from debriefs.interviews.views.written import shown as written_shown


@require_POST
def answer_save(request: ProgrammeRequest, answer_id: UUID) -> HttpResponse:
    """One save of one answer. To the script: JSON. To a form: the next question, or the same one with what was typed.

    409 with both texts when the answer was saved from elsewhere; 422 with a sentence for anything else that was refused.
    """
    answer = answer_written_by(request.person, answer_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _refused(request, answer, _sentence(form), 422)
    data = form.cleaned_data
    go = data.pop("go")
    try:
        saved = actions.save_answer(answer=answer, by=request.person, now=clock.now(), **data)
    except AnswerIsStale as stale:
        return _refused(request, answer, str(stale), 409, current=stale.current)
    except Refusal as refusal:
        return _refused(request, answer, str(refusal), 422)
    if is_by_script(request):
        told = _as_told(request, saved.answer) | {"revision": saved.revision, "asked": asked_in(answer.sheet_id)}
        return JsonResponse(told)
    return redirect(f"{pages.page_of(answer.sheet)}?at={_next_place(answer, go)}")


@require_POST
def consent(request: ProgrammeRequest, sheet_id: UUID) -> HttpResponse:
    """Keeps what was said before the first question, and whether the buyer agreed to notes. To the script: JSON.

    409 with both texts when it was saved from elsewhere; 422 with a sentence for anything else that was refused. What was typed stays.
    """
    sheet = sheet_written_by(request.person, sheet_id)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _opening_refused(request, sheet, form, _sentence(form), 422)
    try:
        kept = actions.record_consent(sheet=sheet, by=request.person, now=clock.now(), **form.said())
    except OpeningIsStale as stale:
        return _opening_refused(request, stale.current, form, str(stale), 409)
    except Refusal as refusal:
        return _opening_refused(request, sheet, form, str(refusal), 422)
    if is_by_script(request):
        return JsonResponse(_opening_told(request, kept))
    return redirect(f"{pages.page_of(sheet)}?at={'1' if form.cleaned_data['agreed'] == 'yes' else OPENING}")


@require_POST
def mark_add(request: ProgrammeRequest, answer_id: UUID) -> HttpResponse:
    """Marks the buyer's words, with the driver they speak of if one is chosen; or tags a driver on a note."""
    answer = answer_marked_by(request.person, answer_id)
    form = MarkForm(
        request.POST,
        drivers=drivers_of(request.programme),
        competitors=competitors_of(answer.sheet),
        auto_id=f"id_{_number(answer)}_%s",
    )

    def act() -> None:
        _mark(request, answer, form.cleaned_data)

    return _marked(request, answer, act if form.is_valid() else None, form)


@require_POST
def verbatim_remove(request: ProgrammeRequest, verbatim_id: UUID) -> HttpResponse:
    """The words are no longer the buyer's own; the note keeps them."""
    verbatim = verbatim_marked_by(request.person, verbatim_id)
    return _marked(
        request,
        verbatim.answer,
        lambda: actions.remove_verbatim(verbatim=verbatim, by=request.person, now=clock.now()),
    )


@require_POST
def tag_remove(request: ProgrammeRequest, tag_id: UUID) -> HttpResponse:
    """The driver is no longer tagged; the buyer's words stay marked."""
    tag = tag_marked_by(request.person, tag_id)
    return _marked(request, tag.answer, lambda: actions.remove_tag(tag=tag, by=request.person, now=clock.now()))


@require_POST
def probe_note(request: ProgrammeRequest, answer_id: UUID) -> HttpResponse:
    """Notes that a probe was asked under the question (`used`), or that it was not after all (`unused`)."""
    answer = answer_written_by(request.person, answer_id)
    used, key = "used" in request.POST, request.POST.get("used") or request.POST.get("unused") or ""
    problem = ""
    try:
        actions.note_probe(answer=answer, key=key, used=used, by=request.person, now=clock.now())
    except Refusal as refusal:
        problem = str(refusal)
    if is_by_script(request):
        return JsonResponse({"problem": problem}, status=422 if problem else 200)
    if problem:
        messages.error(request, problem)
    return redirect(f"{pages.page_of(answer.sheet)}?at={_number(answer)}")


def _mark(request: ProgrammeRequest, answer: Answer, data: dict[str, Any]) -> None:
    now, verbatim = clock.now(), None
    if data["words"]:
        verbatim = actions.mark_verbatim(
            answer=answer, words=data["words"], near=data["near"] or 0, by=request.person, now=now
        )
    if data["driver"] is not None:
        actions.tag_driver(
            answer=answer,
            driver=data["driver"],
            direction=data["direction"],
            strength=data["strength"],
            competitor=data["competitor"],
            verbatim=verbatim,
            note="" if verbatim else data["note"],
            by=request.person,
            now=now,
        )


def _marked(
    request: ProgrammeRequest, answer: Answer, act: Callable[[], Any] | None, form: MarkForm | None = None
) -> HttpResponse:
    """Runs the act and shows the marks of the answer: the part of the page to the script, else the page itself."""
    problem = ""
    try:
        if act is not None:
            act()
    except Refusal as refusal:
        problem = str(refusal)
    if form is not None and form.errors:
        problem = _sentence(form)
    status = 422 if problem else 200
    if request.POST.get("back") == "transcript" and answer.sheet.debrief_id:
        if problem:
            messages.error(request, problem)
        return redirect(programme_url(request.programme, "interviews:transcript", debrief_id=answer.sheet.debrief_id))
    if not request.htmx and not problem:
        number = _number(answer)
        # The answers in writing stand below each other on one page.
        anchor = f"#part-{number}" if answer.sheet.kind == SheetKind.WRITTEN else ""
        return redirect(f"{pages.page_of(answer.sheet)}?at={number}{anchor}")
    turns = _turns(request, answer)
    turn = turns[_number(answer) - 1]
    if request.htmx:
        return render(request, "interviews/_marks.html", {"turn": turn, "problem": problem}, status=status)
    turn.problem = problem
    turn.marking = form or turn.marking
    if answer.sheet.kind == SheetKind.WRITTEN:
        return written_shown(request, answer.sheet, turns, status)
    return shown(request, answer.sheet, turns, at=str(turn.number), status=status)


def _refused(
    request: ProgrammeRequest, answer: Answer, problem: str, status: int, *, current: Answer | None = None
) -> HttpResponse:
    """What was typed stays: with the script in the page that sent it, else in the page that answers."""
    if is_by_script(request):
        told = _as_told(request, current) | {"text": current.text} if current else {}
        return JsonResponse({"problem": problem, **told}, status=status)
    turns = _turns(request, answer)
    turn = turns[_number(answer) - 1]
    state = request.POST.get("state", "")
    chosen = ChosenField.widget().value_from_datadict(request.POST, None, "chosen")
    text = unified(request.POST.get("text", ""))
    pages.refused(turn, text=text, state=state, problem=problem, chosen=chosen, current=current)
    return shown(request, answer.sheet, turns, at=str(turn.number), status=status)


def _opening_refused(
    request: ProgrammeRequest, sheet: AnswerSheet, form: ConsentForm, problem: str, status: int
) -> HttpResponse:
    """What was typed before the first question stays: with the script in the page that sent it, else in the page that answers."""
    if is_by_script(request):
        return JsonResponse({"problem": problem, **_opening_told(request, sheet)}, status=status)
    sheet = _whole(sheet.pk)
    form.problem = problem
    turns = pages.turns_of(sheet, request.programme)
    return shown(request, sheet, turns, at=OPENING, status=status, opening=form)


def _opening_told(request: ProgrammeRequest, sheet: AnswerSheet) -> dict[str, str]:
    """What the script needs to know of the opening as it is saved."""
    zone = request.user.time_zone
    said = {"words": sheet.consent_words, "on_the_call": sheet.on_the_call}
    return said | {"consent_at": pages.hour_of(sheet.consent_at, zone), "saved_at": pages.hour_of(clock.now(), zone)}


def _sentence(form: BaseForm) -> str:
    """Everything that is wrong with what was typed, as sentences."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def _as_told(request: ProgrammeRequest, answer: Answer) -> dict[str, Any]:
    """What the script needs to know of an answer as it is saved."""
    return {
        "revision": answer.revision,
        "state": answer.state,
        "chosen": answer.chosen,
        "saved_at": pages.hour_of(answer.saved_at, request.user.time_zone),
        "saved_by": answer.saved_by.name if answer.saved_by else "",
    }


def _turns(request: ProgrammeRequest, answer: Answer) -> list[pages.Turn]:
    sheet = _whole(answer.sheet_id)
    answer.sheet = sheet
    return pages.turns_of(sheet, request.programme)


def _whole(sheet_id: UUID) -> AnswerSheet:
    """The sheet with all that its page shows joined. One query."""
    return AnswerSheet.objects.select_related(
        "programme",
        "debrief__deal__company",
        "debrief__contact",
        "debrief__guide_version__guide",
        "rehearsal__guide_version__guide",
    ).get(pk=sheet_id)


def _number(answer: Answer) -> int:
    """The place of the answer's question, from 1, as the page counts."""
    return Answer.objects.filter(sheet=answer.sheet_id, question__position__lte=answer.question.position).count()


def _next_place(answer: Answer, go: str) -> str:
    number = _number(answer)
    asked = asked_in(answer.sheet_id)
    if go == "next":
        return str(min((one for one in asked if one > number), default=CLOSING))
    if go == "previous":
        return str(max((one for one in asked if one < number), default=OPENING))
    return str(number)
