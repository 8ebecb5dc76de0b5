"""The figures of the lessons-learned page, from the grouped counts."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from debriefs.deals.enums import Outcome
from debriefs.insights import queries
from debriefs.insights.filters import Filters
from debriefs.insights.queries import Scope
from debriefs.insights.rules import hidden_cells
from debriefs.insights.statistics import Kappa, Net, Share, Status, bonett_price, kappa


@dataclass(frozen=True)
class DriverFigure:
    """One driver: how often named, and its net score."""

    id: UUID
    name: str
    named: int
    net: Net


@dataclass(frozen=True)
class ReasonFigure:
    """One category as the main reason: how often our side wrote it, how often the buyer gave it, of n."""

    key: str
    name: str
    ours: int
    theirs: int
    n: int

    @property
    def points(self) -> float:
        """How much more often our side wrote it, from -1 to +1."""
        return (self.ours - self.theirs) / self.n


@dataclass(frozen=True)
class Step:
    """One step of the funnel: deals that reached it, of those decided."""

    key: str
    name: str
    note: str
    share: Share


@dataclass(frozen=True)
class Overview:
    """Everything the page shows."""

    decided: int
    debriefs: int
    win_rate: Share
    win_rate_all: Share
    completed: Share
    agreement: Share
    agreement_by_category: Share
    left_out_of_strict: int
    kappa: Kappa | None
    drivers: tuple[DriverFigure, ...]
    hidden_drivers: int
    reasons: tuple[ReasonFigure, ...]
    funnel: tuple[Step, ...]


def overview(scope: Scope, filters: Filters) -> Overview:
    """The lessons-learned figures of a scope under filters. Six queries, however many deals."""
    deals = queries.filtered_deals(scope, filters)
    releases = queries.releases_behind(scope, deals)
    outcomes = queries.outcome_counts(deals)
    totals = queries.release_totals(releases)
    smallest = scope.person.programme.smallest_group
    # All content figures vanish together when the releases stand for too few companies.
    hidden = not scope.has_record_access and totals["companies"] < smallest
    counts = queries.funnel_counts(deals)
    decided, won = sum(outcomes.values()), outcomes.get(Outcome.WON, 0)
    drivers, hidden_drivers = _drivers(scope, queries.driver_counts(releases), totals, hidden)
    pairs = queries.reason_pairs(releases)
    known = [pair for pair in pairs if pair["own_category_key"]]
    strict = [pair for pair in pairs if pair["own_counted"]]
    return Overview(
        decided=decided,
        debriefs=totals["deals"],
        win_rate=Share(won, won + outcomes.get(Outcome.LOST, 0)),
        win_rate_all=Share(won, decided),
        completed=Share(counts["released"], counts["chosen"]),
        agreement=Share(_agreeing(strict, "own_counted", "buyer_counted"), _sum(strict), hidden),
        agreement_by_category=Share(_agreeing(known, "own_category_key", "buyer_category_key"), _sum(known), hidden),
        left_out_of_strict=_sum(known) - _sum(strict),
        kappa=None if hidden else _kappa(known),
        drivers=drivers,
        hidden_drivers=hidden_drivers,
        # Main reasons are cells too: for readers without record access they come with the later, snapshot-based pages.
        reasons=_reasons(known) if scope.has_record_access else (),
        funnel=_funnel(counts),
    )


def _sum(pairs: list[dict[str, Any]]) -> int:
    return sum(pair["n"] for pair in pairs)


def _agreeing(pairs: list[dict[str, Any]], ours: str, theirs: str) -> int:
    return sum(pair["n"] for pair in pairs if pair[ours] == pair[theirs])


def _kappa(pairs: list[dict[str, Any]]) -> Kappa | None:
    """Over categories; None below 20 pairs, where its interval does not cover what it claims."""
    if _sum(pairs) < 20:
        return None
    keys = sorted({pair["own_category_key"] for pair in pairs} | {pair["buyer_category_key"] for pair in pairs})
    place = {key: index for index, key in enumerate(keys)}
    table = [[0] * len(keys) for _key in keys]
    for pair in pairs:
        table[place[pair["own_category_key"]]][place[pair["buyer_category_key"]]] += pair["n"]
    return kappa(table)


def _drivers(
    scope: Scope, rows: list[dict[str, Any]], totals: dict[str, int], hidden: bool
) -> tuple[tuple[DriverFigure, ...], int]:
    if hidden:
        return (), len(rows)
    unseen: set[int] = set()
    if not scope.has_record_access:
        companies = [row["companies"] for row in rows]
        unseen = hidden_cells(companies, totals["companies"], scope.person.programme.smallest_group)
    figures = [
        DriverFigure(row["counted"], row["name"], row["named"], Net(row["helped"], row["hurt"], totals["deals"]))
        for index, row in enumerate(rows)
        if index not in unseen
    ]
    figures.sort(key=lambda figure: (-abs(figure.net.helped - figure.net.hurt), -figure.named, figure.name))
    return tuple(figures), len(unseen)


def _reasons(pairs: list[dict[str, Any]]) -> tuple[ReasonFigure, ...]:
    n = _sum(pairs)
    names: dict[str, str] = {}
    ours: dict[str, int] = {}
    theirs: dict[str, int] = {}
    for pair in pairs:
        names[pair["own_category_key"]] = pair["own_category_name"]
        names[pair["buyer_category_key"]] = pair["buyer_category_name"]
        ours[pair["own_category_key"]] = ours.get(pair["own_category_key"], 0) + pair["n"]
        theirs[pair["buyer_category_key"]] = theirs.get(pair["buyer_category_key"], 0) + pair["n"]
    figures = [ReasonFigure(key, name, ours.get(key, 0), theirs.get(key, 0), n) for key, name in names.items()]
    return tuple(sorted(figures, key=lambda figure: (-max(figure.ours, figure.theirs), figure.name)))


def reason_interval(figure: ReasonFigure) -> tuple[float, float]:
    """The interval of the difference of our side and the buyer; over-cited reasons have it above zero.

    Bonett-Price on the margins: pairs on which both agree cancel, so it is at most a little too wide.
    """
    return bonett_price(figure.ours, figure.theirs, figure.n)


def _funnel(counts: dict[str, int]) -> tuple[Step, ...]:
    decided = counts["decided"]
    names = (
        ("decided", _("Decided"), ""),
        ("chosen", _("Chosen"), _("%(n)s passed over") % {"n": decided - counts["chosen"]}),
        ("planned", _("Planned"), _("%(n)s not planned") % {"n": counts["chosen"] - counts["planned"]}),
        ("invited", _("Invited"), _("%(n)s not invited yet") % {"n": counts["planned"] - counts["invited"]}),
        ("booked", _("Booked"), _("%(n)s declined") % {"n": counts["declined"]}),
        ("held", _("Held"), _("%(n)s not held yet") % {"n": counts["booked"] - counts["held"]}),
        ("written_up", _("Written up"), _("%(n)s to write up") % {"n": counts["held"] - counts["written_up"]}),
        ("released", _("Released"), _("%(n)s with the reviewer") % {"n": counts["written_up"] - counts["released"]}),
    )
    return tuple(Step(key, name, note, Share(counts[key], decided)) for key, name, note in names)


def headline(figures: tuple[DriverFigure, ...], debriefs: int) -> str:
    """The finding in words: what hurt and what helped most; a sentence that says so when there is too little."""
    if not figures or debriefs == 0:
        return _("No released debriefs with this filter")
    hurt = max(figures, key=lambda figure: figure.net.hurt)
    helped = max(figures, key=lambda figure: figure.net.helped)
    words = {"hurt": hurt.name, "helped": helped.name, "k": hurt.net.hurt, "h": helped.net.helped, "n": debriefs}
    if hurt.net.hurt and helped.net.helped:
        return _("%(helped)s helped in %(h)s and %(hurt)s hurt in %(k)s of %(n)s debriefs") % words
    if hurt.net.hurt:
        return _("%(hurt)s hurt in %(k)s of %(n)s debriefs") % words
    if helped.net.helped:
        return _("%(helped)s helped in %(h)s of %(n)s debriefs") % words
    return _("Drivers were mentioned in %(n)s debriefs, none that helped or hurt") % words


def shows_content(overview: Overview) -> bool:
    """Whether driver bars are drawn at all."""
    return bool(overview.drivers) and overview.drivers[0].net.status is not Status.HIDDEN
