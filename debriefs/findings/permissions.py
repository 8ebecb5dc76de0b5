"""Who may code, review and release."""

from accounts.enums import Role
from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.calls.permissions import can_read_raw
from debriefs.deals.permissions import is_on_our_side
from debriefs.findings.models import Release


def can_review(person: Person, debrief: Debrief) -> bool:
    """Whether the person may code and release: a reviewer or programme manager who neither interviewed nor sold. One query."""
    return (
        person.has_role(Role.REVIEWER, Role.ADMIN)
        and debrief.interviewer_id != person.pk
        and debrief.written_up_at is not None
        and debrief.closed_at is None
        and can_read_raw(person, debrief)
    )


def may_recall(person: Person, release: Release) -> bool:
    """Whether the person may take the release back: a reviewer or programme manager not on our side of the deal. One query."""
    return (
        release.recalled_at is None
        and person.has_role(Role.REVIEWER, Role.ADMIN)
        and not is_on_our_side(person, release.deal)
    )
