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

    The assigned interviewer; once it is written up the reviewer who took it on, the second coder and programme managers. Whoever
    sold the deal never may, whatever roles they hold.
    """
    if person.programme_id != debrief.programme_id or is_on_our_side(person, debrief.deal):
        return False
    if debrief.interviewer_id == person.pk:
        return can_interview(person, debrief)
    if debrief.written_up_at is None:
        return False
    is_assigned = person.pk in (debrief.reviewer_id, debrief.second_coder_id)
    return person.has_role(Role.ADMIN) or (is_assigned and person.has_role(Role.REVIEWER))


def may_review(person: Person, debrief: Debrief) -> bool:
    """Whether the person could be the debrief's reviewer: in the role, and neither interviewer nor on our side. At most two queries.

    From the write-up on, until the debrief is closed. It opens no word of the buyer: that needs the review taken on.
    """
    return (
        person.programme_id == debrief.programme_id
        and debrief.written_up_at is not None
        and debrief.closed_at is None
        and debrief.interviewer_id != person.pk
        and person.has_role(Role.REVIEWER, Role.ADMIN)
        and not is_on_our_side(person, debrief.deal)
    )


def is_review_free(debrief: Debrief) -> bool:
    """Whether nobody reviews the debrief: never taken on, or whoever took it on may not go on. At most three queries."""
    return debrief.reviewer is None or not may_review(debrief.reviewer, debrief)


def may_take_review(person: Person, debrief: Debrief) -> bool:
    """Whether the person may take the review on: a free one, or as programme manager that of somebody else. At most five queries.

    Never the second coder, whose coding is worth something only while it is another person's.
    """
    return (
        person.pk not in (debrief.reviewer_id, debrief.second_coder_id)
        and may_review(person, debrief)
        and (person.has_role(Role.ADMIN) or is_review_free(debrief))
    )


def may_give_review_back(person: Person, debrief: Debrief) -> bool:
    """Whether the person may end the review of whoever took it on: that reviewer or a programme manager, before the release.

    At most two queries.
    """
    return (
        debrief.reviewer_id is not None
        and debrief.released_at is None
        and (debrief.reviewer_id == person.pk or person.has_role(Role.ADMIN))
        and may_review(person, debrief)
    )


def can_read_prospect_notes(person: Person, debrief: Debrief) -> bool:
    """Whether the person may read what the buyer wrote on the personal page: whoever schedules or interviews.

    Never whoever sold the deal: a reason for declining is the buyer's word too. At most two queries.
    """
    may = can_interview(person, debrief) or can_schedule(person, debrief)
    return may and not is_on_our_side(person, debrief.deal)
