"""Reads of sheets and answers. Raw notes are read by few people, and each reading by another than the interviewer is recorded."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import F, Prefetch, Q, QuerySet, prefetch_related_objects
from django.http import Http404

from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.calls.permissions import can_read_raw
from debriefs.calls.queries import debriefs_visible_to, interviewed_by
from debriefs.codebook.models import Driver
from debriefs.codebook.queries import drivers_of
from debriefs.deals.models import Competitor, DealCompetitor
from debriefs.deals.permissions import is_on_our_side
from debriefs.guides.conditions import Asked, conditions_from
from debriefs.guides.enums import QuestionKind
from debriefs.interviews.choosing import Scale, places_asked, scales_of
from debriefs.interviews.enums import AnswerState, PermissionKind, QuoteLevel, Said, SheetKind, Wish
from debriefs.interviews.models import (
    Answer,
    AnswerSheet,
    CompetitorStanding,
    Disclosure,
    NeedAssessment,
    PermissionGiven,
    ProbeUse,
    StatedReason,
    Tag,
    Transcript,
    TranscriptPassage,
    Verbatim,
    WriteUp,
)
from debriefs.interviews.reading import record_reading

Row = TypeVar("Row")


def sheet_of(debrief: Debrief) -> AnswerSheet | None:
    """The notes of the debrief's call; None before the interview was begun. One query."""
    return (
        AnswerSheet.objects.select_related("debrief", "programme").filter(debrief=debrief, kind=SheetKind.CALL).first()
    )


def written_sheet_of(debrief: Debrief) -> AnswerSheet | None:
    """The debrief's answers in writing; None before the buyer opened the questions. One query."""
    return (
        AnswerSheet.objects.select_related("debrief", "programme")
        .filter(debrief=debrief, kind=SheetKind.WRITTEN)
        .first()
    )


def earlier_debriefs(person: Person, debrief: Debrief) -> QuerySet[Debrief]:
    """The debriefs of the same company that were held and that the person may open, latest first. Two queries at most.

    An interviewer's own; those written up for reviewers, their teams' for sales managers, all for programme managers. An outside
    interviewer knows of their own assignments and of nothing else.
    """
    if debrief.deal.company_id is None:
        return Debrief.objects.none()
    return (
        debriefs_visible_to(person)
        .filter(deal__company=debrief.deal.company_id, held_at__isnull=False)
        .exclude(pk=debrief.pk)
        .select_related("deal", "interviewer")
        .order_by("-held_at")
    )


def written_sheet_for_interviewer(debrief: Debrief) -> AnswerSheet | None:
    """The debrief's answers in writing, once its interviewer may read them: sent, or shared by the buyer before. One query."""
    sheet = written_sheet_of(debrief)
    return sheet if sheet is not None and (sheet.submitted_at or sheet.shared_at) else None


def written_answer_of(debrief: Debrief, answer_id: UUID) -> Answer | None:
    """An answer of the debrief's own written sheet, question joined; None for anything else. One query."""
    return (
        Answer.objects.filter(pk=answer_id, sheet__debrief=debrief, sheet__kind=SheetKind.WRITTEN)
        .select_related("sheet__programme", "sheet__debrief", "question")
        .first()
    )


def said_in_writing(sheet: AnswerSheet) -> dict[str, Answer]:
    """What the buyer of a call's sheet answered in writing, by the question's key; {} before their interviewer may read it. Two queries."""
    written = written_sheet_for_interviewer(sheet.debrief) if sheet.debrief and sheet.kind == SheetKind.CALL else None
    if written is None:
        return {}
    said = Answer.objects.filter(sheet=written, state=AnswerState.NOTED, is_off_path=False)
    return {answer.question_key: answer for answer in said}


def sheets_written_by(person: Person) -> QuerySet[AnswerSheet]:
    """The sheets the person may write: notes of debriefs they interview for, and their own rehearsals. Never a written debrief."""
    return _sheets_of(person).exclude(kind=SheetKind.WRITTEN)


def sheets_marked_by(person: Person) -> QuerySet[AnswerSheet]:
    """The sheets in which the person marks the buyer's words: those they write, and written debriefs once they are sent."""
    return _sheets_of(person).exclude(kind=SheetKind.WRITTEN, submitted_at__isnull=True)


def _sheets_of(person: Person) -> QuerySet[AnswerSheet]:
    """The sheets of debriefs they interview for, while that lasts, and of their own rehearsals."""
    theirs = Debrief.objects.filter(interviewed_by(person)).values("pk")
    return AnswerSheet.objects.filter(
        Q(debrief__in=theirs) | Q(rehearsal__person=person),
        programme=person.programme,
    )


def sheet_written_by(person: Person, sheet_id: UUID) -> AnswerSheet:
    """The sheet the person writes, debrief and rehearsal joined, or 404. One query."""
    return _or_404(sheets_written_by(person).select_related("debrief__deal", "rehearsal").filter(pk=sheet_id).first())


# What decides a save of an answer: a guide's words and a debrief's many dates are not among it.
_TO_SAVE = (
    "programme_id", "question_key", "sheet__programme_id", "sheet__debrief__deal_id", "sheet__rehearsal_id", "sheet__kind",
    "question__key", "question__position", "question__kind", "question__choices", "question__conditions", "question__text",
)  # fmt: skip


def answer_written_by(person: Person, answer_id: UUID) -> Answer:
    """The answer the person writes, with what a save of it needs of sheet, debrief and question, or 404. One query."""
    theirs = interviewed_by(person, through="sheet__debrief__") | Q(sheet__rehearsal__person=person)
    return _or_404(
        Answer.objects.filter(theirs, pk=answer_id, sheet__programme=person.programme)
        .exclude(sheet__kind=SheetKind.WRITTEN)
        .select_related("sheet__debrief", "question")
        .only(*_TO_SAVE)
        .first()
    )


def answer_marked_by(person: Person, answer_id: UUID) -> Answer:
    """The answer in which the person marks the buyer's words, sheet, debrief and rehearsal joined, or 404. One query."""
    return _or_404(
        Answer.objects.filter(pk=answer_id, sheet__in=sheets_marked_by(person))
        .select_related("sheet__debrief__deal", "sheet__rehearsal", "question")
        .first()
    )


def verbatim_marked_by(person: Person, verbatim_id: UUID) -> Verbatim:
    """A verbatim in an answer the person marks words in, or 404. One query."""
    return _or_404(
        Verbatim.objects.filter(pk=verbatim_id, answer__sheet__in=sheets_marked_by(person))
        .select_related("answer__sheet__debrief", "answer__sheet__rehearsal", "answer__question")
        .first()
    )


def tag_marked_by(person: Person, tag_id: UUID) -> Tag:
    """A tag in an answer the person marks words in, or 404. One query."""
    return _or_404(
        Tag.objects.filter(pk=tag_id, answer__sheet__in=sheets_marked_by(person))
        .select_related("answer__sheet__debrief", "answer__sheet__rehearsal", "answer__question")
        .first()
    )


def write_ups_written_by(person: Person) -> QuerySet[WriteUp]:
    """The versions of write-ups the person may write: of debriefs they interview for, while that lasts."""
    theirs = Debrief.objects.filter(interviewed_by(person)).values("pk")
    return WriteUp.objects.filter(debrief__in=theirs, programme=person.programme).select_related(
        "debrief__deal__company", "debrief__guide_version__guide", "debrief__contact"
    )


def write_up_written_by(person: Person, write_up_id: UUID) -> WriteUp:
    """The version the person writes, or 404. One query."""
    return _or_404(write_ups_written_by(person).filter(pk=write_up_id).first())


# Rows that are added to a write-up and taken out again, by the name in their address.
ROWS: dict[str, type[StatedReason | NeedAssessment | CompetitorStanding | Disclosure]] = {
    "reasons": StatedReason,
    "needs": NeedAssessment,
    "competitors": CompetitorStanding,
    "disclosures": Disclosure,
}


def row_written_by(
    person: Person, kind: str, row_id: UUID
) -> StatedReason | NeedAssessment | CompetitorStanding | Disclosure:
    """A row of a write-up the person writes, or 404. One query."""
    if kind not in ROWS:
        raise Http404
    rows: QuerySet[Any] = ROWS[kind]._default_manager.filter(
        pk=row_id, write_up__in=write_ups_written_by(person).values("pk")
    )
    return _or_404(rows.select_related("write_up__debrief").first())


def write_up_of(debrief: Debrief) -> WriteUp | None:
    """The version that is being written, else the latest handed in; None before the interview was begun. One query."""
    return (
        WriteUp.objects.filter(debrief=debrief)
        .select_related("debrief__deal__company", "debrief__guide_version__guide", "debrief__contact")
        .order_by("-number")
        .first()
    )


def handed_in_of(debrief: Debrief) -> WriteUp | None:
    """The version that counts: the latest handed in; None before. One query."""
    return WriteUp.objects.filter(debrief=debrief, submitted_at__isnull=False).order_by("-number").first()


def second_looks_for_sales(debriefs: Iterable[Debrief]) -> set[UUID]:
    """The debriefs, among these, whose buyer wishes by themselves that we be looked at again and lets sales know. One query.

    By the version of the write-up that counts: a correction takes it back.
    """
    latest = WriteUp.objects.filter(debrief__in=[one.pk for one in debriefs], submitted_at__isnull=False)
    told = (
        latest.order_by("debrief", "-number")
        .distinct("debrief")
        .values_list("debrief", "second_look", "sales_may_know")
    )
    return {debrief for debrief, wish, may_know in told if wish == Wish.YES and may_know == Said.YES}


def answers_of(sheet: AnswerSheet) -> list[Answer]:
    """The answers in the order of the guide, with question, probes, those that were asked, verbatims and tags. Five queries.

    For pages of the person who writes the sheet; everybody else reads through `answers_for`.
    """
    return list(
        Answer.objects.filter(sheet=sheet)
        .select_related("question", "sheet")
        .prefetch_related(
            "question__probes",
            Prefetch("probe_uses", ProbeUse.objects.order_by("used_at")),
            Prefetch("verbatims", Verbatim.objects.order_by("starts", "marked_at")),
            Prefetch("tags", Tag.objects.select_related("driver", "verbatim").order_by("tagged_at")),
        )
        .order_by("question__position")
    )


def scales_for(answer: Answer) -> tuple[Scale, ...]:
    """What can be chosen under the answer's question. No query for an open one, else one at most."""
    kind = answer.question.kind
    return scales_of(
        answer.question.asked,
        vendors=vendors_of(answer.sheet) if kind == QuestionKind.RATING else (),
        drivers=rated_drivers(drivers_of(answer.sheet.programme)) if kind == QuestionKind.DRIVER_RATING else (),
        kept=answer.chosen,
    )


def vendors_of(sheet: AnswerSheet) -> list[str]:
    """Whom the buyer evaluated besides us, by name; nobody in a rehearsal. One query."""
    if sheet.debrief is None:
        return []
    return list(
        DealCompetitor.objects.filter(deal=sheet.debrief.deal_id)
        .order_by("competitor__name")
        .values_list("competitor__name", flat=True)
    )


def competitors_of(sheet: AnswerSheet) -> QuerySet[Competitor]:
    """The competitors of the sheet's deal, by name; none in a rehearsal. One query, when read."""
    if sheet.debrief is None:
        return Competitor.objects.none()
    return sheet.debrief.deal.competitors.order_by("name_key")


def drivers_tagged_last(person_id: UUID | None, programme_id: UUID) -> list[UUID]:
    """The drivers the person tagged last in the programme, latest first, five at most. One query."""
    if person_id is None:
        return []
    last = Tag.objects.filter(programme=programme_id, tagged_by=person_id).order_by("-tagged_at")
    return list(dict.fromkeys(last.values_list("driver", flat=True)[:40]))[:5]


def rated_drivers(drivers: Iterable[Driver]) -> list[tuple[str, str]]:
    """The drivers that are rated one by one, those of the picker, as (key, name). No query."""
    return [(driver.key, driver.name) for driver in drivers if driver.in_picker]


def asked_of(answers: Sequence[Answer]) -> list[int]:
    """The numbers, from 1, of the answers whose questions are asked, given all answers of a sheet in order. No query."""
    return places_asked(
        [answer.question.asked for answer in answers],
        {answer.question_key: _given(answer.text, answer.chosen) for answer in answers},
    )


def asked_in(sheet_id: UUID) -> list[int]:
    """The numbers, from 1, of the questions that the answers of the sheet lead to now. One query.

    Asked at every save: what conditions read and nothing else.
    """
    answers = Answer.objects.filter(sheet=sheet_id).order_by("question__position")
    read = answers.values_list(
        "question_key", "text", "chosen", "question__kind", "question__choices", "question__conditions"
    )
    questions, given = [], {}
    for key, text, chosen, kind, choices, conditions in read:
        questions.append(Asked(key, kind, tuple(choices), conditions_from(conditions)))
        given[key] = _given(text, chosen)
    return places_asked(questions, given)


def _given(text: str, chosen: list[str]) -> list[str]:
    """What conditions read of an answer: what was chosen, or any text."""
    return chosen or ([text] if text.strip() else [])


def answers_for(person: Person, debrief: Debrief, now: datetime) -> list[Answer]:
    """The raw answers of a debrief, in the order of the guide: the notes of the call, then what the buyer sent in writing.

    404 for whoever may not read raw notes: everybody on our side of the deal whatever their roles, and everybody but the
    interviewer, reviewers and programme managers. Each reading is recorded as `answers.read` in the same transaction. At most
    fifteen queries.
    """
    if not can_read_raw(person, debrief) or is_on_our_side(person, debrief.deal):
        raise Http404
    with transaction.atomic():
        sheet, written = sheet_of(debrief), written_sheet_of(debrief)
        answers = answers_of(sheet) if sheet else []
        answers += answers_of(written) if written and written.submitted_at else []
        # What the transcript says on each question stands beside its answer.
        prefetch_related_objects(answers, Prefetch("passages", TranscriptPassage.objects.order_by("position")))
        record_reading("answers.read", person, debrief, now, answers=len(answers))
    return answers


def transcript_for(
    person: Person, debrief: Debrief, now: datetime
) -> tuple[Transcript | None, list[TranscriptPassage]]:
    """The debrief's transcript with its passages in order, verbatims, tags and questions joined; (None, []) without one.

    404 for whoever may not read raw notes, and each reading is recorded as `transcript.read`, both as for the answers. At most
    eight queries.
    """
    if not can_read_raw(person, debrief) or is_on_our_side(person, debrief.deal):
        raise Http404
    with transaction.atomic():
        found = Transcript.objects.filter(debrief=debrief).first()
        if found is None:
            return None, []
        found.debrief = debrief
        passages = list(
            found.passages.select_related("answer__question").prefetch_related(
                Prefetch("verbatims", Verbatim.objects.order_by("starts", "marked_at")),
                Prefetch("verbatims__tags", Tag.objects.select_related("driver").order_by("tagged_at")),
            )
        )
        record_reading("transcript.read", person, debrief, now, passages=len(passages))
    return found, passages


def has_transcript(debrief: Debrief) -> bool:
    """Whether a transcript stands beside the notes. One query."""
    return Transcript.objects.filter(debrief=debrief).exists()


def answers_written_in(debrief: Debrief) -> QuerySet[Answer]:
    """The answers of the debrief's call in the order of the guide, questions joined. No query by itself."""
    rows = Answer.objects.filter(sheet__debrief=debrief, sheet__kind=SheetKind.CALL)
    return rows.select_related("question").order_by("question__position")


def stated_reasons_of(debrief: Debrief) -> QuerySet[StatedReason]:
    """The reasons the buyer named, in order, drivers joined: of the version handed in last, else of the draft. One query."""
    versions = WriteUp.objects.filter(debrief=debrief).order_by(F("submitted_at").desc(nulls_last=True), "-number")
    return StatedReason.objects.filter(write_up__in=versions.values("pk")[:1]).select_related(
        "stated_driver", "root_driver"
    )


def permissions_given(debrief: Debrief) -> dict[str, PermissionGiven]:
    """What the buyer permits and refuses, by kind; never asked is not in it. One query."""
    return {row.kind: row for row in PermissionGiven.objects.filter(debrief=debrief)}


def quote_level(debrief: Debrief) -> QuoteLevel:
    """How far the buyer's words may go; NONE when refused or never asked. One query."""
    row = PermissionGiven.objects.filter(debrief=debrief, kind=PermissionKind.QUOTE, given=True).first()
    return QuoteLevel(row.quote_level) if row else QuoteLevel.NONE


def _or_404(row: Row | None) -> Row:
    if row is None:
        raise Http404
    return row
