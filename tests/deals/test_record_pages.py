"""Forms about one deal: who may, what changes, and that nothing typed is lost."""

from datetime import timedelta

import pytest

from debriefs.deals.actions import close_own_view, join_deal_team, open_own_view, save_own_view, update_deal
from debriefs.deals.actions.facts import facts_of
from debriefs.deals.enums import Approval, DebriefState, PartyKind
from debriefs.deals.models import Deal, DealContact, DealParty, OwnView, SalesNote
from debriefs.deals.rules import today_in
from debriefs.foundation import clock
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(world):
    return factories.deal(world.programme, name="Rota planning", owner=world.rep, team=world.team)


def at(world, page: str) -> str:
    return f"/p/{world.programme.slug}/deals/{page}"


def typed(world, **changes) -> dict:
    day = today_in(world.programme.time_zone, clock.now()) - timedelta(days=4)
    values = {
        "version": 0,
        "name": "Shift planning",
        "company": "Aldermoor Clinics",
        "outcome": "lost",
        "decided_on": day.isoformat(),
        "team": world.team.pk,
        "owner": world.rep.pk,
        "amount": "184000.00",
        "currency": "EUR",
        "competitors": "Plenara, Tamsill",
        "winner": "Plenara",
        "crm_reason": "Price",
    }
    return values | changes


def test_a_sales_manager_adds_a_deal_of_their_team(world, sign_in):
    response = sign_in(world.manager).post(at(world, "add/"), typed(world))
    deal = Deal.objects.get(name="Shift planning")
    assert (response.status_code, response["Location"]) == (302, at(world, f"{deal.pk}/"))
    assert (deal.team, deal.owner, deal.company.name, deal.winner.name) == (
        world.team,
        world.rep,
        "Aldermoor Clinics",
        "Plenara",
    )
    assert deal.parties.get().kind == PartyKind.OWNER


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"decided_on": ""}, "needs the day on which the buyer decided"),
        ({"decided_on": "2099-01-01"}, "lies in the future"),
        ({"decided_on": "0001-01-01"}, "from 1970 on"),
        ({"decided_on": "31/31/2026"}, "Enter a valid date"),
        ({"outcome": "withdrawn"}, "Say who withdrew"),
        ({"amount": "1e30"}, "digits"),
        ({"currency": "euro"}, "three capital letters"),
        ({"name": "Ro\x00ta"}, "Null characters"),
        ({"outcome": "gone"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_a_deal_is_said_and_the_typed_text_stays(world, sign_in, changes, said):
    response = sign_in(world.manager).post(at(world, "add/"), typed(world, **changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert "Aldermoor Clinics" in page
    assert not Deal.objects.exists()


def test_a_sales_manager_cannot_put_a_deal_into_another_team(world, sign_in):
    for team in (world.other_team.pk, ""):
        response = sign_in(world.manager).post(at(world, "add/"), typed(world, team=team))
        assert response.status_code == 422
    assert not Deal.objects.exists()


def test_members_reviewers_and_interviewers_know_no_form_to_add(world, sign_in):
    for person in (world.member, world.reviewer, world.interviewer):
        for act in ("get", "post"):
            assert getattr(sign_in(person), act)(at(world, "add/"), typed(world)).status_code == 404
    assert not Deal.objects.exists()


def test_only_those_who_schedule_change_a_deal(world, deal, sign_in):
    page = at(world, f"{deal.pk}/change/")
    for person, status in (
        (world.member, 403),
        (world.rep, 403),
        (world.reviewer, 403),
        (world.other_manager, 404),
        (world.interviewer, 404),
    ):
        response = sign_in(person).post(page, typed(world, version=1, name="Taken over"))
        assert response.status_code == status, person
    assert Deal.objects.get(pk=deal.pk).name == "Rota planning"
    sign_in(world.manager).post(page, typed(world, version=1, name="Changed"))
    assert Deal.objects.get(pk=deal.pk).name == "Changed"


def test_the_form_starts_with_what_is_saved_and_saving_it_changes_nothing(world, deal, sign_in):
    client = sign_in(world.manager)
    form = client.get(at(world, f"{deal.pk}/change/")).context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in data.items()}
    data |= {"team": world.team.pk, "owner": world.rep.pk}
    before = Deal.objects.get(pk=deal.pk)
    assert client.post(at(world, f"{deal.pk}/change/"), data).status_code == 302
    kept = Deal.objects.get(pk=deal.pk)
    assert (kept.version, kept.updated_at) == (1, before.updated_at)
    assert not kept.changes.exists()


def test_a_competitor_with_a_comma_in_its_name_stays_one(world, deal, sign_in):
    for name in ("Acme, Inc.", "Plenara"):
        deal.competitors.add(
            factories.competitor(world.programme, name), through_defaults={"programme": world.programme}
        )
    client, page = sign_in(world.manager), at(world, f"{deal.pk}/change/")
    form = client.get(page).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    data |= {"team": world.team.pk, "owner": world.rep.pk}
    assert client.post(page, data | {"name": "Rota planning 2"}).status_code == 302
    assert sorted(deal.competitors.values_list("name", flat=True)) == ["Acme, Inc.", "Plenara"]
    assert not deal.changes.filter(field="competitors").exists()


def test_a_stale_form_shows_both_and_saves_only_when_sent_again(world, deal, sign_in):
    mine = facts_of(deal)
    update_deal(
        deal=deal,
        facts=type(mine)(**{**vars(mine), "name": "Theirs"}),
        base_version=1,
        by=world.admin,
        now=clock.now(),
    )
    client, page = sign_in(world.manager), at(world, f"{deal.pk}/change/")
    response = client.post(page, typed(world, version=1, name="Mine"))
    assert response.status_code == 409
    assert ("Deal name", "Theirs", "Mine") in [
        (str(label), saved, new) for label, saved, new in response.context["differences"]
    ]
    assert Deal.objects.get(pk=deal.pk).name == "Theirs"
    again = typed(world, version=response.context["form"]["version"].value(), name="Mine")
    assert client.post(page, again).status_code == 302
    assert Deal.objects.get(pk=deal.pk).name == "Mine"


def test_making_an_interviewer_owner_who_heard_the_buyer_is_refused_and_the_form_keeps_the_text(world, deal, sign_in):
    DealParty.objects.create(
        programme=world.programme,
        deal=deal,
        person=world.interviewer,
        kind=PartyKind.INTERVIEWER,
        joined_at=world.now,
    )
    Deal.objects.filter(pk=deal.pk).update(debrief_state=DebriefState.HELD)
    data = typed(world, version=1, name="Kept text", owner=world.interviewer.pk)
    response = sign_in(world.manager).post(at(world, f"{deal.pk}/change/"), data)
    assert response.status_code == 422
    assert "has interviewed the buyer of this deal" in response.content.decode()
    assert "Kept text" in response.content.decode()
    assert Deal.objects.get(pk=deal.pk).owner == world.rep


def test_the_owner_adds_a_contact_that_waits_and_the_manager_approves_it(world, deal, sign_in):
    data = {
        "name": "Ana Díaz",
        "email": "ana@buyer.example",
        "part": "champion",
        "time_zone": "Europe/Madrid",
        "language": "es",
    }
    sign_in(world.rep).post(at(world, f"{deal.pk}/contacts/add/"), data)
    added = DealContact.objects.get(deal=deal)
    assert (added.approval, added.contact.time_zone, added.part) == (Approval.WAITING, "Europe/Madrid", "champion")
    approve = at(world, f"contacts/{added.pk}/approve/")
    assert sign_in(world.rep).post(approve).status_code == 403
    assert sign_in(world.other_manager).post(approve).status_code == 404
    assert sign_in(world.manager).get(approve).status_code == 405
    assert DealContact.objects.get(pk=added.pk).approval == Approval.WAITING
    sign_in(world.manager).post(approve)
    approved = DealContact.objects.get(pk=added.pk)
    assert (approved.approval, approved.approved_by) == (Approval.APPROVED, world.manager)


def test_a_contact_is_left_out_only_with_a_reason(world, deal, sign_in):
    row = factories.deal_contact(deal, approved=False)
    client, page = sign_in(world.manager), at(world, f"contacts/{row.pk}/reject/")
    assert client.post(page, {"reason": " "}).status_code == 422
    assert DealContact.objects.get(pk=row.pk).approval == Approval.WAITING
    client.post(page, {"reason": "On parental leave"})
    left_out = DealContact.objects.get(pk=row.pk)
    assert (left_out.approval, left_out.approval_reason) == (Approval.REJECTED, "On parental leave")


def test_another_contact_speaks_for_the_deal(world, deal, sign_in):
    first, second = factories.deal_contact(deal, is_primary=True), factories.deal_contact(deal)
    sign_in(world.manager).post(at(world, f"contacts/{second.pk}/primary/"))
    assert [DealContact.objects.get(pk=row.pk).is_primary for row in (first, second)] == [False, True]


def test_the_deal_team_grows_and_shrinks_by_those_who_schedule(world, deal, sign_in):
    page = at(world, f"{deal.pk}/people/add/")
    assert sign_in(world.rep).post(page, {"person": world.member.pk}).status_code == 403
    sign_in(world.manager).post(page, {"person": world.member.pk, "part": "Pre-sales"})
    party = DealParty.objects.get(deal=deal, person=world.member)
    assert (party.kind, party.part, party.ended_at) == (PartyKind.TEAM, "Pre-sales", None)
    sign_in(world.manager).post(at(world, f"people/{party.pk}/end/"))
    assert DealParty.objects.get(pk=party.pk).ended_at is not None


def test_somebody_of_another_programme_cannot_be_put_on_the_deal_team(world, deal, sign_in):
    response = sign_in(world.manager).post(at(world, f"{deal.pk}/people/add/"), {"person": world.other_admin.pk})
    assert response.status_code == 422
    assert DealParty.objects.filter(deal=deal).count() == 1


def test_notes_by_the_deal_team_alone_and_those_who_manage_it(world, deal, sign_in):
    join_deal_team(deal=deal, person=world.member, part="", by=world.admin, now=world.now)
    page, day = at(world, f"{deal.pk}/notes/add/"), world.today.isoformat()
    assert sign_in(world.reviewer).post(page, {"written_on": day, "text": "No"}).status_code == 403
    assert sign_in(world.other_member).post(page, {"written_on": day, "text": "No"}).status_code == 404
    sign_in(world.member).post(page, {"written_on": day, "text": "The second depot went quiet."})
    note = SalesNote.objects.get()
    assert (note.author, note.text) == (world.member, "The second depot went quiet.")


def test_the_owner_gives_an_own_view_even_before_being_asked(world, deal, sign_in):
    driver = factories.driver(world.programme)
    page = at(world, f"{deal.pk}/own-view/")
    form = sign_in(world.rep).get(page).context["form"]
    assert [name for name in form.fields if name not in ("revision", "driver")] == [
        "why",
        "what_mattered",
        "when_it_changed",
        "what_to_hear",
    ]
    sign_in(world.rep).post(page, {"revision": 0, "why": "Price.", "driver": driver.pk})
    view = OwnView.objects.get(deal=deal)
    assert (view.why, view.driver, view.person, view.revision) == ("Price.", driver, world.rep, 1)


def test_nobody_else_knows_the_own_views_page(world, deal, sign_in):
    open_own_view(deal=deal, now=world.now)
    for person in (world.admin, world.manager, world.member, world.interviewer, world.reviewer):
        assert sign_in(person).get(at(world, f"{deal.pk}/own-view/")).status_code == 404
        said = sign_in(person).post(at(world, f"{deal.pk}/own-view/"), {"revision": 0, "why": "Theirs"})
        assert said.status_code == 404
    assert OwnView.objects.filter(deal=deal).values_list("why", "revision", "given_at").get() == ("", 0, None)


def test_after_a_win_there_are_three_questions(world, sign_in):
    won = factories.deal(world.programme, owner=world.rep, team=world.team, outcome="won")
    form = sign_in(world.rep).get(at(world, f"{won.pk}/own-view/")).context["form"]
    assert "when_it_changed" not in form.fields


def test_an_own_view_saved_in_two_windows_shows_both_texts(world, deal, sign_in):
    view = open_own_view(deal=deal, now=world.now)
    save_own_view(own_view=view, by=world.rep, now=world.now, base_revision=0, why="From the first window")
    response = sign_in(world.rep).post(at(world, f"{deal.pk}/own-view/"), {"revision": 0, "why": "From the second"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "From the first window" in page
    assert "From the second" in page
    assert OwnView.objects.get(pk=view.pk).why == "From the first window"
    again = {"revision": response.context["form"]["revision"].value(), "why": "From the second"}
    sign_in(world.rep).post(at(world, f"{deal.pk}/own-view/"), again)
    assert OwnView.objects.get(pk=view.pk).why == "From the second"


def test_a_closed_own_view_refuses_with_a_sentence_and_keeps_what_was_typed(world, deal, sign_in):
    view = open_own_view(deal=deal, now=world.now)
    close_own_view(deal=deal, now=world.now)
    response = sign_in(world.rep).post(at(world, f"{deal.pk}/own-view/"), {"revision": 0, "why": "Too late"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "The interview has begun" in page
    assert "Too late" in page
    assert OwnView.objects.get(pk=view.pk).why == ""
    assert "Save my view" not in sign_in(world.rep).get(at(world, f"{deal.pk}/own-view/")).content.decode()


def test_reading_changes_no_row(world, deal, sign_in):
    row = factories.deal_contact(deal, approved=False)
    before = (Deal.objects.get(pk=deal.pk).updated_at, DealContact.objects.get(pk=row.pk).approval)
    client = sign_in(world.admin)
    for page in (
        "",
        "add/",
        f"{deal.pk}/change/",
        f"{deal.pk}/contacts/add/",
        f"{deal.pk}/people/add/",
        f"{deal.pk}/notes/add/",
        f"contacts/{row.pk}/reject/",
    ):
        for act in ("get", "head"):
            assert getattr(client, act)(at(world, page)).status_code == 200, page
    assert (Deal.objects.get(pk=deal.pk).updated_at, DealContact.objects.get(pk=row.pk).approval) == before
    assert not OwnView.objects.exists()


def test_the_script_saves_what_is_typed_and_others_read_it_only_once_it_is_given(world, deal, sign_in):
    open_own_view(deal=deal, now=world.now)
    page, ours = at(world, f"{deal.pk}/own-view/"), sign_in(world.rep)
    typed = {"revision": 0, "why": "The trial went quiet"}
    answer = ours.post(page, typed, headers={"Accept": "application/json"})
    assert answer.json()["revision"] == 1 and answer.json()["saved_at"]
    stale = ours.post(page, typed | {"why": "Another window"}, headers={"Accept": "application/json"})
    assert stale.status_code == 409 and stale.json()["problem"]
    assert OwnView.objects.get(deal=deal).why == "The trial went quiet"
    manager = sign_in(world.manager)
    assert "The trial went quiet" not in manager.get(at(world, f"{deal.pk}/")).content.decode()
    mine = sign_in(world.rep)
    assert "Go on with my view" in mine.get(at(world, f"{deal.pk}/")).content.decode()
    assert "The trial went quiet" in mine.get(page).content.decode()
    mine.post(page, typed | {"revision": 1})
    assert "The trial went quiet" in sign_in(world.manager).get(at(world, f"{deal.pk}/")).content.decode()


def test_a_save_by_the_script_after_the_interview_began_is_refused_in_a_sentence(world, deal, sign_in):
    open_own_view(deal=deal, now=world.now)
    close_own_view(deal=deal, now=world.now)
    typed = {"revision": 0, "why": "Too late"}
    answer = sign_in(world.rep).post(at(world, f"{deal.pk}/own-view/"), typed, headers={"Accept": "application/json"})
    assert answer.status_code == 422 and "The interview has begun" in answer.json()["problem"]
