"""The worked set of eight deals on the dashboards: what was worked out by hand is what the pages count with the database.

The numbers stand, with their source, in `published.WORKED`.
"""

from itertools import pairwise

import pytest

from debriefs.deals.models import DealCompetitor
from debriefs.insights.dashboards import BUILDERS
from debriefs.insights.dashboards.look import Look
from debriefs.insights.filters import Filters
from debriefs.insights.queries import filtered_deals, scope_of
from debriefs.insights.reason_queries import reasons
from tests import factories
from tests.insights.published import WORKED

pytestmark = pytest.mark.django_db
EXPECTED = WORKED["expected"]
OUTCOMES = {"won": "won", "lost": "lost", "no_decision": "withdrawn", "rejected_early": "rejected"}


@pytest.fixture
def look(world):
    """The eight deals, debriefed and released, one category per driver."""
    named = {finding[0] for deal in WORKED["deals"] for finding in deal["findings"]}
    named |= {deal[side] for deal in WORKED["deals"] for side in ("crm_reason", "buyer_reason")}
    drivers = {name: factories.driver(world.programme, name) for name in sorted(named)}
    rivals = {name: factories.competitor(world.programme, name) for name in ("X", "Y")}
    for worked in WORKED["deals"]:
        deal = factories.deal(
            world.programme,
            owner=world.rep,
            team=world.team,
            outcome=OUTCOMES[worked["outcome"]],
            withdrawn_by="buyer" if worked["outcome"] == "no_decision" else "",
            winner=rivals.get(worked["lost_to"]),
        )
        for name in worked["competitors"]:
            DealCompetitor.objects.create(programme=world.programme, deal=deal, competitor=rivals[name])
        said = [(drivers[name], direction, strength) for name, direction, strength in worked["findings"]]
        factories.release(
            deal,
            world.interviewer,
            *said,
            primary_driver=drivers[worked["buyer_reason"]],
            own_driver=drivers[worked["crm_reason"]],
        )
    scope = scope_of(world.admin, today=world.today, now=world.now)
    return Look(scope, Filters(), filtered_deals(scope, Filters()))


def marks(look, page, chart):
    (found,) = (one for one in BUILDERS[page](look).charts if one.key == chart)
    return {mark.name: mark for mark in found.marks}


def test_drivers_count_as_worked_by_hand(look):
    net, named, influence = (marks(look, "drivers", key) for key in ("net", "named", "influence"))
    assert {name: mark.right for name, mark in net.items()} == EXPECTED["driver_helped"]
    assert {name: mark.left for name, mark in net.items()} == EXPECTED["driver_hurt"]
    assert {name: mark.value for name, mark in net.items()} == pytest.approx(EXPECTED["driver_net"])
    assert {name: mark.k for name, mark in named.items()} == EXPECTED["driver_mentions"]
    assert {mark.n for mark in named.values()} == {EXPECTED["n"]}
    assert {name: mark.value for name, mark in influence.items()} == pytest.approx(EXPECTED["driver_influence_share"])
    # Strength 3 by hand: fit in A, B, F; trust in C; implementation in D; price in E; politics in G.
    decisive = {name: mark.k for name, mark in marks(look, "drivers", "decisive").items()}
    assert decisive == {"fit": 3, "trust": 1, "implementation": 1, "price": 1, "politics": 1}
    # Of three wins fit helped in two; of three losses price hurt in all.
    outcome = marks(look, "drivers", "outcome")
    assert (outcome["fit"].cells, outcome["price"].cells) == (("2", "3", "1", "3"), ("1", "3", "3", "3"))


def test_rates_and_reasons_count_as_worked_by_hand(look):
    rates = list(marks(look, "overview", "rates").values())
    assert rates[0].value == EXPECTED["win_rate_competitive"]
    assert rates[1].value == EXPECTED["win_rate_all_closed"]
    same, among = marks(look, "record", "agreement").values()
    assert (same.k, among.k) == (EXPECTED["crm_buyer"]["agree"], EXPECTED["crm_buyer"]["any_match"])
    categories = {pair.own_name for pair in reasons(look.releases).pairs}
    by_size = sorted(marks(look, "record", "over-citation").values(), key=lambda mark: -mark.value)
    assert all(first.value >= second.value for first, second in pairwise(by_size))
    price = EXPECTED["crm_price_overcited"]
    assert by_size[0].name in categories
    assert (by_size[0].right, by_size[0].left, by_size[0].value) == (
        price["crm_only"], price["buyer_only"], price["difference"],
    )  # fmt: skip


def test_rivals_count_as_worked_by_hand(look):
    found = marks(look, "competitors", "head-to-head")
    for name, row in EXPECTED["head_to_head"].items():
        counts = tuple(str(row[key]) for key in ("met", "won", "lost_to_them", "lost_to_other"))
        assert found[name].cells[:4] == counts
        assert found[name].value == row["win_rate_decided"]
