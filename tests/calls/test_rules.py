"""Rules of neutrality, free times and reminders, without a database."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from debriefs.calls.enums import Neutrality
from debriefs.calls.rules import Busy, Hours, Relation, free_slots, grouped_by_day, neutrality_of, reminders, wall_time


def hours(zone="Europe/Berlin", weekly=None, **fields):
    values = {
        "buffer_before": timedelta(minutes=15),
        "buffer_after": timedelta(minutes=15),
        "minimum_notice": timedelta(hours=24),
        "most_calls_a_day": 4,
    }
    return Hours(
        time_zone=zone, weekly=weekly or tuple((day, time(9), time(12)) for day in range(7)), **values | fields
    )


def at(*parts, zone="UTC"):
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("agency", "in_team", "manages", "level"),
    [
        (True, False, False, Neutrality.AGENCY),
        (False, False, False, Neutrality.OTHER_TEAM),
        (False, True, False, None),
        (False, False, True, Neutrality.MANAGER),
        (False, True, True, Neutrality.MANAGER),
    ],
)
def test_neutrality(agency, in_team, manages, level):
    assert neutrality_of(Relation(agency, in_team, manages)) == level


def test_slots_begin_after_the_notice_and_fit_the_hours():
    found = free_slots(hours=hours(), busy=[], minutes=30, now=at(2026, 11, 25, 10, zone="Europe/Berlin"))
    assert found[0] == at(2026, 11, 26, 10, zone="Europe/Berlin")
    assert {slot.astimezone(ZoneInfo("Europe/Berlin")).time() for slot in found} <= {
        time(9), time(9, 30), time(10), time(10, 30), time(11), time(11, 30)
    }  # fmt: skip


def test_a_call_and_its_buffers_are_not_offered():
    now = at(2026, 11, 23, 8, zone="Europe/Berlin")
    call = at(2026, 11, 25, 10, zone="Europe/Berlin")
    busy = [Busy(call - timedelta(minutes=15), call + timedelta(minutes=45))]
    found = [slot for slot in free_slots(hours=hours(), busy=busy, minutes=30, now=now) if slot.date() == call.date()]
    # Own buffers count too: what ends at 9:30 would reach to 9:45 and touch the call's buffer exactly.
    assert [slot.astimezone(ZoneInfo("Europe/Berlin")).strftime("%H:%M") for slot in found] == [
        "09:00",
        "11:00",
        "11:30",
    ]


def test_no_more_than_the_calls_of_a_day():
    now = at(2026, 11, 23, 8, zone="Europe/Berlin")
    morning = at(2026, 11, 25, 6, zone="Europe/Berlin")
    busy = [Busy(morning, morning + timedelta(minutes=30))]
    found = free_slots(hours=hours(most_calls_a_day=1), busy=busy, minutes=30, now=now)
    assert not [slot for slot in found if slot.date() == morning.date()]
    others = [Busy(morning, morning + timedelta(minutes=30), counts=False)]
    assert [
        slot
        for slot in free_slots(hours=hours(most_calls_a_day=1), busy=others, minutes=30, now=now)
        if slot.date() == morning.date()
    ]


@pytest.mark.parametrize(
    ("zone", "day", "missing"),
    [
        ("America/New_York", (2026, 3, 8), "02:30"),
        ("Europe/Berlin", (2026, 3, 29), "02:30"),
        ("Australia/Lord_Howe", (2026, 10, 4), "02:00"),
        ("Africa/Casablanca", (2026, 3, 22), "02:30"),
    ],
)
def test_a_time_that_does_not_exist_is_never_offered(zone, day, missing):
    night = tuple((weekday, time(1), time(5)) for weekday in range(7))
    before = datetime(*day, tzinfo=UTC) - timedelta(days=3)
    found = free_slots(hours=hours(zone, night), busy=[], minutes=30, now=before)
    local = [slot.astimezone(ZoneInfo(zone)) for slot in found]
    of_day = {slot.strftime("%H:%M") for slot in local if slot.date() == datetime(*day).date()}
    assert missing not in of_day
    assert "04:00" in of_day


@pytest.mark.parametrize(
    ("zone", "day", "twice"), [("America/New_York", (2026, 11, 1), "01:30"), ("Europe/Berlin", (2026, 10, 25), "02:30")]
)
def test_a_time_that_exists_twice_is_offered_once(zone, day, twice):
    night = tuple((weekday, time(1), time(5)) for weekday in range(7))
    before = datetime(*day, tzinfo=UTC) - timedelta(days=3)
    found = free_slots(hours=hours(zone, night), busy=[], minutes=30, now=before)
    local = [slot.astimezone(ZoneInfo(zone)) for slot in found]
    assert [slot.strftime("%H:%M") for slot in local if slot.date() == datetime(*day).date()].count(twice) == 1


def test_hours_follow_the_wall_clock_over_a_change():
    found = free_slots(hours=hours(), busy=[], minutes=30, now=datetime(2026, 10, 22, tzinfo=UTC))
    firsts = {slot.date(): slot for slot in reversed(found)}
    assert firsts[datetime(2026, 10, 24).date()] == at(2026, 10, 24, 7)
    assert firsts[datetime(2026, 10, 25).date()] == at(2026, 10, 25, 8)


def test_reminders_are_exact_hours_and_only_ahead():
    start = at(2026, 11, 1, 9, zone="America/New_York")
    due = reminders(starts_at=start, now=start - timedelta(days=3))
    assert start - due["day"] == timedelta(hours=24)
    assert set(reminders(starts_at=start, now=start - timedelta(hours=5))) == {"hour"}
    assert reminders(starts_at=start, now=start - timedelta(minutes=40)) == {}


@pytest.mark.parametrize(
    ("zone", "starts", "day_before", "hour_before"),
    [
        # The clocks change in the night before the call: 24 real hours are another hour of the day on the wall.
        ("America/New_York", "2026-03-08 09:00", "2026-03-07 08:00", "2026-03-08 08:00"),
        ("America/New_York", "2026-11-01 09:00", "2026-10-31 10:00", "2026-11-01 08:00"),
        ("Europe/Berlin", "2026-03-29 09:00", "2026-03-28 08:00", "2026-03-29 08:00"),
        ("Europe/Berlin", "2026-10-25 09:00", "2026-10-24 10:00", "2026-10-25 08:00"),
        ("Australia/Lord_Howe", "2026-10-04 09:00", "2026-10-03 08:30", "2026-10-04 08:00"),
        ("Australia/Lord_Howe", "2026-04-05 09:00", "2026-04-04 09:30", "2026-04-05 08:00"),
        ("Africa/Casablanca", "2026-02-15 09:00", "2026-02-14 10:00", "2026-02-15 08:00"),
        ("Africa/Casablanca", "2026-03-22 09:00", "2026-03-21 08:00", "2026-03-22 08:00"),
        ("America/Vancouver", "2026-03-08 09:00", "2026-03-07 08:00", "2026-03-08 08:00"),
        # Vancouver stays on its summer time: in November and December nothing moves.
        ("America/Vancouver", "2026-11-01 09:00", "2026-10-31 09:00", "2026-11-01 08:00"),
        ("America/Vancouver", "2026-12-15 10:00", "2026-12-14 10:00", "2026-12-15 09:00"),
    ],
)
def test_reminders_over_a_change_of_the_clocks(zone, starts, day_before, hour_before):
    """A day is 24 real hours and an hour is one, whatever the wall clock says in between; the mail says the wall's time."""
    start = datetime.fromisoformat(starts).replace(tzinfo=ZoneInfo(zone))
    due = reminders(starts_at=start, now=start.astimezone(UTC) - timedelta(days=9))
    assert {name: wall_time(at, zone) for name, at in due.items()} == {"day": day_before, "hour": hour_before}
    assert start.astimezone(UTC) - due["day"] == timedelta(hours=24)
    assert due["hour"].utcoffset() == timedelta(0)


def test_one_source_of_zone_data():
    # Vancouver stays on summer time from 2026 on in the pinned data; older system files say an hour less.
    assert wall_time(datetime(2026, 12, 15, 17, tzinfo=UTC), "America/Vancouver") == "2026-12-15 10:00"


def test_days_are_grouped_where_the_reader_is():
    late = [datetime(2026, 11, 25, 23, 30, tzinfo=UTC), datetime(2026, 11, 26, 8, tzinfo=UTC)]
    assert [day.isoformat() for day, _starts in grouped_by_day(late, "Europe/Oslo")] == ["2026-11-26"]
    assert [day.isoformat() for day, _starts in grouped_by_day(late, "America/New_York")] == [
        "2026-11-25",
        "2026-11-26",
    ]
    many = [datetime(2026, 11, 25, 8, tzinfo=UTC) + timedelta(minutes=30 * number) for number in range(16)]
    ((_day, starts),) = grouped_by_day(many, "UTC")
    assert len(starts) <= 6
    assert starts[-1].hour >= 14


CHANGES = [
    ("America/New_York", (2026, 3, 8), {"02:00", "02:30"}, set()),
    ("America/New_York", (2026, 11, 1), set(), {"01:00", "01:30"}),
    ("Europe/Berlin", (2026, 3, 29), {"02:00", "02:30"}, set()),
    ("Europe/Berlin", (2026, 10, 25), set(), {"02:00", "02:30"}),
    ("Australia/Lord_Howe", (2026, 10, 4), {"02:00"}, set()),
    ("Australia/Lord_Howe", (2026, 4, 5), set(), {"01:30"}),
    ("Africa/Casablanca", (2026, 3, 22), {"02:00", "02:30"}, set()),
    ("Africa/Casablanca", (2026, 2, 15), set(), {"02:00", "02:30"}),
    ("America/Vancouver", (2026, 3, 8), {"02:00", "02:30"}, set()),
    # Vancouver keeps its summer time from 2026 on: nothing is missing and nothing is twice.
    ("America/Vancouver", (2026, 11, 1), set(), set()),
]


@pytest.mark.parametrize(("zone", "day", "missing", "twice"), CHANGES)
def test_slots_on_the_day_the_clocks_change(zone, day, missing, twice):
    """Every half hour of the night on the wall clock, but for those that do not exist; each instant once, in order, unambiguous."""
    night = tuple((weekday, time(1), time(5)) for weekday in range(7))
    before = datetime(*day, tzinfo=UTC) - timedelta(days=3)
    found = free_slots(
        hours=hours(zone, night, most_calls_a_day=20), busy=[], minutes=30, now=before,
        first_day=datetime(*day).date(), last_day=datetime(*day).date(),
    )  # fmt: skip
    local = [slot.astimezone(ZoneInfo(zone)) for slot in found]
    every = [f"{hour:02}:{minute:02}" for hour in range(1, 5) for minute in (0, 30)]
    assert [f"{slot:%H:%M}" for slot in local] == [wall for wall in every if wall not in missing]
    assert found == sorted(set(found))
    ambiguous = {f"{slot:%H:%M}" for slot in local if slot.utcoffset() != slot.replace(fold=1).utcoffset()}
    assert ambiguous == twice
    assert not any(slot.fold for slot in local)


def test_vancouver_in_december_2026_is_seven_hours_behind():
    nine = tuple((weekday, time(9), time(10)) for weekday in range(7))
    day = datetime(2026, 12, 15).date()
    (slot,) = free_slots(
        hours=hours("America/Vancouver", nine),
        busy=[],
        minutes=60,
        now=datetime(2026, 12, 1, tzinfo=UTC),
        first_day=day,
        last_day=day,
    )
    assert slot == datetime(2026, 12, 15, 16, tzinfo=UTC)
