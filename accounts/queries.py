"""Reads about people and programmes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Invitation, Person, Programme, Team, User
from debriefs.foundation.models import AuditEntry


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


def people_page(programme: Programme, now: datetime) -> dict[str, Any]:
    """Members, open invitations, and people known from deals who are no members. Three queries."""
    known = Person.objects.filter(programme=programme).exclude(
        membership__ended_at__isnull=True, membership__isnull=False
    )
    return {
        "members": members_of(programme),
        "invitations": Invitation.objects.filter(
            programme=programme, accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now
        ).select_related("person"),
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


def audit_of(programme: Programme, action: str) -> QuerySet[AuditEntry]:
    """The programme's audit log, newest first; `action` narrows it to acts that begin so."""
    entries = AuditEntry.objects.filter(programme_id=programme.id).order_by("-at", "-id")
    return entries.filter(action__startswith=action.replace("\x00", "")[:60]) if action else entries


def names_behind(programme: Programme, entries: Iterable[AuditEntry]) -> dict[UUID, str]:
    """The names of the people who acted in these entries, as they are now. One query."""
    ids = {entry.actor_id for entry in entries if entry.actor_id}
    return dict(Person.objects.filter(programme=programme, pk__in=ids).values_list("pk", "name"))
