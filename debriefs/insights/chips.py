"""What the filter bar and the measure cards of a page show."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debriefs.calls.enums import Channel, Neutrality
from debriefs.deals.enums import DECIDED, Outcome
from debriefs.insights import queries, titles
from debriefs.insights.figures import beside_in_words
from debriefs.insights.filters import Announced, Compare, Filters, Size
from debriefs.insights.measures import Overview
from debriefs.insights.queries import Scope
from debriefs.insights.rules import Period
from debriefs.insights.statistics import Share


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

    @property
    def base(self) -> str:
        """What the figure stands on."""
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
        if self.share.n == 0:
            return []
        if not self.share.shows_interval:
            return [_("Too few for a percentage or an interval."), *self.more]
        low, high = self.share.interval
        said = _("%(low)s to %(high)s %% (95 %% interval).") % {"low": round(low * 100), "high": round(high * 100)}
        return [said if self.share.shows_percent else said + " " + _("Too few for a percentage."), *self.more]

    @property
    def value(self) -> str:
        """The large figure: a percentage from ten on, "k of n" below, a word when there is nothing."""
        if self.share.n == 0:
            return _("None yet")
        if self.share.shows_percent:
            return f"{round(self.share.value * 100)} %"
        return _("%(k)s of %(n)s") % {"k": self.share.k, "n": self.share.n}


def chips_of(choices: list[Choice], filters: Filters) -> list[Chip]:
    """One chip per filter that is on, in the order of the form, named as the form's `choices` name it. No query."""
    labels = {choice.name: choice for choice in choices}
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

    found = [choice("p", _("Decided"), _("any time"), _periods(scope, filters.period))]
    if scope.has_record_access:
        outcomes = [(value.value, str(Outcome(value).label)) for value in DECIDED]
        segments = [(segment, segment) for segment in queries.segments_of(scope)]
        teams = [(str(team.pk), team.name) for team in queries.teams_of_scope(scope)]
        competitors = [(str(competitor.pk), competitor.name) for competitor in queries.competitors_of(scope)]
        found += [
            choice("o", _("Outcome"), _("all"), outcomes),
            choice("seg", _("Segment"), _("all"), segments),
            choice("reg", _("Region"), _("all"), [(region, region) for region in queries.regions_of(scope)]),
            choice("t", _("Team"), _("all"), teams),
            choice("off", _("Offering"), _("all"), [(str(one.pk), one.name) for one in queries.offerings_of(scope)]),
            choice("c", _("Competitor"), _("all"), competitors),
            choice("size", _("Size"), _("all"), _labels(Size)),
            choice("neu", _("Neutrality"), _("all"), _labels(Neutrality)),
            choice("ann", _("Announced"), _("all"), _labels(Announced)),
            choice("ch", _("Channel"), _("all"), _labels(Channel)),
            choice("cmp", _("Compared with"), _("nothing"), _labels(Compare)),
        ]
    return found


def _labels(kind: type[models.TextChoices]) -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in kind.choices]


def _periods(scope: Scope, chosen: Period | None) -> list[tuple[str, str]]:
    """Quarters and the years they make, newest first, and what was chosen where it is none of them."""
    quarters = queries.quarters_of(scope)
    years = sorted({quarter.year for quarter in quarters}, reverse=True)
    found = [(quarter.key, quarter.label) for quarter in quarters] + [(str(year), str(year)) for year in years]
    if chosen and chosen.key not in dict(found):
        found.append((chosen.key, chosen.label))
    return found


def cards_of(figures: Overview, checks: Share, before: Overview | None = None, label: str = "") -> list[Card]:
    """The four cards on top of the page, those of deals beside the same figure of `before`, called `label`, where one is given.

    `checks`: the lessons that were checked, of those whose day has come; lessons belong to the programme, whatever is filtered.
    """
    titles: tuple[tuple[str, str, str, list[str]], ...] = (
        ("win_rate", _("Win rate"), _("%(k)s of %(n)s won or lost"), [_all_decided(figures)]),
        ("completed", _("Debriefs completed"), _("%(k)s of %(n)s chosen deals"), []),
        (
            "agreement_by_category",
            _("Own reason was the buyer’s"),
            _("same category in %(k)s of %(n)s"),
            [*_agreement_notes(figures), *_same_driver(figures)],
        ),
    )
    cards = []
    for name, title, counted, more in titles:
        share: Share = getattr(figures, name)
        if before is not None:
            more = [beside_in_words(share, getattr(before, name), label) + ".", *more]
        cards.append(Card(title, share, counted % {"k": share.k, "n": share.n}, more))
    come = _("%(k)s of %(n)s whose day has come") % {"k": checks.k, "n": checks.n}
    open_now = checks.n - checks.k
    due = (
        [ngettext("%(n)s is due to be checked.", "%(n)s are due to be checked.", open_now) % {"n": open_now}]
        if open_now
        else []
    )
    return [*cards, Card(_("Lessons checked"), checks, come, due)]


def _same_driver(figures: Overview) -> list[str]:
    """The strict agreement beside the lenient one, and on how many debriefs it could not be judged."""
    share = figures.agreement
    said = []
    if share.n:
        said.append(_("The same driver in %(k)s of %(n)s.") % {"k": share.k, "n": share.n})
    if figures.left_out_of_strict:
        said.append(_("%(n)s left out there: our side named only a category.") % {"n": figures.left_out_of_strict})
    return said


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
    return [titles.beyond_chance(figures.kappa.value, low, high)]
