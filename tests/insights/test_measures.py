"""The lessons-learned figures on real rows: the worked fixture of eight deals, filters, and who sees what."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict

from debriefs.codebook.actions import merge_driver
from debriefs.codebook.models import Category, Driver
from debriefs.insights import measures, queries
from debriefs.insights.filters import Filters
from debriefs.insights.rules import Period, Quarter
from tests import factories

pytestmark = pytest.mark.django_db

# outcome, findings (the first one decided), own reason; the worked fixture of eight deals A to H
EIGHT = (
    ("won", (("fit", "helped", 3), ("price", "helped", 1)), "price"),
    ("won", (("fit", "helped", 3), ("trust", "helped", 2)), "fit"),
    ("won", (("trust", "helped", 3), ("price", "hurt", 1)), "relationship"),
    ("lost", (("implementation", "hurt", 3), ("price", "hurt", 2), ("fit", "helped", 1)), "price"),
    ("lost", (("price", "hurt", 3),), "price"),
    ("lost", (("fit", "hurt", 3), ("price", "hurt", 1)), "price"),
    ("withdrawn", (("politics", "hurt", 3),), "timing"),
    ("rejected", (("trust", "hurt", 2), ("fit", "hurt", 2)), "fit"),
)


@pytest.fixture
def eight(world):
    """The eight deals, released; each driver is a category of its own."""
    drivers = {}
    for position, key in enumerate(
        ("fit", "price", "trust", "implementation", "politics", "relationship", "timing"), start=1
    ):
        category = Category.objects.create(programme=world.programme, key=key, name=key.capitalize(), position=position)
        drivers[key] = factories.driver(world.programme, key.capitalize(), category)
    releases = []
    for outcome, findings, own in EIGHT:
        deal = factories.deal(
            world.programme, owner=world.rep, team=world.team, outcome=outcome, decided_days_ago=40, segment="Transport"
        )
        rows = [(drivers[key], direction, strength) for key, direction, strength in findings]
        releases.append(
            factories.release(
                deal, world.interviewer, *rows, own_driver=drivers[own], own_category=drivers[own].category
            )
        )
    return releases


def overview(person, world, query=""):
    scope = queries.scope_of(person, today=world.today, now=world.now)
    return measures.overview(scope, queries.filtered_deals(scope, Filters.read(QueryDict(query))))


def net(figures, name):
    figure = next(figure for figure in figures.drivers if figure.name == name)
    return figure.net.helped, figure.net.hurt, figure.net.n


def test_the_worked_fixture(world, eight):
    figures = overview(world.admin, world)
    assert (figures.win_rate.k, figures.win_rate.n) == (3, 6)
    assert (figures.win_rate_all.k, figures.win_rate_all.n) == (3, 8)
    assert net(figures, "Price") == (1, 4, 8)
    assert net(figures, "Fit") == (3, 2, 8)
    assert net(figures, "Trust") == (2, 1, 8)
    assert (figures.agreement.k, figures.agreement.n) == (2, 8)
    price = next(reason for reason in figures.reasons if reason.key == "price")
    assert (price.ours, price.theirs) == (4, 1)
    assert [step.share.k for step in figures.funnel] == [8] * 8


def test_two_remarks_of_one_deal_on_one_driver_count_once(world):
    driver = factories.driver(world.programme, "Price")
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    factories.release(deal, world.interviewer, (driver, "hurt", 1), (driver, "hurt", 3), (driver, "helped", 1))
    assert net(overview(world.admin, world), "Price") == (1, 1, 1)


def test_a_recalled_release_and_the_owners_day_are_outside(world, eight):
    eight[0].recalled_at, eight[0].recall_reason = world.now, "A name was left in"
    eight[0].save()
    eight[1].others_from = world.now + timedelta(hours=1)
    eight[1].save()
    figures = overview(world.admin, world)
    assert figures.debriefs == 6
    assert net(figures, "Fit") == (1, 2, 6)


def test_invalid_and_open_deals_are_outside_everything(world, eight):
    factories.deal(world.programme, outcome="invalid", decided_days_ago=40)
    factories.deal(world.programme, outcome="open", decided_days_ago=None)
    assert overview(world.admin, world).decided == 8


def test_filters_narrow_and_nonsense_is_named(world, eight):
    assert overview(world.admin, world, "o=lost").debriefs == 3
    assert overview(world.admin, world, "seg=Retail").decided == 0
    assert overview(world.admin, world, f"t={world.team.pk}").decided == 8
    assert overview(world.admin, world, f"t={world.other_team.pk}").decided == 0
    quarter = Quarter.of(eight[0].deal.decided_on)
    assert overview(world.admin, world, f"p={quarter.key}").decided == 8
    read = Filters.read(QueryDict("p=2026q9&o=%00&t=abc&c='&seg=%00"))
    assert read == Filters()
    assert "2026q9" in read.ignored[0]
    assert "2026q1-2026q3" in read.ignored[0]
    assert "abc" in read.ignored[1]


def test_a_sales_manager_sees_the_figures_of_the_teams_managed(world, eight):
    elsewhere = factories.deal(world.programme, team=world.other_team, outcome="won", decided_days_ago=40)
    assert overview(world.manager, world).decided == 8
    assert overview(world.other_manager, world).decided == 1
    assert overview(world.admin, world).decided == 9
    assert elsewhere.programme == world.programme


@pytest.mark.parametrize("text", ["2026q0", "2026q5", "q3", "", "26q1", "99999q1", "2026Q3 "])
def test_quarters_are_read_strictly(text):
    parsed = Quarter.parse(text)
    assert (parsed == Quarter(2026, 3)) == (text == "2026Q3 ")
    assert text == "2026Q3 " or parsed is None


def test_a_period_is_a_quarter_a_year_or_several_quarters():
    assert Period.parse("2026").key == "2026"
    assert Period.parse("2026Q1-2026q3").label == "Q1 2026 – Q3 2026"
    assert Period.parse("2026q1-2026q3").previous.key == "2025q2-2025q4"
    assert Period.parse("2026q1").previous.key == "2025q4"
    assert Period.parse("2026").year_before.key == "2025"
    assert [Period.parse(text) for text in ("2026q3-2026q1", "2026-", "20260", "2026q1-x")] == [None] * 4


def test_a_quarter_knows_its_days():
    fourth = Quarter.of(date(2026, 12, 31))
    assert (fourth.starts_on, fourth.ends_on, fourth.next.key) == (date(2026, 10, 1), date(2026, 12, 31), "2027q1")
    assert fourth.is_closed(date(2027, 2, 15))
    assert not fourth.is_closed(date(2027, 2, 14))


def test_the_cost_of_the_figures_does_not_grow_with_deals(world, eight, django_assert_num_queries):
    scope = queries.scope_of(world.admin, today=world.today, now=world.now)
    with django_assert_num_queries(4):
        measures.overview(scope, queries.filtered_deals(scope, Filters()))
    driver = factories.driver(world.programme)
    for _one in range(3):
        factories.release(factories.deal(world.programme), world.interviewer, (driver, "hurt", 2))
    with django_assert_num_queries(4):
        measures.overview(scope, queries.filtered_deals(scope, Filters()))


def test_a_merged_driver_counts_as_the_other_in_figures_reasons_and_the_remarks_behind(eight, world, now):
    gone = Driver.objects.get(programme=world.programme, name="Trust")
    stays = Driver.objects.get(programme=world.programme, name="Fit")
    merge_driver(driver=gone, into=stays, reason="One thing.", by=world.admin, now=now)
    figures = overview(world.admin, world)
    # Trust helped in B and C and hurt in H; where fit says the same of a deal, it counts once.
    assert net(figures, "Fit") == (4, 2, 8)
    assert "Trust" not in {figure.name for figure in figures.drivers}
    scope = queries.scope_of(world.admin, today=world.today, now=world.now)
    behind = queries.remarks_behind(scope, Filters.read(QueryDict("")), driver=stays.pk, direction="")
    assert behind.filter(driver=gone).count() == 3
    # H: our side said fit, the buyer trust; they are one driver now, as in B.
    assert (figures.agreement.k, figures.agreement.n) == (3, 8)
