"""What the database counts is what the definitions count by hand, over debriefs with everything that can be between them:
several buyers of one deal, merged drivers, recalled releases, the owner's day, deals out of the statistics, another programme."""

from collections import Counter, defaultdict
from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.utils.timezone import get_current_timezone

from accounts.enums import Role
from debriefs.calls.models import Debrief
from debriefs.codebook.models import Category, Driver
from debriefs.deals.models import Deal
from debriefs.findings.models import Release
from debriefs.insights import content, content_queries, queries
from debriefs.insights.filters import Filters
from debriefs.insights.participation_queries import days_to_call
from debriefs.insights.reason_queries import any_match, reasons
from debriefs.insights.samples import quantile
from debriefs.insights.write_up_queries import write_ups
from debriefs.interviews.models import WriteUp
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


def heard_by_hand(deals, now):
    """Per deal what counted releases say of it, drivers by the name they count under; and each deal's pairs of reasons."""
    said, reasons_of = defaultdict(list), set()
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
    return said, reasons_of


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("asked", [{}, {"outcome": "lost"}, {"segment": "Rail"}, {"segment": "Nowhere"}])
def test_the_database_counts_what_is_counted_by_hand(world, seed, asked):
    heard_by_chance(world, Random(seed))
    scope = queries.scope_of(world.admin, today=world.today, now=world.now)
    deals = queries.filtered_deals(scope, Filters(**asked))
    releases = queries.releases_behind(scope, deals)
    said, reasons_of = heard_by_hand(deals, world.now)
    pairs = Counter(pair for _deal, pair in reasons_of)
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
    own = defaultdict(set)
    for deal, (_own, _buyer, section, _buyers) in reasons_of:
        own[deal] |= {section} - {None}
    sections = dict(Driver.objects.filter(programme=world.programme).values_list("name", "category__key"))
    matched = sum(bool(own[deal] & {sections[one.driver] for one in said[deal]}) for deal in own)
    assert any_match(releases) == (matched, sum(map(bool, own.values())))
    funnel = queries.funnel(deals)
    assert {outcome: row["decided"] for outcome, row in funnel.by_outcome.items()} == Counter(
        deal.outcome for deal in deals
    )
    assert funnel.total["decided"] == len(deals)
    released = {debrief.deal_id for debrief in Debrief.objects.filter(released_at__isnull=False)}
    assert {outcome: row["released"] for outcome, row in funnel.by_outcome.items()} == {
        outcome: sum(deal.pk in released for deal in deals if deal.outcome == outcome) for outcome in funnel.by_outcome
    }


@pytest.mark.parametrize("seed", range(2))
def test_days_to_the_first_call_are_those_counted_by_hand(world, seed):
    random = Random(seed)
    for number in range(30):
        deal = factories.deal(
            world.programme,
            outcome="lost",
            decided_days_ago=random.randint(20, 120),
            selection=random.choice(("rule", "passed_over")),
        )
        for _one in range(number % 3):
            debrief = factories.debrief(deal, world.interviewer, invited_at=world.now, booked_at=world.now)
            held = world.now - timedelta(days=random.randint(0, 19)) if random.random() < 0.8 else None
            Debrief.objects.filter(pk=debrief.pk).update(is_primary=False, held_at=held)
    deals = queries.scope_of(world.admin, today=world.today, now=world.now).deals
    days, old = {}, {14: 0, 30: 0, 60: 0}
    for deal in deals.exclude(selection="passed_over"):
        for limit in old:
            old[limit] += (world.today - deal.decided_on).days >= limit
        held = [debrief.held_at for debrief in deal.debriefs.all() if debrief.held_at]
        if held:
            days[deal] = (min(held).astimezone(get_current_timezone()).date() - deal.decided_on).days
    found = days_to_call(deals, world.today, (14, 30, 60))
    assert found.chosen == deals.exclude(selection="passed_over").count()
    assert found.quartiles == tuple(quantile(list(days.values()), place / 4) for place in (1, 2, 3))
    assert found.within == {
        limit: (
            sum(n <= limit and (world.today - deal.decided_on).days >= limit for deal, n in days.items()),
            old[limit],
        )
        for limit in old
    }


def test_of_several_versions_of_a_write_up_the_latest_handed_in_counts(world):
    driver = factories.driver(world.programme)
    first, second = (
        factories.release(factories.deal(world.programme), world.interviewer, (driver, "hurt", 1)) for _one in range(2)
    )
    recalled = factories.release(
        factories.deal(world.programme), world.interviewer, (driver, "hurt", 1),
        recalled_at=world.now, recall_reason="A mistake.",
    )  # fmt: skip
    versions = {}
    for release, number, handed_in in (
        (first, 1, True), (first, 2, True), (first, 3, False), (second, 1, True), (second, 2, False), (recalled, 1, True),
    ):  # fmt: skip
        versions[release, number] = WriteUp.objects.create(
            programme=world.programme,
            debrief=release.debrief,
            number=number,
            reason="" if number == 1 else "Corrected.",
            opened_at=world.now,
            submitted_at=world.now if handed_in else None,
            submitted_by=world.interviewer if handed_in else None,
        )
    scope = queries.scope_of(world.admin, today=world.today, now=world.now)
    counted = write_ups(queries.releases_behind(scope, scope.deals))
    assert set(counted) == {versions[first, 2], versions[second, 1]}


def test_a_deal_decided_between_two_reads_of_the_funnel_is_left_for_the_next_look(world):
    factories.deal(world.programme, outcome="won")
    deals = Deal.objects.filter(programme=world.programme)
    reads = []

    def decided_in_between(execute, sql, *more):
        result = execute(sql, *more)
        if sql.startswith("SELECT") and not reads:
            reads.append(sql)
            lost = factories.deal(world.programme, outcome="lost")
            factories.debrief(lost, world.interviewer)
        return result

    with connection.execute_wrapper(decided_in_between):
        counted = queries.funnel(deals)
    assert list(counted.by_outcome) == ["won"]
    assert queries.funnel(deals).by_outcome["lost"]["planned"] == 1
