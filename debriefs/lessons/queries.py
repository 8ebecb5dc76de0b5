"""Reads of lessons."""

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import Person
from debriefs.lessons.models import Lesson


def lessons_visible_to(person: Person) -> QuerySet[Lesson]:
    """The programme's lessons, newest first, for everybody but those who only interview. No query by itself.

    A lesson is written to be known: it names roles and patterns, never a buyer; the remarks it rests on are read by their own
    rule.
    """
    lessons = Lesson.objects.filter(programme=person.programme).select_related("owner")
    return lessons if person.has_role(Role.ADMIN, Role.MANAGER, Role.REVIEWER, Role.MEMBER) else lessons.none()
