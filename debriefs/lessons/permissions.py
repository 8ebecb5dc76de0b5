"""Who may read lessons and write them."""

from accounts.enums import Role
from accounts.models import Person
from debriefs.lessons.models import Lesson

READERS = (Role.ADMIN, Role.MANAGER, Role.REVIEWER, Role.MEMBER)
WRITERS = (Role.ADMIN, Role.MANAGER, Role.REVIEWER)


def can_change(person: Person, lesson: Lesson) -> bool:
    """Whether the person may say where the lesson stands: its owner, and whoever writes lessons. No query."""
    return person.has_role(*WRITERS) or lesson.owner_id == person.pk
