"""Quarters, and the words of a finding."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

# A quarter is closed for readers without record access so many days after its last one: by then the debriefs of its last
# deals have come in. What comes later is not in its snapshot.
SETTLING_DAYS = 45

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

    @property
    def index(self) -> int:
        """Quarters since the year 0, for counting."""
        return self.year * 4 + self.number - 1

    @classmethod
    def at(cls, index: int) -> "Quarter":
        """The quarter of an index."""
        return cls(index // 4, index % 4 + 1)

    def is_closed(self, today: date) -> bool:
        """Whether the quarter is over and settled."""
        return today > self.ends_on + timedelta(days=SETTLING_DAYS)


@dataclass(frozen=True)
class Period:
    """One quarter, or several in a row."""

    first: Quarter
    last: Quarter

    @classmethod
    def parse(cls, text: str) -> "Period | None":
        """Reads "2026q3", "2026" or "2026q1-2026q3" (in this order); None for anything else."""
        text = text.strip().lower()
        if re.fullmatch(r"\d{4}", text):
            text = f"{text}q1-{text}q4"
        first_text, _dash, last_text = text.partition("-")
        first = Quarter.parse(first_text)
        last = Quarter.parse(last_text) if last_text else first
        return cls(first, last) if first and last and first <= last else None

    @property
    def key(self) -> str:
        """As it stands in an address, the shortest way."""
        if self.first == self.last:
            return self.first.key
        if self.first.year == self.last.year and (self.first.number, self.last.number) == (1, 4):
            return str(self.first.year)
        return f"{self.first.key}-{self.last.key}"

    @property
    def label(self) -> str:
        """As it stands on a page."""
        if self.first == self.last:
            return self.first.label
        if self.key == str(self.first.year):
            return self.key
        return f"{self.first.label} – {self.last.label}"

    @property
    def starts_on(self) -> date:
        """Its first day."""
        return self.first.starts_on

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return self.last.ends_on

    @property
    def previous(self) -> "Period":
        """As many quarters, ending just before it."""
        count = self.last.index - self.first.index + 1
        return Period(Quarter.at(self.first.index - count), Quarter.at(self.first.index - 1))

    @property
    def year_before(self) -> "Period":
        """The same quarters of the year before."""
        return Period(Quarter.at(self.first.index - 4), Quarter.at(self.last.index - 4))
