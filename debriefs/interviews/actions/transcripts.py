"""The transcript as a source beside the notes: taken in, aligned to questions, words marked in it, taken out."""

import io
from collections.abc import Collection
from datetime import datetime
from itertools import takewhile
from uuid import UUID

from django.db import transaction

from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.deals.reader import encoding_of
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.refusals import Refusal
from debriefs.interviews import transcript_files
from debriefs.interviews.models import Answer, AnswerSheet, Transcript, TranscriptPassage, Verbatim, WriteUp
from debriefs.interviews.refusals import (
    IsErased,
    IsMarkedIn,
    NoEvidence,
    NotAligned,
    NotBegun,
    NotInPassage,
    TranscriptExists,
    UnreadableTranscript,
    WriteUpIsSubmitted,
)
from debriefs.interviews.rules import AROUND, place_of


def add_transcript(*, debrief: Debrief, file_name: str, data: bytes, by: Person, now: datetime) -> Transcript:
    """The file's passages, beside the notes; nothing of it when any of it cannot be read.

    Raises UnreadableTranscript with a sentence about the file, NotBegun before the interview, TranscriptExists while there is one,
    WriteUpIsSubmitted once the write-up was handed in.
    """
    try:
        spoken = transcript_files.read(file_name, data, _decoded)
    except transcript_files.Unreadable as told:
        raise UnreadableTranscript(str(told)) from None
    with transaction.atomic():
        _open(debrief)
        if not AnswerSheet.objects.filter(debrief=debrief).exists():
            raise NotBegun
        if Transcript.objects.filter(debrief=debrief).exists():
            raise TranscriptExists
        made = Transcript.objects.create(
            programme_id=debrief.programme_id,
            debrief=debrief,
            file_name=file_name[-200:],
            uploaded_at=now,
            uploaded_by=by,
        )
        TranscriptPassage.objects.bulk_create(
            TranscriptPassage(
                programme_id=debrief.programme_id,
                transcript=made,
                position=number,
                speaker=one.speaker,
                starts_seconds=one.starts,
                text=one.text,
            )
            for number, one in enumerate(spoken, start=1)
        )
        _note("transcript.added", debrief, by=by, now=now, passages=len(spoken))
    return made


@transaction.atomic
def remove_transcript(*, transcript: Transcript, by: Person, now: datetime) -> None:
    """The transcript is gone. Harmless if repeated. Raises IsMarkedIn while words in it are marked, WriteUpIsSubmitted."""
    _open(transcript.debrief)
    if Verbatim.objects.filter(passage__transcript=transcript).exists():
        raise IsMarkedIn
    if Transcript.objects.filter(pk=transcript.pk).delete()[0]:
        _note("transcript.removed", transcript.debrief, by=by, now=now)


@transaction.atomic
def align_passages(
    *,
    transcript: Transcript,
    passages: Collection[UUID],
    answer: Answer | None,
    by: Person,
    now: datetime,
    and_on: bool = False,
) -> int:
    """The passages belong to the question of `answer`, or to none; how many. Their marked words move with them.

    `and_on`: also those after the first of them, as far as they belong to the question it belonged to so far. Raises IsMarkedIn for no
    question while words are marked, WriteUpIsSubmitted.
    """
    _open(transcript.debrief)
    rows = list(TranscriptPassage.objects.filter(transcript=transcript).order_by("position"))
    wanted = [row.pk for row in rows if row.pk in passages]
    if and_on and wanted:
        first = next(index for index, row in enumerate(rows) if row.pk == wanted[0])
        run = takewhile(lambda row: row.answer_id == rows[first].answer_id, rows[first:])
        wanted = [row.pk for row in run]
    if answer is None and Verbatim.objects.filter(passage__in=wanted).exists():
        raise IsMarkedIn
    TranscriptPassage.objects.filter(pk__in=wanted).update(answer=answer)
    if answer is not None:
        marked = list(Verbatim.objects.filter(passage__in=wanted).exclude(answer=answer))
        for verbatim in marked:
            verbatim.tags.update(answer=answer)
        Verbatim.objects.filter(pk__in=[one.pk for one in marked]).update(answer=answer)
    if wanted:
        _note("transcript.aligned", transcript.debrief, by=by, now=now, passages=len(set(wanted)))
    return len(set(wanted))


@transaction.atomic
def mark_passage(*, passage: TranscriptPassage, words: str, by: Person, now: datetime) -> Verbatim:
    """The words of the passage as the buyer's own, with their place and what stands around them. Harmless if repeated.

    Raises NotAligned for a passage that belongs to no question yet, NotInPassage for words that do not stand in it, NoEvidence for
    none, WriteUpIsSubmitted.
    """
    words = " ".join(words.split())
    if not words:
        raise NoEvidence
    _open(passage.transcript.debrief)
    locked = TranscriptPassage.objects.select_for_update(of=("self",)).get(pk=passage.pk)
    if locked.answer_id is None:
        raise NotAligned
    place = place_of(locked.text, words)
    if place is None:
        raise NotInPassage
    verbatim, is_new = Verbatim.objects.get_or_create(
        answer_id=locked.answer_id,
        passage=locked,
        text=words,
        starts=place[0],
        ends=place[1],
        defaults={
            "programme_id": locked.programme_id,
            "prefix": locked.text[max(0, place[0] - AROUND) : place[0]],
            "suffix": locked.text[place[1] : place[1] + AROUND],
            "marked_at": now,
            "marked_by": by,
        },
    )
    if is_new:
        _note("verbatim.marked", passage.transcript.debrief, by=by, now=now)
    return verbatim


def _decoded(data: bytes) -> str:
    try:
        return data.decode(encoding_of(io.BytesIO(data)))
    except Refusal as refusal:
        raise transcript_files.Unreadable(str(refusal)) from None


def _open(debrief: Debrief) -> None:
    """Locks the debrief and its write-ups against handing in. IsErased once the buyer was."""
    locked = Debrief.objects.select_for_update(of=("self",)).select_related("contact").get(pk=debrief.pk)
    if locked.contact.erased_at is not None:
        raise IsErased
    versions = WriteUp.objects.select_for_update(of=("self",)).filter(debrief=debrief)
    if any(one.submitted_at is not None for one in versions):
        raise WriteUpIsSubmitted


def _note(action: str, debrief: Debrief, *, by: Person, now: datetime, **detail: int) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=by.pk,
        programme_id=debrief.programme_id,
        subject_kind="debrief",
        subject_id=debrief.pk,
        detail=detail,
    )
