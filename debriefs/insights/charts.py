"""Where the marks of a chart stand: percents of the width, written out for inline SVG.

Heights are pixels in the templates and widths are percents, so text keeps its size at any width.
"""

from dataclasses import dataclass

from debriefs.insights.measures import DriverFigure, ReasonFigure, Step, reason_interval


def percent(value: float) -> str:
    """A position as SVG wants it: two decimals, a dot, whatever the language."""
    return f"{value:.2f}%"


def signed(value: float) -> str:
    """A score in points with its sign, a true minus for negative ones."""
    points = round(value * 100)
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"


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


def driver_bars(figures: tuple[DriverFigure, ...], most: int = 12) -> list[DriverBar]:
    """Bars for the first `most` drivers; the longest bar fills 90 % of its side, the net interval shares the scale."""
    shown = figures[:most]
    longest = max((max(f.net.helped, f.net.hurt) for f in shown), default=0)
    bars = []
    for figure in shown:
        n = figure.net.n
        scale = 45 / longest if longest else 0.0

        def place(share: float, n: int = n, scale: float = scale) -> float:
            return min(100.0, max(0.0, 50 + share * n * scale))

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
                is_sure=figure.net.shows_interval and not figure.net.touches_zero,
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
                is_sure=low > 0 or high < 0,
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
