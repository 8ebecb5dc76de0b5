"""Quarters, and the words of a finding."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_QUARTER = re.compile(r"(\d{4})q([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter; the period of every statistic is the day the buyer decided."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter a day lies in."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    @classmethod
    def parse(cls, text: str) -> "Quarter | None":
        """Reads "2026q3"; None for anything else and for years no deal was decided in."""
        match = _QUARTER.fullmatch(text.strip().lower())
        if not match or not 1990 <= int(match[1]) <= 2200:
            return None
        return cls(int(match[1]), int(match[2]))

    @property
    def starts_on(self) -> date:
        """Its first day."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return self.next.starts_on - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        """The quarter after it."""
        return Quarter(self.year + (self.number == 4), self.number % 4 + 1)

    @property
    def key(self) -> str:
        """As it stands in an address."""
        return f"{self.year}q{self.number}"

    @property
    def label(self) -> str:
        """As it stands on a page."""
        return f"Q{self.number} {self.year}"

    def is_closed(self, today: date) -> bool:
        """Whether the quarter is over."""
        return today > self.ends_on


def hidden_cells(companies: Sequence[int], total_companies: int, smallest: int) -> set[int]:
    """Which of the cells stay hidden from readers without record access.

    A cell is hidden when it stands for 1 to `smallest`-1 companies, or for all but so few that the rest could be named
    ("all but two said"). Where exactly one cell is hidden among several, the next smallest goes with it, so that it cannot be
    worked out from a total.
    """
    hidden = {
        index for index, count in enumerate(companies) if 0 < count < smallest or 0 < total_companies - count < smallest
    }
    if len(hidden) == 1 and len(companies) > 1:
        rest = [index for index in range(len(companies)) if index not in hidden and companies[index] > 0]
        if rest:
            hidden.add(min(rest, key=lambda index: companies[index]))
    return hidden
