"""Changes of programmes, people and teams."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Invitation, Membership, Person, Programme, Team, TeamMember, User
from accounts.refusals import AlreadyMember, InvitationOver, LastAdmin
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
) -> Invitation:
    """The address is asked to join with these roles; the mail goes out through the outbox. Asking again sends a new link.

    Someone known by this address already (from the CRM, say) is invited as the Person they are. Refuses a live member.
    """
    key = address_key(email)
    person = Person.objects.select_for_update().filter(programme=programme, email__iexact=key).first()
    if person is None:
        person = Person.objects.create(
            programme=programme, name=name, email=key, affiliation=affiliation, department=department
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
    person = locked.person
    known = Person.objects.filter(programme=locked.programme, user=user).exclude(pk=person.pk).first()
    if known is not None:
        person = known
    elif person.user_id is None:
        person.user, person.name = user, user.name
        person.save(update_fields=["user", "name"])
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
    membership = Membership.objects.select_for_update().get(person=person, ended_at__isnull=True)
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
    membership = Membership.objects.select_for_update().filter(person=person, ended_at__isnull=True).first()
    if membership is None:
        return
    if Role.ADMIN in membership.roles:
        _refuse_last_admin(person)
    membership.ended_at, membership.ended_by = now, by
    membership.save(update_fields=["ended_at", "ended_by"])
    TeamMember.objects.filter(person=person).delete()
    _note("person.left", person.programme_id, by=by, now=now, subject_id=person.id)


@transaction.atomic
def deactivate_user(*, user: User, now: datetime) -> None:
    """The account can no longer sign in, and every session of it ends with its next request. Harmless if repeated."""
    if User.objects.filter(pk=user.pk, is_active=True).update(is_active=False, deactivated_at=now):
        audit.record(
            action="user.deactivated", now=now, actor_kind=ActorKind.OPERATOR, subject_kind="user", subject_id=user.pk
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


def _refuse_last_admin(person: Person) -> None:
    others = Membership.objects.filter(
        programme_id=person.programme_id,
        ended_at__isnull=True,
        roles__contains=[Role.ADMIN],
        person__user__is_active=True,
    ).exclude(person=person)
    # The rows are locked in one order, so that two managers leaving at once cannot both find the other.
    if not list(others.select_for_update(of=("self",)).order_by("pk")):
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
