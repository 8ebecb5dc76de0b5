"""Who may do what with a debrief. Every predicate names its cost."""

from datetime import timedelta

from accounts.enums import Affiliation, Role
from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.deals.permissions import can_schedule as can_schedule_deal
from debriefs.deals.permissions import is_on_our_side
from debriefs.foundation import clock


def can_schedule(person: Person, debrief: Debrief) -> bool:
    """Whether the person may invite, move, close: whoever schedules the deal. At most one query."""
    return can_schedule_deal(person, debrief.deal)


def can_interview(person: Person, debrief: Debrief) -> bool:
    """Whether the person is the assigned interviewer of a debrief that was not closed, while their access lasts.

    No query; the clock's one for an outside interviewer of a released debrief.
    """
    is_assigned = debrief.interviewer_id == person.pk and debrief.interviewer_ended_at is None
    return is_assigned and debrief.closed_at is None and not _is_access_over(person, debrief)


def _is_access_over(person: Person, debrief: Debrief) -> bool:
    """As the condition of `queries.interviewed_by`, for one row."""
    if person.affiliation != Affiliation.AGENCY or debrief.released_at is None:
        return False
    return debrief.released_at <= clock.now() - timedelta(days=person.programme.outside_access_days)


def can_read_raw(person: Person, debrief: Debrief) -> bool:
    """Whether the person may read answers as they were noted. At most one query.

    The assigned interviewer; reviewers and programme managers once it is written up. Whoever sold the deal never may, whatever
    roles they hold.
    """
    if person.programme_id != debrief.programme_id or is_on_our_side(person, debrief.deal):
        return False
    if debrief.interviewer_id == person.pk:
        return can_interview(person, debrief)
    return debrief.written_up_at is not None and person.has_role(Role.REVIEWER, Role.ADMIN)


def can_read_prospect_notes(person: Person, debrief: Debrief) -> bool:
    """Whether the person may read what the buyer wrote on the personal page: whoever schedules or interviews.

    Never whoever sold the deal: a reason for declining is the buyer's word too. At most two queries.
    """
    may = can_interview(person, debrief) or can_schedule(person, debrief)
    return may and not is_on_our_side(person, debrief.deal)
