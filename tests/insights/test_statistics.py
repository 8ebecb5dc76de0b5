"""Every formula against published values; the source stands beside each number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debriefs.insights.statistics import (
    Net,
    Share,
    Status,
    bonett_price,
    kappa,
    mcnemar_exact,
    newcombe,
    wilson,
)


@pytest.mark.parametrize(
    ("k", "n", "low", "high", "tolerance"),
    [
        # Newcombe RG (1998), Statistics in Medicine 17:857, table I
        (81, 263, 0.2553, 0.3662, 6e-5),
        (15, 148, 0.0624, 0.1605, 6e-5),
        (0, 20, 0.0, 0.1611, 6e-5),
        # R 3.6.2 prop.test(correct = FALSE)
        (3, 10, 0.1077913, 0.6032219, 1e-6),
        (0, 10, 0.0, 0.2775328, 1e-6),
        (4, 10, 0.168180329706, 0.687326230266, 1e-11),
        # closed form for a fractional effective size
        (0.6 * 17.5, 17.5, 0.3733760569, 0.7906239784, 1e-9),
    ],
)
def test_wilson(k, n, low, high, tolerance):
    assert wilson(k, n) == pytest.approx((low, high), abs=tolerance)


@pytest.mark.parametrize(
    ("x1", "n1", "x2", "n2", "low", "high"),
    [
        # Newcombe RG (1998), Statistics in Medicine 17:873, table II, method 10
        (56, 70, 48, 80, 0.0524, 0.3339),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
    ],
)
def test_newcombe(x1, n1, x2, n2, low, high):
    assert newcombe(x1, n1, x2, n2) == pytest.approx((low, high), abs=6e-5)


def test_bonett_price():
    # data: Agresti (1990) p. 350; formula: Bonett & Price (2012)
    assert bonett_price(150, 86, 1600) == pytest.approx((0.02117728, 0.05872285), abs=1e-7)


def test_mcnemar_exact():
    # two-sided binomial(2; 12, 1/2)
    assert mcnemar_exact(2, 10) == pytest.approx(0.03857421875, abs=1e-10)
    assert mcnemar_exact(0, 0) == 1.0


@pytest.mark.parametrize(
    ("table", "value", "low", "high"),
    [
        # Cohen (1960), Educational and Psychological Measurement 20:37; interval by Fleiss, Cohen, Everitt (1969)
        ([[88, 14, 18], [10, 40, 10], [2, 6, 12]], 0.4915254237, 0.3915637, 0.5914871),
        # the two tables with the same 85 % agreement of Feinstein & Cicchetti (1990)
        ([[40, 9], [6, 45]], 0.6995192308, 0.5595904, 0.8394481),
        ([[80, 10], [5, 5]], 0.3181818182, 0.0566118, 0.5797518),
    ],
)
def test_kappa(table, value, low, high):
    result = kappa(table)
    assert result is not None
    assert result.value == pytest.approx(value, abs=1e-6)
    assert result.interval == pytest.approx((low, high), abs=1e-6)


def test_kappa_cannot_be_computed_when_both_used_one_reason_only():
    assert kappa([[7, 0], [0, 0]]) is None
    assert kappa([]) is None


@pytest.mark.parametrize(
    ("k", "n", "status"),
    [
        (2, 4, Status.TOO_FEW),
        (3, 5, Status.THIN),
        (3, 9, Status.THIN),
        (4, 10, Status.OK),
        (15, 30, Status.OK),
        (2, 60, Status.FIRM),
    ],
)
def test_states_of_a_share(k, n, status):
    assert Share(k, n).status == status
    assert Share(k, n, hidden=True).status == Status.HIDDEN


def test_a_percentage_needs_ten_debriefs():
    assert not Share(3, 9).shows_percent
    assert Share(3, 10).shows_percent
    assert not Share(2, 4).shows_interval
    assert Share(3, 5).shows_interval


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_wilson_interval_holds_its_share(k, n):
    k = min(k, n)
    low, high = wilson(k, n)
    assert 0.0 <= low <= k / n <= high <= 1.0


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 60))
def test_a_net_score_is_mirrored_when_helped_and_hurt_change_places(helped, hurt, n):
    helped, hurt = min(helped, n), min(hurt, n)
    one, other = Net(helped, hurt, n), Net(hurt, helped, n)
    assert one.value == -other.value
    low, high = one.interval
    assert other.interval == pytest.approx((-high, -low))


def test_the_worked_fixture():
    # Eight deals A to H: price helped in 1 and hurt in 4, fit helped in 3 and hurt in 2; the buyer's and our own reasons.
    assert Net(1, 4, 8).value == -0.375
    assert Net(3, 2, 8).value == 0.125
    assert Net(2, 1, 8).value == 0.125
    assert Share(3, 6).value == 0.5
    assert Share(3, 8).value == 0.375
    own = ["price", "fit", "relationship", "price", "price", "price", "timing", "fit"]
    buyer = ["fit", "fit", "trust", "implementation", "price", "fit", "politics", "trust"]
    reasons = sorted(set(own) | set(buyer))
    pairs = list(zip(own, buyer, strict=True))
    result = kappa([[pairs.count((a, b)) for b in reasons] for a in reasons])
    assert result is not None
    assert result.expected == 0.15625
    assert result.value == pytest.approx(0.111, abs=5e-4)
    assert mcnemar_exact(3, 0) == 0.25
