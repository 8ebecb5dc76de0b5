"""Stopping mail to an address, and lifting that again. A person's wish takes effect at once, everywhere."""

from datetime import datetime
from uuid import UUID

from debriefs.foundation.addresses import address_key, seals
from debriefs.foundation.models import Suppression

# A report of a mail server. Every other reason is a person's wish.
CAME_BACK = "mail came back"
# The address itself was erased at its owner's wish; its seal stands here.
ERASED = "erased"


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
    pairs = live_stops({key for key in address_keys if key})
    return {key for key, programme in pairs if programme in (programme_id, None)}


def live_stops(address_keys: set[str]) -> set[tuple[str, UUID | None]]:
    """The stops of these addresses (their keys), sealed ones among them: (key, programme or None). One query, none without addresses."""
    by_kept = {kept: key for key in address_keys for kept in (key, *seals(key))}
    if not by_kept:
        return set()
    live = Suppression.objects.filter(address_key__in=by_kept, lifted_at__isnull=True)
    return {(by_kept[kept], programme) for kept, programme in live.values_list("address_key", "programme_id")}


def erased_among(addresses: set[str], programme_id: UUID) -> set[str]:
    """Which of the addresses (their keys) belong to somebody whom the programme erased. One query, none without addresses."""
    by_seal = {kept: key for key in addresses if key for kept in seals(key)}
    if not by_seal:
        return set()
    gone = Suppression.objects.filter(programme_id=programme_id, address_key__in=by_seal, lifted_at__isnull=True)
    return {by_seal[kept] for kept in gone.values_list("address_key", flat=True)}


def lift_one(stop_id: UUID, *, reason: str, now: datetime) -> bool:
    """Mail may go to that address again; False when it may already. One query."""
    live = Suppression.objects.filter(pk=stop_id, lifted_at__isnull=True)
    return live.update(lifted_at=now, lifted_reason=reason[:300]) == 1


def forget(*, address: str, sealed: str, programme_id: UUID, keeps_common: bool, now: datetime) -> None:
    """The address leaves every stop of the programme, and nobody of it writes there again: `sealed` stands in its place.

    A stop for all programmes is sealed likewise, unless it `keeps_common`: others may know the address still. Four queries.
    """
    key = address_key(address)
    Suppression.objects.filter(address_key=key, programme_id=programme_id).delete()
    suppress(address=sealed, programme_id=programme_id, reason=ERASED, now=now)
    common = Suppression.objects.filter(address_key=key, programme_id=None)
    if not keeps_common:
        is_stopped = common.filter(lifted_at__isnull=True).exists()
        common.delete()
        if is_stopped:
            suppress(address=sealed, programme_id=None, reason=ERASED, now=now)
