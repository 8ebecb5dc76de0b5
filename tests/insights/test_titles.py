"""Titles say what is so: with the right number, without a claim the interval does not carry, and without counting nothing."""

import re

import pytest

from debriefs.findings.models import Release
from debriefs.insights import titles
from debriefs.insights.dashboards import BUILDERS
from tests.insights.test_pages import filled, text_of, url

__all__ = ["filled"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("helped", "hurt", "n", "said"),
    [
        (("Fit", 6), ("Price", 8), 14, "Fit helped in 6 of 14 debriefs; Price hurt in 8"),
        (("Fit", 0), ("Price", 1), 1, "Price hurt in 1 of 1 debrief"),
        (("Fit", 2), ("Price", 0), 3, "Fit helped in 2 of 3 debriefs"),
        (("Fit", 0), ("Price", 0), 2, "Drivers were mentioned in 2 debriefs, none that helped or hurt"),
    ],
)
def test_what_helped_and_what_hurt_most(helped, hurt, n, said):
    assert titles.moved_most(helped, hurt, n) == said


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        (22, 6, "Our side wrote “Price” 22 times; buyers named it 6 times"),
        (1, 0, "Our side wrote “Price” once; buyers named it never"),
        (4, 4, "No reason is named more often by our side than by buyers"),
    ],
)
def test_the_reason_our_side_names_too_often(ours, theirs, said):
    assert titles.cited_too_often("Price", ours, theirs) == said


def test_kappa_whose_interval_holds_zero_is_not_called_agreement_beyond_chance():
    assert titles.beyond_chance(0.25, 0.1, 0.4) == "Kappa 0.25 (0.10 to 0.40): agreement beyond chance."
    said = titles.beyond_chance(0.13, -0.06, 0.32)
    assert said == "Kappa 0.13 (−0.06 to 0.32): no more agreement than chance would explain."


@pytest.mark.parametrize("key", [*BUILDERS, "report"])
def test_a_page_with_nothing_on_it_counts_nothing(key, world, filled, sign_in):
    said = text_of(sign_in(world.admin).get(url(world, key, "p=2001q1")))
    assert "0 of 0" not in said
    assert "None" not in said.replace("None yet", "")


def test_of_two_drivers_named_as_often_the_title_names_both(world, filled, sign_in):
    taken_back = Release.objects.filter(deal__outcome="lost").order_by("pk").values("pk")[:2]
    Release.objects.filter(pk__in=taken_back).update(recalled_at=world.now, recall_reason="Two too many")
    said = text_of(sign_in(world.admin).get(url(world, "drivers")))
    assert "“Fit” and “Price” came up most often, in 6 of 12 debriefs each" in said


def test_a_group_without_a_name_alone_is_not_drawn_as_one(world, filled, sign_in):
    said = text_of(sign_in(world.admin).get(url(world, "rates")))
    assert "No region is known of these deals" in said
    assert "no region" not in said


def test_numbers_of_the_matrix_lead_to_their_debriefs(world, filled, sign_in):
    client = sign_in(world.admin)
    html = client.get(url(world, "record", f"p={filled.key}")).content.decode()
    address = re.search(r'<td class="right num"><a href="([^"]+)">', html)[1].replace("&amp;", "&")
    assert "own=" in address
    assert "buyer=" in address
    assert f"p={filled.key}" in address
    assert "released debriefs you may read" in text_of(client.get(address))
