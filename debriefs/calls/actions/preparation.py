"""What the interviewer prepares before the conversation."""

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind


@transaction.atomic
def set_hypothesis(*, debrief: Debrief, text: str, by: Person, now: datetime) -> None:
    """What the interviewer wants to test in this conversation. Leaves state and version: nothing of the debrief moved."""
    Debrief.objects.filter(pk=debrief.pk).update(hypothesis=text)
    debrief.hypothesis = text
    audit.record(
        action="debrief.hypothesis_set",
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=by.pk,
        programme_id=debrief.programme_id,
        subject_kind="debrief",
        subject_id=debrief.pk,
    )
