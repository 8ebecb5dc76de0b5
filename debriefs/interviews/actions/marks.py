"""The buyer's own words in an answer, and the drivers heard in it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import Person
from debriefs.codebook.enums import Strength
from debriefs.codebook.models import Driver
from debriefs.deals.models import Competitor
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind
from debriefs.interviews.enums import SheetKind
from debriefs.interviews.models import Answer, AnswerSheet, Tag, Verbatim
from debriefs.interviews.refusals import NoEvidence, SheetIsSubmitted
from debriefs.interviews.rules import AROUND, place_of, unified


@transaction.atomic
def mark_verbatim(*, answer: Answer, words: str, by: Person, now: datetime, near: int = 0) -> Verbatim:
    """The words as the buyer's own, with what stands around them in the saved note.

    Words that the note does not hold are kept all the same, without a place. Harmless if repeated. Raises SheetIsSubmitted;
    NoEvidence for no words at all. `near` is about where they stand, for words that stand there twice.
    """
    words = unified(words).strip()
    if not words:
        raise NoEvidence
    locked = writable(answer)
    place = place_of(locked.text, words, near) or (0, 0)
    verbatim, is_new = Verbatim.objects.get_or_create(
        answer=locked,
        passage=None,
        text=words,
        starts=place[0],
        ends=place[1],
        defaults={
            "programme_id": locked.programme_id,
            "prefix": locked.text[max(0, place[0] - AROUND) : place[0]],
            "suffix": locked.text[place[1] : place[1] + AROUND] if place[1] else "",
            "marked_at": now,
            "marked_by": by,
        },
    )
    if is_new:
        _note("verbatim.marked", locked, by=by, now=now)
    return verbatim


@transaction.atomic
def remove_verbatim(*, verbatim: Verbatim, by: Person, now: datetime) -> None:
    """The words are no longer marked as the buyer's own; drivers that stood on them go too. Raises SheetIsSubmitted."""
    answer = writable(verbatim.answer)
    if Verbatim.objects.filter(pk=verbatim.pk).delete()[0]:
        _note("verbatim.removed", answer, by=by, now=now)


@transaction.atomic
def tag_driver(
    *,
    answer: Answer,
    driver: Driver,
    direction: str,
    by: Person,
    now: datetime,
    strength: int = Strength.CLEARLY,
    verbatim: Verbatim | None = None,
    note: str = "",
    competitor: Competitor | None = None,
) -> Tag:
    """The driver as heard in the answer. The same driver on the same evidence again changes direction, strength and competitor.

    Raises NoEvidence without verbatim and note, SheetIsSubmitted.
    """
    note = note.strip()
    if verbatim is None and not note:
        raise NoEvidence
    locked = writable(answer)
    tag, _is_new = Tag.objects.update_or_create(
        answer=locked,
        driver=driver,
        verbatim=verbatim,
        note=note,
        defaults={
            "programme_id": locked.programme_id,
            "direction": direction,
            "strength": strength,
            "competitor": competitor,
            "tagged_at": now,
            "tagged_by": by,
        },
    )
    _note("tag.added", locked, by=by, now=now, driver=driver)
    return tag


@transaction.atomic
def remove_tag(*, tag: Tag, by: Person, now: datetime) -> None:
    """The driver is no longer tagged; the buyer's words stay marked. Raises SheetIsSubmitted."""
    answer = writable(tag.answer)
    if Tag.objects.filter(pk=tag.pk).delete()[0]:
        _note("tag.removed", answer, by=by, now=now)


def writable(answer: Answer) -> Answer:
    """The answer as it is now, locked against saves and against handing in."""
    locked = Answer.objects.select_for_update(of=("self",)).get(pk=answer.pk)
    # Once the buyer has sent a written debrief its words no longer change, and marking them begins.
    handed_in = Q(kind=SheetKind.CALL, submitted_at__isnull=False) | Q(debrief__write_ups__submitted_at__isnull=False)
    if AnswerSheet.objects.filter(handed_in, pk=locked.sheet_id).exists():
        raise SheetIsSubmitted
    return locked


def _note(action: str, answer: Answer, *, by: Person, now: datetime, driver: Driver | None = None) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=by.pk,
        programme_id=answer.programme_id,
        subject_kind="answer",
        subject_id=answer.pk,
        detail={"driver": str(driver.pk)} if driver else {},
    )
