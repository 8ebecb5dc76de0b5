"""Working hours on the recipient's own wall clock, through every change of the clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from debriefs.foundation import mail_hours

HOURS = (8, 18)


def at(text, zone):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "zone", "opens"),
    [
        # A Friday evening before the clocks change: Monday at eight on the new wall clock.
        ("2026-03-06 19:00", "America/New_York", "2026-03-09 08:00"),
        ("2026-10-30 19:00", "America/New_York", "2026-11-02 08:00"),
        ("2026-03-27 19:00", "Europe/Berlin", "2026-03-30 08:00"),
        ("2026-10-23 23:30", "Europe/Berlin", "2026-10-26 08:00"),
        ("2026-10-02 18:00", "Australia/Lord_Howe", "2026-10-05 08:00"),
        ("2026-04-03 18:00", "Australia/Lord_Howe", "2026-04-06 08:00"),
        # Casablanca leaves its summer time for Ramadan and comes back.
        ("2026-02-13 20:00", "Africa/Casablanca", "2026-02-16 08:00"),
        ("2026-03-20 20:00", "Africa/Casablanca", "2026-03-23 08:00"),
        # Vancouver stays at UTC-7 in the winter of 2026.
        ("2026-12-15 19:00", "America/Vancouver", "2026-12-16 08:00"),
        ("2026-12-16 03:00", "America/Vancouver", "2026-12-16 08:00"),
        ("2026-12-19 12:00", "America/Vancouver", "2026-12-21 08:00"),
        ("2026-12-16 17:59", "America/Vancouver", "2026-12-16 17:59"),
        ("2026-12-16 08:00", "America/Vancouver", "2026-12-16 08:00"),
    ],
)
def test_the_next_working_hour_is_the_wall_clocks(now, zone, opens):
    assert mail_hours.next_open(at(now, zone), zone, HOURS) == at(opens, zone)


def test_vancouver_follows_the_pinned_zone_data():
    opens = mail_hours.next_open(datetime(2026, 12, 15, 3, 0, tzinfo=UTC), "America/Vancouver", HOURS)
    assert opens == datetime(2026, 12, 15, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "America/Vancouver"]
)
def test_every_hour_of_a_year_leads_to_a_working_hour_ahead(zone):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for hour in range(0, 24 * 365, 1):
        instant = now + timedelta(hours=hour)
        opens = mail_hours.next_open(instant, zone, HOURS)
        local = opens.astimezone(ZoneInfo(zone))
        assert instant <= opens <= instant + timedelta(hours=63)
        assert local.weekday() < 5
        assert 8 <= local.hour < 18


@pytest.mark.parametrize("text", ["8", "18-8", "8-25", "a-b", "-1-5"])
def test_nonsense_is_refused(text):
    with pytest.raises(ValueError):
        mail_hours.parsed(text)


def test_hours_are_read():
    assert mail_hours.parsed("8-18") == (8, 18)
    assert mail_hours.parsed("") is None
