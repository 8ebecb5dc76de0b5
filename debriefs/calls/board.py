"""Debriefs in columns by state, why one is stuck, and the calls of a week."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.calls.models import Call, Debrief
from debriefs.calls.queries import can_be_booked, debriefs_visible_to
from debriefs.calls.rules import wall_time
from debriefs.calls.suggestions import free_counts
from debriefs.deals.enums import DebriefState as State

COLUMNS = (State.PLANNED, State.INVITED, State.BOOKED, State.DECLINED, State.HELD, State.WRITTEN_UP, State.REVIEWED)
SHOWN = 100
# When waiting becomes being stuck.
NOT_INVITED, NO_ANSWER, NOT_SENT, NOT_MARKED, NOT_REVIEWED, NOT_RELEASED = (
    timedelta(days=n) for n in (3, 7, 14, 1, 5, 5)
)


@dataclass(frozen=True)
class Card:
    """One debrief on the board: why it is stuck, or nothing; and its call where one is booked."""

    debrief: Debrief
    stuck: str
    call_at: datetime | None


@dataclass(frozen=True)
class Column:
    """One state with its cards, stuck ones first; `more` are not shown."""

    state: str
    label: str
    cards: list[Card]
    more: int


def columns(person: Person, now: datetime) -> list[Column]:
    """The columns, empty ones included. Eight queries, however many debriefs there are; a hundred cards a column."""
    rows = (
        debriefs_visible_to(person)
        .filter(state__in=COLUMNS)
        .select_related("programme", "deal__company", "contact", "interviewer__user", "interviewer__membership")
        .order_by("planned_at", "id")[: SHOWN * len(COLUMNS)]
    )
    debriefs = list(rows)
    standing = Call.objects.filter(debrief__in=debriefs, cancelled_at__isnull=True, no_show_at__isnull=True)
    calls = {call.debrief_id: call for call in standing}
    asking = {one.interviewer_id: one.interviewer for one in debriefs if one.state == State.INVITED}
    free = free_counts(asking.values(), minutes=30, now=now)
    cards: dict[str, list[Card]] = {state: [] for state in COLUMNS}
    for one in debriefs:
        call = calls.get(one.pk)
        stuck = stuck_because(one, now=now, call=call, free=free.get(one.interviewer_id))
        cards[one.state].append(Card(one, stuck, call.starts_at if call else None))
    return [
        Column(
            state,
            str(state.label),
            sorted(cards[state], key=lambda card: not card.stuck)[:SHOWN],
            max(0, len(cards[state]) - SHOWN),
        )
        for state in COLUMNS
    ]


def stuck_because(debrief: Debrief, *, now: datetime, call: Call | None, free: int | None) -> str:
    """Why the debrief does not move, in a sentence with what to do; nothing where it does. No query."""
    if debrief.interviewer_ended_at is not None:
        return _("Its interviewer changed sides. Choose another one.")
    if debrief.paused_at is not None:
        return _("Paused: %(reason)s") % {"reason": debrief.pause_reason}
    if debrief.state in (State.PLANNED, State.INVITED, State.BOOKED) and not can_be_booked(debrief.interviewer):
        return _("Its interviewer is no longer here. Choose another one; a booked call is handed over.")
    if debrief.state == State.PLANNED and now - debrief.planned_at > NOT_INVITED:
        return _("Planned and not invited. Send the invitation, or close it.")
    if debrief.state == State.INVITED and debrief.written_sent_at is not None:
        return "" if now - debrief.written_sent_at < NO_ANSWER else _("Answered in writing, and no call booked since.")
    if debrief.state == State.INVITED and debrief.writing_chosen_at is not None:
        since = max(debrief.writing_chosen_at, debrief.written_begun_at or debrief.writing_chosen_at)
        return (
            ""
            if now - since < NOT_SENT
            else _("In writing for two weeks and not sent. Reach the contact, or close it.")
        )
    if debrief.state == State.INVITED and free == 0:
        return _("The interviewer has no free time to offer. Ask for more hours, or hand it over.")
    if debrief.state == State.INVITED and debrief.invited_at and now - debrief.invited_at > NO_ANSWER:
        return _("No answer for a week. Reach the contact another way, or close it.")
    if debrief.state == State.BOOKED and call is not None and call.ends_at > now:
        return _read_otherwise(call)
    if debrief.state == State.BOOKED and call is not None and now - call.ends_at > NOT_MARKED:
        return _("The call is over. Say whether it took place or who did not come.")
    if debrief.state == State.DECLINED and debrief.decline_reason == "not_now":
        return _("The buyer said “not now”. Offer it again later, or close it.")
    if debrief.state == State.DECLINED:
        return _("The buyer declined. Ask somebody else, or close it.")
    due = timedelta(days=debrief.programme.write_up_due_days)
    if debrief.state == State.HELD and debrief.held_at and now - debrief.held_at > due:
        return _("The write-up is overdue.")
    if debrief.state == State.WRITTEN_UP and debrief.written_up_at and now - debrief.written_up_at > NOT_REVIEWED:
        return _("Waits for a reviewer.")
    if debrief.state == State.REVIEWED and debrief.reviewed_at and now - debrief.reviewed_at > NOT_RELEASED:
        return _("Reviewed and not released.")
    return ""


def _read_otherwise(call: Call) -> str:
    means = wall_time(call.starts_at, call.agreed_time_zone)
    if means != call.agreed_wall_time:
        # The instant stays as booked, and so do the calendars; which of the two the buyer means, only they know.
        return _(
            "The clocks of %(zone)s changed their rules: agreed was %(agreed)s there, which is %(means)s now. Ask the buyer which counts."
        ) % {"zone": call.agreed_time_zone, "agreed": call.agreed_wall_time, "means": means}
    return ""


def week(person: Person, day: date, zone: str) -> dict[str, Any]:
    """The seven days around `day` in the zone with their calls, and the days before and after to lead on to. One query."""
    monday = day - timedelta(days=day.weekday())
    here = ZoneInfo(zone)
    first, last = (datetime.combine(one, time(), tzinfo=here) for one in (monday, monday + timedelta(days=7)))
    calls = (
        Call.objects.filter(
            debrief__in=debriefs_visible_to(person), starts_at__gte=first, starts_at__lt=last, cancelled_at__isnull=True
        )
        .select_related("debrief__deal__company", "debrief__contact", "interviewer")
        .order_by("starts_at")
    )
    days: dict[date, list[Call]] = {monday + timedelta(days=number): [] for number in range(7)}
    for call in calls:
        days[call.starts_at.astimezone(here).date()].append(call)
    return {
        "days": list(days.items()),
        "before": monday - timedelta(days=7),
        "after": monday + timedelta(days=7),
        "zone": zone,
        "count": sum(len(one) for one in days.values()),
    }
