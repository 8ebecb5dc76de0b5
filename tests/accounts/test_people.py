"""Joining, roles, leaving: on the real database, with the invitation through a real SMTP server."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import actions, links
from accounts.enums import Role
from accounts.models import Membership, Person, User
from accounts.refusals import AlreadyMember, AnotherAddress, InvitationOver, LastAdmin
from debriefs.foundation import audit, clock, outbox
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.models import AuditEntry, Notice
from tests import factories

pytestmark = pytest.mark.django_db


def invite(world, **fields):
    values = {"email": "New@Agency.example", "name": "New Interviewer", "roles": [Role.INTERVIEWER]}
    return actions.invite_person(programme=world.programme, by=world.admin, now=clock.now(), **values | fields)


def test_an_invited_person_chooses_a_password_and_is_in(world, smtp):
    invitation = invite(world, teams=[world.team])
    outbox.drain()
    (mail,) = smtp.mails
    address = re.search(r"https?://\S+/invitation/\S+", mail.get_body(("plain",)).get_content())[0]
    # The secret of the link stands in no row.
    token = address.rstrip("/").rsplit("/", 1)[-1]
    assert token not in str(bytes(Notice.objects.get().message)) + str(Notice.objects.values().get())
    client = Client()
    opened = client.get("/" + address.split("://", 1)[1].partition("/")[2])
    assert opened["Location"] == reverse("invitation")
    assert "new@agency.example" in client.get(reverse("invitation")).content.decode()
    weak = client.post(reverse("invitation"), {"name": "New Interviewer", "password": "12345"})
    assert weak.status_code == 422
    joined = client.post(reverse("invitation"), {"name": "New Interviewer", "password": "three quiet meeting rooms"})
    assert joined["Location"] == f"/p/{world.programme.slug}/"
    person = Person.objects.get(email="new@agency.example")
    assert person.roles == {Role.INTERVIEWER}
    assert person.team_places.get().team == world.team
    # The link is used up.
    assert Client().get("/" + address.split("://", 1)[1].partition("/")[2]).status_code == 302
    invitation.refresh_from_db()
    with pytest.raises(InvitationOver):
        actions.accept_invitation(invitation=invitation, user=None, name="x", password="y", now=clock.now())


def test_looking_at_an_invitation_changes_nothing(world):
    invitation = invite(world)
    path = "/" + links.address(invitation).split("://", 1)[1].partition("/")[2]
    client = Client()
    client.get(path)
    client.get(reverse("invitation"))
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert Client().get(path[:-4] + "abc/").status_code == 404


def test_an_expired_and_a_withdrawn_invitation_are_over(world):
    expired = invite(world)
    with pytest.raises(InvitationOver):
        actions.accept_invitation(
            invitation=expired, user=None, name="x", password="y", now=clock.now() + timedelta(days=15)
        )
    actions.revoke_invitation(invitation=expired, by=world.admin, now=clock.now())
    with pytest.raises(InvitationOver):
        actions.accept_invitation(invitation=expired, user=None, name="x", password="y", now=clock.now())
    assert User.objects.filter(email="new@agency.example").count() == 0


def test_someone_known_from_the_crm_joins_as_that_person(world):
    known = Person.objects.create(programme=world.programme, name="Seller", email="seller@company.example")
    invitation = invite(world, email="Seller@company.example", roles=[Role.MEMBER])
    user = actions.accept_invitation(
        invitation=invitation, user=None, name="Seller", password="a sentence", now=clock.now()
    )
    known.refresh_from_db()
    assert known.user == user


def test_an_existing_account_has_to_sign_in_first(world):
    elsewhere = factories.person(world.other_programme, Role.INTERVIEWER)
    invitation = invite(world, email=elsewhere.user.email)
    with pytest.raises(InvitationOver, match="Sign in"):
        actions.accept_invitation(invitation=invitation, user=None, name="x", password="y", now=clock.now())
    actions.accept_invitation(invitation=invitation, user=elsewhere.user, name="", password="", now=clock.now())
    assert elsewhere.user.persons.count() == 2


def test_a_member_is_not_invited_twice(world):
    with pytest.raises(AlreadyMember):
        invite(world, email=world.rep.user.email)


def test_the_last_programme_manager_cannot_leave(world):
    with pytest.raises(LastAdmin):
        actions.end_membership(person=world.admin, by=world.admin, now=clock.now())
    with pytest.raises(LastAdmin):
        actions.change_roles(person=world.admin, roles=[Role.MEMBER], by=world.admin, now=clock.now())
    actions.change_roles(person=world.manager, roles=[Role.MANAGER, Role.ADMIN], by=world.admin, now=clock.now())
    actions.end_membership(person=world.admin, by=world.manager, now=clock.now())
    assert Membership.objects.get(person=world.admin).ended_at is not None


def test_roles_hold_from_the_next_request_on(world, sign_in):
    client = sign_in(world.admin)
    path = f"/p/{world.programme.slug}/programme/people/"
    assert "Members" in client.get(path).content.decode()
    actions.change_roles(person=world.manager, roles=[Role.ADMIN], by=world.admin, now=clock.now())
    actions.change_roles(person=world.admin, roles=[Role.MEMBER], by=world.manager, now=clock.now())
    assert client.get(path).status_code == 404
    entry = AuditEntry.objects.filter(action="person.roles_changed").latest("id")
    assert entry.detail == {"from": ["admin"], "to": ["member"]}


def test_who_leaves_is_out_at_once_and_another_programme_does_not_exist(world, sign_in):
    client = sign_in(world.member)
    home = f"/p/{world.programme.slug}/lessons/"
    missing = client.get("/p/no-such-programme/lessons/")
    foreign = client.get(f"/p/{world.other_programme.slug}/lessons/")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    actions.end_membership(person=world.member, by=world.admin, now=clock.now())
    assert client.get(home).status_code == 404


def test_an_invitation_opened_by_somebody_who_is_a_member_changes_no_role(world, sign_in):
    invitation = invite(world, email="second@address.example", roles=[Role.MEMBER])
    client = sign_in(world.admin)
    client.get("/" + links.address(invitation).split("://", 1)[1].partition("/")[2])
    answer = client.post(reverse("invitation"), {"join": "yes"})
    assert answer.status_code == 422
    assert "You are a member of this programme already" in answer.content.decode()
    assert Membership.objects.get(person=world.admin).roles == [Role.ADMIN]


def test_who_was_here_before_comes_back_with_the_same_account_only(world):
    actions.end_membership(person=world.member, by=world.admin, now=clock.now())
    invitation = invite(world, email=world.member.email, roles=[Role.INTERVIEWER])
    stranger = factories.user()
    with pytest.raises(InvitationOver, match="another account"):
        actions.accept_invitation(invitation=invitation, user=stranger, name="", password="", now=clock.now())
    actions.accept_invitation(invitation=invitation, user=world.member.user, name="", password="", now=clock.now())
    assert Person.objects.get(pk=world.member.pk).roles == {Role.INTERVIEWER}


def test_a_seller_known_by_name_only_keeps_name_and_deals_when_the_account_comes(world):
    known = factories.person(world.programme, name="S. Eller")
    deal = factories.deal(world.programme, owner=known)
    invitation = invite(world, email="s@company.example", name="Sam Eller", roles=[Role.INTERVIEWER], known_as=known)
    user = actions.accept_invitation(
        invitation=invitation, user=None, name="Sam Eller", password="a sentence", now=clock.now()
    )
    known.refresh_from_db()
    assert (known.user, known.name, known.email) == (user, "S. Eller", "s@company.example")
    assert deal.parties.get().person.user == user
    with pytest.raises(AnotherAddress):
        invite(world, email="other@company.example", known_as=known)
    with pytest.raises(AnotherAddress):
        invite(world, email=world.rep.email, known_as=factories.person(world.programme))


def test_a_person_invited_without_a_name_takes_the_one_they_give(world):
    invitation = invite(world, email="first@manager.example", name="")
    assert invitation.person.name == "first@manager.example"
    actions.accept_invitation(invitation=invitation, user=None, name="Ada Berg", password="a sentence", now=clock.now())
    assert Person.objects.get(pk=invitation.person_id).name == "Ada Berg"


@pytest.mark.django_db(transaction=True)
def test_two_managers_who_leave_at_once_leave_one_behind(world):
    second = factories.person(world.programme, Role.ADMIN)
    gate = threading.Barrier(2)

    def leave(person):
        try:
            gate.wait()
            actions.end_membership(person=person, by=person, now=clock.now())
        except LastAdmin:
            return "refused"
        finally:
            connection.close()
        return "left"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(leave, (world.admin, second))) == ["left", "refused"]


def test_the_audit_log_pages_by_key_and_narrows_by_address(world, sign_in, django_assert_num_queries):
    for number in range(120):
        audit.record(
            action="deal.changed" if number % 2 else "team.joined", now=clock.now(), actor_kind=ActorKind.PERSON,
            actor_id=world.admin.id, programme_id=world.programme.id, detail={"n": number},
        )  # fmt: skip
    audit.record(action="deal.foreign", now=clock.now(), programme_id=world.other_programme.id)
    client = sign_in(world.admin)
    path = f"/p/{world.programme.slug}/programme/audit/"
    first = client.get(path)
    seen = [entry.detail["n"] for entry, _name in first.context["entries"]]
    assert seen == list(range(119, 19, -1))
    # What is written between two pages pushes nothing down: the second begins where the first ended.
    audit.record(action="deal.changed", now=clock.now(), programme_id=world.programme.id, detail={"n": 120})
    second = client.get(path + first.context["older"])
    assert [entry.detail["n"] for entry, _name in second.context["entries"]] == list(range(19, -1, -1))
    deals = client.get(path, {"subject": "deal", "person": str(world.admin.id)}).context["entries"]
    assert {entry.action for entry, _name in deals} == {"deal.changed"}
    assert {name for _entry, name in deals} == {world.admin.name}
    assert len(deals) == 60
    for nonsense in ("subject=%00", "person=abc", "before=99999999999999999999", "before=%00&subject=x"):
        assert len(client.get(f"{path}?{nonsense}").context["entries"]) == 100
    foreign = AuditEntry.objects.get(action="deal.foreign")
    assert client.get(path, {"before": foreign.pk}).context["entries"] == []


def test_programme_settings_are_kept_with_the_names_of_what_changed(world, sign_in):
    client = sign_in(world.admin)
    path = f"/p/{world.programme.slug}/programme/"
    values = {
        name: value if value is not None else "" for name, value in client.get(path).context["form"].initial.items()
    }
    pale = client.post(path, values | {"colour": "#ffee88", "call_minutes": "45"})
    assert pale.status_code == 422
    assert "White text could not be read" in pale.content.decode()
    world.programme.refresh_from_db()
    assert world.programme.call_minutes == 30
    client.post(path, values | {"colour": "#4b3b8f", "call_minutes": "45"})
    world.programme.refresh_from_db()
    assert (world.programme.call_minutes, world.programme.colour) == (45, "#4b3b8f")
    entry = AuditEntry.objects.get(action="programme.changed")
    assert (sorted(entry.detail["fields"]), entry.actor_id) == (["call_minutes", "colour"], world.admin.id)
    assert "colour-4b3b8f.css" in client.get(path).content.decode()


def test_teams_are_made_and_filled_and_a_manager_of_another_programme_reaches_none_of_it(world, sign_in):
    client = sign_in(world.admin)
    teams = f"/p/{world.programme.slug}/programme/teams/"
    assert client.post(teams, {"name": "north"}).status_code == 422
    client.post(teams, {"name": "West"})
    west = world.programme.teams.get(name="West")
    put = f"{teams}{west.id}/people/{world.interviewer.id}/"
    client.post(put, {"place": "manager"})
    assert west.members.get().is_manager
    client.post(put, {"place": "member"})
    assert not west.members.get().is_manager
    elsewhere = f"/p/{world.other_programme.slug}/programme/teams/{west.id}/people/{world.interviewer.id}/"
    assert sign_in(world.other_admin).post(elsewhere, {"place": "out"}).status_code == 404
    assert west.members.count() == 1
    client.post(put, {"place": "out"})
    assert west.members.count() == 0
    assert list(AuditEntry.objects.filter(subject_id=west.id).order_by("id").values_list("action", flat=True)) == [
        "team.created",
        "team.joined",
        "team.joined",
        "team.left",
    ]
