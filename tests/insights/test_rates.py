"""Win rates by value, segment and region, cohorts, odds within strata, permissions and the signs of a relation, on real rows."""

from datetime import timedelta
from random import Random

import pytest

from debriefs.deals.models import Deal
from debriefs.foundation.models import Notice
from debriefs.insights.dashboards import BUILDERS
from debriefs.insights.dashboards.look import Look
from debriefs.insights.figures import with_comparison
from debriefs.insights.filters import Filters
from debriefs.insights.queries import filtered_deals, regions_of, scope_of
from debriefs.insights.statistics import newcombe, wilson
from debriefs.insights.tables import mantel_haenszel
from debriefs.insights.value_rates import Sums, bootstrapped, linearised, value_rate
from debriefs.interviews.models import PermissionGiven, WriteUp
from debriefs.lessons.models import Lesson
from tests import factories


def test_the_rate_by_value_is_the_sum_won_by_the_sum_decided():
    # blog.altify.com, scenario 1: half of the deals, three tenths of the value.
    assert value_rate([20_000, 10_000], [40_000, 30_000]) == 0.3
    assert value_rate([], []) == 0.0


def test_the_two_intervals_of_the_rate_by_value_agree_on_many_deals():
    random = Random(1)
    won, lost = ([random.lognormvariate(10, 1) for _deal in range(n)] for n in (400, 600))
    sums = Sums(1_000, sum(won) + sum(lost), sum(a * a for a in won + lost), sum(won), sum(a * a for a in won))
    for one, other in zip(bootstrapped(won, lost), linearised(sums), strict=True):
        assert one == pytest.approx(other, abs=0.01)
    assert bootstrapped(won, lost) == bootstrapped(won, lost)


def look_of(person, world, filters=None):
    scope, filters = scope_of(person, today=world.today, now=world.now), filters or Filters()
    return Look(scope, filters, filtered_deals(scope, filters))


def page(world, key, person=None, filters=None):
    return {chart.key: chart for chart in BUILDERS[key](look_of(person or world.admin, world, filters)).charts}


def marks(chart):
    return {mark.name: mark for mark in chart.marks}


def decide(world, n, *, outcome, **fields):
    values = {"owner": world.rep, "team": world.team, "outcome": outcome, "decided_days_ago": 20}
    return [factories.deal(world.programme, **values | fields) for _deal in range(n)]


@pytest.fixture
def sold(world):
    """Norway won 12 of 15, Spain 4 of 12; amounts of 30 deals in EUR and one in another currency."""
    buyers = {
        name: factories.company(world.programme, f"{name} buyer", country=name) for name in ("Norway", "Spain", "")
    }
    decide(world, 12, outcome="won", company=buyers["Norway"], amount=1_000, segment="Retail")
    decide(world, 3, outcome="lost", company=buyers["Norway"], amount=5_000, segment="Retail")
    decide(world, 4, outcome="won", company=buyers["Spain"], amount=2_000)
    decide(world, 8, outcome="lost", company=buyers["Spain"], amount=2_000)
    decide(world, 3, outcome="lost", company=buyers[""], amount=10_000)
    decide(world, 1, outcome="won", company=buyers[""], amount=9, currency="SEK")
    return world


@pytest.mark.django_db
def test_by_value_stands_beside_by_number_with_what_is_left_out(sold):
    chart = page(sold, "rates")["value"]
    number, value = chart.marks
    assert (number.k, number.n) == (17, 31)
    assert (number.low, number.high) == wilson(17, 31)
    assert value.value == pytest.approx(20_000 / 81_000)
    assert value.shows_interval
    assert 0 < value.low < value.value < value.high < 1
    assert "30 deals with an amount in EUR, 1 without" in value.sub
    Deal.objects.filter(programme=sold.programme, amount=5_000).update(amount=None)
    assert not marks(page(sold, "rates")["value"])["By value"].shows_interval
    # Sums of money are compared with nothing that counts.
    whole = BUILDERS["rates"](look_of(sold.admin, sold))
    assert with_comparison(whole, whole, "before").charts[0].marks[1].beside is None


@pytest.mark.django_db
def test_sums_are_drawn_as_numbers_that_can_be_read(sold, sign_in):
    shown = sign_in(sold.admin).get(f"/p/{sold.programme.slug}/insights/rates/").content.decode()
    assert ">20,000/81,000</text>" in shown
    assert ">17/31</text>" in shown


@pytest.mark.django_db
def test_segments_and_regions_are_set_beside_all_others_and_filter_the_page(sold):
    found = marks(page(sold, "rates")["regions"])
    assert (found["Norway"].k, found["Norway"].n, found["Spain"].k, found["Spain"].n) == (12, 15, 4, 12)
    low, high = newcombe(12, 15, 5, 16)
    assert f"{round(low * 100):+d} to {round(high * 100):+d}" in found["Norway"].sub.replace("−", "-")
    assert found["Norway"].p is not None
    assert found["no region"].p is None
    assert found["Norway"].query == "reg=Norway"
    narrowed = page(sold, "rates", filters=Filters(region="Spain"))["value"]
    assert (narrowed.marks[0].k, narrowed.marks[0].n) == (4, 12)
    assert marks(page(sold, "rates")["segments"])["Retail"].n == 15


@pytest.mark.django_db
def test_a_sales_manager_is_offered_the_regions_of_own_deals_only(sold):
    other = factories.company(sold.programme, "Hidden", country="Iceland")
    decide(sold, 1, outcome="won", company=other, team=sold.other_team)
    assert regions_of(look_of(sold.manager, sold).scope) == ["Norway", "Spain"]
    assert regions_of(look_of(sold.admin, sold).scope) == ["Iceland", "Norway", "Spain"]


@pytest.mark.django_db
def test_deals_opened_together_are_followed_to_their_end_or_stay_open(world):
    opened = world.today - timedelta(days=200)
    decide(world, 3, outcome="won", opened_on=opened)
    decide(world, 2, outcome="lost", opened_on=opened)
    decide(world, 1, outcome="rejected", opened_on=opened)
    decide(world, 4, outcome="open", opened_on=opened, decided_days_ago=None)
    decide(world, 2, outcome="open", opened_on=opened, decided_days_ago=None, team=world.other_team)
    (mark,) = page(world, "rates")["cohorts"].marks
    assert mark.cells == ("3", "2", "1", "6", "12")
    (own,) = page(world, "rates", world.manager)["cohorts"].marks
    assert own.cells == ("3", "2", "1", "4", "10")


@pytest.mark.django_db
def test_the_odds_within_segments_are_those_of_mantel_and_haenszel(world):
    driver = factories.driver(world.programme)
    tables = {"A": [[6, 2], [5, 3]], "B": [[2, 5], [2, 8]]}
    for segment, ((a, b), (c, d)) in tables.items():
        for n, outcome, heard in ((a, "won", True), (b, "lost", True), (c, "won", False), (d, "lost", False)):
            for deal in decide(world, n, outcome=outcome, segment=segment):
                if heard:
                    factories.release(deal, world.interviewer, (driver, "hurt", 1))
    charts = page(world, "participation")
    expected = mantel_haenszel(list(tables.values()))
    adjusted = marks(charts["odds"])["Within segment and quarter"]
    assert adjusted.cells == tuple(f"{one:.2f}" for one in (expected.odds_ratio, expected.low, expected.high))
    assert marks(charts["odds"])["As it came"].cells[0] == f"{8 * 11 / (7 * 7):.2f}"
    (difference,) = charts["closed-with"].marks
    assert difference.cells == ("8", "15", "7", "18")
    assert (difference.low, difference.high) == newcombe(8, 15, 7, 18)


@pytest.mark.django_db
def test_permissions_are_counted_of_those_asked_and_signs_of_those_known(world):
    driver = factories.driver(world.programme)
    debriefs = [
        factories.release(deal, world.interviewer, (driver, "hurt", 1)).debrief
        for deal in decide(world, 6, outcome="lost")
    ]
    factories.debrief(decide(world, 1, outcome="lost")[0], world.interviewer, invited_at=world.now)
    for place, debrief in enumerate(debriefs):
        WriteUp.objects.create(
            programme=world.programme, debrief=debrief, opened_at=world.now, submitted_at=world.now,
            submitted_by=world.interviewer, quality="short" if place == 0 else "frank",
        )  # fmt: skip
        if place < 4:
            PermissionGiven.objects.create(
                programme=world.programme, debrief=debrief, kind="reference", given=place < 3, said_at=world.now
            )
    Notice.objects.create(
        programme_id=world.programme.pk, kind="prospect_nudge_1", subject_kind="debrief", subject_id=debriefs[0].pk,
        recipient_kind="contact", recipient_email="b@buyer.example", dedupe_key="n", created_at=world.now, due_at=world.now,
        state="sent", sent_at=debriefs[0].booked_at - timedelta(hours=1), message_id="<n@debriefs.example>",
    )  # fmt: skip
    charts = page(world, "participation")
    (reference,) = charts["permissions"].marks
    assert (reference.k, reference.n) == (3, 4)
    assert "3 of 4 buyers who were asked would be a reference" in charts["permissions"].title
    signs = {name: (mark.k, mark.n) for name, mark in marks(charts["relationship"]).items()}
    assert signs == {
        "Answered the invitation": (6, 7),
        "Accepted before any reminder": (5, 6),
        "Talked the full time": (5, 6),
        "Would be a reference": (3, 4),
    }
    # Counts of the six who talked: 2, 4, 4, 3, 3, 3.
    assert "gave 3 of the 6 signs or more" in charts["relationship"].base


@pytest.mark.django_db
def test_lessons_are_measured_by_what_became_of_them(world):
    def lesson(state, days, in_force=None, check=None):
        Lesson.objects.create(
            programme=world.programme, situation="S", we_did="W", buyers_did="B", owner=world.rep, state=state,
            written_at=world.now - timedelta(days=days),
            in_force_since=None if in_force is None else world.today - timedelta(days=days - in_force),
            check_on=None if check is None else world.today - timedelta(days=check),
        )  # fmt: skip

    lesson("observed", 30)
    lesson("in_force", 60, in_force=10, check=1)
    lesson("learned", 90, in_force=20, check=5)
    lesson("retired", 90, in_force=40, check=5)
    lesson("learned", 90, in_force=20, check=-5)
    chart = page(world, "lessons")["measures"]
    found = {mark.name: (mark.k, mark.n) for mark in chart.marks}
    assert found == {
        "Open: neither learned nor retired": (2, 5),
        "In force or further": (4, 5),
        "Checked, of those whose day has come": (2, 3),
        "Moved what it should, of those ended": (2, 3),
    }
    # Kaplan-Meier: five at risk at 10 days, four at 20: 4/5 x 2/4 = 0.4.
    assert "Half are in force 20 days after they were written (4 still open by then)" in chart.base
