"""Joining, roles, leaving: on the real database, with the invitation through a real SMTP server."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import actions, links
from accounts.enums import Role
from accounts.models import Membership, Person, User
from accounts.refusals import AlreadyMember, InvitationOver, LastAdmin
from debriefs.foundation import clock, outbox
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
