"""What the pages of this room show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.models import Person
from debriefs.calls import notice_pages, permissions
from debriefs.calls.acts import Act, Outcome, outcome_of
from debriefs.calls.models import Debrief
from debriefs.calls.queries import debriefs_visible_to, last_call_of, live_call_of
from debriefs.deals.enums import DebriefState
from debriefs.deals.models import Deal
from debriefs.deals.queries import approved_contacts_of
from debriefs.deals.rules import today_in
from debriefs.foundation.outbox import notices_about
from debriefs.guides.queries import newer_version

_HISTORY = {
    "debrief.planned": gettext_lazy("Planned"),
    "debrief.invited": gettext_lazy("Invited"),
    "debrief.offered_again": gettext_lazy("Offered again"),
    "debrief.reassigned": gettext_lazy("Another interviewer"),
    "debrief.replanned": gettext_lazy("Frame changed"),
    "debrief.stopped": gettext_lazy("Stopped: the interviewer changed sides"),
    "debrief.paused": gettext_lazy("Paused"),
    "debrief.resumed": gettext_lazy("Resumed"),
    "debrief.guide_version_changed": gettext_lazy("Newer version of the guide"),
    "debrief.declined": gettext_lazy("Declined"),
    "debrief.decline_undone": gettext_lazy("Declining taken back"),
    "debrief.held": gettext_lazy("Held"),
    "debrief.written_up": gettext_lazy("Written up"),
    "review.taken": gettext_lazy("Review taken on"),
    "review.given_back": gettext_lazy("Review given back"),
    "debrief.reviewed": gettext_lazy("Reviewed"),
    "debrief.released": gettext_lazy("Released"),
    "debrief.recalled": gettext_lazy("Release taken back"),
    "debrief.closed": gettext_lazy("Closed"),
    "call.booked": gettext_lazy("Call booked"),
    "call.moved": gettext_lazy("Call moved"),
    "call.cancelled": gettext_lazy("Call cancelled"),
    "call.missed": gettext_lazy("Somebody did not come"),
    "link.withdrawn": gettext_lazy("Personal link withdrawn"),
    "prospect.wrote": gettext_lazy("The buyer wrote"),
    "debrief.writing_chosen": gettext_lazy("The buyer answers in writing"),
    "debrief.writing_taken_back": gettext_lazy("Answering in writing taken back"),
    "debrief.permissions_changed": gettext_lazy("Permissions changed"),
    "debrief.writing_begun": gettext_lazy("Answering in writing begun"),
    "debrief.written_sent": gettext_lazy("Answers in writing sent"),
    "debrief.speaks_too": gettext_lazy("The buyer would speak as well"),
}
STATES = [state for state in DebriefState if state != DebriefState.NONE]


@dataclass(frozen=True)
class View:
    """One view of the list: its state, words and count."""

    state: str
    label: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class Line:
    """One line of a debrief's history."""

    what: str
    at: datetime
    who: str
    reason: str


@dataclass(frozen=True)
class Step:
    """One step of a debrief's life: when it was reached and by whom."""

    name: str
    at: datetime | None
    by: Person | None
    is_now: bool


def listed(person: Person, state: str) -> QuerySet[Debrief]:
    """The debriefs of a state (all for an unknown one), newest first, with what a row shows joined."""
    debriefs = debriefs_visible_to(person)
    if state in STATES:
        debriefs = debriefs.filter(state=state)
    return debriefs.select_related("deal__company", "contact", "interviewer").order_by("-planned_at", "id")


def views(person: Person, state: str) -> list[View]:
    """The views with their counts; states without a debrief are left out. One query."""
    counts = dict(debriefs_visible_to(person).order_by().values_list("state").annotate(Count("id")))
    rows = [View("", _("All"), sum(counts.values()), state not in STATES)]
    return rows + [
        View(value, str(DebriefState(value).label), counts[value], value == state)
        for value in STATES
        if counts.get(value)
    ]


def plan_page(person: Person, deal: Deal, now: datetime) -> dict[str, Any]:
    """What the page for planning shows besides the form."""
    return {
        "deal": deal,
        "window": deal.window_on(today_in(deal.programme.time_zone, now)),
        "has_contacts": approved_contacts_of(deal).exists(),
    }


def steps_of(debrief: Debrief) -> list[Step]:
    """The seven steps of a debrief's life; the latest one reached is now."""
    rows = [
        (_("Planned"), debrief.planned_at, debrief.planned_by),
        (_("Invited"), debrief.invited_at, None),
        (_("Booked"), debrief.booked_at, None),
        (_("Held"), debrief.held_at, debrief.held_by),
        (_("Written up"), debrief.written_up_at, debrief.written_up_by),
        (_("Reviewed"), debrief.reviewed_at, debrief.reviewed_by),
        (_("Released"), debrief.released_at, debrief.released_by),
    ]
    reached = max(index for index, (_name, at, _by) in enumerate(rows) if at is not None)
    return [Step(name, at, by, index == reached) for index, (name, at, by) in enumerate(rows)]


def history_of(debrief: Debrief) -> list[Line]:
    """What was done with the debrief, latest first: each act with who and why. One query."""
    return [
        Line(
            str(_HISTORY.get(event.action, event.action)),
            event.at,
            _("the buyer") if event.is_by_prospect else event.by.name if event.by else "",
            event.reason,
        )
        for event in debrief.events.select_related("by").order_by("-at", "-id")[:100]
    ]


def debrief_page(person: Person, debrief: Debrief, now: datetime) -> dict[str, Any]:
    """What the page of one debrief shows to this reader. About twelve queries."""
    schedules, interviews = permissions.can_schedule(person, debrief), permissions.can_interview(person, debrief)
    call = live_call_of(debrief)
    is_paused = debrief.paused_at is not None
    return {
        "debrief": debrief,
        "may": {act.value: outcome_of(act, debrief.state, is_paused=is_paused) == Outcome.DONE for act in Act},
        "history": history_of(debrief) if schedules else [],
        "deal": debrief.deal,
        "window": debrief.deal.window_on(today_in(debrief.deal.programme.time_zone, now)),
        "call": call,
        "last_call": call or last_call_of(debrief),
        "steps": steps_of(debrief),
        "can_schedule": schedules,
        "can_interview": interviews,
        "can_review": permissions.may_review(person, debrief),
        "knows_deal": not interviews or schedules,
        "has_begun": call is not None and call.starts_at <= now,
        "notices": list(notices_about("debrief", [debrief.pk])) if schedules else [],
        "came_in": notice_pages.came_in(debrief, with_text=permissions.can_read_prospect_notes(person, debrief))
        if schedules or interviews
        else [],
        "notes": list(debrief.prospect_notes.all()) if permissions.can_read_prospect_notes(person, debrief) else [],
        "newer_guide": newer_version(debrief.guide_version)
        if schedules and debrief.held_at is None and debrief.closed_at is None
        else None,
        "may_erase": person.has_role(Role.ADMIN) and debrief.contact.erased_at is None,
        "now": now,
    }
