"""Who may do what with sheets. What may be read raw is the rule of `calls.permissions.can_read_raw`."""

from accounts.enums import Role
from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.calls.permissions import can_interview
from debriefs.deals.permissions import is_on_our_side


def can_read_briefing(person: Person, debrief: Debrief) -> bool:
    """Whether the person may read the briefing: the interviewer, and programme managers who did not sell. At most one query.

    Whoever sold the deal would read in it what the interviewer wants to test.
    """
    if not (can_interview(person, debrief) or person.has_role(Role.ADMIN)):
        return False
    return not is_on_our_side(person, debrief.deal)
