"""Today, the deal page, the front door and the health pages, for each standing person."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Programme
from debriefs.calls.models import Debrief
from debriefs.deals.models import Deal, OwnView
from debriefs.findings.models import Release, Remark
from debriefs.foundation import clock
from debriefs.foundation.models import Notice
from debriefs.home import queries, readiness
from debriefs.home.demonstration import build, cast
from debriefs.home.rules import standstill
from debriefs.insights.content_queries import driver_counts
from debriefs.interviews.models import WriteUp
from debriefs.lessons.models import LessonEvidence
from tests import factories

pytestmark = pytest.mark.django_db


def today(client, world):
    return client.get(f"/p/{world.programme.slug}/").content.decode()


@pytest.mark.parametrize(
    ("state", "approvals", "cooling", "words", "act"),
    [
        ("none", set(), False, "No contact", "deals:contact_add"),
        ("none", {"waiting"}, False, "needs approval", "home:deal_page"),
        ("none", {"rejected"}, False, "left out", "deals:contact_add"),
        ("none", {"approved", "waiting"}, False, "No interviewer", "calls:debrief_plan"),
        ("none", {"approved"}, True, "Cooling off", "calls:debrief_plan"),
        ("planned", {"approved"}, False, "not gone out", "home:deal_page"),
        ("invited", {"approved"}, False, "no answer yet", ""),
        ("declined", {"approved"}, False, "declined", "home:deal_page"),
    ],
)
def test_why_a_deal_stands_still(state, approvals, cooling, words, act):
    still = standstill(debrief_state=state, approvals=approvals, is_cooling_off=cooling)
    assert words in still.reason
    assert still.url_name == act


def test_a_manager_sees_the_closing_windows_of_the_teams_managed_soonest_first(world, sign_in):
    late = factories.deal(
        world.programme,
        owner=world.rep,
        team=world.team,
        decided_days_ago=20,
        company=factories.company(world.programme, "Late Ltd"),
    )
    early = factories.deal(
        world.programme,
        owner=world.rep,
        team=world.team,
        decided_days_ago=5,
        company=factories.company(world.programme, "Early Ltd"),
    )
    factories.deal(
        world.programme,
        team=world.other_team,
        decided_days_ago=5,
        company=factories.company(world.programme, "Elsewhere Ltd"),
    )
    factories.deal(
        world.programme, team=world.team, decided_days_ago=40, company=factories.company(world.programme, "Overdue Ltd")
    )
    factories.deal(
        world.programme,
        team=world.team,
        decided_days_ago=5,
        selection="passed_over",
        company=factories.company(world.programme, "Passed Ltd"),
    )
    Deal.objects.filter(selection="undecided").update(selection="chosen")
    page = today(sign_in(world.manager), world)
    assert page.index("Late Ltd") < page.index("Early Ltd")
    for hidden in ("Elsewhere Ltd", "Overdue Ltd", "Passed Ltd"):
        assert hidden not in page
    assert [row.deal for row in queries.closing_deals(world.manager, world.today)] == [late, early]
    assert "Late Ltd" not in today(sign_in(world.member), world)


def test_each_person_sees_what_waits_for_them(world, sign_in):
    deal = factories.deal(
        world.programme, owner=world.rep, team=world.team, company=factories.company(world.programme, "Held Ltd")
    )
    factories.debrief(
        deal, world.interviewer, invited_at=world.now, booked_at=world.now, held_at=world.now - timedelta(days=5)
    )
    OwnView.objects.create(programme=world.programme, deal=deal, person=world.rep, asked_at=world.now)
    other = factories.deal(
        world.programme, owner=world.rep, team=world.team, company=factories.company(world.programme, "Written Ltd")
    )
    factories.debrief(
        other, world.interviewer, invited_at=world.now, booked_at=world.now, held_at=world.now, written_up_at=world.now
    )
    pages = {
        name: today(sign_in(getattr(world, name)), world)
        for name in ("rep", "interviewer", "reviewer", "manager", "other_interviewer")
    }
    assert "Give my view" in pages["rep"]
    assert "3 days late" in pages["interviewer"]
    assert "3 days late" in pages["manager"]
    assert "Written Ltd" in pages["reviewer"]
    assert "Held Ltd" not in pages["reviewer"]
    assert "Your day is clear." in pages["other_interviewer"]


def test_today_costs_the_same_with_one_and_three_deals(world, sign_in):
    client = sign_in(world.manager)
    factories.deal_contact(factories.deal(world.programme, owner=world.rep, team=world.team))
    today(client, world)
    with CaptureQueriesContext(connection) as one:
        today(client, world)
    for _more in range(2):
        factories.deal_contact(factories.deal(world.programme, owner=world.rep, team=world.team))
    with CaptureQueriesContext(connection) as three:
        today(client, world)
    assert len(three) == len(one)


def test_the_deal_page_shows_each_reader_what_is_theirs(world, sign_in):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team, crm_reason="Price", amount=228_000)
    part = factories.deal_contact(deal)
    debrief = factories.debrief(deal, world.interviewer, contact_=part.contact, invited_at=world.now)
    Deal.objects.filter(pk=deal.pk).update(hands_off_since=world.now, debrief_state="invited")
    path = f"/p/{world.programme.slug}/deals/{deal.pk}/"
    pages = {
        name: sign_in(getattr(world, name)).get(path)
        for name in ("manager", "rep", "member", "other_member", "interviewer", "other_admin")
    }
    assert [pages[name].status_code for name in pages] == [200, 200, 200, 404, 404, 404]
    texts = {name: page.content.decode() for name, page in pages.items()}
    assert world.interviewer.name in texts["manager"]
    # The deal team sees that a neutral debrief is under way and is asked to keep out; who interviews is not theirs to know.
    assert "Hands off until the debrief is over." in texts["rep"]
    assert world.interviewer.name not in texts["rep"]
    assert part.contact.name in texts["rep"]
    assert part.contact.name not in texts["member"]
    assert debrief.state == "invited"


def test_the_deal_page_links_to_the_debrief_only_for_those_who_may_open_it(world, sign_in):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    debrief = factories.debrief(deal, interviewer=world.interviewer)
    for person, opens in [
        (world.manager, True),
        (world.reviewer, False),
        (world.rep, False),
    ]:
        client = sign_in(person)
        url = f"/p/{world.programme.slug}/debriefs/{debrief.pk}/"
        linked = url in client.get(f"/p/{world.programme.slug}/deals/{deal.pk}/").content.decode()
        assert (linked, client.get(url).status_code) == (opens, 200 if opens else 404), person


def test_the_front_door(world, sign_in):
    assert Client().get("/")["Location"].startswith("/accounts/login/")
    assert sign_in(world.member).get("/")["Location"] == f"/p/{world.programme.slug}/"
    same_human = factories.person(world.other_programme, "interviewer", user=world.interviewer.user)
    page = sign_in(world.interviewer).get("/").content.decode()
    assert world.programme.name in page
    assert same_human.programme.name in page
    nobody = factories.user("Nobody")
    client = Client()
    client.force_login(nobody)
    assert "not in any programme" in client.get("/").content.decode()


def test_health(world, settings):
    assert Client().get("/healthz").content == b"ok\n"
    ready = Client().get("/readyz")
    assert (ready.status_code, json.loads(ready.content)["ready"]) == (200, True)
    now = clock.now()
    notice = Notice(
        kind="x", subject_kind="x", subject_id=world.programme.id, recipient_kind="person", recipient_email="a@b.example", dedupe_key="x",
        created_at=now, due_at=now - timedelta(hours=1), message_id="x",
    )  # fmt: skip
    notice.save()
    late = Client().get("/readyz")
    assert late.status_code == 503
    assert "waiting since" in late.content.decode()
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert "unreachable" in readiness.checks()["redis"]


def test_an_owner_of_tables_is_not_ready(world):
    from debriefs.foundation.database_role import as_owner

    with as_owner():
        assert "must own none" in readiness.checks()["database"]


def test_the_demonstration_is_the_same_for_a_seed_and_made_once():
    now = clock.now()
    programme = build.build(seed=1, now=now)
    assert build.build(seed=2, now=now) == programme
    assert Deal.objects.filter(outcome__in=["won", "lost", "withdrawn", "rejected"]).count() == 120
    states = dict(Debrief.objects.order_by().values_list("state").distinct().values_list("state", "state"))
    assert set(states) == {
        "planned",
        "invited",
        "booked",
        "held",
        "written_up",
        "reviewed",
        "released",
        "declined",
        "closed",
    }
    assert Debrief.objects.count() == 59
    assert not Deal.objects.exclude(debrief_state="none").exclude(debriefs__isnull=False).exists()
    for debrief in Debrief.objects.select_related("deal"):
        assert debrief.state == debrief.deal.debrief_state
    assert LessonEvidence.objects.count() > 8
    from accounts.models import User

    assert all(user.email.endswith(".example") for user in User.objects.all())


@pytest.mark.parametrize("days_later", [0, 100, 250])
def test_the_demonstration_shows_its_planted_patterns(days_later):
    """On whatever day it is built: the quarters move, and with them which deals were asked about."""
    build.build(seed=1, now=clock.now() + timedelta(days=days_later))
    counts = {row.name: row for row in driver_counts(Programme.objects.get(), Release.objects.all())}
    assert max(counts.values(), key=lambda row: row.hurt).name == "Implementation plan and timeline"
    value = counts["Perceived value for the price"]
    assert value.hurt > value.helped
    to_plenara = Remark.objects.filter(
        is_primary=True, deal__winner__name="Plenara", driver__key="implementation-plan"
    ).count()
    to_others = (
        Remark.objects.filter(is_primary=True, driver__key="implementation-plan")
        .exclude(deal__winner__name="Plenara")
        .count()
    )
    assert to_plenara > to_others


def test_demo_commands_speak_json():
    out = StringIO()
    call_command("demo", "--json", stdout=out)
    assert json.loads(out.getvalue())["debriefs"] == 59
    out = StringIO()
    call_command("demo", "--sign-ins", "--json", stdout=out)
    rows = json.loads(out.getvalue())
    assert Client().post("/accounts/login/", {"login": rows[0]["email"], "password": cast.PASSWORD}).status_code == 302
    out = StringIO()
    call_command("demo", "--scale", "200", "--json", stdout=out)
    figures = json.loads(out.getvalue())
    assert figures["deals"] == 200
    assert Release.objects.filter(programme__slug=figures["programme"]).count() == figures["debriefs"] > 10
    with pytest.raises(CommandError):
        call_command("demo", "--scale", "0")


def test_a_new_installation_begins_with_create_programme(smtp):
    out = StringIO()
    call_command("create_programme", "--name", "Our programme", "--admin", "boss@company.example", "--json", stdout=out)
    said = json.loads(out.getvalue())
    programme = Programme.objects.get(slug="our-programme")
    path = "/" + said["invitation"].split("://", 1)[1].partition("/")[2]
    client = Client()
    client.get(path)
    joined = client.post("/accounts/invitation/", {"name": "The Boss", "password": "a very long sentence"})
    assert joined["Location"] == "/p/our-programme/"
    assert client.get("/p/our-programme/guides/").content.decode().count("Lost deals") > 0
    assert programme.memberships.get().roles == ["admin"]
    for wrong in (
        ["--name", "Our programme", "--admin", "x@company.example"],
        ["--name", "Other", "--admin", "no address"],
    ):
        with pytest.raises(CommandError):
            call_command("create_programme", *wrong)


def test_a_second_look_reaches_sales_once_released_and_only_where_they_may_know(world, sign_in):
    driver = factories.driver(world.programme)
    deal = factories.deal(world.programme, owner=world.rep, team=world.team, debrief_state="released")
    release = factories.release(deal, world.interviewer, (driver, "hurt", 3), days_ago=0)
    made = WriteUp.objects.create(
        programme=world.programme, debrief=release.debrief, opened_at=world.now, second_look="yes", sales_may_know="yes",
        second_look_note="RAWCANARY: in spring",
    )  # fmt: skip
    page = f"/p/{world.programme.slug}/deals/{deal.pk}/"
    says = lambda person: "look at us again" in sign_in(person).get(page).content.decode()  # noqa: E731
    # A draft says nothing yet.
    assert not says(world.rep)
    WriteUp.objects.filter(pk=made.pk).update(submitted_at=world.now, submitted_by=world.interviewer)
    # On the owner's day it is the owner's; the team's manager reads from its end.
    assert says(world.rep) and says(world.admin) and not says(world.manager)
    Release.objects.update(others_from=world.now - timedelta(hours=1), released_at=world.now - timedelta(days=2))
    assert says(world.manager)
    assert not says(world.member) and not says(world.other_member)
    assert "RAWCANARY" not in sign_in(world.rep).get(page).content.decode()
    WriteUp.objects.create(
        programme=world.programme, debrief=release.debrief, number=2, reason="They would rather not", opened_at=world.now,
        second_look="yes", sales_may_know="no", submitted_at=world.now, submitted_by=world.interviewer,
    )  # fmt: skip
    assert not says(world.rep) and not says(world.manager)
    WriteUp.objects.create(
        programme=world.programme, debrief=release.debrief, number=3, reason="After all", opened_at=world.now,
        second_look="yes", sales_may_know="yes", submitted_at=world.now, submitted_by=world.interviewer,
    )  # fmt: skip
    assert says(world.rep)
    Release.objects.update(recalled_at=world.now, recall_reason="Wrong company")
    assert not says(world.rep) and not says(world.admin)
