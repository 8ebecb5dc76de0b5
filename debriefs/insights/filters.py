"""The filters of a page, read from the address: short names; what cannot be read is left out and explained."""

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debriefs.calls.enums import Channel, Neutrality
from debriefs.deals.enums import DECIDED
from debriefs.insights.rules import Period


class Size(models.TextChoices):
    """The buyer's size by employees."""

    SMALL = "small", gettext_lazy("Below 50 employees")
    MEDIUM = "medium", gettext_lazy("50 to 249 employees")
    LARGE = "large", gettext_lazy("250 to 999 employees")
    HUGE = "huge", gettext_lazy("1,000 employees and more")
    UNKNOWN = "unknown", gettext_lazy("Size not known")


# Employees from and below, by size.
SIZES = {Size.SMALL: (0, 50), Size.MEDIUM: (50, 250), Size.LARGE: (250, 1_000), Size.HUGE: (1_000, 2**31)}


class Announced(models.TextChoices):
    YES = "yes", gettext_lazy("The buyer was told early")
    NO = "no", gettext_lazy("Not announced")


class Compare(models.TextChoices):
    """What the figures are set beside."""

    PREVIOUS = "prev", gettext_lazy("the period before")
    YEAR = "year", gettext_lazy("a year before")
    REST = "rest", gettext_lazy("all other deals")


# Name in the address: field of Filters.
FIELDS = {
    "p": "period", "o": "outcome", "seg": "segment", "reg": "region", "t": "team", "off": "offering", "c": "competitor", "size": "size", "neu": "neutrality",
    "ann": "announced", "ch": "channel", "cmp": "compare",
}  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """What is looked at. All of it is on or empty; `ignored` holds a sentence for each value that could not be read."""

    period: Period | None = None
    outcome: str = ""
    segment: str = ""
    region: str = ""
    team: UUID | None = None
    offering: UUID | None = None
    competitor: UUID | None = None
    size: str = ""
    neutrality: str = ""
    announced: str = ""
    channel: str = ""
    compare: str = ""
    ignored: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def read(cls, query: QueryDict) -> "Filters":
        """The filters of a query string. Never an error: what cannot be read is left out and said so in `ignored`."""
        ignored: list[str] = []

        def read(name: str) -> str:
            return query.get(name, "").replace("\x00", "").strip()[:100]

        def identifier(name: str) -> UUID | None:
            text = read(name)
            try:
                return UUID(text) if text else None
            except ValueError:
                ignored.append(_("“%(text)s” names nothing here; choose from the list.") % {"text": text})
                return None

        def one_of(name: str, values: list[str]) -> str:
            text = read(name)
            if text and text not in values:
                ignored.append(_("“%(text)s” is none of %(values)s.") % {"text": text, "values": ", ".join(values)})
                return ""
            return text

        period = Period.parse(read("p")) if read("p") else None
        if read("p") and period is None:
            ignored.append(
                _(
                    "“%(text)s” is no period: write a quarter as 2026q3, a year as 2026, several quarters as 2026q1-2026q3."
                )
                % {"text": read("p")}
            )
        compare = one_of("cmp", Compare.values)
        if compare in (Compare.PREVIOUS, Compare.YEAR) and period is None:
            ignored.append(_("A comparison with an earlier period needs a period: choose one under “Decided”."))
            compare = ""
        found = cls(
            period=period,
            outcome=one_of("o", [value.value for value in DECIDED]),
            segment=read("seg"),
            region=read("reg"),
            team=identifier("t"),
            offering=identifier("off"),
            competitor=identifier("c"),
            size=one_of("size", Size.values),
            neutrality=one_of("neu", Neutrality.values),
            announced=one_of("ann", Announced.values),
            channel=one_of("ch", Channel.values),
            compare=compare,
        )
        if found.compare == Compare.REST and not found.narrows:
            ignored.append(_("A comparison with all other deals needs a filter that leaves some deals out."))
            found = replace(found, compare="")
        return replace(found, ignored=tuple(ignored))

    def parameters(self) -> dict[str, str]:
        """Name and value of each filter that is on, in the order of the form."""
        pairs = {name: getattr(self, attribute) for name, attribute in FIELDS.items()}
        return {name: value.key if isinstance(value, Period) else str(value) for name, value in pairs.items() if value}

    @property
    def query(self) -> str:
        """The query string, without the question mark."""
        return urlencode(self.parameters())

    @property
    def narrows(self) -> bool:
        """Whether any filter leaves deals out."""
        return bool(self.parameters().keys() - {"cmp"})

    def without(self, name: str) -> "Filters":
        """The same filters less one, by its name in the address; a comparison that then says nothing goes too."""
        nothing: Any = "" if isinstance(getattr(self, FIELDS[name]), str) else None
        left = replace(self, **{FIELDS[name]: nothing})
        needs_period = left.compare in (Compare.PREVIOUS, Compare.YEAR) and left.period is None
        return replace(left, compare="") if needs_period or not left.narrows else left

    def only_period(self) -> "Filters":
        """The period alone: what readers without record access may choose."""
        return Filters(period=self.period)

    @property
    def before(self) -> "Filters | None":
        """The filters of what is compared with, where that is another period."""
        if self.period is None or self.compare not in (Compare.PREVIOUS, Compare.YEAR):
            return None
        period = self.period.previous if self.compare == Compare.PREVIOUS else self.period.year_before
        return replace(self, period=period, compare="")
