"""What may be said of two coders' agreement, and from how many debriefs on."""

import pytest
from django.urls import reverse

from debriefs.findings.comparison import Unit, compare
from debriefs.insights.coder_agreement import coder_agreement

CATEGORIES = ["fit", "price", "trust", "risk", "timing"]


def coded_alike(number):
    name = CATEGORIES[number % 5]
    return compare([Unit(name, name, "hurt", True)], [Unit(name, name, "hurt", True)], CATEGORIES)


def coded_apart(number):
    one, other = CATEGORIES[number % 5], CATEGORIES[(number + 1) % 5]
    return compare([Unit(one, one, "hurt", True)], [Unit(other, other, "helped", True)], CATEGORIES)


def test_below_ten_debriefs_alpha_is_not_shown():
    figures = coder_agreement([coded_alike(number) for number in range(9)])
    assert (figures.alpha, figures.verdict, figures.missing) == (None, "", 1)
    assert (figures.strict.k, figures.strict.n) == (9, 9)


def test_full_agreement_is_one_and_none_allows_no_conclusion():
    alike = coder_agreement([coded_alike(number) for number in range(20)])
    assert alike.alpha == pytest.approx(1) and alike.verdict == "conclusions"
    assert alike.kappa is not None and alike.kappa.value == pytest.approx(1)
    apart = coder_agreement([coded_apart(number) for number in range(20)])
    assert apart.alpha is not None and apart.alpha < 0 and apart.verdict == "none"
    assert (apart.strict.k, apart.strict.n, apart.deciding_strict.k) == (0, 40, 0)


def test_alpha_by_hand():
    """Ten debriefs, five categories: nine alike, one apart. Values: 18 + 1 + 1 coded, the rest absent.

    Coincidences over 50 units: hurt 19, helped 1, absent 80 of 100 values; disagreeing pairs (hurt, absent) and (absent, helped),
    each twice in the matrix. Observed 4; expected (100² - 19² - 1² - 80²) = 3238; alpha = 1 - 99 · 4 / 3238.
    """
    figures = coder_agreement([coded_apart(0), *(coded_alike(number) for number in range(9))])
    assert figures.units == 50
    assert figures.alpha == pytest.approx(1 - 99 * 4 / 3238)


@pytest.mark.django_db
def test_the_page_says_what_is_missing(world, client):
    client.force_login(world.reviewer.user)
    page = client.get(reverse("insights:coder_agreement", kwargs={"programme_slug": world.programme.slug}))
    assert "Alpha needs 10, 0 are done" in page.content.decode()
    client.force_login(world.manager.user)
    assert client.get(page.wsgi_request.path).status_code == 404
