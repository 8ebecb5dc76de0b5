"""The rows of the deal list as they stand in the table: put together without a template for each of their cells.

Fifty rows are most of the page. Everything that comes from outside is escaped here, cell by cell; small parts with few different
contents come from the components, which render each content once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from debriefs.core import words
from debriefs.core.templatetags import ui
from debriefs.deals.enums import DECIDED, HEARD, DebriefState, Outcome, Selection, WithdrawnBy
from debriefs.deals.window import Window


@dataclass(frozen=True, slots=True)
class ListedDeal:
    """What a row shows of a deal; `company`, `offering` and `team` are names."""

    pk: UUID
    name: str
    company: str | None
    offering: str | None
    team: str | None
    outcome: str
    withdrawn_by: str
    decided_on: date | None
    implementation_starts_on: date | None
    selection: str
    selection_reason: str
    debrief_state: str
    amount: Decimal | None
    currency: str

    @property
    def awaits_debrief(self) -> bool:
        """As Deal.awaits_debrief says it."""
        return (
            self.outcome in DECIDED
            and self.selection != Selection.PASSED_OVER
            and self.debrief_state not in (*HEARD, DebriefState.CLOSED)
        )


class RowWriter:
    """Writes rows in the active language. `page` is the address of a deal's page with `slot` in the place of its id."""

    def __init__(self, *, page: str, slot: str, today: date, interviewers: dict[UUID, list[str]] | None) -> None:
        self._before, self._after = page.split(slot)
        self._today, self._interviewers = today, interviewers
        self._labels = {
            "outcome": _("Outcome"), "decided": _("Decided"), "window": _("Window"), "debrief": _("Debrief"),
            "person": _("Team") if interviewers is None else _("Interviewer"), "amount": _("Amount"),
        }  # fmt: skip
        self._label = {name: escape(label) for name, label in self._labels.items()}
        self._faint = {
            name: f'<span class="faint">{escape(said)}</span>'
            for name, said in {
                "not_yet": _("Not yet"), "not_asked": _("Not asked"), "none_yet": _("None yet"), "not_needed": _("Not needed"), "not_known": _("Not known"),
                "after": _("After the decision"),
            }.items()
        }  # fmt: skip
        self._no_company, self._cooling = escape(_("Company not known")), _("Cooling off")
        self._passed_over = Selection.PASSED_OVER.label
        # A part with the same content is asked for once per page.
        self._known: dict[Any, str] = {}

    def table(self, rows: Iterable[tuple[ListedDeal, Window | None]]) -> SafeString:
        """The rows of the table's body."""
        return mark_safe("".join([self._row(deal, window) for deal, window in rows]))  # noqa: S308 - every cell is escaped below

    def _row(self, deal: ListedDeal, window: Window | None) -> str:
        label = self._label
        if deal.company:
            what, sub = deal.company, escape(deal.name)
        else:
            what, sub = deal.name, escape(deal.offering) if deal.offering else self._no_company
        return (
            f'<tr><th scope="row"><a class="what" href="{self._before}{deal.pk}{self._after}">{escape(what)}</a>'
            f'<span class="sub">{sub}</span></th>'
            f'<td data-label="{label["outcome"]}">{self._outcome(deal)}</td>'
            f'<td data-label="{label["decided"]}">{self._decided(deal)}</td>'
            f'<td class="w" data-label="{label["window"]}">{self._window(deal, window)}</td>'
            f'<td data-label="{label["debrief"]}">{self._debrief(deal, window)}</td>'
            f'<td data-label="{label["person"]}">{self._person(deal)}</td>'
            f'<td class="right num" data-label="{label["amount"]}">{self._amount(deal)}</td></tr>'
        )

    def _outcome(self, deal: ListedDeal) -> str:
        key = ("outcome", deal.outcome, deal.withdrawn_by)
        if key not in self._known:
            side = escape(WithdrawnBy(deal.withdrawn_by).label) if deal.withdrawn_by else ""
            self._known[key] = ui.outcome(deal.outcome) + (f'<span class="sub">{side}</span>' if side else "")
        return self._known[key]

    def _decided(self, deal: ListedDeal) -> str:
        day = deal.decided_on
        if day is None:
            return self._faint["not_yet"]
        if day not in self._known:
            said, ago = escape(words.on_day(day)), escape(words.age(day))
            self._known[day] = f'<span class="num">{said}</span><span class="sub">{ago}</span>'
        return self._known[day]

    def _window(self, deal: ListedDeal, window: Window | None) -> str:
        if window is None:
            return self._faint["not_asked"] if deal.selection == Selection.PASSED_OVER else ""
        if window not in self._known:
            left = ui.window_left(window)
            self._known[window] = f'{ui.deal_window(window)}<span class="sub {window.urgency}">{left}</span>'
        return self._known[window]

    def _debrief(self, deal: ListedDeal, window: Window | None) -> str:
        is_none = deal.debrief_state == DebriefState.NONE
        if is_none and deal.selection == Selection.PASSED_OVER:
            pill = ui.pill("", self._passed_over, "skip-forward")
            return f'{pill}<span class="sub">{escape(deal.selection_reason)}</span>'
        if is_none and window is not None and window.is_cooling_off:
            return ui.pill("", self._cooling, "hourglass")
        if is_none and deal.outcome == Outcome.OPEN:
            return self._faint["after"]
        key = ("state", deal.debrief_state)
        if key not in self._known:
            self._known[key] = ui.state_pill(deal.debrief_state, DebriefState(deal.debrief_state).label)
        return self._known[key]

    def _person(self, deal: ListedDeal) -> str:
        if self._interviewers is None:
            return escape(deal.team or "–")
        names = self._interviewers.get(deal.pk)
        if names:
            return escape(", ".join(names))
        return self._faint["not_needed" if deal.selection == Selection.PASSED_OVER else "none_yet"]

    def _amount(self, deal: ListedDeal) -> str:
        return self._faint["not_known"] if deal.amount is None else escape(words.amount(deal.amount, deal.currency))
