"""What the interviewer prepares before the conversation."""

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.calls.refusals import HypothesisChanged
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind


@transaction.atomic
def set_hypothesis(*, debrief: Debrief, text: str, by: Person, now: datetime, over: str | None = None) -> None:
    """What the interviewer wants to test in this conversation. Leaves state and version: nothing of the debrief moved.

    `over` is what stood there when the page was shown: other words saved since are not overwritten unseen (HypothesisChanged).
    """
    saved = Debrief.objects.select_for_update().values_list("hypothesis", flat=True).get(pk=debrief.pk)
    if over is not None and _plain(saved) not in (_plain(over), _plain(text)):
        raise HypothesisChanged(saved)
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


def _plain(text: str) -> str:
    # Forms bring other ends of lines than they were given.
    return "\n".join(text.strip().splitlines())
