"""What the database counts is what the definitions count by hand, over debriefs with everything that can be between them:
several buyers of one deal, merged drivers, recalled releases, the owner's day, deals out of the statistics, another programme."""

from collections import Counter, defaultdict
from datetime import timedelta
from random import Random

import pytest

from accounts.enums import Role
from debriefs.calls.models import Debrief
from debriefs.codebook.models import Category, Driver
from debriefs.findings.models import Release
from debriefs.insights import content, content_queries, queries
from debriefs.insights.filters import Filters
from debriefs.insights.reason_queries import reasons
from tests import factories

pytestmark = pytest.mark.django_db

OUTCOMES = ("won", "lost", "withdrawn", "rejected")


def heard_by_chance(world, random):
    """Forty deals with none to three releases each over eight drivers, two of them merged into others."""
    programme, now = world.programme, world.now
    categories = [
        Category.objects.create(programme=programme, key=f"c{n}", name=f"C{n}", position=n + 1) for n in range(3)
    ]
    drivers = [factories.driver(programme, f"D{n}", categories[n % 3]) for n in range(8)]
    for gone, into in ((drivers[6], drivers[0]), (drivers[7], drivers[0])):
        Driver.objects.filter(pk=gone.pk).update(counts_as=into, retired_at=now)
    for number in range(40):
        deal = factories.deal(
            programme,
            team=world.team,
            outcome=random.choice(OUTCOMES),
            decided_days_ago=random.randint(10, 300),
            segment=random.choice(("", "Rail", "Road")),
            out_of_statistics=number % 13 == 0,
        )
        decided = random.choice(drivers), random.choice((None, *drivers))
        for _one in range(random.choice((0, 1, 1, 2, 3))):
            said = [
                (random.choice(drivers), random.choice(("helped", "hurt", "mentioned")), random.randint(1, 3))
                for _said in range(random.randint(1, 6))
            ]
            own = random.choice((None, *drivers))
            if random.random() < 0.5:
                # Buyers of one deal who give the same reason.
                said[0], own = (decided[0], "hurt", 3), decided[1]
            release = factories.release(
                deal,
                world.interviewer,
                *said,
                is_primary=random.random() < 0.8,
                own_driver=own,
                own_category=own.category if own else random.choice((None, *categories)),
            )
            # One debrief of a deal is primary; releases of several may be.
            Debrief.objects.filter(pk=release.debrief_id).update(is_primary=False)
            fate = random.randrange(8)
            if fate == 0:
                Release.objects.filter(pk=release.pk).update(recalled_at=now, recall_reason="A mistake.")
            elif fate == 1:
                Release.objects.filter(pk=release.pk).update(others_from=now + timedelta(hours=5))
    foreign = factories.driver(world.other_programme, "D0")
    stranger = factories.person(world.other_programme, Role.INTERVIEWER)
    factories.release(factories.deal(world.other_programme), stranger, (foreign, "hurt", 3))


def counted_by_hand(deals, now):
    """Per deal what counted releases say of it, drivers by the name they count under; and the pairs of reasons."""
    said, pairs, reasons_of = defaultdict(list), Counter(), set()
    for release in Release.objects.filter(deal__in=[deal.pk for deal in deals]).select_related(
        "primary_driver__counts_as__category", "primary_driver__category", "own_driver__counts_as__category",
        "own_driver__category", "own_category",
    ):  # fmt: skip
        if release.recalled_at or release.others_from > now:
            continue
        said[release.deal_id] += [
            content.Said((one.driver.counts_as or one.driver).name, one.direction, one.strength)
            for one in release.remarks.select_related("driver__counts_as")
        ]
        if release.is_primary:
            buyer = release.primary_driver.counts_as or release.primary_driver
            own = release.own_driver and (release.own_driver.counts_as or release.own_driver)
            section = own.category if own else release.own_category
            pair = (own and own.name, buyer.name, section and section.key, buyer.category.key)
            reasons_of.add((release.deal_id, pair))
    for _deal, pair in reasons_of:
        pairs[pair] += 1
    return said, pairs


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("asked", [{}, {"outcome": "lost"}, {"segment": "Rail"}, {"segment": "Nowhere"}])
def test_the_database_counts_what_is_counted_by_hand(world, seed, asked):
    heard_by_chance(world, Random(seed))
    scope = queries.scope_of(world.admin, today=world.today, now=world.now)
    deals = queries.filtered_deals(scope, Filters(**asked))
    releases = queries.releases_behind(scope, deals)
    said, pairs = counted_by_hand(deals, world.now)
    by_hand = content.driver_counts(list(said.values()))
    rows = {row.name: row for row in content_queries.driver_counts(world.programme, releases)}
    assert {name: (row.named, row.helped, row.hurt) for name, row in rows.items()} == {
        name: (one.named, one.helped, one.hurt) for name, one in by_hand.items()
    }
    found = reasons(releases)
    assert found.heard == len(said)
    names = dict(Driver.objects.values_list("pk", "name"))
    assert {
        (names.get(one.own_driver), names[one.buyer_driver], one.own_category, one.buyer_category): one.n
        for one in found.pairs
    } == pairs
    outcomes, steps = queries.funnel_counts(deals)
    assert outcomes == Counter(deal.outcome for deal in deals)
    assert steps["decided"] == len(deals)
