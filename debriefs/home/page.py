"""The assembled deal page: what each reader sees of one deal, and the one next act."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from accounts.requests import programme_url
from debriefs.calls.models import Debrief
from debriefs.calls.queries import debriefs_visible_to
from debriefs.deals.enums import DebriefState, PartyKind, Selection
from debriefs.deals.models import Deal
from debriefs.deals.permissions import can_add_to_record, can_schedule, has_record_access, is_live_party
from debriefs.deals.queries import changes_of, deal_contacts_of, deal_visible_to, parties_of, stages_of
from debriefs.deals.rules import today_in
from debriefs.deals.timeline import timeline_of
from debriefs.findings.queries import releases_visible_to
from debriefs.foundation.outbox import notices_about
from debriefs.foundation.suppression import stopped_among
from debriefs.home import queries
from debriefs.interviews.queries import second_looks_for_sales


@dataclass(frozen=True)
class NextAct:
    """The primary button of the page: its words, address and the reason in a sentence."""

    words: str
    url: str
    reason: str


# The life of a debrief as the page lists it: state, words, name of the time on Debrief.
STEPS = (
    (gettext_lazy("Planned"), "planned_at"),
    (gettext_lazy("Invited"), "invited_at"),
    (gettext_lazy("Booked"), "booked_at"),
    (gettext_lazy("Held"), "held_at"),
    (gettext_lazy("Written up"), "written_up_at"),
    (gettext_lazy("Reviewed"), "reviewed_at"),
    (gettext_lazy("Released"), "released_at"),
)


@dataclass(frozen=True)
class Step:
    """One step of a debrief's life and when it was reached."""

    name: str
    at: datetime | None
    is_now: bool


def steps_of(debrief: Debrief) -> list[Step]:
    """The seven steps; the latest one reached is now."""
    times = [(name, getattr(debrief, field)) for name, field in STEPS]
    reached = max(index for index, (_name, at) in enumerate(times) if at is not None)
    return [Step(str(name), at, index == reached) for index, (name, at) in enumerate(times)]


def deal_page(person: Person, deal_id: UUID, now: datetime) -> dict[str, Any]:
    """What the template shows; 404 for a deal the person may not know of. About ten queries, whatever the deal holds."""
    deal = deal_visible_to(person, deal_id)
    schedules, has_record = can_schedule(person, deal), has_record_access(person, deal)
    debriefs = list(queries.debriefs_of_deal(deal))
    today = today_in(person.programme.time_zone, now)
    window = deal.window_on(today)
    own_view = getattr(deal, "own_view", None)
    contacts = list(deal_contacts_of(deal)) if has_record else []
    notes = list(deal.notes.select_related("author")) if has_record else []
    stages = list(stages_of(deal)) if has_record else []
    return {
        "deal": deal,
        "window": window,
        "can_schedule": schedules,
        "can_add": can_add_to_record(person, deal),
        "has_record": has_record,
        "is_our_side": is_live_party(person, deal),
        "debriefs": [(debrief, steps_of(debrief)) for debrief in debriefs],
        "openable": set(debriefs_visible_to(person).filter(deal=deal).values_list("pk", flat=True)),
        "contacts": contacts,
        # An address to which no mail goes any more is said where the contact stands.
        "stopped": stopped_among([row.contact.email_key for row in contacts], deal.programme_id),
        "needs": list(deal.needs.all()) if has_record else [],
        "timeline": timeline_of(deal, notes=notes, stages=stages, window=window, today=today, has_record=has_record),
        # Who interviews is no secret to those who schedule; the deal team sees that a neutral debrief is under way.
        "parties": [party for party in parties_of(deal) if schedules or party.kind != PartyKind.INTERVIEWER],
        "notes": notes,
        "changes": list(changes_of(deal)[:20]) if schedules else [],
        "competitors": list(deal.competitors.order_by("name")),
        "own_view": own_view
        if own_view and (own_view.person_id == person.pk or schedules or _is_released(debriefs))
        else None,
        "own_view_is_mine": bool(own_view and own_view.person_id == person.pk),
        "second_looks": _second_looks(person, debriefs, now) if has_record else set(),
        "notices": list(notices_about("debrief", [debrief.pk for debrief in debriefs])) if schedules else [],
        "next": _next_act(person, deal, debriefs, today) if schedules else None,
        "today": today,
        "now": now,
    }


def _second_looks(person: Person, debriefs: list[Debrief], now: datetime) -> set[UUID]:
    """Where the buyer would look at us again and sales may know it: of debriefs whose release the reader may open. Two queries."""
    readable = releases_visible_to(person, now).filter(debrief__in=[one.pk for one in debriefs], recalled_at=None)
    open_to_them = set(readable.values_list("debrief", flat=True))
    return second_looks_for_sales(one for one in debriefs if one.pk in open_to_them and one.contact.erased_at is None)


def _is_released(debriefs: list[Debrief]) -> bool:
    return any(debrief.state == DebriefState.RELEASED for debrief in debriefs)


def _next_act(person: Person, deal: Deal, debriefs: list[Debrief], today: Any) -> NextAct | None:
    """What would move the deal on; None where it is somebody else's turn."""
    window = deal.window_on(today)
    live = [debrief for debrief in debriefs if debrief.closed_at is None]
    if window is None:
        return None
    programme = person.programme
    if deal.selection == Selection.PASSED_OVER and not live:
        return None
    if live:
        debrief = live[0]
        url = programme_url(programme, "calls:debrief_page", debrief_id=debrief.pk)
        sentences = {
            DebriefState.PLANNED: _("The debrief is planned. The invitation goes out when you send it."),
            DebriefState.DECLINED: _("The buyer declined. Close the debrief with a reason, or ask again later."),
        }
        if debrief.state in sentences:
            return NextAct(_("Open the debrief"), url, sentences[DebriefState(debrief.state)])
        return None
    if queries.approvals_waiting(deal).exists():
        return NextAct(
            _("Review the contacts"), "#people", _("A contact waits for your approval before anybody is written to.")
        )
    if not deal.deal_contacts.exclude(contact__email_key="").exists():
        url = programme_url(programme, "deals:contact_add", deal_id=deal.pk)
        return NextAct(_("Add a contact"), url, _("Nobody on the buyer’s side can be written to yet."))
    url = programme_url(programme, "calls:debrief_plan", deal_id=deal.pk)
    if window.days_left < 0:
        return NextAct(
            _("Plan the debrief"), url, _("The best time is over, but a late conversation is better than none.")
        )
    return NextAct(_("Plan the debrief"), url, _("The best time ends in %(n)s days.") % {"n": window.days_left})
