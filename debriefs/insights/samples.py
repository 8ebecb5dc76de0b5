"""Times, weights, quartiles and run rules of small samples.

Pure. Sources: Kaplan and Meier, JASA 53 (1958) 457, with Greenwood's error; the log-rank test as in Freireich and Gehan's
remission data; stratified estimates as in Lohr, Sampling: Design and Analysis, chapter 4; effective size by Kish (1965);
quartiles as PostgreSQL's percentile_cont (Hyndman and Fan's type 7); run rules by Anhoej and Olesen, PLoS ONE 9 (2014) e113825.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import comb, floor, log2, sqrt
from random import Random
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class SurvivalStep:
    """One moment at which something ended: how many were still waiting, and the share still waiting after it."""

    time: float
    at_risk: int
    survival: float
    error: float


def kaplan_meier(times: Sequence[float], events: Sequence[int]) -> list[SurvivalStep]:
    """The share still waiting after each event: S(t) = prod (1 - d/n), Greenwood error S sqrt(sum d / (n (n - d))).

    `events` says per time whether it ended (1) or is still open (0).
    """
    pairs = list(zip(times, events, strict=True))
    steps, survival, spread = [], 1.0, 0.0
    for time in sorted({t for t, event in pairs if event}):
        at_risk = sum(1 for t, _ in pairs if t >= time)
        ended = sum(1 for t, event in pairs if t == time and event)
        survival *= 1 - ended / at_risk
        if at_risk > ended:
            spread += ended / (at_risk * (at_risk - ended))
        steps.append(SurvivalStep(time, at_risk, survival, survival * sqrt(spread)))
    return steps


def median_survival(steps: Sequence[SurvivalStep]) -> float | None:
    """The first time at which at most half are still waiting; None while more are."""
    return next((step.time for step in steps if step.survival <= 0.5 + 1e-12), None)


def log_rank(
    times_a: Sequence[float], events_a: Sequence[int], times_b: Sequence[float], events_b: Sequence[int]
) -> float:
    """The log-rank chi-square (one degree of freedom) of two groups: (sum O - E)^2 / sum of hypergeometric variances."""
    a, b = list(zip(times_a, events_a, strict=True)), list(zip(times_b, events_b, strict=True))
    excess = variance = 0.0
    for time in sorted({t for t, event in a + b if event}):
        n_a = sum(1 for t, _ in a if t >= time)
        n = n_a + sum(1 for t, _ in b if t >= time)
        d_a = sum(1 for t, event in a if t == time and event)
        d = d_a + sum(1 for t, event in b if t == time and event)
        excess += d_a - d * n_a / n
        if n > 1:
            variance += d * (n_a / n) * (1 - n_a / n) * (n - d) / (n - 1)
    return excess * excess / variance if variance else 0.0


@dataclass(frozen=True)
class Stratum:
    """A cell of the sample: its size, the mean of what was measured in it, and its size in the population."""

    n: int
    mean: float
    population: float


def unweighted_mean(strata: Sequence[Stratum]) -> float:
    """The mean of the sample as it came: sum n_h y_h / sum n_h."""
    return sum(s.n * s.mean for s in strata) / sum(s.n for s in strata)


def weighted_mean(strata: Sequence[Stratum]) -> float:
    """The mean with the mix of the population put right: sum N_h y_h / N."""
    return sum(s.population * s.mean for s in strata) / sum(s.population for s in strata)


def stratified_error(strata: Sequence[Stratum]) -> float:
    """The standard error of a stratified share: sqrt(sum (N_h/N)^2 (1 - n_h/N_h) p_h (1 - p_h) / (n_h - 1))."""
    total = sum(s.population for s in strata)
    return sqrt(
        sum(
            (s.population / total) ** 2 * (1 - s.n / s.population) * s.mean * (1 - s.mean) / (s.n - 1)
            for s in strata
            if s.n > 1
        )
    )


def effective_n(weights: Sequence[float]) -> float:
    """Kish's effective size (sum w)^2 / sum w^2; 0 without weights."""
    squares = sum(w * w for w in weights)
    return sum(weights) ** 2 / squares if squares else 0.0


@dataclass(frozen=True)
class Weighting:
    """A share as it came and weighted, with the effective size of the weighted one."""

    unweighted: float
    weighted: float
    n_eff: float


def post_stratify(strata: Sequence[Stratum], cap: float = 4.0, smallest: int = 5) -> Weighting | None:
    """Repairs the mix of the strata: w_h = (N_h/N)/(n_h/n), smallest cells merged until n_h reaches `smallest`, capped.

    None where fewer than two cells remain: there is then nothing to repair. Caller shows both figures.
    """
    cells = sorted(strata, key=lambda s: s.n)
    while len(cells) > 1 and cells[0].n < smallest:
        first, second = cells[0], cells[1]
        n = first.n + second.n
        mean = (first.n * first.mean + second.n * second.mean) / n if n else 0.0
        cells = sorted([*cells[2:], Stratum(n, mean, first.population + second.population)], key=lambda s: s.n)
    if len(cells) < 2:
        return None
    n, population = sum(s.n for s in cells), sum(s.population for s in cells)
    weights = [min(cap, (s.population / population) / (s.n / n)) for s in cells]
    total = sum(w * s.n for w, s in zip(weights, cells, strict=True))
    weighted = sum(w * s.n * s.mean for w, s in zip(weights, cells, strict=True)) / total
    squares = sum(w * w * s.n for w, s in zip(weights, cells, strict=True))
    return Weighting(unweighted_mean(cells), weighted, total * total / squares)


def quantile(values: Sequence[float], q: float) -> float | None:
    """The q-quantile by linear interpolation at (n - 1) q, as percentile_cont; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * q
    low = floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def run_limits(useful: int) -> tuple[int, int]:
    """The longest run still ordinary, and the fewest crossings still ordinary, of `useful` points off the median.

    round(log2 n) + 3, and the 5 % quantile of a binomial with n - 1 trials at 1/2.
    """
    longest = round(log2(useful)) + 3
    below, crossings = 0, 0
    while True:
        below += comb(useful - 1, crossings)
        if below / 2 ** (useful - 1) >= 0.05:
            return longest, crossings
        crossings += 1


def run_signal(values: Sequence[float]) -> bool | None:
    """Whether the runs about the median say that something shifted; None below ten points off the median."""
    median = quantile(values, 0.5)
    sides = [value > median for value in values if median is not None and value != median]
    if len(sides) < 10:
        return None
    longest = run = 1
    crossings = 0
    for before, after in pairwise(sides):
        run = run + 1 if before == after else 1
        crossings += before != after
        longest = max(longest, run)
    most, fewest = run_limits(len(sides))
    return longest > most or crossings < fewest


def bootstrap_interval(
    cases: Sequence[T], figure: Callable[[Sequence[T]], float], *, draws: int = 1_000, seed: int = 20_260_101
) -> tuple[float, float]:
    """The percentile interval at 95 % of `figure` over resampled cases (Efron 1979); the same seed gives the same interval."""
    random = Random(seed)  # noqa: S311
    drawn = sorted(figure(random.choices(cases, k=len(cases))) for _ in range(draws))
    return drawn[int(0.025 * draws)], drawn[int(0.975 * draws) - 1]


def chance_seen(prevalence: float, interviews: int) -> float:
    """The chance that an issue of this prevalence comes up at least once: 1 - (1 - p)^n."""
    return float(1 - (1 - prevalence) ** interviews)
