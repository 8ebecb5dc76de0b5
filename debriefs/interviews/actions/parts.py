"""Saving one part of a write-up as it is typed; what a save is, says `saving`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import Person
from debriefs.foundation.refusals import Refusal
from debriefs.interviews.actions.saving import Place, save
from debriefs.interviews.choosing import refused_marks
from debriefs.interviews.models import WriteUp, WriteUpRevision
from debriefs.interviews.refusals import (
    DebriefIsClosed,
    IsErased,
    NoSuchChoice,
    NoSuchPart,
    PartIsStale,
    WriteUpIsSubmitted,
)
from debriefs.interviews.rules import unified
from debriefs.interviews.write_up_parts import Part, part_of


@dataclass(frozen=True)
class SavedPart:
    """What became of a save: the part as it is now, and the revision that this save made or met."""

    part: Part
    revision: int


def save_part(
    *,
    write_up: WriteUp,
    key: str,
    by: Person,
    now: datetime,
    base_revision: int,
    operation: UUID,
    text: str,
    chosen: Sequence[str] = (),
) -> SavedPart:
    """The part with this text and these marks, one revision higher; as `save_answer` does it, and refuses. About ten queries.

    Refuses, and keeps the refused text as a revision of its own: PartIsStale, WriteUpIsSubmitted once handed in, DebriefIsClosed
    when the debrief passed to somebody else. NoSuchPart when its row was taken out, NoSuchChoice, OperationReused.
    """
    attempt = WriteUpRevision(
        programme_id=write_up.programme_id,
        write_up=write_up,
        part=key,
        operation=operation,
        base_revision=base_revision,
        text=unified(text),
        chosen=list(dict.fromkeys(chosen)),
        saved_at=now,
        saved_by=by,
    )
    return save(attempt, lambda: _Place(attempt, by))


def revision_of(write_up: WriteUp, key: str) -> tuple[int, WriteUpRevision | None]:
    """The part's revision and the save that made it; 0 and None before the first. One query."""
    last = (
        WriteUpRevision.objects.filter(write_up=write_up, part=key, was_refused=False)
        .select_related("saved_by")
        .order_by("-id")
        .first()
    )
    return (last.revision, last) if last else (0, None)


class _Place(Place[WriteUpRevision, SavedPart]):
    """A part, its version locked. Three to five queries."""

    part: Part | None

    def __init__(self, attempt: WriteUpRevision, by: Person) -> None:
        self.by, self.key = by, attempt.part
        self.write_up = (
            WriteUp.objects.select_for_update(of=("self",))
            .select_related("debrief__deal", "debrief__contact")
            .get(pk=attempt.write_up_id)
        )
        self.part = part_of(self.write_up, self.key)
        self.revision, self.last = revision_of(self.write_up, self.key)

    def holds(self, earlier: WriteUpRevision) -> bool:
        return (earlier.write_up_id, earlier.part) == (self.write_up.pk, self.key)

    def is_same(self, attempt: WriteUpRevision, earlier: WriteUpRevision | None = None) -> bool:
        if self.part is None:
            return False
        if earlier is not None:
            return (earlier.text, earlier.chosen) == (attempt.text, attempt.chosen)
        return (self.part.text, sorted(self.part.chosen)) == (attempt.text, sorted(attempt.chosen))

    def refusal(self, attempt: WriteUpRevision) -> Refusal | None:
        if self.write_up.debrief.contact.erased_at is not None:
            return IsErased()
        if self.write_up.submitted_at is not None:
            return WriteUpIsSubmitted()
        if self.write_up.debrief.closed_at is not None or self.write_up.debrief.interviewer_id != self.by.pk:
            return DebriefIsClosed()
        if self.part is None:
            return NoSuchPart()
        return NoSuchChoice() if refused_marks(self.part.scales, attempt.chosen) else None

    def stale(self) -> Refusal:
        return PartIsStale(self._part, self.revision, self.last)

    def write(self, attempt: WriteUpRevision) -> None:
        part = self._part
        part.write(attempt.text, attempt.chosen)
        part.row.save(update_fields=None if part.row._state.adding else part.stored_columns)

    def outcome(self, revision: int, *, is_repeat: bool = False) -> SavedPart:
        return SavedPart(self._part, revision)

    @property
    def _part(self) -> Part:
        """The part; only asked where `refusal` found one."""
        assert self.part is not None  # noqa: S101 - a missing part was refused before
        return self.part
