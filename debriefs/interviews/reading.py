"""That raw notes, or what was made of them, were read or taken along: an entry of the audit log for each time."""

from datetime import datetime

from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind


def record_reading(action: str, person: Person, debrief: Debrief, now: datetime, **detail: int) -> None:
    """One entry, in the caller's transaction: whoever shows the words shows nothing if it fails. One query.

    `action` says what was read ("answers.read"), `detail` how much of it.
    """
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=person.pk,
        programme_id=debrief.programme_id,
        subject_kind="debrief",
        subject_id=debrief.pk,
        detail=detail,
    )
