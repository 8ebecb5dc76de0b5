"""Saving one answer: over the revision that was seen, each operation once, no text ever lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from accounts.models import Person
from debriefs.foundation.refusals import Refusal
from debriefs.interviews.actions.saving import Place, save
from debriefs.interviews.choosing import refused_marks
from debriefs.interviews.enums import SheetKind
from debriefs.interviews.models import Answer, AnswerRevision, AnswerSheet, Verbatim
from debriefs.interviews.queries import scales_for
from debriefs.interviews.refusals import (
    AnswerIsStale,
    DebriefIsClosed,
    IsErased,
    NoSuchChoice,
    SheetIsSubmitted,
    WritingIsOver,
    WrittenIsSent,
)
from debriefs.interviews.rules import AROUND, anchored, state_of, unified


@dataclass(frozen=True)
class Saved:
    """What became of a save: the answer as it is now, and the revision that this save made or met."""

    answer: Answer
    revision: int
    is_repeat: bool = False


def save_answer(
    *,
    answer: Answer,
    by: Person | None,
    now: datetime,
    base_revision: int,
    operation: UUID,
    text: str,
    state: str = "",
    chosen: Sequence[str] = (),
) -> Saved:
    """The answer with this text and state, one revision higher. Five queries. `by` is None for the buyer, in a written debrief.

    `state` is not_asked or declined, or empty: then it follows from text and `chosen`, the marks chosen under a question that is
    not open. Words marked as the buyer's are found again in the new text. The same `operation` sent again with the same
    text counts once and answers with the revision it made. A save of what is already saved makes no revision.

    Refuses, and keeps the refused text as a revision of its own: AnswerIsStale when the answer is no longer at
    `base_revision`, SheetIsSubmitted after the write-up, DebriefIsClosed when the debrief ended or passed to somebody else; WrittenIsSent and
    WritingIsOver in a written debrief.
    OperationReused when the operation belongs to another answer, NoSuchChoice for a mark that cannot be chosen there.
    """
    text, chosen = unified(text), list(dict.fromkeys(chosen))
    if refused_marks(scales_for(answer), chosen):
        raise NoSuchChoice
    attempt = AnswerRevision(
        programme_id=answer.programme_id,
        answer=answer,
        operation=operation,
        base_revision=base_revision,
        text=text,
        chosen=chosen,
        state=state_of(text, state, chosen),
        saved_at=now,
        saved_by=by,
    )
    return save(attempt, lambda: _Place(answer, by))


class _Place(Place[AnswerRevision, Saved]):
    """An answer, its row locked. Two queries, and one for the marks of a marked one."""

    def __init__(self, answer: Answer, by: Person | None) -> None:
        self.by = by
        self.answer = (
            Answer.objects.select_for_update()
            .annotate(is_marked=Exists(Verbatim.objects.filter(answer=OuterRef("pk"), passage__isnull=True)))
            .get(pk=answer.pk)
        )
        self.revision = self.answer.revision

    def holds(self, earlier: AnswerRevision) -> bool:
        return earlier.answer_id == self.answer.pk

    def is_same(self, attempt: AnswerRevision, earlier: AnswerRevision | None = None) -> bool:
        return _content(earlier or self.answer) == _content(attempt)

    def refusal(self, attempt: AnswerRevision) -> Refusal | None:
        # Read after the answer's lock was won: handing in locks every answer, so what is read here is its outcome.
        return _closed(self.answer, self.by)

    def stale(self) -> Refusal:
        return AnswerIsStale(self.answer)

    def write(self, attempt: AnswerRevision) -> None:
        answer = self.answer
        answer.text, answer.chosen, answer.state = _content(attempt)
        answer.revision += 1
        answer.saved_at, answer.saved_by = attempt.saved_at, self.by
        answer.save(update_fields=["text", "chosen", "state", "revision", "saved_at", "saved_by"])
        if answer.is_marked:
            _anchor_marks(answer)

    def outcome(self, revision: int, *, is_repeat: bool = False) -> Saved:
        return Saved(self.answer, revision, is_repeat)


def _anchor_marks(answer: Answer) -> None:
    """Marked words move with the note. Those that stand in it no more keep their last place and what stood around them."""
    for verbatim in Verbatim.objects.filter(answer=answer, passage__isnull=True):
        place = anchored(
            answer.text, verbatim.text, prefix=verbatim.prefix, suffix=verbatim.suffix, near=verbatim.starts
        )
        if place is None:
            continue
        starts, ends = place
        around = answer.text[max(0, starts - AROUND) : starts], answer.text[ends : ends + AROUND]
        if (starts, ends, *around) != (verbatim.starts, verbatim.ends, verbatim.prefix, verbatim.suffix):
            verbatim.starts, verbatim.ends = starts, ends
            verbatim.prefix, verbatim.suffix = around
            verbatim.save(update_fields=["starts", "ends", "prefix", "suffix"])


def _content(saved: Answer | AnswerRevision) -> tuple[str, list[str], str]:
    return saved.text, saved.chosen, saved.state


_DECIDING = (
    "kind", "submitted_at", "debrief__closed_at", "debrief__interviewer", "debrief__contact__erased_at",
    "debrief__invited_at", "debrief__declined_at", "debrief__written_up_at", "debrief__written_sent_at",
)  # fmt: skip


def _closed(answer: Answer, by: Person | None) -> Refusal | None:
    # Asked at every save: the columns that decide and no others.
    sheet = AnswerSheet.objects.select_related("debrief__contact").only(*_DECIDING).get(pk=answer.sheet_id)
    if sheet.debrief and sheet.debrief.contact.erased_at is not None:
        return IsErased()
    if sheet.kind == SheetKind.WRITTEN and by is None and sheet.debrief:
        if sheet.submitted_at is not None:
            return WrittenIsSent()
        return None if sheet.debrief.takes_writing else WritingIsOver()
    if sheet.kind == SheetKind.WRITTEN or by is None:
        return DebriefIsClosed()
    if sheet.submitted_at is not None:
        return SheetIsSubmitted()
    if sheet.debrief and (sheet.debrief.closed_at is not None or sheet.debrief.interviewer_id != by.pk):
        return DebriefIsClosed()
    return None
