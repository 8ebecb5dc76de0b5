"""The list of deals: what each reader finds, under which filters, in which order, at what cost."""

import csv
import html
import io
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from debriefs.deals import queries
from debriefs.deals.actions import add_contact, assign_interviewer, join_deal_team
from debriefs.deals.enums import DebriefState, Outcome, Selection
from debriefs.deals.models import Deal, DealCompetitor, SavedView
from debriefs.deals.paging import Cursor
from debriefs.deals.reader import made_plain
from debriefs.deals.rules import today_in
from debriefs.foundation import clock
from debriefs.foundation.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db
# The same in every process: names of tests must not differ between the workers of one run.
SOMEBODY = UUID("7f1c0b52-3a54-4f0e-9c55-2d5f0b0c9a11")


def path(programme) -> str:
    return f"/p/{programme.slug}/deals/"


@pytest.fixture
def listed(world, sign_in):
    """Names of the deals a person finds with a query string, in order."""

    def names(person=world.admin, query: str = "") -> list[str]:
        response = sign_in(person).get(path(world.programme) + query)
        assert response.status_code == 200
        return [deal.name for deal, _window in response.context["rows"]]

    return names


def deals(world, *names: str, **fields) -> list[Deal]:
    return [
        factories.deal(
            world.programme,
            name=name,
            team=world.team,
            search_text=name,
            decided_days_ago=number,
            **fields,
        )
        for number, name in enumerate(names, start=1)
    ]


def test_each_reader_finds_what_is_theirs(world, listed, sign_in):
    deals(world, "North one", "North two")
    factories.deal(world.programme, name="Nobody's")
    assert listed(world.admin) == ["North one", "North two", "Nobody's"]
    assert listed(world.manager) == listed(world.member) == ["North one", "North two"]
    assert listed(world.other_manager) == listed(world.other_member) == []
    assert sign_in(world.interviewer).get(path(world.programme)).status_code == 404
    assert sign_in(world.other_admin).get(path(world.programme)).status_code == 404


def test_members_see_no_interviewer_and_those_who_schedule_do(world, sign_in):
    (deal,) = deals(world, "One")
    assign_interviewer(deal=deal, person=world.interviewer, by=world.admin, now=clock.now())
    shown = {
        person.name: world.interviewer.name in sign_in(person).get(path(world.programme)).content.decode()
        for person in (world.manager, world.member)
    }
    assert shown == {world.manager.name: True, world.member.name: False}


def test_views_of_the_list(world, listed):
    won, lost, old, open_deal, test_deal = deals(world, "Won", "Lost", "Old", "Open", "Test")
    Deal.objects.filter(pk=won.pk).update(outcome=Outcome.WON, debrief_state=DebriefState.BOOKED)
    Deal.objects.filter(pk=lost.pk).update(debrief_state=DebriefState.RELEASED)
    Deal.objects.filter(pk=old.pk).update(selection=Selection.PASSED_OVER)
    Deal.objects.filter(pk=open_deal.pk).update(outcome=Outcome.OPEN, decided_on=None)
    Deal.objects.filter(pk=test_deal.pk).update(outcome=Outcome.INVALID)
    waiting = factories.deal(world.programme, name="Waiting", team=world.team, decided_days_ago=9)
    assert listed() == ["Won", "Lost", "Old", "Waiting"]
    assert listed(query="?show=running") == ["Won"]
    assert listed(query="?show=released") == ["Lost"]
    assert listed(query="?show=passed_over") == ["Old"]
    assert listed(query="?show=open") == ["Open"]
    assert listed(query="?show=waiting") == [waiting.name]
    assert set(listed(query="?show=all")) == {"Won", "Lost", "Old", "Open", "Test", "Waiting"}


def test_filters_and_their_chips(world, listed, sign_in):
    first, second = deals(world, "First", "Second")
    Deal.objects.filter(pk=first.pk).update(
        outcome=Outcome.WON, decided_on=date(2026, 2, 3), debrief_state=DebriefState.HELD
    )
    Deal.objects.filter(pk=second.pk).update(team=world.other_team, decided_on=date(2026, 4, 1))
    assert listed(query="?outcome=won") == ["First"]
    assert listed(query="?quarter=2026-Q1") == ["First"]
    assert listed(query="?quarter=2026-Q2") == ["Second"]
    assert listed(query=f"?team={world.other_team.pk}") == ["Second"]
    assert listed(query="?state=held") == ["First"]
    response = sign_in(world.admin).get(path(world.programme) + f"?outcome=lost&team={world.other_team.pk}&q=second")
    chips = {chip.label: (chip.value, chip.without) for chip in response.context["filters"].chips}
    assert chips == {
        "Found by": ("second", f"?outcome=lost&team={world.other_team.pk}"),
        "Outcome": ("Lost", f"?q=second&team={world.other_team.pk}"),
        "Team": ("South", "?q=second&outcome=lost"),
    }
    for _value, without in chips.values():
        assert without.replace("&", "&amp;") in response.content.decode()


def test_search_finds_words_in_any_order_and_forgives_a_typing_error(world, listed):
    deals(world, "Shift planning Aldermoor Clinics", "Rota Castavera Foods")
    assert listed(query="?q=aldermoor+shift") == ["Shift planning Aldermoor Clinics"]
    assert listed(query="?q=Castavara") == ["Rota Castavera Foods"]
    assert listed(query="?q=nothing+like+it") == []
    assert listed(query="?q=%25") == []


def test_a_sales_manager_cannot_ask_about_another_team(world, listed, sign_in):
    deals(world, "North one")
    assert listed(world.manager, f"?team={world.other_team.pk}") == ["North one"]
    response = sign_in(world.manager).get(path(world.programme) + f"?team={world.other_team.pk}")
    assert world.other_team.name not in response.content.decode()


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("-decided", ["A", "B", "C", "D"]),
        ("decided", ["D", "C", "B", "A"]),
        ("-amount", ["C", "A", "D", "B"]),
        ("amount", ["D", "A", "C", "B"]),
        ("name", ["A", "B", "C", "D"]),
    ],
)
def test_every_order_goes_through_the_pages_without_losing_or_repeating_a_row(
    world, sign_in, monkeypatch, order, expected
):
    monkeypatch.setattr("debriefs.deals.views.lists.PAGE_ROWS", 1)
    monkeypatch.setattr("debriefs.deals.queries.PAGE_ROWS", 1)
    for deal, amount in zip(deals(world, "A", "B", "C", "D"), (20, None, 30, 10), strict=True):
        Deal.objects.filter(pk=deal.pk).update(amount=amount)
    client, query, seen = sign_in(world.admin), f"?show=all&sort={order}", []
    while query:
        response = client.get(path(world.programme) + query)
        rows = [deal.name for deal, _window in response.context["rows"][:1]]
        seen += rows
        query = response.context["next_page"]
        assert len(seen) <= 4
    assert seen == expected


def test_open_deals_without_date_stand_on_their_pages_too(world, sign_in, monkeypatch):
    monkeypatch.setattr("debriefs.deals.views.lists.PAGE_ROWS", 2)
    monkeypatch.setattr("debriefs.deals.queries.PAGE_ROWS", 2)
    deals(world, "D1", "D2")
    for number in range(3):
        factories.deal(world.programme, name=f"O{number}", outcome=Outcome.OPEN, decided_days_ago=None)
    for order in ("-decided", "decided"):
        client, query, seen = sign_in(world.admin), f"?show=all&sort={order}", []
        while query:
            response = client.get(path(world.programme) + query)
            seen += [deal.name for deal, _window in response.context["rows"]]
            query = response.context["next_page"]
        assert sorted(seen) == ["D1", "D2", "O0", "O1", "O2"], order
        assert (seen[0][0] == "O") == (order == "-decided")


def test_the_count_is_exact_up_to_its_limit_and_open_beyond(world, sign_in, monkeypatch):
    monkeypatch.setattr("debriefs.deals.views.lists.COUNTED_TO", 2)
    deals(world, "A", "B")
    assert "2 deals in this view." in sign_in(world.admin).get(path(world.programme)).content.decode()
    deals(world, "C")
    page = sign_in(world.admin).get(path(world.programme)).content.decode()
    assert "More than 2 deals in this view." in page
    assert "Rows 1 to 3 of 2+" in page


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=" + "x" * 5000,
        "q='%22%3B--",
        "q=%F0%9F%92%A9+(%5B",
        "outcome=%00",
        "outcome=gone",
        "team=abc",
        f"team={SOMEBODY}",
        "quarter=2026-Q9",
        "quarter=9999-Q4",
        "quarter=0000-Q1",
        "state=%00",
        "sort=id;drop",
        "sort=owner__user__password",
        "show=none",
        "after=AAAA",
        "after=%00",
        "after=" + "W1tb" * 90,
        "after=" + Cursor(date(2026, 1, 1), SOMEBODY, 5).write() + "&sort=-amount",
        "after=" + Cursor("NaN", SOMEBODY, 5).write() + "&sort=amount",
        "after=" + Cursor("1e999999", SOMEBODY, 5).write() + "&sort=amount",
        "after=" + Cursor("\x00", SOMEBODY, 5).write() + "&sort=name",
    ],
)
def test_hostile_parameters_leave_a_list(world, listed, query):
    deals(world, "Found")
    names = listed(query=f"?show=all&{query}")
    assert names in (["Found"], [])


def test_an_empty_list_says_why_and_what_to_do(world, sign_in):
    assert "Deals arrive from your CRM" in sign_in(world.admin).get(path(world.programme)).content.decode()
    member = sign_in(world.member).get(path(world.programme)).content.decode()
    assert "as soon as your programme imports them" in member
    assert "Import deals" not in member
    filtered = sign_in(world.admin).get(path(world.programme) + "?outcome=won").content.decode()
    assert "No deal matches." in filtered


def test_three_rows_cost_as_many_queries_as_one(world, sign_in):
    client, costs = sign_in(world.admin), []
    client.get(path(world.programme))
    for names in (("A",), ("B", "C")):
        for deal in deals(world, *names, amount=5, company=factories.company(world.programme)):
            assign_interviewer(deal=deal, person=world.interviewer, by=world.admin, now=clock.now())
        with CaptureQueriesContext(connection) as captured:
            client.get(path(world.programme))
        own = [query for query in captured.captured_queries if '"deals_deal' in query["sql"]]
        # The rows, their interviewers, the count, the owners and segments to filter by.
        assert 3 <= len(own) <= 5
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_the_window_is_drawn_while_a_debrief_may_still_come(world, sign_in):
    (deal,) = deals(world, "One")
    today = today_in(world.programme.time_zone, clock.now())
    Deal.objects.filter(pk=deal.pk).update(decided_on=today - timedelta(days=15))
    page = sign_in(world.admin).get(path(world.programme)).content.decode()
    assert "6 days left" in page
    Deal.objects.filter(pk=deal.pk).update(debrief_state=DebriefState.RELEASED)
    page = sign_in(world.admin).get(path(world.programme)).content.decode()
    assert "days left" not in page


def test_owner_amount_segment_and_competitor_filter_the_list(world, listed, monkeypatch):
    first, second, third = deals(world, "First", "Second", "Third")
    rival = factories.competitor(world.programme, "Plenara")
    Deal.objects.filter(pk=first.pk).update(owner=world.rep, amount=100, segment="Retail", winner=rival)
    Deal.objects.filter(pk=second.pk).update(amount=200, segment="Transport")
    DealCompetitor.objects.create(programme=world.programme, deal=second, competitor=rival)
    Deal.objects.filter(pk=third.pk).update(amount=50)
    assert listed(query=f"?owner={world.rep.pk}") == ["First"]
    assert listed(query="?least=100&most=150") == ["First"]
    assert listed(query="?least=150.50") == ["Second"]
    assert listed(query="?segment=Transport") == ["Second"]
    assert listed(query=f"?competitor={rival.pk}") == ["First", "Second"]
    assert listed(query=f"?competitor={rival.pk}&most=150&segment=Retail") == ["First"]
    # A competitor of many deals is found another way, with the same answer.
    for few in (0, 1):
        monkeypatch.setattr(queries, "_FEW", few)
        assert listed(query=f"?competitor={rival.pk}") == ["First", "Second"]
    # Zero is an amount, and a filter that is on.
    Deal.objects.filter(pk=third.pk).update(amount=0)
    assert listed(query="?most=0") == ["Third"]


@pytest.mark.parametrize(
    ("window", "expected"),
    [("cooling_off", ["d1"]), ("open", ["d2", "d14", "d15", "d21"]), ("closing", ["d15", "d21"]), ("late", ["d22", "d30"]), ("overdue", ["d31"])],
)  # fmt: skip
def test_the_window_filters_what_may_still_be_debriefed(world, listed, window, expected):
    today = today_in(world.programme.time_zone, clock.now())
    for days in (1, 2, 14, 15, 21, 22, 30, 31):
        made = factories.deal(world.programme, name=f"d{days}", team=world.team)
        Deal.objects.filter(pk=made.pk).update(decided_on=today - timedelta(days=days))
    for state, selection in ((DebriefState.RELEASED, Selection.CHOSEN), (DebriefState.NONE, Selection.PASSED_OVER)):
        over = factories.deal(world.programme, name=f"over {state}", team=world.team)
        Deal.objects.filter(pk=over.pk).update(
            decided_on=today - timedelta(days=15), debrief_state=state, selection=selection
        )
    assert listed(query=f"?window={window}") == expected


def test_the_window_filter_says_what_the_drawn_window_says(world, listed):
    """Every decision day with every start of the implementation, against the properties of the window itself."""
    today = today_in(world.programme.time_zone, clock.now())
    says = {
        "cooling_off": lambda window: window.is_cooling_off,
        "open": lambda window: not (window.is_cooling_off or window.is_closed or window.is_overdue),
        "closing": lambda window: (
            not (window.is_cooling_off or window.is_closed or window.is_overdue) and window.days_left < 7
        ),
        "late": lambda window: window.is_closed and not (window.is_cooling_off or window.is_overdue),
        "overdue": lambda window: window.is_overdue,
    }
    for days in range(33):
        for outcome in ("won", "lost"):
            for start in (None, -5, 1, 3, 9, 30):
                Deal.objects.create(
                    programme=world.programme, name=f"{days} {outcome} {start}", outcome=outcome, created_at=world.now, updated_at=world.now,
                    decided_on=today - timedelta(days=days),
                    implementation_starts_on=None if start is None else today + timedelta(days=start),
                )  # fmt: skip
    everything = list(Deal.objects.select_related("programme"))
    for name, holds in says.items():
        found = queries.filtered(Deal.objects.all(), window=name, today=today, programme=world.programme).values_list(
            "name", flat=True
        )
        assert set(found) == {deal.name for deal in everything if holds(deal.window_on(today))}, name


def test_a_contact_is_found_by_those_only_who_see_the_deals_contacts(world, listed):
    (deal,) = deals(world, "Rota")
    add_contact(
        deal=deal, name="Solveig Thün", email="s.thun@buyer.example", title="", part="user", time_zone="", language="en", by=world.admin, now=clock.now()
    )  # fmt: skip
    for query in ("?q=solveig", "?q=thün+solveig", "?q=Solveigh", "?q=s.thun@buyer"):
        assert listed(world.admin, query) == listed(world.manager, query) == ["Rota"], query
        assert listed(world.member, query) == [], query
    join_deal_team(deal=deal, person=world.member, part="", by=world.admin, now=clock.now())
    assert listed(world.member, "?q=solveig") == ["Rota"]


def test_a_view_is_saved_by_name_for_oneself_alone(world, sign_in, listed):
    deals(world, "First", "Second")
    client, save = sign_in(world.admin), path(world.programme) + "views/save/"
    made = client.post(save, {"name": " My  quarter ", "query": "outcome=lost&sort=name"})
    assert made["Location"] == path(world.programme) + "?outcome=lost&sort=name"
    again = client.post(save, {"name": "my quarter", "query": "outcome=won"})
    assert again["Location"].endswith("?outcome=won")
    view = SavedView.objects.get()
    assert (view.name, view.query, view.person) == ("my quarter", "outcome=won", world.admin)
    assert "my quarter" in client.get(path(world.programme)).content.decode()
    other = sign_in(world.manager)
    assert "my quarter" not in other.get(path(world.programme)).content.decode()
    remove = path(world.programme) + f"views/{view.pk}/remove/"
    assert other.post(remove).status_code == 404
    refused = client.post(save, {"name": "", "query": "outcome=lost"})
    assert refused.status_code == 422
    assert "This field is required." in refused.content.decode()
    assert [chip.value for chip in refused.context["filters"].chips] == ["Lost"]
    client.post(remove)
    assert not SavedView.objects.exists()
    for number in range(20):
        client.post(save, {"name": f"View {number}", "query": ""})
    full = client.post(save, {"name": "One more", "query": ""})
    assert full.status_code == 422 and "You have 20 views already" in full.content.decode()
    assert "One more" in full.content.decode()


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_export_holds_exactly_what_the_filter_shows_and_no_formula(world, sign_in, listed):
    first, second = deals(world, "=2+5", "Second; “quoted”\nline")
    factories.deal(world.programme, name="Elsewhere", team=world.other_team)
    rival = factories.competitor(world.programme, "@SUM(A1)")
    DealCompetitor.objects.create(programme=world.programme, deal=first, competitor=rival)
    Deal.objects.filter(pk=first.pk).update(amount="1234.50", crm_reason="\tTab", outcome=Outcome.WON)
    export = path(world.programme) + "deals.csv"
    rows = rows_of(sign_in(world.manager).get(export + "?show=all"))
    assert {row["Deal name"] for row in rows} == {"'=2+5", "Second; “quoted”\nline"}
    (won,) = rows_of(sign_in(world.manager).get(export + "?outcome=won"))
    assert (won["Competitors"], won["Amount"], won["Reason in the CRM"]) == ("'@SUM(A1);", "1234.50", "'\tTab")
    assert len(rows_of(sign_in(world.admin).get(export + "?show=all"))) == 3
    entry = AuditEntry.objects.filter(action="deals.exported").order_by("id").last()
    assert entry.detail == {"rows": 3, "filters": ["show"]}
    assert sign_in(world.interviewer).get(export).status_code == 404


def test_the_sales_record_is_neither_exported_to_nor_filtered_by_those_who_do_not_read_it(world, sign_in, listed):
    (deal,) = deals(world, "Rota")
    rival = factories.competitor(world.programme, "Plenara")
    DealCompetitor.objects.create(programme=world.programme, deal=deal, competitor=rival)
    Deal.objects.filter(pk=deal.pk).update(crm_reason="Price", external_id="X-9", source="crm", winner=rival)
    export = path(world.programme) + "deals.csv?show=all"
    record = ("Source", "Deal ID", "Winner", "Competitors", "Reason in the CRM")
    for person, reads in ((world.admin, True), (world.manager, True), (world.reviewer, True), (world.member, False)):
        (row,) = rows_of(sign_in(person).get(export))
        assert row["Deal name"] == "Rota"
        assert [row[name] for name in record] == (["crm", "X-9", "Plenara", "Plenara;", "Price"] if reads else [""] * 5)
        asked = sign_in(person).get(path(world.programme), {"competitor": rival.pk}).context["filters"]
        assert [chip.value for chip in asked.chips] == (["Plenara"] if reads else []), person
        assert asked.left_out == ([] if reads else ["competitor"])
    # Where one record with the competitor is read, the filter still finds none of those that are not.
    (read,) = deals(world, "Read", owner=world.rep, winner=rival)
    assert listed(world.rep, f"?competitor={rival.pk}") == [read.name]
    Deal.objects.filter(pk=read.pk).delete()
    join_deal_team(deal=deal, person=world.member, part="", by=world.admin, now=clock.now())
    (row,) = rows_of(sign_in(world.member).get(export))
    assert row["Reason in the CRM"] == "Price"


def test_the_export_goes_on_past_its_first_thousand(world, sign_in, monkeypatch):
    Deal.objects.bulk_create(
        Deal(
            programme=world.programme,
            name=f"Deal {n}",
            outcome=Outcome.OPEN,
            created_at=world.now,
            updated_at=world.now,
        )
        for n in range(2001)
    )
    rows = rows_of(sign_in(world.admin).get(path(world.programme) + "deals.csv?show=open"))
    assert len({row["Deal name"] for row in rows}) == len(rows) == 2001


NAUGHTY = (
    "Robert'); DROP TABLE deals_deal;--", "<script>alert(1)</script>", "ﬀ ﬁ ﷽", "田中さん", "𝕿𝖍𝖊 𝖖𝖚𝖎𝖈𝖐", "مُنَاقَشَة", "Ω≈ç√∫", "١٢٣", "a\u202eb", "%_\\",
    "1;SELECT pg_sleep(0)", "{{ 7*7 }}", "$(touch /tmp/x)", "null", "undefined", "'", '"', "\u200b zero", "☃️ 👩‍👩‍👧‍👦", "Ṱ̺̺o͞ ͎i",
)  # fmt: skip


def test_naughty_names_are_shown_found_and_exported_unchanged(world, sign_in):
    client = sign_in(world.admin)
    for name in NAUGHTY:
        factories.deal(world.programme, name=name, search_text=name, team=world.team)
    for name in NAUGHTY:
        page = client.get(path(world.programme), {"q": name, "show": "all"})
        assert page.status_code == 200
        assert name in [deal.name for deal, _window in page.context["rows"]], name
        assert html.escape(name) in page.content.decode()
    exported = {
        made_plain(row["Deal name"]) for row in rows_of(client.get(path(world.programme) + "deals.csv?show=all"))
    }
    assert exported == set(NAUGHTY)


def test_filters_offer_nothing_of_deals_one_may_not_know_of(world, sign_in):
    """Segments of others' deals, and competitors met where one does not read the sales record, are not named anywhere."""
    ours, theirs = deals(world, "Ours", "Theirs")
    own_rival, team_rival, their_rival = (
        factories.competitor(world.programme, name) for name in ("Ownly", "Teamly", "Theirly")
    )
    Deal.objects.filter(pk=ours.pk).update(segment="Retail", winner=team_rival)
    Deal.objects.filter(pk=theirs.pk).update(segment="Hush-hush", team=world.other_team, winner=their_rival)
    mine = factories.deal(world.programme, name="Mine", owner=world.member, team=world.team, segment="Public")
    DealCompetitor.objects.create(programme=world.programme, deal=mine, competitor=own_rival)
    rivals = {own_rival.name, team_rival.name, their_rival.name}
    expected = {
        world.admin: ({"Retail", "Hush-hush", "Public"}, rivals),
        world.reviewer: ({"Retail", "Hush-hush", "Public"}, rivals),
        world.manager: ({"Retail", "Public"}, {own_rival.name, team_rival.name}),
        world.member: ({"Retail", "Public"}, {own_rival.name}),
        world.rep: ({"Retail", "Public"}, set()),
        world.other_manager: ({"Hush-hush"}, {their_rival.name}),
        world.other_member: ({"Hush-hush"}, set()),
    }
    for person, (segments, known) in expected.items():
        page = sign_in(person).get(path(world.programme)).content.decode()
        assert {word for word in ("Retail", "Hush-hush", "Public") if f">{word}<" in page} == segments, person
        assert {name for name in rivals if name in page} == known, person
    # Asked for in the address, the filter is left out and says nothing about what exists.
    said = sign_in(world.member).get(path(world.programme), {"segment": "Hush-hush", "competitor": their_rival.pk})
    nothing = sign_in(world.member).get(path(world.programme), {"segment": "No such", "competitor": SOMEBODY})
    assert [deal.name for deal, _window in said.context["rows"]] == [
        deal.name for deal, _window in nothing.context["rows"]
    ]
    assert "Theirly" not in said.content.decode()
