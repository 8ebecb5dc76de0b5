"""Hours in which people may be written to, on their own wall clock. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def parsed(text: str) -> tuple[int, int] | None:
    """ "8-18" as two hours of the day, None for ""; ValueError for anything else."""
    if not text:
        return None
    first, _dash, last = text.partition("-")
    opens, closes = int(first), int(last)
    if not 0 <= opens < closes <= 24:
        raise ValueError(text)
    return opens, closes


def next_open(now: datetime, time_zone: str, hours: tuple[int, int]) -> datetime:
    """`now` when it lies within the hours of a working day there, else the next moment that does, in UTC.

    Working days are Monday to Friday. Wall times are laid out in the zone and compared in UTC, so a change of the clocks moves
    nothing; an opening hour that a change skips begins when the clock goes on.
    """
    zone, (opens, closes) = ZoneInfo(time_zone), hours
    local = now.astimezone(zone)
    if local.weekday() < 5 and opens <= local.hour < closes:
        return now
    day = local.date() if local.hour < opens else local.date() + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return datetime.combine(day, time(opens), tzinfo=zone).astimezone(UTC)
