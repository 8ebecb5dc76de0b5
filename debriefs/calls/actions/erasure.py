"""Forgetting a contact: what is under way ends, and what they wrote or had noted about them goes."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.calls import notices
from debriefs.calls.actions.booking import cancel_call
from debriefs.calls.actions.record import changed, locked
from debriefs.calls.enums import Side
from debriefs.calls.models import Call, DataRequest, Debrief, DebriefEvent, ProspectNote
from debriefs.calls.queries import live_call_of
from debriefs.deals.actions import end_interviewer
from debriefs.deals.models import Contact
from debriefs.foundation.addresses import seal
from debriefs.foundation.erasing import Reword, reword_columns

_TEXTS = ("hypothesis", "closed_reason", "pause_reason")


@transaction.atomic
def erase_contact(*, contact: Contact, reword: Reword, by: Person, now: datetime) -> list[UUID]:
    """No debrief of the contact goes on or holds their words; the ids of these debriefs. Harmless if repeated.

    A booked call is cancelled and its interviewer told; what was not released is closed, since nothing is left to release. Every wish
    about their data counts as settled, with a sentence in their language. About fifteen queries for each debrief.
    """
    debriefs = [locked(one) for one in Debrief.objects.filter(contact=contact).select_related("deal").order_by("pk")]
    for debrief in debriefs:
        _end(debrief, by=by, now=now)
    ProspectNote.objects.filter(debrief__in=debriefs).delete()
    Debrief.objects.filter(pk__in=[one.pk for one in debriefs]).update(place="")
    reword_columns(Debrief.objects.filter(contact=contact), _TEXTS, reword)
    DebriefEvent.objects.filter(debrief__in=debriefs, is_by_prospect=True).update(reason="")
    reword_columns(DebriefEvent.objects.filter(debrief__in=debriefs), ("reason",), reword)
    for call in Call.objects.filter(debrief__in=debriefs).only("contact_address_key"):
        Call.objects.filter(pk=call.pk).update(contact_address_key=seal(call.contact_address_key))
    with translation.override(notices.spoken_with(contact, contact.programme)):
        settled = {"settled_at": now, "settled_by": by, "answer": _("What we held about you was erased.")}
    wishes = DataRequest.objects.filter(contact=contact)
    wishes.filter(settled_at=None, taken_back_at=None).update(**settled)
    wishes.exclude(answer="").update(answer=settled["answer"])
    return [one.pk for one in debriefs]


def _end(debrief: Debrief, *, by: Person, now: datetime) -> None:
    if debrief.released_at is not None or debrief.closed_at is not None:
        return
    if live_call_of(debrief) is not None and debrief.held_at is None:
        cancel_call(debrief=debrief, side=Side.BUYER, by=by, now=now)
        debrief = locked(debrief)
    reason = _("The buyer asked to be erased.")
    debrief.closed_at, debrief.closed_by, debrief.closed_reason = now, by, reason
    debrief.save(update_fields=["closed_at", "closed_by", "closed_reason"])
    if debrief.held_at is None:
        end_interviewer(deal=debrief.deal, person=debrief.interviewer, by=by, now=now)
    changed(debrief, "debrief.closed", by=by, now=now, reason=reason)
