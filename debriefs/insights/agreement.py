"""Agreement of several coders, and of two lists of reasons, beyond plain kappa.

Pure. Sources: weighted kappa by Cohen, Psychological Bulletin 70 (1968) 213, with the standard error of Fleiss, Cohen and
Everitt (1969); AC1 by Gwet, British Journal of Mathematical and Statistical Psychology 61 (2008) 29; alpha by Krippendorff,
Computing Krippendorff's Alpha-Reliability (2011).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from math import sqrt

from debriefs.insights.statistics import Kappa


def kappa_weighted(table: Sequence[Sequence[float]], weights: Sequence[Sequence[float]]) -> Kappa | None:
    """Kappa with weights of agreement (1 on the diagonal, less the further apart); None when it cannot be computed.

    var = [sum p_ij (w_ij - (wr_i + wc_j)(1 - k))^2 - (k - pe (1 - k))^2] / (n (1 - pe)^2), wr_i = sum_j w_ij p_.j,
    wc_j = sum_i w_ij p_i.
    """
    n = float(sum(sum(row) for row in table))
    if n == 0:
        return None
    size = range(len(table))
    p = [[cell / n for cell in row] for row in table]
    rows = [sum(p[i]) for i in size]
    columns = [sum(p[i][j] for i in size) for j in size]
    po = sum(weights[i][j] * p[i][j] for i in size for j in size)
    pe = sum(weights[i][j] * rows[i] * columns[j] for i in size for j in size)
    if 1 - pe < 1e-12:
        return None
    k = (po - pe) / (1 - pe)
    by_row = [sum(weights[i][j] * columns[j] for j in size) for i in size]
    by_column = [sum(weights[i][j] * rows[i] for i in size) for j in size]
    spread = sum(p[i][j] * (weights[i][j] - (by_row[i] + by_column[j]) * (1 - k)) ** 2 for i in size for j in size)
    variance = (spread - (k - pe * (1 - k)) ** 2) / (n * (1 - pe) ** 2)
    return Kappa(po, pe, k, sqrt(max(0.0, variance)))


def linear_weights(size: int) -> list[list[float]]:
    """Agreement 1 - |i - j| / (size - 1) for `size` ordered categories (two or more)."""
    return [[1 - abs(i - j) / (size - 1) for j in range(size)] for i in range(size)]


def kappa_of_disagreement(table: Sequence[Sequence[float]], weights: Sequence[Sequence[float]]) -> Kappa | None:
    """Kappa with weights of disagreement (0 on the diagonal): the same as with agreement 1 - w / max w."""
    worst = max(max(row) for row in weights)
    return kappa_weighted(table, [[1 - cell / worst for cell in row] for row in weights])


def gwet_ac1(table: Sequence[Sequence[float]]) -> float | None:
    """Gwet's AC1 of a square table: (po - pe)/(1 - pe), pe = sum pi_q (1 - pi_q) / (q - 1), pi_q the mean of both margins."""
    n = float(sum(sum(row) for row in table))
    if n == 0 or len(table) < 2:
        return None
    size = range(len(table))
    po = sum(table[i][i] for i in size) / n
    mean = [(sum(table[i]) + sum(row[i] for row in table)) / (2 * n) for i in size]
    pe = sum(m * (1 - m) for m in mean) / (len(table) - 1)
    return (po - pe) / (1 - pe)


def pabak(table: Sequence[Sequence[float]]) -> float:
    """Kappa adjusted for prevalence and bias: (q po - 1)/(q - 1) for q categories."""
    n = float(sum(sum(row) for row in table))
    q = len(table)
    return (q * sum(table[i][i] for i in range(q)) / n - 1) / (q - 1)


def _distance(level: str, values: list[float], totals: dict[float, float]) -> Callable[[float, float], float]:
    def ordinal(a: float, b: float) -> float:
        low, high = min(a, b), max(a, b)
        between = sum(totals[v] for v in values if low <= v <= high)
        return (between - (totals[low] + totals[high]) / 2) ** 2

    def ratio(a: float, b: float) -> float:
        return ((a - b) / (a + b)) ** 2 if a + b else 0.0

    known: dict[str, Callable[[float, float], float]] = {
        "nominal": lambda a, b: float(a != b),
        "ordinal": lambda a, b: 0.0 if a == b else ordinal(a, b),
        "interval": lambda a, b: (a - b) ** 2,
        "ratio": ratio,
    }
    if level not in known:
        raise ValueError(f"unknown level {level!r}")
    return known[level]


def krippendorff_alpha(data: Sequence[Sequence[float | None]], level: str = "nominal") -> float | None:
    """Krippendorff's alpha: 1 - observed / expected disagreement over pairable values.

    One row per coder, one column per unit, None where a coder has no value; `level` is nominal, ordinal, interval or ratio
    (ValueError otherwise). None where nothing is pairable or all values are the same.
    """
    units = [Counter(v for v in column if v is not None) for column in zip(*data, strict=True)]
    units = [unit for unit in units if unit.total() > 1]
    coincidences: dict[tuple[float, float], float] = {}
    for unit in units:
        m = unit.total()
        for a, count in unit.items():
            for b, other in unit.items():
                coincidences[a, b] = coincidences.get((a, b), 0.0) + count * (other - (a == b)) / (m - 1)
    totals: dict[float, float] = {}
    for (a, _), weight in coincidences.items():
        totals[a] = totals.get(a, 0.0) + weight
    n = sum(totals.values())
    distance = _distance(level, sorted(totals), totals)
    observed = sum(weight * distance(a, b) for (a, b), weight in coincidences.items())
    expected = sum(totals[a] * totals[b] * distance(a, b) for a in totals for b in totals)
    return 1 - (n - 1) * observed / expected if expected else None
