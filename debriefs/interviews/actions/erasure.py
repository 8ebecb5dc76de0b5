"""Forgetting what a contact said: transcript, notes with every saved state of them, marks, and what was typed into write-ups."""

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.deals.models import Contact
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.erasing import GONE, Reword, begin, reword_columns
from debriefs.interviews.models import (
    Answer,
    AnswerRevision,
    AnswerSheet,
    CompetitorStanding,
    Disclosure,
    NeedAssessment,
    RecordCheck,
    StatedReason,
    Tag,
    Transcript,
    Verbatim,
    WriteUp,
    WriteUpRevision,
)

# Columns of a write-up that hold typed words; what was chosen names nobody and stays.
_TYPED = (
    "decision_note",
    "awareness_what",
    "awareness_from",
    "process_note",
    "cycle_note",
    "second_look_note",
    "quality_note",
)


@transaction.atomic
def erase_contact(*, contact: Contact, reword: Reword, by: Person, now: datetime) -> int:
    """Nothing this room holds is in the contact's words any more, handed in or not; of how many debriefs. Harmless if repeated.

    Transcripts, marks, tags and every saved state of notes go; answers and write-ups stay as empty rows with what was chosen in
    them. A need that stood in the deal before keeps its text, without the contact. The audit log says of which debrief, and nothing of
    what it held.
    """
    begin()
    debriefs = list(Debrief.objects.select_for_update().filter(contact=contact).order_by("pk"))
    Tag.objects.filter(answer__sheet__debrief__in=debriefs).delete()
    Verbatim.objects.filter(answer__sheet__debrief__in=debriefs).delete()
    Transcript.objects.filter(debrief__in=debriefs).delete()
    AnswerRevision.objects.filter(answer__sheet__debrief__in=debriefs).delete()
    Answer.objects.filter(sheet__debrief__in=debriefs).update(text="")
    AnswerSheet.objects.filter(debrief__in=debriefs).update(consent_words="", on_the_call="")
    WriteUpRevision.objects.filter(write_up__debrief__in=debriefs).delete()
    WriteUp.objects.filter(debrief__in=debriefs).update(**dict.fromkeys(_TYPED, ""))
    reword_columns(WriteUp.objects.filter(debrief__in=debriefs), ("reason",), reword)
    for model in (StatedReason, RecordCheck, NeedAssessment, CompetitorStanding):
        model._default_manager.filter(write_up__debrief__in=debriefs).update(note="")
    needs = NeedAssessment.objects.filter(write_up__debrief__in=debriefs)
    needs.filter(need=None).update(text=GONE)
    reword_columns(needs, ("text",), reword)
    Disclosure.objects.filter(write_up__debrief__in=debriefs).update(text="")
    for debrief in debriefs:
        audit.record(
            action="answers.erased",
            now=now,
            actor_kind=ActorKind.PERSON,
            actor_id=by.pk,
            programme_id=debrief.programme_id,
            subject_kind="debrief",
            subject_id=debrief.pk,
        )
    return len(debriefs)
