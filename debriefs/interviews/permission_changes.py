"""What ends when a correction says that the buyer permits less: told by the room that holds the releases.

Releases are kept above this room, so that room registers what follows, as the stop of an interviewer is registered with the deals.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from debriefs.calls.models import Debrief

Follow = Callable[["Debrief", str, datetime], object]
_follows: list[Follow] = []


def register_follow(follow: Follow) -> None:
    """`follow(debrief, quote_level, now)` runs in the transaction of the correction. Harmless if repeated."""
    if follow not in _follows:
        _follows.append(follow)


def follow_correction(debrief: "Debrief", quote_level: str, now: datetime) -> None:
    """Everything that rested on a wider permission than this level ends."""
    for follow in _follows:
        follow(debrief, quote_level, now)
