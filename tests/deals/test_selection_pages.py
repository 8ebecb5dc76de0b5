"""Selection in the browser: rules in words, preview, exclusions, one deal's decisions, the list of closing windows."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from debriefs.deals import selection_queries, tasks
from debriefs.deals.actions import set_rules
from debriefs.deals.enums import DebriefState, Outcome, Selection
from debriefs.deals.forms.selection import RulesForm, initial_rules
from debriefs.deals.models import Deal, SelectionExclusion, SelectionRules
from debriefs.deals.selection_rules import Share
from debriefs.deals.window import window_of
from tests import factories
from tests.deals.test_selection import draft

pytestmark = pytest.mark.django_db


def at(world, page: str) -> str:
    return f"/p/{world.programme.slug}/deals/{page}"


def answers(response, **changes) -> dict:
    """The rules form as the page shows it, with some answers changed."""
    form = response.context["form"]
    data = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in data.items() if value not in (None, "")} | changes


def test_the_rules_are_set_in_words_and_shown_to_those_who_schedule(world, sign_in):
    client = sign_in(world.admin)
    factories.competitor(world.programme, "Rivalry")
    page = at(world, "selection/rules/")
    response = client.post(
        page,
        answers(
            client.get(page),
            outcomes=["won", "lost"],
            minimum_amount="20000",
            segments="Enterprise, enterprise, Public",
            teams=[str(world.team.pk)],
            competitors="rivalry",
            share_won="25",
            stratum_1_outcome="won",
            stratum_1_segment="Public",
            stratum_1_percent="50",
            seed="7",
            best_within_days="20",
        ),
    )
    assert response.status_code == 302, response.content.decode()
    stored = SelectionRules.objects.get()
    assert (stored.segments, stored.shares[0], stored.number, stored.seed) == (
        ["enterprise", "Public"],
        {"percent": 50, "outcome": "won", "segment": "Public"},
        1,
        7,
    )
    shown = sign_in(world.manager).get(at(world, "selection/")).content.decode()
    for said in (
        "Version 1, set by Programme Manager",
        "Only deals with these outcomes: won, lost.",
        "Only deals of these teams: North.",
        "one of these competitors was met: Rivalry",
        "50 % of won deals in Public; 25 % of won deals; all others. Seed 7",
        "best is within 20 days",
    ):
        assert said in shown, said
    assert "Change the rules" not in shown
    # The form starts with what is in force, and saving it unchanged makes no further version.
    client.post(page, answers(client.get(page)))
    assert SelectionRules.objects.count() == 1


def test_what_is_stored_fills_the_form_and_comes_back_the_same(world, now):
    shares = (Share(30, "won", "Public"), Share(60, "", "Retail"), Share(100, "lost", "Retail"), Share(40, "lost"))
    stored = set_rules(
        programme=world.programme, draft=draft(shares=shares, minimum_amount=Decimal(5)), by=world.admin, now=now
    )
    initial = initial_rules(world.programme, stored)
    form = RulesForm({k: v for k, v in initial.items() if v is not None}, programme=world.programme, back="/")
    assert form.is_valid(), form.errors
    assert form.draft().shares == shares
    again = set_rules(programme=world.programme, draft=form.draft(), by=world.admin, now=now)
    assert again == stored


def test_names_with_a_comma_come_back_from_the_form_as_they_were(world, now):
    rival = factories.competitor(world.programme, "Acme, Inc.")
    named = draft(competitor_ids=(rival.pk,), segments=("Retail, wholesale",))
    stored = set_rules(programme=world.programme, draft=named, by=world.admin, now=now)
    initial = initial_rules(world.programme, stored)
    form = RulesForm({k: v for k, v in initial.items() if v is not None}, programme=world.programme, back="/")
    assert form.is_valid(), form.errors
    assert (form.draft().competitor_ids, form.draft().segments) == ((rival.pk,), ("Retail, wholesale",))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"competitors": "Nobody"}, "No deal names a competitor called Nobody."),
        ({"cooling_off_days": "40"}, "cooling-off ends before"),
        ({"outcomes": []}, "This field is required"),
        ({"share_lost": "101"}, "less than or equal to 100"),
        ({"stratum_2_segment": "Public"}, "Say how many of a hundred"),
        ({"segments": ",".join(f"s{n}" for n in range(51))}, "Name at most 50."),
        ({"segments": "x" * 81}, "at most 80 characters"),
        ({"minimum_amount": "-1"}, "greater than or equal to 0"),
        ({"seed": "9" * 30}, "less than or equal to"),
        ({"teams": ["not-a-team"]}, "is not a valid"),
    ],
)
def test_rules_that_cannot_be_are_refused_with_a_sentence(world, sign_in, changes, said):
    client = sign_in(world.admin)
    page = at(world, "selection/rules/")
    response = client.post(page, answers(client.get(page), **changes))
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not SelectionRules.objects.exists()


def test_a_team_of_another_programme_is_no_team(world, sign_in):
    client, page = sign_in(world.admin), at(world, "selection/rules/")
    foreign = factories.team(world.other_programme)
    refused = client.post(page, answers(client.get(page), teams=[str(foreign.pk)]))
    assert refused.status_code == 422
    assert foreign.name not in refused.content.decode()
    assert not SelectionRules.objects.exists()


def test_a_preview_says_the_share_of_won_and_lost_and_saves_nothing(world, sign_in):
    first, _end = selection_queries.last_two_quarters(world.today)
    for outcome, amount in (("won", 10), ("won", 90), ("lost", 90), ("lost", 95)):
        factories.deal(world.programme, outcome=outcome, amount=amount, decided_on=first + timedelta(days=20))
    client, page = sign_in(world.admin), at(world, "selection/rules/")
    response = client.post(page, answers(client.get(page), minimum_amount="50", step="preview"))
    text = " ".join(response.content.decode().split())
    assert response.status_code == 200
    assert response.context["preview"].rows[:2] == [("won", 1, 2, 0.5), ("lost", 2, 2, 1.0)]
    for said in ("What these rules would have chosen", "Not saved yet", "1 of 2", "50 %", "Below the smallest amount"):
        assert said in text, said
    assert not SelectionRules.objects.exists()


def test_a_company_is_left_out_and_taken_back(world, sign_in):
    company = factories.company(world.programme, "Aldermoor")
    deal = factories.deal(world.programme, company=company, team=world.team)
    tasks.decide_selections()
    client, page = sign_in(world.admin), at(world, "selection/exclusions/add/")
    assert "No deal is with a company" in client.post(page, {"kind": "outreach", "company": "X", "reason": "r"}).content.decode()  # fmt: skip
    assert client.post(page, {"kind": "outreach", "reason": "r"}).status_code == 422
    said = client.post(page, {"kind": "outreach", "company": "ALDERMOOR", "reason": "In court"}, follow=True)
    assert "Aldermoor is left out" in said.content.decode()
    assert Deal.objects.get(pk=deal.pk).selection_reason == "Out of outreach: In court"
    exclusion = SelectionExclusion.objects.get()
    assert client.get(at(world, f"selection/exclusions/{exclusion.pk}/lift/")).status_code == 405
    client.post(at(world, f"selection/exclusions/{exclusion.pk}/lift/"))
    assert Deal.objects.get(pk=deal.pk).selection == Selection.CHOSEN
    assert client.post(at(world, f"selection/exclusions/{exclusion.pk}/lift/")).status_code == 404


def test_the_programme_manager_overrules_on_the_deals_page_and_everybody_reads_why(world, sign_in):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    tasks.decide_selections()
    page = at(world, f"{deal.pk}/selection/")
    client = sign_in(world.admin)
    assert client.post(page, {"decision": "passed_over", "reason": " "}).status_code == 422
    assert client.post(page, {"decision": "undecided", "reason": "x"}).status_code == 422
    shown = client.post(page, {"decision": "passed_over", "reason": "<b>A lawsuit</b>"}, follow=True).content.decode()
    assert "Passed over by Programme Manager: &lt;b&gt;A lawsuit&lt;/b&gt;" in shown
    for person in (world.rep, world.manager):
        seen = sign_in(person).get(page).content.decode()
        assert "A lawsuit" in seen
        assert "Decide it so" not in seen
        assert "A lawsuit" in sign_in(person).get(f"/p/{world.programme.slug}/deals/{deal.pk}/").content.decode()
    counted = client.get(at(world, "selection/")).content.decode()
    assert "By hand: 0 chosen, 1 passed over" in counted
    assert client.post(page, {"decision": "out_of_statistics", "reason": "Test deal"}).status_code == 302
    assert Deal.objects.get(pk=deal.pk).out_of_statistics


def windows(world) -> dict[str, Deal]:
    """Deals in every part of their window, decided by the tick, of two teams."""
    made = {}
    for name, days, fields in (
        ("fresh", 0, {}),
        ("middle", 10, {}),
        ("last", 21, {}),
        ("late", 29, {}),
        ("starts soon", 5, {"outcome": Outcome.WON, "implementation_starts_on": world.today + timedelta(days=3)}),
        ("starts at once", 0, {"outcome": Outcome.WON, "implementation_starts_on": world.today}),
        ("lost with a start", 5, {"implementation_starts_on": world.today + timedelta(days=3)}),
        ("other team", 4, {"team": world.other_team}),
        ("no team", 6, {"team": None}),
        ("overdue", 31, {}),
        ("planned", 5, {"debrief_state": DebriefState.PLANNED}),
        ("passed over", 5, {"outcome": Outcome.INVALID}),
        ("open", 5, {"outcome": Outcome.OPEN, "decided_on": None}),
    ):
        values = {"team": world.team, "decided_on": world.today - timedelta(days=days), "name": name} | fields
        made[name] = factories.deal(world.programme, **values)
    tasks.decide_selections()
    Deal.objects.filter(name="overdue").update(selection=Selection.CHOSEN)
    return made


def test_windows_closing_are_the_chosen_unplanned_ones_by_days_left(world, sign_in):
    windows(world)
    response = sign_in(world.admin).get(at(world, "window-closing/"))
    rows = response.context["rows"]
    assert [deal.name for deal, _window in rows] == [
        "late", "last", "starts at once", "starts soon", "middle", "no team", "lost with a start", "other team", "fresh",
    ]  # fmt: skip
    left = [window.days_left for _deal, window in rows]
    assert left == sorted(left)
    assert [deal.name for deal, _window in response.context["missed"]] == ["overdue"]
    assert [(name, n) for _id, name, n in response.context["teams"]] == [("North", 7), ("South", 1), ("", 1)]


def test_the_database_and_the_page_know_the_same_last_day(world):
    windows(world)
    programme = world.programme
    for deal in selection_queries.windows_closing(world.admin, world.today):
        window = window_of(
            deal.decided_on,
            world.today,
            cooling_off_days=programme.cooling_off_days,
            best_within_days=programme.best_within_days,
            overdue_after_days=programme.overdue_after_days,
            implementation_starts_on=deal.implementation_starts_on if deal.outcome == Outcome.WON else None,
        )
        assert deal.closes_on == window.closes_on, deal.name


@pytest.mark.parametrize(("who", "count"), [("admin", 9), ("manager", 7), ("other_manager", 1)])
def test_today_counts_what_the_list_shows(world, sign_in, who, count):
    windows(world)
    client = sign_in(getattr(world, who))
    listed = client.get(at(world, "window-closing/"))
    today = client.get(f"/p/{world.programme.slug}/")
    assert (len(listed.context["rows"]), listed.context["count"]) == (count, count)
    assert today.context["closing_count"] == count
    assert f"{count} not planned yet" in today.content.decode()


def test_a_team_is_shown_alone_and_a_strange_one_shows_all(world, sign_in):
    windows(world)
    client = sign_in(world.admin)
    one = client.get(at(world, "window-closing/"), {"team": str(world.other_team.pk)})
    assert [deal.name for deal, _window in one.context["rows"]] == ["other team"]
    none = client.get(at(world, "window-closing/"), {"team": "None"})
    assert [deal.name for deal, _window in none.context["rows"]] == ["no team"]
    for strange in ("\x00", "x", str(UUID(int=0))):
        assert len(client.get(at(world, "window-closing/"), {"team": strange}).context["rows"]) == 9


def test_the_list_costs_the_same_queries_however_long_it_is(world, sign_in):
    client, counts = sign_in(world.admin), []
    for _ in range(3):
        windows(world)
        with CaptureQueriesContext(connection) as queries:
            client.get(at(world, "window-closing/"))
        counts.append(len(queries))
    assert counts[1] == counts[2] <= 14
