"""Busy times out of a calendar file that somebody else wrote, worked out in a program of its own.

A calendar file may be made so that reading it takes forever: a rule that never comes true, a million events, lines without end. So
the work is done in a child process with a limit on processor time and memory; what does not finish is refused as a whole.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

MOST_EVENTS = 10_000
MOST_SPANS = 5_000
MOST_PER_EVENT = 20_000
_PROCESSOR_SECONDS = 10
_MEMORY_BYTES = 1_000_000_000
_TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class BusyTimes:
    """Spans in UTC, in order and without overlaps, and how many events could not be understood."""

    spans: list[tuple[datetime, datetime]]
    left_out: int


class UnreadableCalendar(Exception):
    """No calendar, or one that takes more than it may. `too_much` tells the two apart."""

    def __init__(self, *, too_much: bool) -> None:
        super().__init__("too much" if too_much else "no calendar")
        self.too_much = too_much


def busy_times(raw: bytes, *, time_zone: str, first: datetime, last: datetime, holidays: bool = False) -> BusyTimes:
    """The busy times between two instants, as the calendar's owner in `time_zone` would see them, or UnreadableCalendar.

    With `holidays` every event counts, as whole days, whether it is marked busy or free. Takes about a third of a second.
    """
    asked = {"time_zone": time_zone, "first": first.isoformat(), "last": last.isoformat(), "holidays": holidays}
    child = subprocess.run(
        [sys.executable, "-m", "debriefs.calls.busy_times", json.dumps(asked)],
        input=raw,
        capture_output=True,
        cwd=_ROOT,
        timeout=6 * _PROCESSOR_SECONDS,
        check=False,
    )
    if child.returncode != 0:
        raise UnreadableCalendar(too_much=child.returncode != 2)
    answer = json.loads(child.stdout)
    spans = [(datetime.fromisoformat(starts), datetime.fromisoformat(ends)) for starts, ends in answer["spans"]]
    return BusyTimes(spans, answer["left_out"])


def main() -> None:
    """The child: the file on standard input, what is asked as JSON in the argument, the answer as JSON; exit 2 for no calendar."""
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_SECONDS, _PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    asked = json.loads(sys.argv[1])
    first, last = datetime.fromisoformat(asked["first"]), datetime.fromisoformat(asked["last"])
    try:
        found = read(
            sys.stdin.buffer.read(), ZoneInfo(asked["time_zone"]), first=first, last=last, holidays=asked["holidays"]
        )
    except ValueError:
        sys.exit(2)
    spans = [(starts.isoformat(), ends.isoformat()) for starts, ends in found.spans]
    sys.stdout.write(json.dumps({"spans": spans, "left_out": found.left_out}))


def read(raw: bytes, zone: tzinfo, *, first: datetime, last: datetime, holidays: bool = False) -> BusyTimes:
    """The same without a child process: for the child, and for tests of what it understands. ValueError for no calendar."""
    from icalendar import Calendar

    calendars = Calendar.from_ical(raw, multiple=True)
    if not calendars or any(calendar.name != "VCALENDAR" for calendar in calendars):
        raise ValueError("no calendar")
    events: list[Any] = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    if len(events) > MOST_EVENTS:
        raise MemoryError
    moved = {(str(event.get("UID")), _instant(event["RECURRENCE-ID"].dt, zone)) for event in events if _is_moved(event)}
    spans: list[tuple[datetime, datetime]] = []
    left_out = 0
    for event in events:
        try:
            if _takes_time(event, holidays):
                spans += _within(event, zone, first, last, moved, holidays)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            left_out += 1
    return BusyTimes(_joined(spans)[:MOST_SPANS], left_out)


def _is_moved(event: Any) -> bool:
    return hasattr(event.get("RECURRENCE-ID"), "dt")


def _takes_time(event: Any, holidays: bool) -> bool:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return False
    is_free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    is_free |= str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() in ("FREE", "WORKINGELSEWHERE")
    return holidays or not is_free


def _within(
    event: Any,
    zone: tzinfo,
    first: datetime,
    last: datetime,
    moved: "set[tuple[str, datetime]]",
    holidays: bool,
) -> list[tuple[datetime, datetime]]:
    """The event's spans that touch the window: each repetition on its own wall clock, those moved or taken out left away."""
    start = event["DTSTART"].dt
    is_day = not isinstance(start, datetime)
    length = _length(event, start)
    uid, repeats = str(event.get("UID")), not _is_moved(event)
    gone = _taken_out(event, zone)
    found = []
    for one in _starts(event, start, zone, last) if repeats else [start]:
        at = _instant(one, zone)
        if at > last:
            continue
        if repeats and ((uid, at) in moved or at in gone):
            continue
        ends = _instant(one + length, zone) if is_day else at + length
        if holidays:
            at, ends = _whole_days(at, ends, zone)
        if ends > first and ends > at:
            found.append((at, ends))
    return found


def _starts(event: Any, start: Any, zone: tzinfo, last: datetime) -> Iterator[Any]:
    """The start of each repetition, in the kind and zone of the first one, in order within each rule."""
    from dateutil.rrule import rrulestr

    yield start
    for extra in _listed(event.get("RDATE")):
        yield from (one.dt for one in extra.dts if not isinstance(one.dt, tuple))
    is_day = not isinstance(start, datetime)
    own = None if is_day else start.tzinfo
    wall = datetime.combine(start, time()) if is_day else start.replace(tzinfo=None)
    end = last.astimezone(own or zone).replace(tzinfo=None) + timedelta(days=1)
    for rule in _listed(event.get("RRULE")):
        parts = {str(name).upper(): value for name, value in rule.items()}
        if str(_listed(parts.get("FREQ"))[0]).upper() in _TOO_OFTEN:
            raise ValueError("too often")
        until = _until(parts.pop("UNTIL", None), own or zone)
        text = ";".join(f"{name}={','.join(_text(one) for one in _listed(value))}" for name, value in parts.items())
        for number, one in enumerate(rrulestr(text, dtstart=wall, ignoretz=True)):
            if one > end or (until is not None and one > until):
                break
            if number > MOST_PER_EVENT:
                raise ValueError("too many")
            if one != wall:
                yield one.date() if is_day else one.replace(tzinfo=own)


def _until(value: Any, zone: tzinfo) -> datetime | None:
    """The last moment of a rule on the wall clock of its event; a day means that whole day."""
    if not value:
        return None
    last = _listed(value)[0]
    if not isinstance(last, datetime):
        return datetime.combine(last, time(23, 59, 59))
    return last.astimezone(zone).replace(tzinfo=None) if last.tzinfo else last


def _text(value: Any) -> str:
    return value.to_ical().decode() if hasattr(value, "to_ical") else str(value)


def _length(event: Any, start: Any) -> timedelta:
    if event.get("DTEND") is not None:
        end = event["DTEND"].dt
        if isinstance(end, datetime) and isinstance(start, datetime) and end.tzinfo and start.tzinfo:
            return end.astimezone(UTC) - start.astimezone(UTC)
        return end - start
    if event.get("DURATION") is not None:
        return event["DURATION"].dt
    return timedelta() if isinstance(start, datetime) else timedelta(days=1)


def _taken_out(event: Any, zone: tzinfo) -> set[datetime]:
    return {_instant(one.dt, zone) for listed in _listed(event.get("EXDATE")) for one in listed.dts}


def _instant(value: date | datetime, zone: tzinfo) -> datetime:
    """A day's beginning, or a moment, in UTC; without a zone it is meant where the calendar's owner is."""
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _whole_days(starts: datetime, ends: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    first = starts.astimezone(zone).date()
    last = max((ends - timedelta(microseconds=1)).astimezone(zone).date(), first)
    return _instant(first, zone), _instant(last + timedelta(days=1), zone)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _joined(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """The spans in order, those that touch made one."""
    joined: list[tuple[datetime, datetime]] = []
    for starts, ends in sorted(spans):
        if joined and starts <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((starts, ends))
    return joined


if __name__ == "__main__":
    main()
