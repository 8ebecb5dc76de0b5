"""How things stand for the prospect, whenever the link is opened."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from debriefs.calls import rules
from debriefs.calls.actions.booking import open_slots, why_not_moved
from debriefs.calls.enums import DataRequestKind, DeclineReason
from debriefs.calls.models import DataRequest, Debrief, ProspectLink
from debriefs.calls.notices import read_in
from debriefs.calls.queries import last_call_of, live_call_of
from debriefs.core import words
from debriefs.foundation import outbox
from debriefs.foundation.time_zones import ZONES


def page_of(link: ProspectLink, debrief: Debrief, *, now: datetime, time_zone: str) -> dict[str, Any]:
    """What the page shows: its state (choose, booked, writing, declined, over, closed, not_yet) and what that state needs.

    About seven queries. The zone is the one asked for if we know it, else that of the last call, the contact's or the programme's.
    """
    call = live_call_of(debrief)
    last_call = last_call_of(debrief) if call is None else call
    zone = time_zone if time_zone in ZONES else read_in(debrief.contact, last_call)
    state = _state(debrief, call is not None)
    stays = why_not_moved(call, now) if call else ""
    offers = state in ("choose", "booked") and now < link.expires_at and not stays
    slots = open_slots(debrief, now) if offers else []
    notes = list(debrief.prospect_notes.all())
    return {
        "programme": debrief.programme,
        "debrief": debrief,
        "link": link,
        "state": state,
        "call": call,
        "last_call": last_call,
        # Why the booked call cannot be moved here any more, whether its time has passed, and which reminders are still to come.
        "stays": stays,
        "is_past": call is not None and call.ends_at <= now,
        "reminders": list(rules.reminders(starts_at=call.starts_at, now=now)) if call else [],
        "is_stopped": call is not None and outbox.is_suppressed(debrief.contact.email, debrief.programme_id),
        "time_zone": zone,
        "zones": words.zone_choices(language=get_language() or "en", at=now),
        "zone_is_asked": time_zone in ZONES,
        "days": rules.grouped_by_day([slot for slot in slots if call is None or slot != call.starts_at], zone),
        "reasons": DeclineReason.choices,
        "writing_url": reverse("written:page", kwargs={"link_id": link.id}),
        "is_written": bool(debrief.written_sent_at and debrief.written_sent_at == debrief.held_at),
        "typed": {},
        "notes": notes,
        # A choice may be made without a word.
        "told": [note for note in notes if note.text],
        "is_agency": debrief.neutrality == "agency",
        "minutes": debrief.minutes,
    }


def is_untouched(page: dict[str, Any]) -> bool:
    """Whether nothing was chosen, written or said yet: then the page holds no more than the mail that led to it. No query."""
    return (
        page["state"] in ("choose", "not_yet")
        and page["last_call"] is None
        and not (page["notes"] or page["debrief"].written_begun_at)
    )


def _state(debrief: Debrief, has_call: bool) -> str:
    if debrief.held_at is not None:
        return "over"
    if debrief.closed_at is not None:
        return "closed"
    if has_call:
        return "booked"
    if debrief.declined_at is not None:
        return "declined"
    if debrief.writing_chosen_at is not None and debrief.written_sent_at is None:
        return "writing"
    return "choose" if debrief.invited_at is not None else "not_yet"


def data_page_of(link: ProspectLink, debrief: Debrief) -> dict[str, Any]:
    """What the page about the prospect's own data shows: what is held in outline, and the wishes so far. One query."""
    wishes = list(DataRequest.objects.filter(contact=debrief.contact_id, taken_back_at=None))
    still_open = {wish.kind for wish in wishes if wish.settled_at is None}
    return {
        "programme": debrief.programme,
        "debrief": debrief,
        "link": link,
        "wishes": wishes,
        "choices": [choice for choice in DataRequestKind.choices if choice[0] not in still_open],
    }


def stop_page_of(link: ProspectLink, debrief: Debrief) -> dict[str, Any]:
    """What the page about stopping mail shows."""
    return {
        "programme": debrief.programme,
        "debrief": debrief,
        "link": link,
        "is_stopped": outbox.is_suppressed(debrief.contact.email, debrief.programme_id),
    }
