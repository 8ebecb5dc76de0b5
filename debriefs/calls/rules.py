"""Rules about interviewers and times over plain values: no database, no settings. All instants are aware and in UTC."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from debriefs.calls.enums import Neutrality

# Free times are offered on the quarter hour, from the next two weeks.
STEP = timedelta(minutes=15)
HORIZON = timedelta(days=21)
# From noon in UTC, every zone's whole day with the longest buffers.
_A_DAY_AND_MORE = timedelta(hours=36)
DEFAULT_HOURS = tuple((weekday, time(9), time(17)) for weekday in range(5))


@dataclass(frozen=True)
class Relation:
    """How a person stands to a deal's owner."""

    is_agency: bool
    is_in_owners_team: bool
    manages_owners_team: bool


def neutrality_of(relation: Relation) -> Neutrality | None:
    """The level of neutrality, or None for a team-mate of the owner, who may not interview.

    The team's manager may, marked "not fully neutral". Whoever sells the deal is refused elsewhere, by the deal's parties.
    """
    if relation.is_agency:
        return Neutrality.AGENCY
    if relation.manages_owners_team:
        return Neutrality.MANAGER
    return None if relation.is_in_owners_team else Neutrality.OTHER_TEAM


@dataclass(frozen=True)
class Exceptional:
    """Days, first and last included, that differ from the weekly hours: away (the whole day without a span), or extra hours."""

    first: date
    last: date
    is_extra: bool
    span: tuple[time, time] | None = None

    def takes_out(self, starts_at: datetime, ends_at: datetime, time_zone: str) -> bool:
        """Whether the human is away during that call, as the days of their zone go."""
        zone = ZoneInfo(time_zone)
        first, last = starts_at.astimezone(zone), ends_at.astimezone(zone)
        if self.is_extra or first.date() > self.last or last.date() < self.first:
            return False
        return self.span is None or (first.time() < self.span[1] and last.time() > self.span[0])


@dataclass(frozen=True)
class Hours:
    """How a human can be booked: spans per weekday in their zone, what differs on some days, and the limits around a call."""

    time_zone: str
    weekly: tuple[tuple[int, time, time], ...]
    buffer_before: timedelta
    buffer_after: timedelta
    minimum_notice: timedelta
    most_calls_a_day: int
    exceptions: tuple[Exceptional, ...] = ()

    def spans_on(self, day: date) -> list[tuple[time, time]]:
        """The spans of wall time in which the day can be booked; none on a day off. Parts of a day off are not taken out."""
        of_day = [one for one in self.exceptions if one.first <= day <= one.last]
        if any(not one.is_extra and one.span is None for one in of_day):
            return []
        weekly = [(starts, ends) for weekday, starts, ends in self.weekly if weekday == day.weekday()]
        return weekly + [one.span for one in of_day if one.is_extra and one.span is not None]

    def away_on(self, day: date) -> list[tuple[time, time]]:
        """The spans of wall time in which the human is away on a day they otherwise work."""
        of_day = [one for one in self.exceptions if one.first <= day <= one.last]
        return [one.span for one in of_day if not one.is_extra and one.span is not None]


@dataclass(frozen=True)
class Busy:
    """A span in which the human cannot be booked, buffers of that call included; `counts` towards the calls of its day."""

    starts_at: datetime
    ends_at: datetime
    counts: bool = True


def free_slots(
    *,
    hours: Hours,
    busy: Sequence[Busy],
    minutes: int,
    now: datetime,
    first_day: date | None = None,
    last_day: date | None = None,
    most: int = 400,
) -> list[datetime]:
    """Starts of calls that can be booked, in UTC, soonest first, at most `most`; days are counted in the interviewer's zone.

    Spans are laid out on the wall clock of the interviewer's zone and compared in UTC: an hour that does not exist in spring is
    never offered, one that exists twice in autumn is offered once.
    """
    zone = ZoneInfo(hours.time_zone)
    earliest = now + hours.minimum_notice
    day = max(earliest.astimezone(zone).date(), first_day or date.min)
    last = day + HORIZON if last_day is None else min(day + HORIZON, last_day)
    length = timedelta(minutes=minutes)
    taken_per_day = _calls_per_day(busy, zone)
    found: list[datetime] = []
    while day <= last and len(found) < most:
        if taken_per_day.get(day, 0) < hours.most_calls_a_day:
            # Only what lies about this day is compared: a calendar read from elsewhere may bring thousands of spans.
            near = [*_about(busy, day), *(_away(day, span, zone) for span in hours.away_on(day))]
            for starts, ends in hours.spans_on(day):
                found += [
                    start
                    for start in _starts(day, starts, ends, zone, length)
                    if start >= earliest and _is_free(start, length, hours, near)
                ]
        day += timedelta(days=1)
    return sorted(set(found))[:most]


def _about(busy: Sequence[Busy], day: date) -> list[Busy]:
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    return [one for one in busy if one.starts_at < noon + _A_DAY_AND_MORE and one.ends_at > noon - _A_DAY_AND_MORE]


def _away(day: date, span: tuple[time, time], zone: ZoneInfo) -> Busy:
    first, last = (datetime.combine(day, wall, tzinfo=zone).astimezone(UTC) for wall in span)
    return Busy(first, last, counts=False)


def _starts(day: date, starts: time, ends: time, zone: ZoneInfo, length: timedelta) -> Iterable[datetime]:
    """Starts within one span of one day, whole lengths apart on the wall clock, as instants in UTC."""
    step = max(STEP, length)
    wall, last = datetime.combine(day, starts), datetime.combine(day, ends) - length
    while wall <= last:
        instant = wall.replace(tzinfo=zone).astimezone(UTC)
        # A wall time in the gap of spring does not come back as itself.
        if instant.astimezone(zone).replace(tzinfo=None) == wall:
            yield instant
        wall += step


def _is_free(start: datetime, length: timedelta, hours: Hours, busy: Sequence[Busy]) -> bool:
    first, last = start - hours.buffer_before, start + length + hours.buffer_after
    return all(last <= span.starts_at or span.ends_at <= first for span in busy)


def _calls_per_day(busy: Sequence[Busy], zone: ZoneInfo) -> dict[date, int]:
    counts: dict[date, int] = {}
    for span in busy:
        if span.counts:
            day = span.starts_at.astimezone(zone).date()
            counts[day] = counts.get(day, 0) + 1
    return counts


def reminders(*, starts_at: datetime, now: datetime) -> dict[str, datetime]:
    """When the reminders a day and an hour before are due: only those still ahead. Exact hours, whatever the clocks do."""
    # In one zone, subtraction counts hours of the wall clock.
    start = starts_at.astimezone(UTC)
    due = {"day": start - timedelta(hours=24), "hour": start - timedelta(hours=1)}
    return {name: at for name, at in due.items() if at > now}


def wall_time(instant: datetime, time_zone: str) -> str:
    """The wall time as agreed, kept beside the instant: zone rules may change after the booking."""
    return instant.astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%d %H:%M")


def grouped_by_day(
    slots: Sequence[datetime], time_zone: str, *, most_days: int = 8, most_a_day: int = 6
) -> list[tuple[date, list[datetime]]]:
    """Slots in the reader's zone, by day; of a long day every so many, so that morning and afternoon are both there."""
    zone = ZoneInfo(time_zone)
    days: dict[date, list[datetime]] = {}
    for slot in slots:
        local = slot.astimezone(zone)
        days.setdefault(local.date(), []).append(local)
    chosen = []
    for day, starts in list(days.items())[:most_days]:
        step = max(1, -(-len(starts) // most_a_day))
        chosen.append((day, starts[::step][:most_a_day]))
    return chosen
