"""The written debrief as the buyer sees it, through the personal link. GET changes nothing; every save names what it was typed over."""

from uuid import UUID

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import is_by_script
from debriefs.calls.actions import speak_too
from debriefs.calls.models import Debrief, ProspectLink
from debriefs.calls.public_access import not_open, writing_page
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal
from debriefs.interviews import actions, pages, queries, written_pages
from debriefs.interviews.forms import AnswerForm, ChosenField
from debriefs.interviews.kept_keys import keys_of
from debriefs.interviews.models import Answer, AnswerSheet
from debriefs.interviews.refusals import AnswerIsStale
from debriefs.interviews.rules import unified


@writing_page
@require_safe
def page(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """The way in, the questions, or thanks with what happens next: how far the written debrief is."""
    sheet = _sheet(debrief)
    if sheet is not None and sheet.submitted_at is not None:
        return render(request, "written/thanks.html", written_pages.thanks_of(link, debrief, sheet))
    if not debrief.takes_writing or (sheet is None and debrief.writing_chosen_at is None):
        return redirect("prospect:page", link_id=link.pk)
    if sheet is None:
        return render(request, "written/intro.html", written_pages.intro_of(link, debrief))
    return _shown(request, link, debrief, sheet, written_pages.turns_of(sheet))


@writing_page
@require_POST
def begin(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """Opens the questions."""
    try:
        actions.begin_written(debrief=debrief, shares=request.POST.get("shares") == "yes", now=clock.now())
    except Refusal as refusal:
        context = written_pages.intro_of(link, debrief) | {"error": str(refusal)}
        return render(request, "written/intro.html", context, status=422)
    return redirect("written:page", link_id=link.pk)


@writing_page
@require_POST
def share(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """Lets the interviewer read along, or no longer."""
    sheet = _sheet(debrief)
    if sheet is not None and request.POST.get("shares") in ("yes", "no"):
        try:
            actions.share_written(sheet=sheet, shares=request.POST["shares"] == "yes", now=clock.now())
        except Refusal:
            # It was sent meanwhile: the page says so.
            pass
    return redirect("written:page", link_id=link.pk)


@writing_page
@require_POST
def answer_save(request: HttpRequest, link: ProspectLink, debrief: Debrief, answer_id: UUID) -> HttpResponse:
    """One save of one answer. To the script: JSON. To a form: the next question, or the same one with what was typed.

    409 with both texts when the answer was saved from another device; 422 with a sentence for anything else that was refused.
    """
    answer = queries.written_answer_of(debrief, answer_id)
    if answer is None:
        return not_open(request, request.POST.get("text", ""))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _refused(request, link, debrief, answer, _sentence(form), 422)
    data = form.cleaned_data | {"state": ""}
    go = data.pop("go")
    try:
        saved = actions.save_answer(answer=answer, by=None, now=clock.now(), **data)
    except AnswerIsStale as stale:
        return _refused(request, link, debrief, answer, str(stale), 409, current=stale.current)
    except Refusal as refusal:
        return _refused(request, link, debrief, answer, str(refusal), 422)
    if is_by_script(request):
        told = written_pages.as_told(debrief, saved.answer) | {"revision": saved.revision}
        return JsonResponse(told | {"asked": written_pages.asked_now(answer.sheet)})
    return _onward(request, link, answer, go)


@writing_page
@require_safe
def review(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """All answers once more, what is permitted, and the button that sends them."""
    sheet = _open_sheet(debrief)
    if sheet is None:
        return redirect("written:page", link_id=link.pk)
    return render(request, "written/review.html", written_pages.review_of(link, debrief, sheet))


@writing_page
@require_POST
def send(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """Sends the answers with what is permitted; from then on they do not change."""
    sheet = _open_sheet(debrief)
    if sheet is None:
        return redirect("written:page", link_id=link.pk)
    form, error = written_pages.permissions_form(debrief, request.POST), ""
    if form.is_valid():
        given, level = form.given(), form.quote_level()
        try:
            actions.send_written(sheet=sheet, given=given, quote_level=level, now=clock.now())
            return redirect("written:page", link_id=link.pk)
        except Refusal as refusal:
            error = str(refusal)
    context = written_pages.review_of(link, debrief, sheet, form) | {"error": error}
    return render(request, "written/review.html", context, status=422)


@writing_page
@require_POST
def speak(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """A call after all: free times are shown again, what was sent stays."""
    if request.POST.get("sure") == "yes":
        try:
            speak_too(debrief=debrief, now=clock.now())
        except Refusal as refusal:
            sheet = _sheet(debrief)
            if sheet is None:
                return redirect("prospect:page", link_id=link.pk)
            context = written_pages.thanks_of(link, debrief, sheet) | {"error": str(refusal)}
            return render(request, "written/thanks.html", context, status=422)
    return redirect("prospect:page", link_id=link.pk)


@writing_page
@require_safe
def keys(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """The link's own keys for what this browser keeps until the server has it: {"keys": [base64 of 32 bytes, …]}, newest first."""
    return JsonResponse({"keys": keys_of(f"personal-link:{link.pk}")})


def _sheet(debrief: Debrief) -> AnswerSheet | None:
    sheet = queries.written_sheet_of(debrief)
    if sheet is not None:
        sheet.debrief = debrief
    return sheet


def _open_sheet(debrief: Debrief) -> AnswerSheet | None:
    """The answers while they can be sent."""
    sheet = _sheet(debrief)
    return sheet if sheet is not None and sheet.submitted_at is None and debrief.takes_writing else None


def _shown(
    request: HttpRequest,
    link: ProspectLink,
    debrief: Debrief,
    sheet: AnswerSheet,
    turns: list[pages.Turn],
    *,
    at: str = "",
    status: int = 200,
) -> HttpResponse:
    asked_for = at or request.GET.get("at", "")
    shows_all = "all" in request.GET or "all" in request.POST
    context = written_pages.page_of(link, debrief, sheet, turns, at=asked_for, shows_all=shows_all)
    return render(request, "written/page.html", context, status=status)


def _onward(request: HttpRequest, link: ProspectLink, answer: Answer, go: str) -> HttpResponse:
    number = written_pages.number_of(answer)
    if "all" in request.POST and go != "next":
        response = redirect("written:page", link_id=link.pk)
        response["Location"] += f"?all=1#part-{number}"
        return response
    place = written_pages.next_place(answer.sheet, number, go)
    if not place:
        return redirect("written:review", link_id=link.pk)
    response = redirect("written:page", link_id=link.pk)
    response["Location"] += f"?at={place}"
    return response


def _refused(
    request: HttpRequest,
    link: ProspectLink,
    debrief: Debrief,
    answer: Answer,
    problem: str,
    status: int,
    *,
    current: Answer | None = None,
) -> HttpResponse:
    """What was typed stays: with the script in the page that sent it, else in the page that answers."""
    if is_by_script(request):
        told = written_pages.as_told(debrief, current) | {"text": current.text} if current else {}
        return JsonResponse({"problem": problem, **told}, status=status)
    sheet = answer.sheet
    sheet.debrief = debrief
    turns = written_pages.turns_of(sheet)
    turn = turns[written_pages.number_of(answer) - 1]
    chosen = ChosenField.widget().value_from_datadict(request.POST, None, "chosen")
    text = unified(request.POST.get("text", ""))
    pages.refused(turn, text=text, state="", problem=problem, chosen=chosen, current=current)
    return _shown(request, link, debrief, sheet, turns, at=str(turn.number), status=status)


def _sentence(form: BaseForm) -> str:
    """Everything that is wrong with what was sent, as sentences; a broken form is told in one."""
    if set(form.errors) - {"text"}:
        return _("This could not be saved. What you typed is still here: open the page again and put it in there.")
    return " ".join(str(error) for errors in form.errors.values() for error in errors)
