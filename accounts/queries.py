"""Reads about people and programmes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import Role
from accounts.models import Invitation, Membership, Person, Programme, Team, User
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.models import AuditEntry

AUDIT_PAGE = 100


def person_in_programme(user: User, slug: str) -> Person | None:
    """The Person the user is in the programme, with programme, user and live membership joined; None without one. One query."""
    return (
        Person.objects.select_related("programme", "membership", "user")
        .filter(user=user, programme__slug=slug, membership__ended_at__isnull=True, membership__isnull=False)
        .first()
    )


def programmes_of(user: User) -> QuerySet[Programme]:
    """The programmes the user is a live member of, by name."""
    return Programme.objects.filter(
        people__user=user, people__membership__isnull=False, people__membership__ended_at__isnull=True
    ).order_by("name")


def teams_managed_by(person: Person) -> QuerySet[Team]:
    """The teams whose manager the person is."""
    return Team.objects.filter(programme=person.programme, members__person=person, members__is_manager=True)


def teams_of(person: Person) -> QuerySet[Team]:
    """The teams the person belongs to, as member or manager."""
    return Team.objects.filter(programme=person.programme, members__person=person).distinct()


def programme_again(programme: Programme) -> Programme:
    """The programme as it is stored, apart from the one a form has already changed in memory. One query."""
    return Programme.objects.get(pk=programme.pk)


def members_of(programme: Programme) -> QuerySet[Person]:
    """The live members with membership and account joined, by name."""
    return (
        Person.objects.filter(programme=programme, membership__isnull=False, membership__ended_at__isnull=True)
        .select_related("membership", "user")
        .order_by("name")
    )


def people_without_account(programme: Programme) -> QuerySet[Person]:
    """People whom the programme knows from deals or typed in, who have no account, by name."""
    return Person.objects.filter(programme=programme, user__isnull=True).order_by("name")


def people_ever_in(programme: Programme) -> QuerySet[Person]:
    """Everybody who is or was a member, by name."""
    return Person.objects.filter(programme=programme, membership__isnull=False).order_by("name")


def people_page(programme: Programme, now: datetime) -> dict[str, Any]:
    """Members, open invitations, and people known from deals who are no members. Three queries."""
    invitations = Invitation.objects.filter(
        programme=programme, accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now
    )
    known = (
        Person.objects.filter(programme=programme)
        .exclude(membership__ended_at__isnull=True, membership__isnull=False)
        .exclude(pk__in=invitations.values("person"))
    )
    return {
        "members": members_of(programme),
        "invitations": invitations.select_related("person").order_by("invited_at"),
        "known": known.order_by("name")[:200],
    }


def teams_page(programme: Programme) -> dict[str, Any]:
    """The teams with their people, and everybody who could be put into one. Three queries."""
    return {
        "teams": Team.objects.filter(programme=programme).prefetch_related("members__person").order_by("name"),
        "people": Person.objects.filter(programme=programme).order_by("name")[:500],
    }


def open_invitation(identifier: str, now: datetime) -> Invitation | None:
    """The invitation if it can still be accepted; None for nonsense. One query."""
    try:
        found = Invitation.objects.select_related("programme", "person").filter(pk=UUID(identifier)).first()
    except ValueError:
        return None
    return found if found is not None and found.is_open(now) else None


def programmes_without_manager(user: User) -> QuerySet[Programme]:
    """The programmes the user is a live member of in which no programme manager is left who could sign in."""
    managers = Membership.objects.filter(
        programme=OuterRef("pk"), ended_at__isnull=True, roles__contains=[Role.ADMIN], person__user__is_active=True
    )
    return programmes_of(user).exclude(Exists(managers))


@dataclass(frozen=True)
class AuditPage:
    """A stretch of the audit log, newest first; `older_than` is where the next one begins, None at the end."""

    entries: list[AuditEntry]
    older_than: int | None


def audit_page(
    programme: Programme, *, subject: str = "", person: Person | None = None, before: int | None = None
) -> AuditPage:
    """A hundred entries of the programme that came before entry `before`. At most two queries, as quick on the last page as on the first.

    `subject` is the first word of an action ("debrief"), `person` who acted.
    """
    entries = AuditEntry.objects.filter(programme_id=programme.id).order_by("-at", "-id")
    if subject:
        entries = entries.filter(action__startswith=f"{subject}.")
    if person is not None:
        entries = entries.filter(actor_kind=ActorKind.PERSON, actor_id=person.id)
    if before is not None:
        last = AuditEntry.objects.filter(programme_id=programme.id, pk=before).first()
        entries = entries.filter(Q(at__lt=last.at) | Q(at=last.at, id__lt=last.pk)) if last else entries.none()
    found = list(entries[: AUDIT_PAGE + 1])
    return AuditPage(found[:AUDIT_PAGE], found[AUDIT_PAGE - 1].pk if len(found) > AUDIT_PAGE else None)


def with_names(programme: Programme, entries: list[AuditEntry]) -> list[tuple[AuditEntry, str]]:
    """Each entry with the name of who acted, as it is now; empty for rules and buyers. One query."""
    ids = {entry.actor_id for entry in entries if entry.actor_id}
    names = dict(Person.objects.filter(programme=programme, pk__in=ids).values_list("pk", "name"))
    return [(entry, names.get(entry.actor_id, "") if entry.actor_id else "") for entry in entries]
