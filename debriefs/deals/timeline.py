"""How the sale went, in the order of days: what the facts, the notes and the history say. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from debriefs.deals.enums import DECIDED, Outcome
from debriefs.deals.models import Deal, DealChange, SalesNote
from debriefs.deals.window import Window

# Of a note, so much; the whole stands below.
NOTE_LETTERS = 140


@dataclass(frozen=True)
class Event:
    """One day of the sale in a sentence; `is_now` for today's."""

    on: date
    text: str
    is_now: bool = False


def timeline_of(
    deal: Deal,
    *,
    notes: Iterable[SalesNote],
    stages: Iterable[DealChange],
    window: Window | None,
    today: date,
    has_record: bool,
) -> list[Event]:
    """The events, oldest first; on one day in the order in which a sale runs. `notes` and `stages` are what the reader may see;
    who won is said where they read the record (`has_record`).
    """
    events = [
        *([Event(deal.opened_on, _("Opened."))] if deal.opened_on else []),
        *([Event(deal.announced_on, _("The debrief was announced to the buyer."))] if deal.announced_on else []),
        *(Event(note.written_on, Truncator(" ".join(note.text.split())).chars(NOTE_LETTERS)) for note in notes),
        *(
            Event(change.at.date(), _("Stage: %(stage)s.") % {"stage": change.after})
            for change in stages
            if change.after
        ),
    ]
    if deal.decided_on and deal.outcome in DECIDED:
        events.append(Event(deal.decided_on, _decided(deal, has_record)))
    if deal.implementation_starts_on:
        starts = _("Implementation starts.") if deal.implementation_starts_on > today else _("Implementation started.")
        events.append(Event(deal.implementation_starts_on, starts))
    if window is not None and not window.is_overdue:
        events.append(Event(today, _today(window), is_now=True))
    return sorted(events, key=lambda event: event.on)


def _decided(deal: Deal, has_record: bool) -> str:
    if deal.outcome == Outcome.WON:
        return _("Decided for us.")
    if deal.outcome == Outcome.LOST and deal.winner_id and has_record:
        return _("Decided for %(name)s.") % {"name": deal.winner}
    return {
        Outcome.LOST: _("Decided against us."),
        Outcome.WITHDRAWN: _("Withdrawn."),
        Outcome.REJECTED: _("Rejected."),
    }[Outcome(deal.outcome)]


def _today(window: Window) -> str:
    if window.is_cooling_off:
        return _("Today. Cooling off.")
    if window.is_closed:
        return _("Today. The best time for a debrief is over.")
    return _("Today. The best time for a debrief is running.")
