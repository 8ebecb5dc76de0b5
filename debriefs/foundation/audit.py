"""The append-only audit log: who did what to which object, when, from where."""

from datetime import datetime
from typing import Any
from uuid import UUID

from debriefs.foundation.enums import ActorKind
from debriefs.foundation.models import AuditEntry
from debriefs.foundation.request_context import current


def record(
    *,
    action: str,
    now: datetime,
    actor_kind: str = ActorKind.RULE,
    actor_id: UUID | None = None,
    programme_id: UUID | None = None,
    subject_kind: str = "",
    subject_id: UUID | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Adds one entry in the caller's transaction, so that the act and its entry stand or fall together. One query.

    `action` is `<subject>.<verb in the past>`, such as "debrief.released". `detail` must hold ids, states and numbers only.
    """
    context = current.get()
    AuditEntry.objects.create(
        at=now,
        programme_id=programme_id,
        actor_kind=actor_kind,
        actor_id=actor_id,
        action=action,
        subject_kind=subject_kind,
        subject_id=subject_id,
        detail=detail or {},
        from_address=context.from_address,
        request_id=context.request_id,
    )
