"""Saving what is typed, an answer or a part of a write-up: over the revision that was seen, each operation once, no text ever lost."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Generic, TypeVar
from uuid import uuid4

from django.db import IntegrityError, transaction

from debriefs.foundation.refusals import Refusal
from debriefs.interviews.models import AnswerRevision, WriteUpRevision
from debriefs.interviews.refusals import IsErased, OperationReused

Attempt = TypeVar("Attempt", AnswerRevision, WriteUpRevision)
Outcome = TypeVar("Outcome")


class Place(ABC, Generic[Attempt, Outcome]):
    """Where a save goes, its row locked: what stands there now, what refuses the save, and how it is written."""

    revision: int

    @abstractmethod
    def holds(self, earlier: Attempt) -> bool:
        """Whether the earlier save went to this very place."""

    @abstractmethod
    def is_same(self, attempt: Attempt, earlier: Attempt | None = None) -> bool:
        """Whether the attempt says what stands here already; or, where it is given, what the earlier save said."""

    @abstractmethod
    def refusal(self, attempt: Attempt) -> Refusal | None:
        """Why nothing may be saved here, whatever its revision; None when it may."""

    @abstractmethod
    def stale(self) -> Refusal:
        """What is told to a save over an older revision: the place as it is now."""

    @abstractmethod
    def write(self, attempt: Attempt) -> None:
        """Writes what the attempt says."""

    @abstractmethod
    def outcome(self, revision: int, *, is_repeat: bool = False) -> Outcome:
        """What the caller is told of a save that made or met this revision."""


def save(attempt: Attempt, locked: Callable[[], Place[Attempt, Outcome]]) -> Outcome:
    """What became of the attempt, which is kept as a revision of its own unless it says nothing new.

    `locked` reads and locks the place within the transaction. The same operation again with the same content counts once and is
    answered with the revision it made; one that was refused is refused again. Raises the place's refusals, after the refused text was
    kept, and OperationReused when the operation belongs elsewhere.
    """
    try:
        with transaction.atomic():
            outcome = _saved_or_refused(attempt, locked())
    except IntegrityError:
        # The same operation for two places at the same moment: only the unique key can tell.
        raise OperationReused from None
    if isinstance(outcome, Refusal):
        # Raised outside the transaction, so that the refused text stays written.
        raise outcome
    return outcome


def _saved_or_refused(attempt: Attempt, place: Place[Attempt, Outcome]) -> Outcome | Refusal:
    earlier = type(attempt)._default_manager.filter(operation=attempt.operation).first()
    if earlier is not None:
        if not place.holds(earlier):
            return OperationReused()
        if place.is_same(attempt, earlier):
            return place.stale() if earlier.was_refused else place.outcome(earlier.revision, is_repeat=True)
        # A page fetched back from the browser's history sends its old operation with new words: a save of its own.
        attempt.operation = uuid4()
    refusal = place.refusal(attempt)
    if isinstance(refusal, IsErased):
        # Nothing of a person who was erased comes back, not even as a refused text.
        return refusal
    if refusal is None and place.is_same(attempt):
        return place.outcome(place.revision)
    if refusal is None and place.revision != attempt.base_revision:
        refusal = place.stale()
    attempt.revision, attempt.was_refused = place.revision, refusal is not None
    if refusal is None:
        place.write(attempt)
        attempt.revision = place.revision + 1
    attempt.save(force_insert=True)
    return refusal or place.outcome(attempt.revision)
