"""Readers without record access: small groups, frozen quarters, and that no two questions give away a few companies."""

from datetime import timedelta
from random import Random

import pytest

from debriefs.insights import snapshot_queries
from debriefs.insights.actions import take_snapshot, take_snapshots
from debriefs.insights.models import QuarterSnapshot, SnapshotFigure
from debriefs.insights.rules import Quarter
from debriefs.insights.small_groups import AND, DIMENSIONS, Case, partition, publishable
from tests import factories

K = 5


def case(company, segment="Transport", *, helped=(), hurt=(), outcome="won", debriefed=True, agrees=None, **groups):
    return Case(
        company,
        outcome,
        {"segment": segment, **groups},
        debriefed,
        frozenset(helped),
        frozenset(hurt),
        agrees,
    )


def shown(cases):
    return {(cell.dimension, cell.group, cell.measure, cell.subject): cell for cell in publishable(cases, K)}


def test_a_driver_is_shown_only_where_both_who_said_it_and_who_did_not_are_enough():
    def with_hurt(k, n=12):
        return [case(str(i), hurt=("Price",) if i < k else ()) for i in range(n)]

    for k in (1, 4, 8, 11):
        assert ("", "", "driver", "Price") not in shown(with_hurt(k)), k
    for k in (5, 7, 12):
        assert shown(with_hurt(k))["", "", "driver", "Price"].hurt == k


def test_one_company_with_many_deals_is_one_voice():
    cases = [case("Same", hurt=("Price",)) for _one in range(9)] + [case(str(i)) for i in range(9)]
    assert ("", "", "driver", "Price") not in shown(cases)


def test_small_values_are_merged_until_they_are_enough_and_one_group_alone_is_no_division():
    cases = [case(f"a{i}", "A") for i in range(7)] + [case(f"b{i}", "B") for i in range(3)] + [case("c", "C")]
    assert partition(cases, "segment", K) == []
    cases += [case(f"d{i}", "D") for i in range(6)]
    groups = {group: len(members) for group, members in partition(cases, "segment", K)}
    assert groups == {"A": 7, AND.join(("B", "C", "D")): 10}


def test_a_driver_too_small_in_one_group_is_hidden_in_all_of_that_division():
    cases = [case(f"a{i}", "A", hurt=("Price",) if i < 6 else ()) for i in range(12)]
    cases += [case(f"b{i}", "B", hurt=("Price",) if i < 2 else ()) for i in range(12)]
    found = shown(cases)
    assert found["", "", "driver", "Price"].hurt == 8
    assert not [key for key in found if key[:1] == ("segment",) and key[2] == "driver"]


def test_nothing_is_shown_of_fewer_companies_than_k():
    assert publishable([case(str(i), hurt=("Price",)) for i in range(4)], K) == []


# ── Differencing ──


def a_world(random):
    """A quarter's deals: sizes, shares and values at random, companies with one or several deals."""
    n, firms = random.randint(0, 45), random.randint(1, 40)
    values = {name: [f"{name}{i}" for i in range(random.randint(1, 5))] for name in DIMENSIONS}
    chance = {name: random.random() for name in ("Price", "Fit", "Trust")}

    def one():
        debriefed = random.random() < 0.8
        said = {name: random.random() < p for name, p in chance.items()}
        sides = {name: random.random() < 0.5 for name in chance}
        return Case(
            str(random.randrange(firms)),
            random.choice(("won", "won", "lost", "lost", "withdrawn", "rejected")),
            {name: random.choice(options) for name, options in values.items()},
            debriefed,
            frozenset(name for name in chance if debriefed and said[name] and sides[name]),
            frozenset(name for name in chance if debriefed and said[name] and not sides[name]),
            random.choice((None, True, False)) if debriefed else None,
        )

    return [one() for _one in range(n)]


def counted_by(cell, cases, side):
    """The deals a number of a cell counts: its k, its hurt, or its base."""

    def in_group(one):
        return not cell.dimension or one.groups[cell.dimension] in cell.group.split(AND)

    base = {
        "released": lambda one: True,
        "outcome": lambda one: True,
        "agreement": lambda one: one.debriefed and one.agrees is not None,
    }.get(cell.measure, lambda one: one.debriefed and in_group(one))
    part = {
        "released": lambda one: one.debriefed,
        "outcome": lambda one: (one.outcome if one.outcome in ("won", "lost") else "other") == cell.subject,
        "agreement": lambda one: bool(one.agrees),
        "driver": lambda one: cell.subject in (one.hurt if side == "hurt" else one.helped),
        "base": lambda one: True,
    }[cell.measure]
    return frozenset(i for i, one in enumerate(cases) if base(one) and (side == "n" or part(one)))


def numbers_of(cells, cases):
    """Every number a reader can ask for, as (what is known of its meaning, the number, the deals it counts).

    What is known is the set of conditions by which a reader could tell that one number is part of another.
    """
    found = []
    for cell in cells:
        for side, number in (("k", cell.k), ("hurt", cell.hurt), ("n", cell.n)):
            if side == "hurt" and cell.measure != "driver":
                continue
            meaning = {"debriefed"} if cell.measure in ("agreement", "driver", "base") else set()
            if cell.measure == "agreement":
                meaning.add("paired")
            if cell.dimension:
                meaning.add((cell.dimension, cell.group))
            if side != "n":
                name = {"released": "debriefed", "base": "debriefed"}.get(
                    cell.measure, (cell.measure, cell.subject, side)
                )
                meaning.add(name)
            found.append((frozenset(meaning), number, counted_by(cell, cases, side)))
    return found


def gives_away(first, second, cases):
    """Whether the difference of two numbers, one known to be part of the other, stands for 1 to k-1 companies."""
    (meaning, number, deals), (wider_meaning, wider_number, wider_deals) = first, second
    if not wider_meaning <= meaning:
        return False
    assert deals <= wider_deals
    assert (len(deals), len(wider_deals)) == (number, wider_number)
    left = {cases[i].company for i in wider_deals - deals}
    return 0 < len(left) < K


def test_two_questions_never_differ_by_a_few_companies():
    differ(400, 1)


@pytest.mark.slow
def test_two_thousand_pairs_of_questions_never_differ_by_a_few_companies():
    differ(2_000, 2)


def differ(pairs_wanted, seed):
    random = Random(seed)
    pairs = nested = 0
    while pairs < pairs_wanted:
        cases = a_world(random)
        numbers = numbers_of(publishable(cases, K), cases)
        for _pair in range(20 if len(numbers) > 1 else 0):
            first, second = random.choice(numbers), random.choice(numbers)
            pairs += 1
            nested += second[0] <= first[0]
            assert not gives_away(first, second, cases)
            assert not gives_away(second, first, cases)
            assert not 0 < len({cases[i].company for i in first[2]}) < K
    assert nested > pairs / 20


def test_the_attack_works_where_nothing_is_hidden():
    """The control: without the rules the same attacker finds something at once."""
    random = Random(3)
    found = 0
    for _world in range(50):
        cases = a_world(random)
        numbers = numbers_of(publishable(cases, 1), cases)
        found += any(gives_away(a, b, cases) for a in numbers for b in numbers)
    assert found > 25


# ── Snapshots ──


@pytest.fixture
def quarter(world):
    """Twelve released debriefs of one closed quarter, price hurting in six."""
    price, fit = factories.driver(world.programme, "Price"), factories.driver(world.programme, "Fit")
    day = Quarter.of(world.today - timedelta(days=200)).starts_on
    ago = (world.today - day).days
    for place in range(12):
        deal = factories.deal(world.programme, owner=world.rep, team=world.team, decided_days_ago=ago, outcome="lost")
        factories.release(deal, world.interviewer, (price if place < 6 else fit, "hurt", 2))
    return Quarter.of(day)


def rows():
    return list(SnapshotFigure.objects.order_by("pk").values())


@pytest.mark.django_db
def test_the_job_takes_a_closed_quarter_once_and_nothing_changes_it_later(world, quarter):
    assert take_snapshots(now=world.now, today=world.today) >= 1
    before = rows()
    assert {(row["subject"], row["hurt"], row["n"]) for row in before if row["measure"] == "driver"} == {
        ("Price", 6, 12),
        ("Fit", 6, 12),
    }
    # What comes or goes afterwards is not seen by these readers, and a second run takes nothing.
    deal = factories.deal(
        world.programme, owner=world.rep, team=world.team, decided_days_ago=(world.today - quarter.starts_on).days
    )
    factories.release(deal, world.interviewer, (factories.driver(world.programme, "Price 2"), "hurt", 3))
    assert take_snapshots(now=world.now, today=world.today) == 0
    assert not take_snapshot(programme=world.programme, quarter=quarter, now=world.now)
    assert rows() == before


@pytest.mark.django_db
def test_a_quarter_is_taken_when_its_last_debriefs_have_come_in(world, quarter):
    assert take_snapshots(now=world.now, today=quarter.ends_on + timedelta(days=45)) == 0
    assert take_snapshots(now=world.now, today=quarter.ends_on + timedelta(days=46)) == 1


@pytest.mark.django_db
def test_a_larger_k_puts_older_snapshots_away(world, quarter):
    take_snapshots(now=world.now, today=world.today)
    assert snapshot_queries.snapshots_visible_to(world.member).exists()
    world.member.programme.smallest_group = 8
    assert not snapshot_queries.snapshots_visible_to(world.member).exists()
    assert QuarterSnapshot.objects.exists()
