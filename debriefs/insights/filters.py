"""The filters of a page, read from the address: short names, unknown values ignored and said so."""

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from debriefs.deals.enums import DECIDED
from debriefs.insights.rules import Quarter


@dataclass(frozen=True)
class Filters:
    """What is looked at. Names in the address: p quarter, o outcome, seg segment, t team, c competitor."""

    quarter: Quarter | None = None
    outcome: str = ""
    segment: str = ""
    team: UUID | None = None
    competitor: UUID | None = None
    ignored: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def read(cls, query: QueryDict) -> "Filters":
        """The filters of a query string. Whatever cannot be read is left out and named in `ignored`; never an error."""
        ignored: list[str] = []

        def read(name: str) -> str:
            return query.get(name, "").replace("\x00", "").strip()[:100]

        def identifier(name: str) -> UUID | None:
            text = read(name)
            try:
                return UUID(text) if text else None
            except ValueError:
                ignored.append(text)
                return None

        quarter = Quarter.parse(read("p")) if read("p") else None
        if read("p") and quarter is None:
            ignored.append(read("p"))
        outcome = read("o")
        if outcome and outcome not in DECIDED:
            ignored.append(outcome)
            outcome = ""
        return cls(
            quarter=quarter,
            outcome=outcome,
            segment=read("seg"),
            team=identifier("t"),
            competitor=identifier("c"),
            ignored=tuple(ignored),
        )

    def parameters(self) -> dict[str, str]:
        """Name and value of each filter that is on."""
        pairs = {
            "p": self.quarter.key if self.quarter else "",
            "o": self.outcome,
            "seg": self.segment,
            "t": str(self.team or ""),
            "c": str(self.competitor or ""),
        }
        return {name: value for name, value in pairs.items() if value}

    @property
    def query(self) -> str:
        """The query string, without the question mark."""
        return urlencode(self.parameters())

    def without(self, name: str) -> "Filters":
        """The same filters less one, by its name in the address."""
        return {
            "p": replace(self, quarter=None),
            "o": replace(self, outcome=""),
            "seg": replace(self, segment=""),
            "t": replace(self, team=None),
            "c": replace(self, competitor=None),
        }[name]

    def only_period(self) -> "Filters":
        """The period alone: what readers without record access may choose."""
        return Filters(quarter=self.quarter)
