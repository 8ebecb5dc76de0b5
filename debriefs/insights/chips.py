"""What the filter bar and the measure cards of a page show."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from debriefs.deals.enums import DECIDED, Outcome
from debriefs.insights import queries
from debriefs.insights.filters import Filters
from debriefs.insights.measures import Overview
from debriefs.insights.queries import Scope
from debriefs.insights.statistics import Share, Status


@dataclass(frozen=True)
class Chip:
    """A filter that is on, and the address without it."""

    label: str
    value: str
    query: str


@dataclass(frozen=True)
class Choice:
    """One select of the filter form."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]


@dataclass(frozen=True)
class Card:
    """One measure card: what, how much, of how many, with the interval or the reason why there is none."""

    title: str
    share: Share
    counted: str
    more: list[str]
    smallest: int

    @property
    def base(self) -> str:
        """What the figure stands on."""
        if self.share.status is Status.HIDDEN:
            return _("fewer than %(k)s companies") % {"k": self.smallest}
        return self.counted if self.share.n else _("nothing to count yet")

    @property
    def is_thin(self) -> bool:
        """Whether the interval is drawn with a hollow dot."""
        return not self.share.shows_percent

    @property
    def low(self) -> float | None:
        """The lower end in per cent; None where no interval is drawn."""
        return self.share.interval[0] * 100 if self.share.shows_interval else None

    @property
    def high(self) -> float | None:
        """The upper end in per cent."""
        return self.share.interval[1] * 100 if self.share.shows_interval else None

    @property
    def at(self) -> float | None:
        """The value in per cent."""
        return self.share.value * 100 if self.share.shows_interval else None

    @property
    def notes(self) -> list[str]:
        """The interval in words or the reason why there is none, then what else belongs to the figure."""
        if self.share.status is Status.HIDDEN or self.share.n == 0:
            return []
        if not self.share.shows_interval:
            return [_("Too few for a percentage or an interval."), *self.more]
        low, high = self.share.interval
        said = _("%(low)s to %(high)s %% (95 %% interval).") % {"low": round(low * 100), "high": round(high * 100)}
        return [said if self.share.shows_percent else said + " " + _("Too few for a percentage."), *self.more]

    @property
    def value(self) -> str:
        """The large figure: a percentage from ten on, "k of n" below, a word when hidden or empty."""
        if self.share.status is Status.HIDDEN:
            return _("Hidden")
        if self.share.n == 0:
            return _("None yet")
        if self.share.shows_percent:
            return f"{round(self.share.value * 100)} %"
        return _("%(k)s of %(n)s") % {"k": self.share.k, "n": self.share.n}


def chips_of(scope: Scope, filters: Filters) -> list[Chip]:
    """One chip per filter that is on, in the order of the form."""
    if not scope.has_record_access:
        filters = filters.only_period()
    labels = {choice.name: choice for choice in choices_of(scope, filters)}
    chips = []
    for name, value in filters.parameters().items():
        choice = labels.get(name)
        shown = next((label for key, label, _on in choice.options if key == value), value) if choice else value
        chips.append(Chip(choice.label if choice else name, shown, filters.without(name).query))
    return chips


def choices_of(scope: Scope, filters: Filters) -> list[Choice]:
    """The selects of the filter form: the period for everybody, the rest for readers with record access."""
    chosen = filters.parameters()

    def choice(name: str, label: str, every: str, options: Iterable[tuple[str, str]]) -> Choice:
        listed = [("", every), *options]
        return Choice(name, label, [(key, text, chosen.get(name, "") == key) for key, text in listed])

    quarters = [(quarter.key, quarter.label) for quarter in queries.quarters_of(scope)]
    found = [choice("p", _("Decided"), _("any time"), quarters)]
    if scope.has_record_access:
        outcomes = [(value.value, str(Outcome(value).label)) for value in DECIDED]
        segments = [(segment, segment) for segment in queries.segments_of(scope)]
        teams = [(str(team.pk), team.name) for team in queries.teams_of_scope(scope)]
        competitors = [(str(competitor.pk), competitor.name) for competitor in queries.competitors_of(scope)]
        found += [
            choice("o", _("Outcome"), _("all"), outcomes),
            choice("seg", _("Segment"), _("all"), segments),
            choice("t", _("Team"), _("all"), teams),
            choice("c", _("Competitor"), _("all"), competitors),
        ]
    return found


def cards_of(figures: Overview, smallest: int) -> list[Card]:
    """The four cards on top of the page; `smallest` is the programme's k."""
    left_out = _("%(n)s left out: our side named only a category.") % {"n": figures.left_out_of_strict}
    return [
        Card(
            _("Win rate"),
            figures.win_rate,
            _("%(k)s of %(n)s won or lost") % {"k": figures.win_rate.k, "n": figures.win_rate.n},
            [_all_decided(figures)],
            smallest,
        ),
        Card(
            _("Debriefs completed"),
            figures.completed,
            _("%(k)s of %(n)s chosen deals") % {"k": figures.completed.k, "n": figures.completed.n},
            [],
            smallest,
        ),
        Card(
            _("Own reason was the buyer’s"),
            figures.agreement_by_category,
            _("same category in %(k)s of %(n)s debriefs")
            % {"k": figures.agreement_by_category.k, "n": figures.agreement_by_category.n},
            _agreement_notes(figures),
            smallest,
        ),
        Card(
            _("Same driver named"),
            figures.agreement,
            _("%(k)s of %(n)s debriefs") % {"k": figures.agreement.k, "n": figures.agreement.n},
            [left_out] if figures.left_out_of_strict else [],
            smallest,
        ),
    ]


def _all_decided(figures: Overview) -> str:
    share = figures.win_rate_all
    if not share.shows_percent:
        return _("Of all %(n)s decided deals: %(k)s.") % {"k": share.k, "n": share.n}
    low, high = share.interval
    return _("Of all %(n)s decided deals: %(p)s %% (%(low)s to %(high)s %%).") % {
        "n": share.n,
        "p": round(share.value * 100),
        "low": round(low * 100),
        "high": round(high * 100),
    }


def _agreement_notes(figures: Overview) -> list[str]:
    if figures.kappa is None:
        return [_("Kappa needs 20 debriefs with both reasons.")] if figures.agreement_by_category.n else []
    low, high = figures.kappa.interval
    return [
        _("Kappa %(value).2f (%(low).2f to %(high).2f): agreement beyond chance.")
        % {"value": figures.kappa.value, "low": low, "high": high}
    ]
