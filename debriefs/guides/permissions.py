"""Who may do what with guides."""

from accounts.enums import Affiliation, Role
from accounts.models import Person


def can_read_guides(person: Person) -> bool:
    """Whether guides are the person's business: everybody but mere team members. No query."""
    return person.has_role(Role.ADMIN, Role.MANAGER, Role.INTERVIEWER, Role.REVIEWER)


def can_edit_guides(person: Person) -> bool:
    """Whether the person writes and publishes guides: programme managers. No query."""
    return person.has_role(Role.ADMIN)


def is_outside_interviewer(person: Person) -> bool:
    """Whether the person is of an outside agency and interviews, and nothing more. No query."""
    return person.affiliation == Affiliation.AGENCY and person.roles == {Role.INTERVIEWER}
