"""Changes of programmes, people and teams."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Invitation, Membership, Person, Programme, Team, TeamMember, User
from accounts.queries import programmes_without_manager
from accounts.refusals import AlreadyMember, AnotherAddress, InvitationOver, LastAdmin
from debriefs.foundation import audit, outbox
from debriefs.foundation.addresses import address_key
from debriefs.foundation.enums import ActorKind, RecipientKind
from debriefs.foundation.outbox import Recipient

INVITATION_LIFETIME = timedelta(days=14)


@transaction.atomic
def create_programme(
    *, name: str, slug: str, admin_email: str, admin_name: str, now: datetime, time_zone: str = "UTC"
) -> Programme:
    """A programme with one invited programme manager; its codebook and guides come from higher rooms."""
    programme = Programme.objects.create(slug=slug, name=name, company_name=name, time_zone=time_zone)
    invite_person(programme=programme, email=admin_email, name=admin_name, roles=[Role.ADMIN], by=None, now=now)
    _note("programme.created", programme.id, by=None, now=now, subject_kind="programme", subject_id=programme.id)
    return programme


@transaction.atomic
def invite_person(
    *,
    programme: Programme,
    email: str,
    name: str,
    roles: Iterable[str],
    by: Person | None,
    now: datetime,
    teams: Iterable[Team] = (),
    affiliation: str = "company",
    department: str = "",
    known_as: Person | None = None,
) -> Invitation:
    """The address is asked to join with these roles; the mail goes out through the outbox. Asking again sends a new link.

    Someone known by this address already is invited as the Person they are, and so is `known_as`, a Person whom the programme
    knows only by name: whatever deals say of them then holds for the account. Without a name the address stands for it until
    the person gives one. Refuses a live member, and a `known_as` who has another address.
    """
    key = address_key(email)
    person = Person.objects.select_for_update().filter(programme=programme, email__iexact=key).first()
    if known_as is not None:
        person = _known_by_name(known_as, person, key)
    if person is None:
        person = Person.objects.create(
            programme=programme, name=name or key, email=key, affiliation=affiliation, department=department
        )
    if person.roles:
        raise AlreadyMember(_("%(name)s is a member already. Change the roles instead.") % {"name": person.name})
    Invitation.objects.filter(programme=programme, email=key, accepted_at__isnull=True, revoked_at__isnull=True).update(
        revoked_at=now
    )
    invitation = Invitation.objects.create(
        programme=programme,
        person=person,
        email=key,
        roles=list(roles),
        invited_by=by,
        invited_at=now,
        expires_at=now + INVITATION_LIFETIME,
    )
    invitation.teams.set(teams)
    outbox.owe(
        kind="person_invited",
        programme_id=programme.id,
        subject_kind="invitation",
        subject_id=invitation.id,
        recipient=Recipient(
            RecipientKind.INVITEE, person.id, person.name, key, programme.language, programme.time_zone
        ),
        due_at=now,
        dedupe_key=f"person_invited:{invitation.id}",
        now=now,
    )
    _note("person.invited", programme.id, by=by, now=now, subject_id=person.id, detail={"roles": list(roles)})
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: User | None, name: str, password: str, now: datetime) -> User:
    """The invited address is a member. `user` is the signed-in account that accepts; without one an account is made.

    An existing account with this address has to be signed in: an invitation proves the mailbox, it does not reset a password.
    Refuses an account that is a member already, and one that is not the account this person had before.
    """
    locked = Invitation.objects.select_for_update().select_related("person", "programme").get(pk=invitation.pk)
    if not locked.is_open(now):
        raise InvitationOver(_("This invitation was used, withdrawn or has expired. Ask for a new one."))
    if user is None:
        if User.objects.filter(email=locked.email).exists():
            raise InvitationOver(_("There is an account with this address. Sign in, and open the invitation again."))
        user = User.objects.create_user(
            locked.email, password, name=name, time_zone=locked.programme.time_zone, language=locked.programme.language
        )
    person = _person_for(locked, user)
    Membership.objects.update_or_create(
        person=person,
        defaults={
            "programme": locked.programme,
            "roles": locked.roles,
            "joined_at": now,
            "ended_at": None,
            "ended_by": None,
        },
    )
    for team in locked.teams.all():
        TeamMember.objects.get_or_create(
            team=team,
            person=person,
            defaults={"programme": locked.programme, "is_manager": Role.MANAGER in locked.roles},
        )
    locked.accepted_at = now
    locked.save(update_fields=["accepted_at"])
    _note(
        "person.joined", locked.programme_id, by=person, now=now, subject_id=person.id, detail={"roles": locked.roles}
    )
    return user


def _known_by_name(known_as: Person, holder: Person | None, key: str) -> Person:
    """The Person known only by name, from now on with the address; nobody else may hold it, nor they another one."""
    known = Person.objects.select_for_update().get(pk=known_as.pk)
    if (holder is not None and holder != known) or known.email not in ("", key):
        raise AnotherAddress(_("%(name)s has another address, or somebody else has this one.") % {"name": known.name})
    known.email = key
    known.save(update_fields=["email"])
    return known


def _person_for(invitation: Invitation, user: User) -> Person:
    """The Person of the programme that the account is from now on: the one it was already, or the one invited."""
    known = Person.objects.select_related("membership").filter(programme_id=invitation.programme_id, user=user).first()
    if known is not None:
        if known.roles:
            raise AlreadyMember(_("You are a member of this programme already. Your roles were left as they are."))
        return known
    person = invitation.person
    if person.user_id is not None:
        raise InvitationOver(_("This invitation is for another account. Sign out, and sign in with that one."))
    person.user = user
    if person.name == person.email:
        person.name = user.name
    person.save(update_fields=["user", "name"])
    return person


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: Person, now: datetime) -> None:
    """The link of the invitation opens nothing any more. Harmless if repeated."""
    if Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True).update(
        revoked_at=now
    ):
        outbox.supersede(
            subject_kind="invitation", subject_id=invitation.pk, now=now, reason=_("The invitation was withdrawn.")
        )
        _note("invitation.revoked", invitation.programme_id, by=by, now=now, subject_id=invitation.person_id)


@transaction.atomic
def change_roles(*, person: Person, roles: Iterable[str], by: Person, now: datetime) -> Membership:
    """The member holds exactly these roles from the next request on. Refuses to leave the programme without a manager."""
    _one_change_at_a_time(person.programme_id)
    membership = Membership.objects.get(person=person, ended_at__isnull=True)
    before, after = list(membership.roles), [role for role in Role.values if role in set(roles)]
    if Role.ADMIN in before and Role.ADMIN not in after:
        _refuse_last_admin(person)
    membership.roles = after
    membership.save(update_fields=["roles"])
    _note(
        "person.roles_changed",
        person.programme_id,
        by=by,
        now=now,
        subject_id=person.id,
        detail={"from": before, "to": after},
    )
    return membership


@transaction.atomic
def end_membership(*, person: Person, by: Person, now: datetime) -> None:
    """The person is out of the programme at once; everything they did stays theirs. Refuses the last programme manager."""
    _one_change_at_a_time(person.programme_id)
    membership = Membership.objects.filter(person=person, ended_at__isnull=True).first()
    if membership is None:
        return
    if Role.ADMIN in membership.roles:
        _refuse_last_admin(person)
    membership.ended_at, membership.ended_by = now, by
    membership.save(update_fields=["ended_at", "ended_by"])
    TeamMember.objects.filter(person=person).delete()
    _note("person.left", person.programme_id, by=by, now=now, subject_id=person.id)


@transaction.atomic
def deactivate_user(*, user: User, now: datetime) -> list[Programme]:
    """The account can no longer sign in, and every session of it ends with its next request. Harmless if repeated.

    Returns the programmes that have no programme manager left who could sign in; it is not refused for their sake, because a
    stolen account has to be stopped at once.
    """
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False, deactivated_at=now):
        audit.record(
            action="user.deactivated", now=now, actor_kind=ActorKind.OPERATOR, subject_kind="user", subject_id=user.pk
        )
    return list(programmes_without_manager(user))


@transaction.atomic
def change_own_settings(*, user: User, name: str, time_zone: str, language: str, now: datetime) -> None:
    """One's own name, zone and language, from the next request on.

    The names of the programmes stay: deals from the CRM find their owner by them.
    """
    User.objects.filter(pk=user.pk).update(name=name, time_zone=time_zone, language=language)
    audit.record(
        action="user.settings_changed",
        now=now,
        actor_kind=ActorKind.USER,
        actor_id=user.pk,
        subject_kind="user",
        subject_id=user.pk,
    )


@transaction.atomic
def create_team(*, programme: Programme, name: str, by: Person, now: datetime) -> Team:
    """A team of the programme."""
    team = Team.objects.create(programme=programme, name=name)
    _note("team.created", programme.id, by=by, now=now, subject_kind="team", subject_id=team.id)
    return team


@transaction.atomic
def put_in_team(*, team: Team, person: Person, is_manager: bool, by: Person, now: datetime) -> TeamMember:
    """The person is in the team, as its manager or not."""
    place, _made = TeamMember.objects.update_or_create(
        team=team, person=person, defaults={"programme_id": team.programme_id, "is_manager": is_manager}
    )
    _note(
        "team.joined",
        team.programme_id,
        by=by,
        now=now,
        subject_kind="team",
        subject_id=team.id,
        detail={"person": str(person.id), "manager": is_manager},
    )
    return place


@transaction.atomic
def take_from_team(*, team: Team, person: Person, by: Person, now: datetime) -> None:
    """The person is no longer in the team. Harmless if repeated."""
    if TeamMember.objects.filter(team=team, person=person).delete()[0]:
        _note(
            "team.left",
            team.programme_id,
            by=by,
            now=now,
            subject_kind="team",
            subject_id=team.id,
            detail={"person": str(person.id)},
        )


@transaction.atomic
def update_programme(*, programme: Programme, changes: dict[str, Any], by: Person, now: datetime) -> Programme:
    """The programme with these settings; the names of what changed are kept, the texts are not."""
    changed = [name for name, value in changes.items() if getattr(programme, name) != value]
    for name in changed:
        setattr(programme, name, changes[name])
    if changed:
        programme.save(update_fields=changed)
        _note(
            "programme.changed",
            programme.id,
            by=by,
            now=now,
            subject_kind="programme",
            subject_id=programme.id,
            detail={"fields": changed},
        )
    return programme


def _one_change_at_a_time(programme_id: UUID) -> None:
    # Two managers who leave at once would each still see the other; so changes of members queue at the programme's row.
    Programme.objects.select_for_update(no_key=True).get(pk=programme_id)


def _refuse_last_admin(person: Person) -> None:
    others = Membership.objects.filter(
        programme_id=person.programme_id,
        ended_at__isnull=True,
        roles__contains=[Role.ADMIN],
        person__user__is_active=True,
    ).exclude(person=person)
    if not others.exists():
        raise LastAdmin(_("This is the last programme manager. Make somebody else programme manager first."))


def _note(
    action: str,
    programme_id: UUID,
    *,
    by: Person | None,
    now: datetime,
    subject_id: UUID,
    subject_kind: str = "person",
    detail: dict[str, Any] | None = None,
) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON if by else ActorKind.OPERATOR,
        actor_id=by.id if by else None,
        programme_id=programme_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        detail=detail,
    )
