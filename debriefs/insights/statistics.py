"""Honest numbers from small samples: shares, net scores and differences with their intervals and states.

Pure: counts in, figures out. All intervals are two-sided at 95 %. Sources: Wilson (1927) as given in Newcombe, Statistics in
Medicine 17 (1998) 857, method 3; the difference of two shares there on page 873, method 10; the difference of paired counts
by Bonett and Price, Journal of Educational and Behavioral Statistics 37 (2012) 479; kappa's standard error by Fleiss, Cohen
and Everitt, Psychological Bulletin 72 (1969) 323.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import comb, exp, lgamma, log, sqrt
from statistics import NormalDist

Z = NormalDist().inv_cdf(0.975)


class Status(StrEnum):
    """How far a figure may be trusted, and therefore what is shown of it."""

    HIDDEN = "hidden"
    TOO_FEW = "too_few"
    THIN = "thin"
    OK = "ok"
    FIRM = "firm"


# Below this many debriefs there is no percentage, no bar and no interval; below the second one no comparison.
TOO_FEW_BELOW = 5
THIN_BELOW = 10
FIRM_FROM = 30
FIRM_WIDTH = 0.30


def z_of(confidence: float) -> float:
    """The two-sided normal quantile of a confidence between 0 and 1: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson(k: float, n: float, z: float = Z) -> tuple[float, float]:
    """The Wilson interval of a share k/n, within [0, 1]; n may be an effective, fractional size. (0, 1) when n is 0.

    Centre (p + z^2/2n) / (1 + z^2/n), half width z sqrt(p (1 - p)/n + z^2/4n^2) / (1 + z^2/n).
    """
    if n <= 0:
        return 0.0, 1.0
    p = k / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # Exact at the ends, where rounding would leave 1e-17.
    low = 0.0 if k == 0 else max(0.0, centre - half)
    high = 1.0 if k == n else min(1.0, centre + half)
    return low, high


def newcombe(x1: int, n1: int, x2: int, n2: int, z: float = Z) -> tuple[float, float]:
    """The Newcombe interval of the difference x1/n1 - x2/n2 of two independent shares; both sizes must be positive.

    d - sqrt((p1 - l1)^2 + (u2 - p2)^2) to d + sqrt((u1 - p1)^2 + (p2 - l2)^2), l and u from Wilson.
    """
    p1, p2 = x1 / n1, x2 / n2
    low1, high1 = wilson(x1, n1, z)
    low2, high2 = wilson(x2, n2, z)
    difference = p1 - p2
    return (
        difference - sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2),
        difference + sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2),
    )


def bonett_price(plus: int, minus: int, n: int, z: float = Z) -> tuple[float, float]:
    """The Bonett-Price interval of (plus - minus)/n for counts of the same n cases, clipped to [-1, 1].

    With p = (plus + 1)/(n + 2), q = (minus + 1)/(n + 2), d = p - q: d - z sqrt((p + q - d^2)/(n + 2)) to d + the same.
    """
    p, q = (plus + 1) / (n + 2), (minus + 1) / (n + 2)
    difference = p - q
    half = z * sqrt((p + q - difference * difference) / (n + 2))
    return max(-1.0, difference - half), min(1.0, difference + half)


def mcnemar_exact(b: int, c: int) -> float:
    """The two-sided p of b against c discordant pairs: twice the binomial tail at 1/2, at most 1. 1.0 without any.

    Whole numbers up to a thousand pairs, the same sum over logarithms beyond.
    """
    n = b + c
    if n > 1_000:
        logs = (lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1) - n * log(2) for i in range(min(b, c) + 1))
        return min(1.0, 2 * sum(map(exp, logs)))
    tail = sum(comb(n, i) for i in range(min(b, c) + 1))
    return min(1.0, 2 * tail / 2**n)


def net_adjusted_wald(plus: int, minus: int, n: int, z: float = Z) -> tuple[float, float, float]:
    """Centre, low and high of a net score with 3/4 added to each count and 3 to n (Rocks, 2016), clipped to [-1, 1].

    The plainer rule of survey practice; the pages use Bonett and Price.
    """
    p, q = (plus + 0.75) / (n + 3), (minus + 0.75) / (n + 3)
    difference = p - q
    half = z * sqrt((p + q - difference * difference) / (n + 3))
    return difference, max(-1.0, difference - half), min(1.0, difference + half)


@dataclass(frozen=True)
class Share:
    """k of n, with everything a page needs to show it honestly."""

    k: int
    n: int
    hidden: bool = False

    @property
    def status(self) -> Status:
        """What may be shown; see the table in docs/numbers.md."""
        if self.hidden:
            return Status.HIDDEN
        if self.n < TOO_FEW_BELOW:
            return Status.TOO_FEW
        if self.n < THIN_BELOW:
            return Status.THIN
        low, high = self.interval
        return Status.FIRM if self.n >= FIRM_FROM and high - low < FIRM_WIDTH else Status.OK

    @property
    def value(self) -> float:
        """k/n; 0 when n is 0, which no page shows."""
        return self.k / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson, as shares."""
        return wilson(self.k, self.n)

    @property
    def shows_percent(self) -> bool:
        """Whether a percentage says more than "k of n"."""
        return self.status in (Status.OK, Status.FIRM)

    @property
    def shows_interval(self) -> bool:
        """Whether an interval is drawn."""
        return self.status in (Status.THIN, Status.OK, Status.FIRM)


@dataclass(frozen=True)
class Net:
    """How many debriefs a driver helped in less how many it hurt in, of n. A debrief with both counts in both."""

    helped: int
    hurt: int
    n: int
    hidden: bool = False

    @property
    def status(self) -> Status:
        """As for a share of n; `firm` is not claimed for a net score."""
        if self.hidden:
            return Status.HIDDEN
        if self.n < TOO_FEW_BELOW:
            return Status.TOO_FEW
        return Status.THIN if self.n < THIN_BELOW else Status.OK

    @property
    def value(self) -> float:
        """(helped - hurt)/n, from -1 to +1: the raw score, not the adjusted centre of the interval."""
        return (self.helped - self.hurt) / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Bonett-Price, from -1 to +1."""
        return bonett_price(self.helped, self.hurt, self.n)

    @property
    def shows_interval(self) -> bool:
        """Whether interval and net are drawn."""
        return self.status in (Status.THIN, Status.OK)


@dataclass(frozen=True)
class Kappa:
    """Agreement beyond chance of two raters over one list of categories."""

    agreement: float
    expected: float
    value: float
    standard_error: float

    @property
    def interval(self) -> tuple[float, float]:
        """Normal approximation, clipped to [-1, 1]; shown from 20 pairs on."""
        return max(-1.0, self.value - Z * self.standard_error), min(1.0, self.value + Z * self.standard_error)


def kappa(table: Sequence[Sequence[float]]) -> Kappa | None:
    """Cohen's kappa of a square table of counts (rows one rater, columns the other); None when it cannot be computed.

    That is so for an empty table and where chance alone would agree always (both used one category only).
    """
    n = float(sum(sum(row) for row in table))
    if n == 0:
        return None
    size = range(len(table))
    p = [[cell / n for cell in row] for row in table]
    rows = [sum(p[i]) for i in size]
    columns = [sum(p[i][j] for i in size) for j in size]
    po = sum(p[i][i] for i in size)
    pe = sum(rows[i] * columns[i] for i in size)
    if 1 - pe < 1e-12:
        return None
    k = (po - pe) / (1 - pe)
    # For unweighted kappa a cell's weight is 1 on the diagonal, and its expected weights are the other side's margins.
    spread = sum(
        p[i][j] * ((1.0 if i == j else 0.0) - (columns[i] + rows[j]) * (1 - k)) ** 2 for i in size for j in size
    )
    variance = (spread - (k - pe * (1 - k)) ** 2) / (n * (1 - pe) ** 2)
    return Kappa(po, pe, k, sqrt(max(0.0, variance)))
