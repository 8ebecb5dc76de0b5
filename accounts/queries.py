"""Reads about people and programmes."""

from django.db.models import QuerySet

from accounts.models import Person, Programme, Team, User


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
