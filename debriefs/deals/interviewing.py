"""What becomes of an interviewer who joins our side of a deal: told by the room that holds the debriefs.

Debriefs are kept above this room, so that room registers what stops one, as notice kinds are registered with the outbox.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import Person
    from debriefs.deals.models import Deal

Stop = Callable[["Deal", "Person", "Person | None", datetime], None]
_stops: list[Stop] = []


def register_stop(stop: Stop) -> None:
    """`stop(deal, person, by, now)` runs in the joining's transaction; it may refuse with NotNeutral. Harmless if repeated."""
    if stop not in _stops:
        _stops.append(stop)


def stop_interviewing(deal: "Deal", person: "Person", by: "Person | None", now: datetime) -> None:
    """Ends what the person was to hear of this deal's buyers, or refuses because they have heard one."""
    for stop in _stops:
        stop(deal, person, by, now)
