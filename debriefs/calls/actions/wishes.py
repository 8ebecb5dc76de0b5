"""What the prospect wishes besides a time: to answer in writing, to see or lose their data; and how we settled it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Person
from debriefs.calls import notices
from debriefs.calls.actions.booking import cancel_call
from debriefs.calls.actions.prospect import note_from_prospect
from debriefs.calls.actions.record import changed, locked
from debriefs.calls.enums import ProspectNoteKind, Side
from debriefs.calls.models import DataRequest, Debrief
from debriefs.calls.queries import live_call_of
from debriefs.calls.refusals import NoAnswer, WrongOrder
from debriefs.foundation import audit, outbox
from debriefs.foundation.enums import ActorKind


@transaction.atomic
def choose_writing(*, debrief: Debrief, now: datetime, text: str = "") -> Debrief:
    """The buyer answers in writing instead: a booked call is cancelled, nobody asks for a time again. Harmless if repeated."""
    debrief = locked(debrief)
    _is_open(debrief)
    if debrief.written_sent_at is not None:
        raise WrongOrder(_("Your answers in writing have arrived already."))
    if debrief.writing_chosen_at is not None and live_call_of(debrief) is None:
        return debrief
    if live_call_of(debrief):
        cancel_call(debrief=debrief, side=Side.BUYER, now=now)
        debrief = locked(debrief)
    debrief.writing_chosen_at, debrief.declined_at, debrief.decline_reason = now, None, ""
    debrief.save(update_fields=["writing_chosen_at", "declined_at", "decline_reason"])
    outbox.supersede(
        subject_kind="debrief",
        subject_id=debrief.id,
        now=now,
        kinds=notices.ASKING,
        reason=_("The buyer answers in writing."),
    )
    note_from_prospect(debrief=debrief, kind=ProspectNoteKind.IN_WRITING, text=text, now=now)
    debrief = locked(debrief)
    return changed(debrief, "debrief.writing_chosen", by=None, now=now, as_prospect=True)


@transaction.atomic
def take_back_writing(*, debrief: Debrief, now: datetime) -> Debrief:
    """The buyer would rather speak after all: free times are shown again; what was written stays. Harmless if repeated."""
    debrief = locked(debrief)
    _is_open(debrief)
    if debrief.writing_chosen_at is None:
        return debrief
    debrief.writing_chosen_at = None
    debrief.save(update_fields=["writing_chosen_at"])
    return changed(debrief, "debrief.writing_taken_back", by=None, now=now, as_prospect=True)


@transaction.atomic
def ask_for_data(*, debrief: Debrief, kind: str, now: datetime) -> DataRequest:
    """The buyer's wish about their own data is a row that every programme manager sees and hears of; at most one open per kind."""
    debrief = locked(debrief)
    request, is_new = DataRequest.objects.get_or_create(
        contact=debrief.contact,
        kind=kind,
        settled_at=None,
        taken_back_at=None,
        defaults={"programme_id": debrief.programme_id, "debrief": debrief, "asked_at": now},
    )
    if is_new:
        managers = Person.objects.filter(
            programme_id=debrief.programme_id, membership__ended_at=None, membership__roles__contains=[Role.ADMIN]
        ).select_related("user")
        told = {*managers, debrief.planned_by} if debrief.planned_by else set(managers)
        for person in told:
            notices.owe("prospect_wrote", debrief, notices.to_person(person), now=now, key=str(request.id))
        _recorded("data_request.asked", request, now, kind=kind)
    return request


@transaction.atomic
def take_back_data_request(*, debrief: Debrief, kind: str, now: datetime) -> None:
    """The buyer takes an open wish back. Harmless if none is open."""
    open_one = (
        DataRequest.objects.select_for_update()
        .filter(contact=debrief.contact_id, kind=kind, settled_at=None, taken_back_at=None)
        .first()
    )
    if open_one is not None:
        open_one.taken_back_at = now
        open_one.save(update_fields=["taken_back_at"])
        _recorded("data_request.taken_back", open_one, now, kind=kind)


@transaction.atomic
def settle_data_request(*, request: DataRequest, answer: str, by: Person, now: datetime) -> DataRequest:
    """The wish was met or refused, and `answer` says which; the buyer reads it on their page. NoAnswer without words."""
    request = DataRequest.objects.select_for_update().get(pk=request.pk)
    if not answer.strip():
        raise NoAnswer
    if request.taken_back_at is not None:
        raise WrongOrder(_("The buyer took this wish back."))
    if request.settled_at is not None:
        return request
    request.settled_at, request.settled_by, request.answer = now, by, answer.strip()
    request.save(update_fields=["settled_at", "settled_by", "answer"])
    _recorded("data_request.settled", request, now, by=by, kind=request.kind)
    return request


def _is_open(debrief: Debrief) -> None:
    if debrief.closed_at or debrief.held_at:
        raise WrongOrder(_("This conversation is over."))
    if debrief.invited_at is None:
        raise WrongOrder(_("The invitation has not gone out yet."))


def _recorded(action: str, request: DataRequest, now: datetime, *, kind: str, by: Person | None = None) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON if by else ActorKind.CONTACT,
        actor_id=by.id if by else request.contact_id,
        programme_id=request.programme_id,
        subject_kind="debrief",
        subject_id=request.debrief_id,
        detail={"kind": kind, "request": str(request.id)},
    )
