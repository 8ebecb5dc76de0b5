"""Allowing mail to an address again."""

from datetime import datetime

from django.db import transaction

from accounts.models import Person
from debriefs.calls.refusals import AskedToStop, NoReason
from debriefs.foundation import audit, suppression
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.models import Suppression


@transaction.atomic
def lift_stop(*, stop: Suppression, reason: str, by: Person, now: datetime) -> None:
    """Mail may go to the address again, because somebody knows that it arrives; sends nothing. Harmless if repeated.

    Refuses a wish of the person themselves (AskedToStop): they take it back on their personal page and nobody does it for them; and an act
    without a reason (NoReason).
    """
    reason = reason.strip()
    if not reason:
        raise NoReason
    if suppression.is_a_wish(stop):
        raise AskedToStop
    if suppression.lift_one(stop.pk, reason=reason, now=now):
        audit.record(
            action="mail.allowed",
            now=now,
            actor_kind=ActorKind.PERSON,
            actor_id=by.pk,
            programme_id=by.programme_id,
            subject_kind="suppression",
            subject_id=stop.pk,
        )
