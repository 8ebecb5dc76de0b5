"""The delivered words of each kind of notice: its subject, its templates, and what people call it.

Rooms above register the words of theirs (`register`), so that a programme chooses all of them on the same page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import Person, Programme


@dataclass(frozen=True)
class Words:
    """The words of one kind: a subject with names in it, and the folder's template for text and HTML."""

    subject: "str | Promise"
    template: str
    to_prospect: bool = False
    stoppable: bool = False
    method: str = ""


WORDS = {
    "debrief_assigned": Words(gettext_lazy("You are to interview %(company)s"), "debrief_assigned"),
    "own_view_wanted": Words(
        gettext_lazy("Your own view of %(company)s, before the buyer is asked"), "own_view_wanted"
    ),
    "prospect_invited": Words(
        gettext_lazy("A short conversation about your decision"), "prospect_invited", to_prospect=True, stoppable=True
    ),
    "prospect_nudge_1": Words(
        gettext_lazy("A short conversation about your decision"), "prospect_nudge", to_prospect=True, stoppable=True
    ),
    "prospect_nudge_2": Words(
        gettext_lazy("A short conversation about your decision"), "prospect_nudge", to_prospect=True, stoppable=True
    ),
    "call_booked": Words(gettext_lazy("Booked: %(when)s"), "call_booked", method="REQUEST"),
    "briefing_ready": Words(gettext_lazy("The briefing on %(company)s is ready"), "briefing_ready"),
    "call_moved": Words(gettext_lazy("Moved: now %(when)s"), "call_moved", method="REQUEST"),
    "call_cancelled": Words(gettext_lazy("Cancelled: %(when)s"), "call_cancelled", method="CANCEL"),
    "call_handed_over": Words(gettext_lazy("Handed over: %(when)s"), "call_handed_over", method="CANCEL"),
    "debrief_unassigned": Words(gettext_lazy("Somebody else interviews %(company)s"), "debrief_unassigned"),
    "debrief_stopped": Words(gettext_lazy("Stopped: %(company)s needs another interviewer"), "debrief_stopped"),
    "call_reminder_day": Words(gettext_lazy("Tomorrow: %(when)s"), "call_reminder"),
    "call_reminder_hour": Words(gettext_lazy("In an hour: %(when)s"), "call_reminder"),
    "prospect_thanks": Words(gettext_lazy("Thank you for the conversation"), "prospect_thanks", to_prospect=True),
    "written_thanks": Words(gettext_lazy("Thank you for your answers"), "prospect_thanks_written", to_prospect=True),
    "written_sent": Words(gettext_lazy("Answered in writing: %(company)s"), "written_sent"),
    "prospect_wrote": Words(gettext_lazy("The buyer wrote: %(company)s"), "prospect_wrote"),
    "mail_came_in": Words(gettext_lazy("A mail came in that wants you: %(company)s"), "mail_came_in"),
    "write_up_due": Words(gettext_lazy("The write-up of %(company)s is due"), "write_up_due"),
    "write_up_overdue": Words(gettext_lazy("The write-up of %(company)s is overdue"), "write_up_overdue"),
    "window_closing": Words(gettext_lazy("Windows are closing: %(count)s"), "window_closing"),
}
LABELS = {
    "debrief_assigned": gettext_lazy("Assignment to the interviewer"),
    "own_view_wanted": gettext_lazy("Own view wanted"),
    "prospect_invited": gettext_lazy("Invitation"),
    "prospect_nudge_1": gettext_lazy("First nudge"),
    "prospect_nudge_2": gettext_lazy("Second nudge"),
    "call_booked": gettext_lazy("Confirmation with calendar file"),
    "briefing_ready": gettext_lazy("Briefing ready"),
    "call_moved": gettext_lazy("New time with calendar file"),
    "call_cancelled": gettext_lazy("Cancellation with calendar file"),
    "call_handed_over": gettext_lazy("Handed over, with calendar file"),
    "debrief_unassigned": gettext_lazy("Assignment ended"),
    "debrief_stopped": gettext_lazy("Debrief stopped"),
    "call_reminder_day": gettext_lazy("Reminder a day before"),
    "call_reminder_hour": gettext_lazy("Reminder an hour before"),
    "prospect_thanks": gettext_lazy("Thanks"),
    "written_thanks": gettext_lazy("Thanks for answers in writing"),
    "written_sent": gettext_lazy("Answers in writing came"),
    "prospect_wrote": gettext_lazy("The buyer wrote"),
    "mail_came_in": gettext_lazy("A mail came in"),
    "write_up_due": gettext_lazy("Write-up due"),
    "write_up_overdue": gettext_lazy("Write-up overdue"),
    "window_closing": gettext_lazy("Windows closing"),
}


@dataclass(frozen=True)
class Sample:
    """Real data for a mail that is only shown: to whom, of which programme, and what stands behind each name in the active language."""

    to: str
    programme: Programme
    time_zone: str
    values: Callable[[], dict[str, str]]


@dataclass(frozen=True)
class WordsElsewhere:
    """The words of a mail to our people that a room above sends.

    `template` is the whole name without ending; `context(kind, when)` gives what it needs, names in curly brackets where a mail has
    values. `names` are those that words may hold. `sample(person, kind, now)` is a real mail's data that the person may see, or None.
    """

    label: "str | Promise"
    subject: "str | Promise"
    template: str
    names: tuple[str, ...]
    context: Callable[[str, datetime], dict[str, Any]]
    sample: Callable[[Person, str, datetime], Sample | None]


ELSEWHERE: dict[str, WordsElsewhere] = {}


def register(kind: str, words: WordsElsewhere) -> None:
    """Lets programmes choose the words of a kind that a room above sends; called from `AppConfig.ready()`."""
    ELSEWHERE[kind] = words


def label_of(kind: str) -> "str | Promise":
    """What people call mails of this kind."""
    return ELSEWHERE[kind].label if kind in ELSEWHERE else LABELS[kind]


def is_stoppable(kind: str) -> bool:
    """Whether mails of this kind carry the way to stop them."""
    return kind in WORDS and WORDS[kind].stoppable


def is_about_a_call(kind: str) -> bool:
    """Whether mails of this kind know a time and a place."""
    return kind.startswith("call_") or kind == "briefing_ready"
