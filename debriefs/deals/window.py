"""The window of a debrief: when after the decision a conversation is best, and how much of that is left. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Window:
    """The days around one decision, as the programme has set them.

    `closes_on` is the last good day: the end of the best time, or for a win the day before implementation starts if that is
    earlier.
    """

    decided_on: date
    opens_on: date
    closes_on: date
    overdue_on: date
    today: date

    @property
    def day(self) -> int:
        """Days since the decision; negative for a decision dated ahead."""
        return (self.today - self.decided_on).days

    @property
    def days_left(self) -> int:
        """Days until the last good day; 0 on it, negative after it."""
        return (self.closes_on - self.today).days

    @property
    def is_cooling_off(self) -> bool:
        """Whether it is too early to write to the buyer."""
        return self.today < self.opens_on

    @property
    def is_closed(self) -> bool:
        """Whether the best time is over."""
        return self.days_left < 0

    @property
    def is_overdue(self) -> bool:
        """Whether the conversation would come too late to be remembered well."""
        return self.today > self.overdue_on

    @property
    def urgency(self) -> str:
        """ "late" from the last day on, "soon" within three days of it, else ""."""
        if self.days_left <= 0:
            return "late"
        return "soon" if self.days_left <= 3 else ""


def window_of(
    decided_on: date,
    today: date,
    *,
    cooling_off_days: int,
    best_within_days: int,
    overdue_after_days: int,
    implementation_starts_on: date | None = None,
) -> Window:
    """The window of a decision under a programme's settings; pass the implementation's start for a win only."""
    closes_on = decided_on + timedelta(days=best_within_days)
    if implementation_starts_on is not None:
        closes_on = min(closes_on, implementation_starts_on - timedelta(days=1))
    opens_on = decided_on + timedelta(days=cooling_off_days)
    return Window(
        decided_on=decided_on,
        opens_on=opens_on,
        closes_on=max(closes_on, opens_on),
        overdue_on=decided_on + timedelta(days=overdue_after_days),
        today=today,
    )
