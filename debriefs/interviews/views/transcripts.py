"""The transcript beside the notes: uploaded, aligned to questions and marked by its interviewer, read by whoever reads raw notes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import ProgrammeRequest, programme_url
from debriefs.calls.models import Debrief
from debriefs.calls.permissions import can_interview
from debriefs.calls.queries import debrief_visible_to
from debriefs.codebook.queries import drivers_of
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal
from debriefs.interviews import actions, queries
from debriefs.interviews.models import AnswerSheet, Transcript, Verbatim
from debriefs.interviews.reading import refuse_blind
from debriefs.interviews.transcript_files import LARGEST_FILE
from debriefs.interviews.transcript_forms import AlignForm, PassageMarkForm, TranscriptForm
from debriefs.interviews.views.access import debrief_held_by, sheet_held_by


@never_cache
@require_safe
def transcript(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """The transcript by passages. Each reading by another than the interviewer is recorded, as for the notes."""
    return _shown(request, debrief_visible_to(request.person, debrief_id))


@require_POST
def transcript_add(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Takes a file in as the transcript; a file that cannot be read is refused with a sentence, and nothing of it is kept."""
    sheet = sheet_held_by(request, debrief_id)
    debrief = _of(sheet)
    form = TranscriptForm(request.POST, request.FILES, action=_address(debrief, "transcript_add"))
    if getattr(request, "upload_too_large", False):
        form.add_error("file", _("The file is larger than 5 MB. A transcript of an hour has less than 1 MB."))
    if not form.is_valid():
        return _shown(request, debrief, status=422, upload=form)
    file = form.cleaned_data["file"]
    try:
        made = actions.add_transcript(
            debrief=debrief,
            file_name=file.name,
            data=file.read(LARGEST_FILE + 1),
            by=request.person,
            now=clock.now(),
        )
    except Refusal as refusal:
        form.add_error("file", str(refusal))
        return _shown(request, debrief, status=422, upload=form)
    messages.success(request, _("The transcript is here: %(n)s passages.") % {"n": made.passages.count()})
    return redirect(_address(debrief, "transcript"))


@require_POST
def transcript_remove(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Takes the transcript out again; refused while words in it are marked."""
    found = _held(request, debrief_id)
    remove = lambda: actions.remove_transcript(transcript=found, by=request.person, now=clock.now())  # noqa: E731
    return _acted(request, found, remove, "")


@require_POST
def transcript_align(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Says which question the chosen passages belong to; with `and_on` also those that follow under the same question."""
    found = _held(request, debrief_id)
    form = _align_form(found, request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect(_address(found.debrief, "transcript"))
    data = form.cleaned_data
    chosen = {UUID(one) for one in data["passages"]}
    first = found.passages.filter(pk__in=chosen).order_by("position").values_list("position", flat=True).first()

    def align() -> None:
        actions.align_passages(
            transcript=found,
            passages=chosen,
            answer=data["answer"],
            and_on=data["and_on"],
            by=request.person,
            now=clock.now(),
        )

    return _acted(request, found, align, f"#passage-{first}")


@require_POST
def passage_mark(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Marks the buyer's words in a passage, with the driver they speak of if one is chosen."""
    found = _held(request, debrief_id)
    form = _mark_form(request, found.debrief, request.POST)
    if not form.is_valid():
        return _shown(request, found.debrief, status=422, marking=form)
    data = form.cleaned_data
    passage = found.passages.select_related("transcript__debrief").filter(position=data["passage"]).first()
    if passage is None:
        form.add_error("passage", _("There is no passage of this number."))
        return _shown(request, found.debrief, status=422, marking=form)
    now = clock.now()
    try:
        verbatim = actions.mark_passage(passage=passage, words=data["words"], by=request.person, now=now)
        if data["driver"] is not None:
            _tag(request, verbatim, data)
    except Refusal as refusal:
        form.add_error("words", str(refusal))
        return _shown(request, found.debrief, status=422, marking=form)
    return redirect(f"{_address(found.debrief, 'transcript')}#passage-{passage.position}")


def _tag(request: ProgrammeRequest, verbatim: Verbatim, data: dict[str, Any]) -> None:
    actions.tag_driver(
        answer=verbatim.answer,
        driver=data["driver"],
        direction=data["direction"],
        strength=data["strength"],
        competitor=data["competitor"],
        verbatim=verbatim,
        by=request.person,
        now=clock.now(),
    )


def _shown(request: ProgrammeRequest, debrief: Debrief, status: int = 200, **forms: Any) -> HttpResponse:
    refuse_blind(request.person, debrief)
    found, passages = queries.transcript_for(request.person, debrief, clock.now())
    sheet = queries.sheet_of(debrief)
    if found is None and (sheet is None or not can_interview(request.person, debrief)):
        raise Http404
    is_open = can_interview(request.person, debrief) and sheet is not None and sheet.submitted_at is None
    shown: dict[str, Any] = {
        "debrief": debrief,
        "transcript": found,
        "passages": passages,
        "is_open": is_open,
        "is_interviewer": debrief.interviewer_id == request.person.pk,
        "aligned": sum(1 for one in passages if one.answer_id),
        "upload": TranscriptForm(action=_address(debrief, "transcript_add")),
    }
    if found is not None and is_open:
        shown |= {"align": _align_form(found), "marking": _mark_form(request, debrief)}
    return render(request, "interviews/transcript.html", shown | forms, status=status)


def _align_form(found: Transcript, data: Any = None) -> AlignForm:
    answers = queries.answers_written_in(found.debrief)
    return AlignForm(data, answers=answers, passages=[str(key) for key in found.passages.values_list("pk", flat=True)])


def _mark_form(request: ProgrammeRequest, debrief: Debrief, data: Any = None) -> PassageMarkForm:
    return PassageMarkForm(
        data,
        drivers=drivers_of(request.programme),
        competitors=debrief.deal.competitors.order_by("name_key"),
        recent=queries.drivers_tagged_last(request.person.pk, request.programme.pk),
        auto_id="id_mark_%s",
    )


def _held(request: ProgrammeRequest, debrief_id: UUID) -> Transcript:
    """The transcript of a debrief that the person interviews for; 404 without one."""
    debrief = debrief_held_by(request, debrief_id)
    found = Transcript.objects.filter(debrief=debrief).first()
    if found is None:
        raise Http404
    found.debrief = debrief
    return found


def _of(sheet: AnswerSheet) -> Debrief:
    assert sheet.debrief is not None  # noqa: S101 - the sheet was found by its debrief
    return sheet.debrief


def _address(debrief: Debrief, name: str) -> str:
    return programme_url(debrief.programme, f"interviews:{name}", debrief_id=debrief.pk)


def _acted(request: ProgrammeRequest, found: Transcript, act: Callable[[], Any], anchor: str) -> HttpResponse:
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(found.debrief, "transcript") + anchor)
