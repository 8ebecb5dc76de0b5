"""Rules over plain values."""

from datetime import UTC, date, datetime, timedelta

import pytest

from debriefs.deals import rules
from debriefs.deals.enums import Outcome

DAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("quarter", "first", "next_first"),
    [
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
    ],
)
def test_bounds_of_a_quarter(quarter, first, next_first):
    assert rules.quarter_bounds(quarter) == (first, next_first)
    assert rules.quarter_of(first) == rules.quarter_of(next_first - timedelta(days=1)) == quarter


def test_names_are_compared_by_letters_not_by_spelling():
    assert rules.name_key("  Ｍüller &\u00a0Söhne ") == rules.name_key("müller & söhne")
    assert rules.name_key("GTXPro") != rules.name_key("GTX Pro")


def test_today_is_counted_in_the_programmes_zone():
    late = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    assert rules.today_in("Europe/Oslo", late) == date(2026, 11, 3)


def test_a_win_is_asked_three_questions_and_everything_else_four():
    assert len(rules.own_view_questions(Outcome.WON)) == 3
    assert len(rules.own_view_questions(Outcome.REJECTED)) == 4
