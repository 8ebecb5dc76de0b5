"""Stopping mail to an address, and lifting that again. A person's wish takes effect at once, everywhere."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from debriefs.foundation.addresses import address_key
from debriefs.foundation.models import Suppression

# A report of a mail server. Every other reason is a person's wish.
CAME_BACK = "mail came back"


def is_a_wish(stop: Suppression) -> bool:
    """Whether a person asked for it, so that nobody but they may take it back. No query."""
    return stop.reason != CAME_BACK


def suppress(*, address: str, programme_id: UUID | None, reason: str, now: datetime) -> None:
    """No mail goes to the address any more, for one programme or (None) for all; harmless if repeated. One query."""
    Suppression.objects.bulk_create(
        [Suppression(programme_id=programme_id, address_key=address_key(address), reason=reason, created_at=now)],
        ignore_conflicts=True,
    )


def lift(*, address: str, programme_id: UUID | None, reason: str, now: datetime) -> int:
    """Mail may go to the address again; how many wishes were lifted. One query."""
    return Suppression.objects.filter(
        address_key=address_key(address), programme_id=programme_id, lifted_at__isnull=True
    ).update(lifted_at=now, lifted_reason=reason[:300])


def stopped_among(address_keys: list[str], programme_id: UUID) -> set[str]:
    """Which of the addresses (their keys) no mail goes to, for the programme or for all. One query, none without addresses."""
    keys = [key for key in address_keys if key]
    if not keys:
        return set()
    live = Suppression.objects.filter(address_key__in=keys, lifted_at__isnull=True)
    return set(live.filter(Q(programme_id=programme_id) | Q(programme_id=None)).values_list("address_key", flat=True))


def lift_one(stop_id: UUID, *, reason: str, now: datetime) -> bool:
    """Mail may go to that address again; False when it may already. One query."""
    live = Suppression.objects.filter(pk=stop_id, lifted_at__isnull=True)
    return live.update(lifted_at=now, lifted_reason=reason[:300]) == 1
