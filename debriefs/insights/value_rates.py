"""The win rate by value: the sum won by the sum decided, beside the plain rate.

Pure. Amounts are skewed, so one deal can move it by many points: no interval below thirty deals, then the percentile bootstrap by
deal (Efron 1979), and beyond a thousand the linearised interval of a ratio, with which the bootstrap agrees there
(Cochran, Sampling Techniques, 1977, chapter 6.4).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from debriefs.insights.samples import bootstrap_interval
from debriefs.insights.statistics import Z

INTERVAL_FROM = 30
BOOTSTRAP_UP_TO = 1_000


def value_rate(won: Sequence[float], lost: Sequence[float]) -> float:
    """sum won / (sum won + sum lost), 0 where nothing was decided."""
    total = sum(won) + sum(lost)
    return sum(won) / total if total else 0.0


@dataclass(frozen=True)
class Sums:
    """Of the deals with an amount: how many, their sum, the sum of their squares; all and the won ones."""

    n: int
    total: float
    squares: float
    won: float
    won_squares: float

    @property
    def value(self) -> float:
        """sum won / sum of all."""
        return self.won / self.total if self.total else 0.0


def bootstrapped(won: Sequence[float], lost: Sequence[float]) -> tuple[float, float]:
    """The percentile interval over resampled deals; the same deals give the same interval."""
    deals = [(amount, amount) for amount in won] + [(0.0, amount) for amount in lost]
    return bootstrap_interval(deals, _rate)


def _rate(deals: Sequence[tuple[float, float]]) -> float:
    total = sum(amount for _won, amount in deals)
    return sum(won for won, _amount in deals) / total if total else 0.0


def linearised(sums: Sums) -> tuple[float, float]:
    """r ± z sqrt(sum (y - r x)^2) / sum x for a ratio r of sums of y (the amount where won, else 0) and x, within [0, 1].

    y is x or 0, so that sum (y - r x)^2 = (1 - 2 r) sum of squares won + r^2 sum of squares.
    """
    r = sums.value
    half = Z * sqrt(max(0.0, (1 - 2 * r) * sums.won_squares + r * r * sums.squares)) / sums.total if sums.total else 1.0
    return max(0.0, r - half), min(1.0, r + half)
