"""Where the marks of a chart stand: percents of the width, written out for inline SVG.

Heights are pixels in the templates and widths are percents, so text keeps its size at any width.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from debriefs.insights.measures import DriverFigure, ReasonFigure, Step, reason_interval


def percent(value: float) -> str:
    """A position as SVG wants it: two decimals, a dot, whatever the language."""
    return f"{value:.2f}%"


def signed(value: float) -> str:
    """A score in points with its sign, a true minus for negative ones."""
    points = round(value * 100)
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"


def is_clear_of_zero(low: float, high: float) -> bool:
    """Whether an interval lies on one side of zero as it is shown, in whole points: "−24 to 0" does not."""
    return round(low * 100) > 0 or round(high * 100) < 0


def two_sided_scale(longest: float, farthest: float) -> float:
    """Percent of the width for one unit to either side of the middle: the longest bar ends at 42 to leave room for its count,
    the farthest end of an interval at 48, so that no interval is drawn shorter than it is."""
    return min(42 / (longest or 0.01), 48 / (farthest or 0.01))


@dataclass(frozen=True)
class DriverBar:
    """One diverging bar: hurt to the left, helped to the right of the middle, the net score below."""

    figure: DriverFigure
    hurt_x: str
    hurt_width: str
    helped_width: str
    helped_end: str
    low_x: str
    high_x: str
    net_x: str
    net: str
    low: str
    high: str
    shows_net: bool
    is_sure: bool
    is_thin: bool


@dataclass(frozen=True)
class DriverGroup:
    """The drivers of one side of the balance, most telling first."""

    key: str
    name: str
    bars: list[DriverBar]


def driver_groups(figures: tuple[DriverFigure, ...], most: int = 6) -> list[DriverGroup]:
    """Why we win and why we lose: up to `most` drivers each, on one scale. Drivers that hurt as often as they helped are in neither."""
    wins = [one for one in figures if one.net.helped > one.net.hurt][:most]
    losses = [one for one in figures if one.net.hurt > one.net.helped][:most]
    bars = driver_bars((*wins, *losses))
    groups = [
        DriverGroup("win", _("Why we win"), bars[: len(wins)]),
        DriverGroup("lose", _("Why we lose"), bars[len(wins) :]),
    ]
    return [group for group in groups if group.bars]


def driver_bars(shown: tuple[DriverFigure, ...]) -> list[DriverBar]:
    """A bar for each driver; counts and net interval share one scale."""
    longest = max((max(f.net.helped, f.net.hurt) for f in shown), default=0)
    ends = [max(abs(end) for end in f.net.interval) * f.net.n for f in shown if f.net.shows_interval]
    scale = two_sided_scale(longest, max(ends, default=0.0))
    bars = []
    for figure in shown:
        n = figure.net.n

        def place(share: float, n: int = n, scale: float = scale) -> float:
            return 50 + share * n * scale

        low, high = figure.net.interval
        bars.append(
            DriverBar(
                figure=figure,
                hurt_x=percent(50 - figure.net.hurt * scale),
                hurt_width=percent(figure.net.hurt * scale),
                helped_width=percent(figure.net.helped * scale),
                helped_end=percent(50 + figure.net.helped * scale),
                low_x=percent(place(low)),
                high_x=percent(place(high)),
                net_x=percent(place(figure.net.value)),
                net=signed(figure.net.value),
                low=signed(low),
                high=signed(high),
                shows_net=figure.net.shows_interval,
                is_sure=figure.net.shows_interval and is_clear_of_zero(low, high),
                is_thin=figure.net.status == "thin",
            )
        )
    return bars


@dataclass(frozen=True)
class ReasonRow:
    """One main reason: a square for our side and a dot for the buyer on one line."""

    figure: ReasonFigure
    ours_x: str
    theirs_x: str
    difference: str
    low: str
    high: str
    is_sure: bool
    shows_interval: bool
    ours_is_left: bool


def reason_rows(figures: tuple[ReasonFigure, ...], most: int = 8) -> list[ReasonRow]:
    """Rows for the first `most` reasons, on the scale of the most frequent; six percent stay free at each end for figures."""
    shown = figures[:most]
    longest = max((max(f.ours, f.theirs) for f in shown), default=0) or 1
    rows = []
    for figure in shown:
        low, high = reason_interval(figure)
        rows.append(
            ReasonRow(
                figure=figure,
                ours_x=percent(8 + 82 * figure.ours / longest),
                theirs_x=percent(8 + 82 * figure.theirs / longest),
                difference=signed(figure.points),
                low=signed(low),
                high=signed(high),
                is_sure=is_clear_of_zero(low, high),
                shows_interval=figure.n >= 10,
                ours_is_left=figure.ours < figure.theirs,
            )
        )
    return rows


@dataclass(frozen=True)
class StepBar:
    """One step of the funnel."""

    step: Step
    width: str


def step_bars(steps: tuple[Step, ...]) -> list[StepBar]:
    """Bars of the funnel; all decided deals fill 86 %, so that the count fits behind."""
    return [StepBar(step, percent(86 * step.share.value)) for step in steps]
