"""That raw notes, or what was made of them, were read or taken along: an entry of the audit log for each time."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind

# Whoever codes a debrief a second time is known to the room above; it registers who that is.
_blind: list[Callable[[Person, Debrief], bool]] = []


def register_blind(is_blind: Callable[[Person, Debrief], bool]) -> None:
    """Whom `is_blind(person, debrief)` names reads no marks, tags and reasons. Harmless if repeated."""
    if is_blind not in _blind:
        _blind.append(is_blind)


def refuse_blind(person: Person, debrief: Debrief) -> None:
    """403 with a sentence for whoever is to code the debrief knowing nothing of what others marked in it."""
    if any(is_blind(person, debrief) for is_blind in _blind):
        raise PermissionDenied(
            _("You are coding this debrief a second time: hand that in before you see what others marked.")
        )


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
