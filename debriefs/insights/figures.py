"""A page of figures as data: charts of marks, each with what it stands on. Page, table, CSV and drawing are made of the same marks.

Pure. Values are shares (0 to 1) or, for scores and differences, -1 to +1.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest

from django.utils.translation import gettext as _

from debriefs.insights.statistics import Net, Share, Status, bonett_price, mcnemar_exact, newcombe
from debriefs.insights.tables import benjamini_hochberg, fisher_exact

# Of all comparisons drawn on one page, the share of false ones that "stands out" tolerates (Benjamini and Hochberg).
FALSE_DISCOVERIES = 0.10


class Kind(StrEnum):
    """How a chart is drawn: from zero to the right, or to both sides of a middle, or as a table only."""

    SHARE = "share"
    NET = "net"
    DIFFERENCE = "difference"
    TABLE = "table"


@dataclass(frozen=True)
class Mark:
    """One line of a chart: its name, its counts as text for the table, its value with interval and state.

    `query` is what the filters of the address gain where the line is followed to what stands behind it; `p` belongs to a
    comparison and is compared with those of the whole page. `k` and `n` are what a share counts; a score or difference has
    `left` and `right`, the counts drawn to either side.
    """

    name: str
    cells: tuple[str, ...]
    value: float
    low: float
    high: float
    status: Status
    k: int = 0
    n: int = 0
    left: int = 0
    right: int = 0
    sub: str = ""
    query: str = ""
    p: float | None = None
    stands_out: bool = False
    beside: Share | None = None
    is_fact: bool = False
    # k and n are sums of money, not counts: nothing that counts may be concluded from them.
    is_sum: bool = False
    # Of a table: per cell what the filters of the address gain where that cell is followed; empty where it leads nowhere.
    cell_queries: tuple[str, ...] = ()

    @property
    def shows_interval(self) -> bool:
        """Whether there is enough for an interval; plain counts have none."""
        return not self.is_fact and self.status in (Status.THIN, Status.OK, Status.FIRM)

    @property
    def linked_cells(self) -> list[tuple[str, str]]:
        """Cells of a table with what each leads to."""
        return list(zip_longest(self.cells, self.cell_queries, fillvalue=""))

    @property
    def shows_percent(self) -> bool:
        """Whether there is enough for a percentage."""
        return not self.is_fact and self.status in (Status.OK, Status.FIRM)


@dataclass(frozen=True)
class Chart:
    """A finding in words, what it stands on, and its marks. `columns` name the cells of the marks."""

    key: str
    title: str
    base: str
    kind: Kind
    columns: tuple[str, ...]
    marks: tuple[Mark, ...]
    caution: str = ""
    empty: str = ""
    left_label: str = ""
    right_label: str = ""
    # Where a mark leads: "remarks" or "debriefs".
    leads_to: str = ""


@dataclass(frozen=True)
class Page:
    """All charts of one page, what is said above them, and what may and may not be concluded."""

    key: str
    title: str
    sentence: str
    charts: tuple[Chart, ...]
    cautions: tuple[str, ...] = ()


def of_share(name: str, share: Share, *, sub: str = "", query: str = "", cells: tuple[str, ...] | None = None) -> Mark:
    """A share as a mark, with Wilson's interval."""
    low, high = share.interval
    shown = cells if cells is not None else (str(share.k), str(share.n))
    return Mark(name, shown, share.value, low, high, share.status, k=share.k, n=share.n, sub=sub, query=query)


def of_count(name: str, count: int, longest: int, *, sub: str = "", query: str = "") -> Mark:
    """A plain count, drawn as a part of `longest`; no interval belongs to it."""
    value = count / longest if longest else 0.0
    return Mark(name, (str(count),), value, 0, 0, Status.OK, k=count, n=longest, sub=sub, query=query, is_fact=True)


def of_net(name: str, net: Net, *, sub: str = "", query: str = "") -> Mark:
    """A net score as a mark: hurt to the left, helped to the right, with Bonett and Price's interval."""
    low, high = net.interval if net.n else (-1.0, 1.0)
    return Mark(
        name,
        (str(net.hurt), str(net.helped), str(net.n)),
        net.value,
        low,
        high,
        net.status,
        n=net.n,
        left=net.hurt,
        right=net.helped,
        sub=sub,
        query=query,
    )


def of_difference(name: str, here: Share, there: Share, *, sub: str = "", query: str = "") -> Mark:
    """The difference of two independent shares, with Newcombe's interval and Fisher's p; compared from ten on both sides."""
    if not here.n or not there.n:
        value, low, high, p = 0.0, -1.0, 1.0, None
    else:
        value = here.value - there.value
        low, high = newcombe(here.k, here.n, there.k, there.n)
        p = (
            fisher_exact([[here.k, here.n - here.k], [there.k, there.n - there.k]])
            if _comparable(here, there)
            else None
        )
    status = Status.OK if _comparable(here, there) else Status.TOO_FEW
    cells = (str(here.k), str(here.n), str(there.k), str(there.n))
    return Mark(name, cells, value, low, high, status, k=here.k, n=here.n, sub=sub, query=query, p=p)


def of_pairs(name: str, ours_only: int, theirs_only: int, n: int, cells: tuple[str, ...], *, query: str = "") -> Mark:
    """The difference of two answers given for the same deals, by the discordant pairs: Bonett and Price, McNemar's exact p."""
    low, high = bonett_price(ours_only, theirs_only, n) if n else (-1.0, 1.0)
    net = Net(ours_only, theirs_only, n)
    p = mcnemar_exact(ours_only, theirs_only) if net.status == Status.OK else None
    return Mark(name, cells, net.value, low, high, net.status, n=n, left=theirs_only, right=ours_only, query=query, p=p)


def _comparable(here: Share, there: Share) -> bool:
    return min(here.n, there.n) >= 10


def with_comparison(page: Page, other: Page, label: str) -> Page:
    """The page with each share of the other page beside its own: the difference in words where both have ten and more."""
    others = {(chart.key, mark.name): mark for chart in other.charts for mark in chart.marks}
    charts = []
    for chart in page.charts:
        if chart.kind is not Kind.SHARE:
            charts.append(chart)
            continue
        marks = tuple(_beside(mark, others.get((chart.key, mark.name)), label) for mark in chart.marks)
        charts.append(replace(chart, marks=marks))
    return replace(page, charts=tuple(charts))


def _beside(mark: Mark, other: Mark | None, label: str) -> Mark:
    if other is None or mark.is_fact or mark.is_sum or not other.n:
        return mark
    here, there = Share(mark.k, mark.n), Share(other.k, other.n)
    p = None
    if _comparable(here, there):
        p = fisher_exact([[here.k, here.n - here.k], [there.k, there.n - there.k]])
    said = beside_in_words(here, there, label)
    return replace(mark, sub=f"{mark.sub} · {said}" if mark.sub else said, beside=there, p=p)


def beside_in_words(here: Share, there: Share, label: str) -> str:
    """ "Q2 2026: 28 % (7 of 25), difference +4 points (-18 to +27): no sign of a change"; below ten on a side only the counts."""
    words = {"label": label, "k": there.k, "n": there.n, "p": round(there.value * 100)}
    if not _comparable(here, there):
        return _("%(label)s: %(k)s of %(n)s, too few to compare") % words
    low, high = newcombe(here.k, here.n, there.k, there.n)
    words |= {"d": points(here.value - there.value), "low": points(low), "high": points(high)}
    if low > 0 or high < 0:
        return _("%(label)s: %(p)s %% (%(k)s of %(n)s), difference %(d)s points (%(low)s to %(high)s)") % words
    return (
        _("%(label)s: %(p)s %% (%(k)s of %(n)s), difference %(d)s points (%(low)s to %(high)s): no sign of a change")
        % words
    )


def points(value: float) -> str:
    """A score or difference in points with its sign, a true minus for negative ones."""
    rounded = round(value * 100)
    return f"+{rounded}" if rounded > 0 else f"−{-rounded}" if rounded < 0 else "0"


def judged(page: Page) -> Page:
    """The page with the comparisons marked that stand out among all that it draws (Benjamini-Hochberg, q = 0.10)."""
    family = [mark.p for chart in page.charts for mark in chart.marks if mark.p is not None]
    if not family:
        return page
    adjusted = iter(benjamini_hochberg(family))
    charts = []
    for chart in page.charts:
        marks = tuple(
            mark if mark.p is None else replace(mark, stands_out=next(adjusted) <= FALSE_DISCOVERIES)
            for mark in chart.marks
        )
        charts.append(replace(chart, marks=marks))
    return replace(page, charts=tuple(charts))


def most_first(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Largest value first; of equal ones by name."""
    return tuple(sorted(marks, key=lambda mark: (-mark.value, mark.name)))
