"""The figures of the lessons-learned page, from the grouped counts."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from debriefs.deals.enums import Outcome
from debriefs.deals.models import Deal
from debriefs.insights import content_queries, queries, titles
from debriefs.insights.content import over_citation
from debriefs.insights.content_queries import DriverCount
from debriefs.insights.queries import Scope
from debriefs.insights.reason_queries import ReasonPair, reasons
from debriefs.insights.statistics import Kappa, Net, Share, bonett_price, kappa


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
    ours_only: int
    theirs_only: int
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
    reasons: tuple[ReasonFigure, ...]
    funnel: tuple[Step, ...]


def overview(scope: Scope, deals: QuerySet[Deal]) -> Overview:
    """The lessons-learned figures of some deals of a scope. Four queries, however many deals."""
    releases = queries.releases_behind(scope, deals)
    funnel = queries.funnel(deals)
    counts, won = funnel.total, funnel.decided(Outcome.WON)
    decided = counts["decided"]
    said = reasons(releases)
    known = said.known
    strict = [pair for pair in said.pairs if pair.own_driver]
    return Overview(
        decided=decided,
        debriefs=said.heard,
        win_rate=Share(won, won + funnel.decided(Outcome.LOST)),
        win_rate_all=Share(won, decided),
        completed=Share(counts["released"], counts["chosen"]),
        agreement=Share(_sum([pair for pair in strict if pair.own_driver == pair.buyer_driver]), _sum(strict)),
        agreement_by_category=Share(
            _sum([pair for pair in known if pair.own_category == pair.buyer_category]), _sum(known)
        ),
        left_out_of_strict=_sum(known) - _sum(strict),
        kappa=_kappa(known),
        drivers=_drivers(content_queries.driver_counts(scope.person.programme, releases), said.heard),
        reasons=_reasons(known),
        funnel=_funnel(counts),
    )


def _sum(pairs: list[ReasonPair]) -> int:
    return sum(pair.n for pair in pairs)


def _kappa(pairs: list[ReasonPair]) -> Kappa | None:
    """Over categories; None below 20 pairs, where its interval does not cover what it claims."""
    if _sum(pairs) < 20:
        return None
    keys = sorted({key for pair in pairs for key in (pair.own_category or "", pair.buyer_category)})
    place = {key: index for index, key in enumerate(keys)}
    table = [[0] * len(keys) for _key in keys]
    for pair in pairs:
        table[place[pair.own_category or ""]][place[pair.buyer_category]] += pair.n
    return kappa(table)


def _drivers(rows: list[DriverCount], heard: int) -> tuple[DriverFigure, ...]:
    figures = [DriverFigure(row.id, row.name, row.named, Net(row.helped, row.hurt, heard)) for row in rows]
    return tuple(sorted(figures, key=lambda one: (-abs(one.net.helped - one.net.hurt), -one.named, one.name)))


def _reasons(pairs: list[ReasonPair]) -> tuple[ReasonFigure, ...]:
    names: dict[str, str] = {}
    said: list[tuple[str, str]] = []
    for pair in pairs:
        own, buyer = pair.own_category or "", pair.buyer_category
        names[own], names[buyer] = pair.own_name or "", pair.buyer_name
        said += [(own, buyer)] * pair.n
    figures = [
        ReasonFigure(key, names[key], one.ours, one.theirs, one.ours_only, one.theirs_only, one.n)
        for key, one in over_citation(said).items()
    ]
    return tuple(sorted(figures, key=lambda figure: (-max(figure.ours, figure.theirs), figure.name)))


def reason_interval(figure: ReasonFigure) -> tuple[float, float]:
    """The interval of the difference of our side and the buyer; over-cited reasons have it above zero.

    Bonett-Price on the pairs that differ.
    """
    return bonett_price(figure.ours_only, figure.theirs_only, figure.n)


def _funnel(counts: dict[str, int]) -> tuple[Step, ...]:
    decided = counts["decided"]
    names = (
        ("decided", _("Decided"), "", 0),
        ("chosen", _("Chosen"), _("%(n)s passed over"), decided - counts["chosen"]),
        ("planned", _("Planned"), _("%(n)s not planned"), counts["chosen"] - counts["planned"]),
        ("invited", _("Invited"), _("%(n)s not invited yet"), counts["planned"] - counts["invited"]),
        ("booked", _("Booked"), _("%(n)s declined"), counts["declined"]),
        ("held", _("Held"), _("%(n)s not held yet"), counts["booked"] - counts["held"]),
        ("written_up", _("Written up"), _("%(n)s to write up"), counts["held"] - counts["written_up"]),
        ("released", _("Released"), _("%(n)s with the reviewer"), counts["written_up"] - counts["released"]),
    )
    return tuple(
        Step(key, name, note % {"n": lost} if lost else "", Share(counts[key], decided))
        for key, name, note, lost in names
    )


def headline(figures: tuple[DriverFigure, ...], debriefs: int) -> str:
    """The finding in words: what hurt and what helped most; a sentence that says so when there is too little."""
    if not figures or debriefs == 0:
        return _("No released debriefs with this filter")
    hurt = max(figures, key=lambda figure: figure.net.hurt)
    helped = max(figures, key=lambda figure: figure.net.helped)
    return titles.moved_most((helped.name, helped.net.helped), (hurt.name, hurt.net.hurt), debriefs)


def reasons_headline(reasons: tuple[ReasonFigure, ...]) -> str:
    """The finding in words: the reason that our side names too often."""
    if not reasons:
        return _("Our reason beside the buyer’s")
    most = max(reasons, key=lambda one: one.ours - one.theirs)
    return titles.cited_too_often(most.name, most.ours, most.theirs)
