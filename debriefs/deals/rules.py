"""Rules about deals over plain values and dates: no database, no settings."""

import unicodedata
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _lazy

from debriefs.deals.enums import Outcome

# Dates outside are typing errors: a year 24 or 20244 breaks every list that shows it.
EARLIEST, LATEST = date(1970, 1, 1), date(2100, 12, 31)
LARGEST_AMOUNT = Decimal("999999999999.99")


def name_key(name: str) -> str:
    """The name as it is compared: compatibility forms unified, lower case, one blank between words, 200 characters."""
    if name.isascii():
        # The same answer for most names, in a fifth of the time.
        return " ".join(name.lower().split())[:200]
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:200]


def search_text(*, name: str, company: str, offering: str, external_id: str) -> str:
    """What a deal is found by; kept on the deal so that a search reads one column."""
    return " ".join(part for part in (name, company, offering, external_id) if part)


WINDOWS = {
    "cooling_off": _lazy("Cooling off"),
    "open": _lazy("Best time"),
    "closing": _lazy("Last week of the best time"),
    "late": _lazy("Past the best time"),
    "overdue": _lazy("Overdue"),
}


def quarter_of(day: date) -> str:
    """The calendar quarter as filters write it: "2026-Q4"."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


def quarter_bounds(quarter: str) -> tuple[date, date]:
    """First day of the quarter and first day of the next. The text must look like "2026-Q4"."""
    year, number = int(quarter[:4]), int(quarter[-1])
    first = date(year, number * 3 - 2, 1)
    return first, date(year + number // 4, number * 3 % 12 + 1, 1)


def own_view_questions(outcome: str) -> tuple[str, ...]:
    """The fields of an own view that are asked: three after a win, four after any other outcome."""
    if outcome == Outcome.WON:
        return ("why", "what_mattered", "what_to_hear")
    return ("why", "what_mattered", "when_it_changed", "what_to_hear")


def today_in(time_zone: str, now: datetime) -> date:
    """The day it is in the zone in which the programme counts days."""
    return now.astimezone(ZoneInfo(time_zone)).date()
