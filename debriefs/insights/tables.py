"""Tests and estimates for tables of counts, without a numeric library.

Pure: counts in, figures out; every p is two-sided unless its name says otherwise. Sources: Fisher's test by enumeration and
McNemar's test as in Agresti, Categorical Data Analysis (1990), pages 61 and 350; trend of proportions by Cochran (1954) and
Armitage (1955) as in Fleiss, Statistical Methods for Rates and Proportions (1981), page 139; Mantel and Haenszel (1959) with
the interval of Robins, Breslow and Greenland, Biometrics 42 (1986) 311; Benjamini and Hochberg, JRSS-B 57 (1995) 289;
Clopper and Pearson, Biometrika 26 (1934) 404; display of proportions by the NCHS data presentation standards (2017).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, erfc, exp, lgamma, log, log1p, sqrt
from statistics import NormalDist


def chi2_tail(statistic: float, df: int) -> float:
    """P(X >= statistic) of a chi-square variable with `df` degrees of freedom, by recursion over df in steps of two.

    Q(x; 1) = erfc(sqrt(x/2)), Q(x; 2) = exp(-x/2), Q(x; v+2) = Q(x; v) + (x/2)^(v/2) exp(-x/2) / Gamma(v/2 + 1)
    (Abramowitz and Stegun, 26.4). Raises ValueError for df below 1.
    """
    if df < 1:
        raise ValueError("degrees of freedom start at 1")
    if statistic <= 0:
        return 1.0
    half = statistic / 2
    v, tail = (1, erfc(sqrt(half))) if df % 2 else (2, exp(-half))
    while v < df:
        tail += exp(v / 2 * log(half) - half - lgamma(v / 2 + 1))
        v += 2
    return min(1.0, tail)


@dataclass(frozen=True)
class Test:
    """A statistic and its p."""

    statistic: float
    p: float


# Whole numbers grow long: beyond so many cases tests are summed over fractions, which agree to six digits and more.
EXACT_UP_TO = 1_000


def fisher_exact(table: Sequence[Sequence[int]], alternative: str = "two-sided") -> float:
    """Fisher's exact p of a 2x2 table; `alternative` is "two-sided", "greater" or "less" (of the odds ratio).

    All tables with the same margins are enumerated on whole numbers, so that ties need no tolerance; the two-sided p adds up
    every table no more probable than the one seen. Beyond `EXACT_UP_TO` cases the same sum is taken over the ratios of
    neighbouring tables, and tables count as equally probable within one part in ten million. Raises ValueError for another alternative.
    """
    (a, b), (c, d) = table
    row, column, n = a + b, a + c, a + b + c + d
    low, high = max(0, row + column - n), min(row, column)
    if n > EXACT_UP_TO:
        return _fisher_by_ratios(a, row, column, n, alternative)
    weights = {x: comb(column, x) * comb(n - column, row - x) for x in range(low, high + 1)}
    if alternative == "two-sided":
        kept = sum(w for w in weights.values() if w <= weights[a])
    elif alternative == "greater":
        kept = sum(w for x, w in weights.items() if x >= a)
    elif alternative == "less":
        kept = sum(w for x, w in weights.items() if x <= a)
    else:
        raise ValueError(f"unknown alternative {alternative!r}")
    return kept / comb(n, row)


def _fisher_by_ratios(a: int, row: int, column: int, n: int, alternative: str) -> float:
    """The hypergeometric tail about `a`, from the most probable table outwards to where tables weigh nothing beside the one seen."""
    if alternative not in ("two-sided", "greater", "less"):
        raise ValueError(f"unknown alternative {alternative!r}")
    rest = n - column - row
    low, high = max(0, -rest), min(row, column)
    top = min(high, max(low, (row + 1) * (column + 1) // (n + 2)))
    negligible = 1e-20 * exp(_log_weight(a, row, column, n) - _log_weight(top, row, column, n))
    weights = {top: 1.0}
    x, weight = top, 1.0
    while x < high and weight > negligible:
        weight *= (column - x) * (row - x) / ((x + 1) * (rest + x + 1))
        x += 1
        weights[x] = weight
    x, weight = top, 1.0
    while x > low and weight > negligible:
        weight *= x * (rest + x) / ((column - x + 1) * (row - x + 1))
        x -= 1
        weights[x] = weight
    seen = weights.get(a, 0.0) * (1 + 1e-7)
    if alternative == "two-sided":
        kept = sum(weight for weight in weights.values() if weight <= seen)
    else:
        kept = sum(weight for x, weight in weights.items() if (x >= a if alternative == "greater" else x <= a))
    return min(1.0, kept / sum(weights.values()))


def _log_weight(x: int, row: int, column: int, n: int) -> float:
    """The logarithm of how many ways make a table with `x` in its first cell, less what is the same for all of them."""
    return -(lgamma(x + 1) + lgamma(column - x + 1) + lgamma(row - x + 1) + lgamma(n - column - row + x + 1))


def mcnemar(b: int, c: int, *, correction: bool) -> Test:
    """McNemar's chi-square of b against c discordant pairs, (|b - c| - 1)^2 / (b + c) with correction. p 1.0 without any."""
    if b + c == 0:
        return Test(0.0, 1.0)
    distance = max(0, abs(b - c) - 1) if correction else abs(b - c)
    statistic = distance**2 / (b + c)
    return Test(statistic, chi2_tail(statistic, 1))


def cochran_armitage(successes: Sequence[int], trials: Sequence[int]) -> Test:
    """Trend of a share over ordered periods with scores 1..k; chi-square with one degree of freedom.

    [sum x_i (r_i - n_i p)]^2 / [p (1 - p) (sum n x^2 - (sum n x)^2 / N)]. p 1.0 where nothing can vary.
    """
    total = sum(trials)
    p = sum(successes) / total if total else 0.0
    scores = range(1, len(trials) + 1)
    slope = sum(x * (r - n * p) for x, r, n in zip(scores, successes, trials, strict=True))
    spread = sum(n * x * x for x, n in zip(scores, trials, strict=True)) - (
        sum(n * x for x, n in zip(scores, trials, strict=True)) ** 2 / total if total else 0.0
    )
    variance = p * (1 - p) * spread
    if variance <= 0:
        return Test(0.0, 1.0)
    statistic = slope * slope / variance
    return Test(statistic, chi2_tail(statistic, 1))


def homogeneity(successes: Sequence[int], trials: Sequence[int]) -> Test:
    """Chi-square that several shares are equal, without continuity correction; k - 1 degrees of freedom."""
    p = sum(successes) / sum(trials)
    if p in (0.0, 1.0):
        return Test(0.0, 1.0)
    statistic = sum((r - n * p) ** 2 / (n * p * (1 - p)) for r, n in zip(successes, trials, strict=True))
    return Test(statistic, chi2_tail(statistic, len(trials) - 1))


def odds_ratio(table: Sequence[Sequence[int]]) -> float:
    """The crude odds ratio (a d) / (b c) of a 2x2 table; infinite where b or c is 0."""
    (a, b), (c, d) = table
    return a * d / (b * c) if b * c else float("inf")


@dataclass(frozen=True)
class MantelHaenszel:
    """The odds ratio common to the strata, its interval, and the chi-square with and without continuity correction."""

    odds_ratio: float
    low: float
    high: float
    corrected: Test
    plain: Test


def mantel_haenszel(strata: Sequence[Sequence[Sequence[int]]], confidence: float = 0.95) -> MantelHaenszel | None:
    """The common odds ratio of 2x2 strata with the Robins-Breslow-Greenland interval; None where it cannot be computed.

    Rows are exposed and unexposed, columns yes and no. With R = a d / n, S = b c / n, P = (a + d) / n, Q = (b + c) / n:
    OR = sum R / sum S; var(log OR) = sum PR / 2R^2 + sum (PS + QR) / 2RS + sum QS / 2S^2.
    """
    r = s = pr = psqr = qs = observed = expected = variance = 0.0
    for (a, b), (c, d) in strata:
        n = a + b + c + d
        if n < 2:
            continue
        ri, si, pi, qi = a * d / n, b * c / n, (a + d) / n, (b + c) / n
        r, s = r + ri, s + si
        pr, psqr, qs = pr + pi * ri, psqr + pi * si + qi * ri, qs + qi * si
        observed += a
        expected += (a + b) * (a + c) / n
        variance += (a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1))
    if r <= 0 or s <= 0 or variance <= 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    error = sqrt(pr / (2 * r * r) + psqr / (2 * r * s) + qs / (2 * s * s))
    centre = r / s
    distance = abs(observed - expected)
    corrected = max(0.0, distance - 0.5) ** 2 / variance
    plain = distance**2 / variance
    return MantelHaenszel(
        centre,
        centre * exp(-z * error),
        centre * exp(z * error),
        Test(corrected, chi2_tail(corrected, 1)),
        Test(plain, chi2_tail(plain, 1)),
    )


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Adjusted p in the order given: min over j >= rank of p_(j) m / j, at most 1. Rejected at q: those not above q."""
    order = sorted(range(len(p)), key=lambda i: p[i], reverse=True)
    adjusted, smallest = [1.0] * len(p), 1.0
    for place, index in enumerate(order):
        smallest = min(smallest, p[index] * len(p) / (len(p) - place))
        adjusted[index] = smallest
    return adjusted


def binomial_tail(k: int, n: int, p: float) -> float:
    """P(X >= k) of a binomial variable with n trials of chance p."""
    if k <= 0 or p >= 1:
        return 1.0
    if p <= 0 or k > n:
        return 0.0
    spread = lgamma(n + 1)
    return min(
        1.0,
        sum(
            exp(spread - lgamma(x + 1) - lgamma(n - x + 1) + x * log(p) + (n - x) * log1p(-p)) for x in range(k, n + 1)
        ),
    )


def _root(share: float, k: int, n: int) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if binomial_tail(k, n, middle) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def clopper_pearson(k: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The exact interval of k/n from the binomial tails, by bisection to 1e-18. (0, 1) when n is 0."""
    if n <= 0:
        return 0.0, 1.0
    half = (1 - confidence) / 2
    low = 0.0 if k == 0 else _root(half, k, n)
    high = 1.0 if k == n else _root(1 - half, k + 1, n)
    return low, high


def nchs_shows(k: int, n: int) -> bool:
    """Whether the NCHS standards (2017) would print k/n as a share: n of 30 and more, and an exact interval at most 5 points
    wide, or narrower than 30 points and at most 1.3 times the estimate. 0 and n count as a width of 0."""
    if n < 30:
        return False
    low, high = clopper_pearson(k, n)
    width = 0.0 if k in (0, n) else high - low
    return width <= 0.05 or (width < 0.30 and width / (k / n) <= 1.30)
