"""Who reads what was noted, from the write-up to the release: the reviewer who took it on, and the second coder."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.calls.actions.record import changed, locked
from debriefs.calls.models import Debrief
from debriefs.calls.permissions import may_give_review_back, may_take_review
from debriefs.calls.refusals import ReviewTaken


@transaction.atomic
def take_review(*, debrief: Debrief, by: Person, now: datetime) -> Debrief:
    """The person is the debrief's reviewer from now on; whoever was it before reads what was noted no more.

    Harmless if repeated. ReviewTaken when somebody else was quicker, or the person may not.
    """
    debrief = locked(debrief)
    if debrief.reviewer_id == by.pk:
        return debrief
    if not may_take_review(by, debrief):
        raise ReviewTaken(_("Somebody else reviews this debrief."))
    before = debrief.reviewer_id
    debrief.reviewer = by
    debrief.save(update_fields=["reviewer"])
    return changed(debrief, "review.taken", by=by, now=now, detail={"before": str(before)} if before else None)


@transaction.atomic
def give_review_back(*, debrief: Debrief, by: Person, now: datetime) -> Debrief:
    """Nobody reviews the debrief until somebody takes it on; what was coded stays. Harmless if repeated."""
    debrief = locked(debrief)
    if debrief.reviewer_id is None:
        return debrief
    if not may_give_review_back(by, debrief):
        raise ReviewTaken(_("Somebody else reviews this debrief, or it is released."))
    before = debrief.reviewer_id
    debrief.reviewer = None
    debrief.save(update_fields=["reviewer"])
    return changed(debrief, "review.given_back", by=by, now=now, detail={"before": str(before)})


def set_second_coder(*, debrief: Debrief, person: Person) -> None:
    """The person codes the debrief a second time, and reads what was noted for it. One query; the caller records the act."""
    Debrief.objects.filter(pk=debrief.pk).update(second_coder=person)
