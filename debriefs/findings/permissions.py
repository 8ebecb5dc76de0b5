"""Who may code, review and release."""

from accounts.enums import Role
from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.calls.permissions import can_read_raw, may_review
from debriefs.deals.permissions import is_on_our_side
from debriefs.findings.models import CodedUnit, Finding, Release, SecondCoding, Side
from debriefs.foundation.models import AuditEntry


def can_review(person: Person, debrief: Debrief) -> bool:
    """Whether the person may code and release: the reviewer who took the debrief on, or a programme manager. At most two queries.

    Neither may have interviewed or sold.
    """
    return may_review(person, debrief) and (debrief.reviewer_id == person.pk or person.has_role(Role.ADMIN))


def may_compare(person: Person, coding: SecondCoding) -> bool:
    """Whether both codings are closed and the person may see them side by side: reviewer, second coder, programme managers.

    At most three queries.
    """
    return coding.is_comparable and may_review(person, coding.debrief) and can_read_raw(person, coding.debrief)


def may_recall(person: Person, release: Release) -> bool:
    """Whether the person may take the release back: a reviewer or programme manager not on our side of the deal. One query."""
    return (
        release.recalled_at is None
        and person.has_role(Role.REVIEWER, Role.ADMIN)
        and not is_on_our_side(person, release.deal)
    )


def may_keep_quotes(person: Person, release: Release) -> bool:
    """Whether the person proposes, asks for and withdraws quotes of the release: as for taking it back. One query."""
    return may_recall(person, release)


def codes_blind(person: Person, debrief: Debrief) -> bool:
    """Whether the person is coding the debrief a second time and has not handed in: nothing of the first coding is theirs to see.

    One query.
    """
    return SecondCoding.objects.filter(debrief=debrief, coder=person, handed_in_at__isnull=True).exists()


def knows_first_coding(person: Person, debrief: Debrief) -> bool:
    """Whether the person coded, or was shown, what the first coder found. At most two queries."""
    return (
        Finding.objects.filter(debrief=debrief, coded_by=person).exists()
        or AuditEntry.objects.filter(
            action="findings.read", actor_id=person.pk, subject_kind="debrief", subject_id=debrief.pk
        ).exists()
    )


def is_free(coding: SecondCoding) -> bool:
    """Whether nobody codes the debrief a second time: never begun, or whoever began may not go on. At most two queries."""
    if coding.coder is None:
        return True
    return coding.handed_in_at is None and not may_review(coding.coder, coding.debrief)


def may_begin_second(person: Person, coding: SecondCoding) -> bool:
    """Whether the person may take the second coding on: somebody else than the reviewer, who knows nothing of the first coding.

    Before any release.

    At most six queries.
    """
    return (
        is_free(coding)
        and may_review(person, coding.debrief)
        and coding.debrief.reviewer_id != person.pk
        and not Release.objects.filter(debrief=coding.debrief_id).exists()
        and not knows_first_coding(person, coding.debrief)
    )


def may_change_second(person: Person, unit: CodedUnit) -> bool:
    """Whether the unit is the person's own and not handed in yet. No query."""
    coding = unit.coding
    return unit.side == Side.SECOND and coding.coder_id == person.pk and coding.handed_in_at is None
