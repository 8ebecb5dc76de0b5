"""Tests of counts by the ten thousand: the sum over fractions is that over whole numbers."""

from math import comb

import pytest

from debriefs.insights import tables
from debriefs.insights.statistics import mcnemar_exact

TABLES = (
    [[700, 500], [600, 620]],
    [[30, 1_200], [900, 60]],
    [[1_200, 30], [900, 60]],
    [[3, 1_500], [9, 1_400]],
    [[0, 900], [4, 800]],
)


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@pytest.mark.parametrize("table", TABLES)
def test_fisher_over_ratios_is_the_sum_over_whole_numbers(monkeypatch, table, alternative):
    quick = tables.fisher_exact(table, alternative)
    monkeypatch.setattr(tables, "EXACT_UP_TO", 10**9)
    assert quick == pytest.approx(tables.fisher_exact(table, alternative), rel=1e-12)


def test_fisher_of_margins_that_allow_one_table_is_one():
    assert tables.fisher_exact([[0, 0], [700, 800]]) == 1.0
    assert tables.fisher_exact([[2_000, 0], [0, 0]], "greater") == 1.0


def test_fisher_of_a_hundred_thousand_is_a_share():
    assert tables.fisher_exact([[7_000, 13_000], [30_000, 50_000]]) < 0.001
    assert tables.fisher_exact([[10_000, 10_000], [10_000, 10_000]]) == pytest.approx(1.0)


def test_mcnemar_over_logarithms_is_the_sum_over_whole_numbers():
    b, c = 560, 610
    exact = 2 * sum(comb(b + c, i) for i in range(b + 1)) / 2 ** (b + c)
    assert mcnemar_exact(b, c) == pytest.approx(exact, rel=1e-9)
    assert mcnemar_exact(9_000, 9_000) == 1.0
