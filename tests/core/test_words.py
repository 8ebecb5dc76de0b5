"""Dates, ages, amounts and numbers as sentences carry them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from debriefs.core import words

NOON = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Oslo", "Tue 24 Nov 2026, 15:00 CET (UTC+1)"),
        ("Europe/London", "Tue 24 Nov 2026, 14:00 GMT (UTC+0)"),
        ("UTC", "Tue 24 Nov 2026, 14:00 UTC"),
        ("America/Los_Angeles", "Tue 24 Nov 2026, 06:00 PST (UTC−8)"),
        ("Asia/Kolkata", "Tue 24 Nov 2026, 19:30 IST (UTC+5:30)"),
        # These zones have no letters of their own: the offset stands alone, and is not said twice.
        ("America/Sao_Paulo", "Tue 24 Nov 2026, 11:00 UTC−3"),
        ("Asia/Kathmandu", "Tue 24 Nov 2026, 19:45 UTC+5:45"),
        # The day is the reader's, not the server's.
        ("Pacific/Auckland", "Wed 25 Nov 2026, 03:00 NZDT (UTC+13)"),
    ],
)
def test_a_time_carries_its_day_and_its_zone(zone, said):
    with timezone.override(ZoneInfo(zone)):
        assert words.at_time(NOON) == said


def test_summer_time_is_named_by_the_day_it_is_said_of():
    with timezone.override(ZoneInfo("Europe/Oslo")):
        assert words.at_time(datetime(2026, 7, 1, 13, 0, tzinfo=UTC)) == "Wed 1 Jul 2026, 15:00 CEST (UTC+2)"


def test_the_hour_that_comes_twice_is_told_apart():
    with timezone.override(ZoneInfo("Europe/Oslo")):
        first = words.at_time(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
        second = words.at_time(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    assert first == "Sun 25 Oct 2026, 02:30 CEST (UTC+2)"
    assert second == "Sun 25 Oct 2026, 02:30 CET (UTC+1)"


def test_a_date_is_not_moved_by_a_time_zone():
    with timezone.override(ZoneInfo("Pacific/Auckland")):
        assert words.on_day(date(2026, 11, 24)) == "Tue 24 Nov 2026"


def test_a_day_without_its_year():
    assert words.on_day(date(2026, 11, 4), year=False) == "Wed 4 Nov"


def test_days_are_named_in_the_active_language():
    with translation.override("de"):
        assert words.on_day(date(2026, 11, 24)) == "Di, 24. Nov 2026"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "today"),
        (-1, "1 day ago"),
        (1, "tomorrow"),
        (-9, "9 days ago"),
        (3, "in 3 days"),
        (-59, "59 days ago"),
        (-60, "1 month ago"),
        (-365, "12 months ago"),
        (-729, "23 months ago"),
        (-730, "2 years ago"),
        (90, "in 2 months"),
    ],
)
def test_the_age_of_a_date(days, said):
    today = date(2026, 11, 24)
    assert words.age(today + timedelta(days=days), now=today) == said


@pytest.mark.parametrize(
    ("distance", "said"),
    [
        (timedelta(seconds=-20), "just now"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(minutes=-59), "59 minutes ago"),
        (timedelta(hours=-2, minutes=-40), "2 hours ago"),
        (timedelta(minutes=30), "in 30 minutes"),
        (timedelta(hours=23), "in 23 hours"),
        (timedelta(hours=25), "tomorrow"),
        (timedelta(days=-9), "9 days ago"),
    ],
)
def test_the_age_of_an_instant(distance, said):
    assert words.age(NOON + distance, now=NOON) == said


def test_an_instant_against_a_day_is_counted_in_calendar_days_of_the_reader():
    late_evening = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    with timezone.override(ZoneInfo("Europe/Oslo")):
        assert words.age(late_evening, now=date(2026, 11, 24)) == "today"
    assert words.age(late_evening, now=date(2026, 11, 24)) == "1 day ago"


def test_the_age_of_a_date_at_a_moment_takes_the_readers_day():
    moment = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    with timezone.override(ZoneInfo("Europe/Oslo")):
        assert words.age(date(2026, 11, 24), now=moment) == "today"


@pytest.mark.parametrize(
    ("value", "currency", "said"),
    [
        (Decimal("228000.00"), "EUR", "€228,000"),
        (Decimal("1250.50"), "EUR", "€1,250.50"),
        (9800, "USD", "$9,800"),
        (Decimal("-40"), "GBP", "-£40"),
        (Decimal("120000"), "NOK", "NOK120,000"),
        (Decimal("5"), "QQQ", "QQQ5"),
        (Decimal("0"), "EUR", "€0"),
        ("not a number", "EUR", ""),
    ],
)
def test_an_amount(value, currency, said):
    assert words.amount(value, currency).replace("\u00a0", "") == said


def test_an_amount_in_german():
    with translation.override("de"):
        assert words.amount(Decimal("228000"), "EUR") == "228.000\u00a0€"


def test_counts_are_grouped():
    assert words.number(8800) == "8,800"
    assert words.count_of(6, 9) == "6 of 9"
    assert words.count_of(4100, 8800) == "4,100 of 8,800"


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (1, "100"), (0.316, "32"), (0.004, "1"), (0.997, "99"), (0.5, "50")],
)
def test_a_share_is_never_rounded_to_none_or_all(value, said):
    assert words.share(value) == f"{said}\u00a0%"


@pytest.mark.parametrize(("value", "said"), [(38.4, "+38"), (-33.3, "−33"), (0.2, "0"), (-0.4, "0")])
def test_a_signed_number_has_a_true_minus(value, said):
    assert words.signed(value) == said
