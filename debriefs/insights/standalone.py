"""A chart as a drawing that stands alone: all places in pixels, colours written out, no stylesheet. Pure."""

from dataclasses import dataclass

from debriefs.insights.drawing import Bar, Drawn
from debriefs.insights.figures import Kind

WIDTH = 960
NAMES = 260
VALUES = 150
ROW = 44
HEAD = 96


@dataclass(frozen=True)
class Line:
    """One mark at its height."""

    bar: Bar
    y: int
    plot: dict[str, str]


@dataclass(frozen=True)
class Picture:
    """The drawing's size and its lines."""

    drawn: Drawn
    width: int
    height: int
    zero: str
    lines: tuple[Line, ...]


def placed(drawn: Drawn) -> Picture:
    """The chart on a sheet of 960 pixels, as high as its lines need."""
    room = WIDTH - NAMES - VALUES

    def across(places: str) -> str:
        return f"{NAMES + float(places.rstrip('%')) / 100 * room:.1f}"

    def wide(places: str) -> str:
        return f"{float(places.rstrip('%')) / 100 * room:.1f}"

    lines = []
    for index, bar in enumerate(drawn.bars):
        plot = {name: across(getattr(bar, name)) for name in ("x", "left_x", "low_x", "high_x", "at_x")}
        plot |= {name: wide(getattr(bar, name)) for name in ("width", "left_width", "right_width")}
        lines.append(Line(bar, HEAD + index * ROW, plot))
    zero = across("50%") if drawn.chart.kind in (Kind.NET, Kind.DIFFERENCE) else across("0%")
    return Picture(drawn, WIDTH, HEAD + len(lines) * ROW + 24, zero, tuple(lines))
