"""The filters of the deal list as they stand in the address; whatever stands there, nothing breaks."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from debriefs.deals.enums import DECIDED, DebriefState, Outcome
from debriefs.deals.paging import ORDERS, SHOWN, Cursor

QUARTERS_OFFERED = 12


@dataclass(frozen=True)
class Chip:
    """A filter that is on: what it is, its value in words, the query string without it."""

    label: str
    value: str
    without: str


class DealFilter(forms.Form):
    """Every parameter of the list. What cannot be read is left out, and `left_out` says which."""

    q = forms.CharField(required=False, max_length=200, label=_("Find a company, deal or offering"))
    show = forms.ChoiceField(required=False, choices=list(SHOWN.items()))
    outcome = forms.ChoiceField(
        required=False,
        label=_("Outcome"),
        choices=[("", _("Any outcome")), *((value, Outcome(value).label) for value in DECIDED)],
    )
    team = forms.UUIDField(required=False, label=_("Team"))
    quarter = forms.RegexField(required=False, regex=r"\A(?:19[7-9]|20[0-9])[0-9]-Q[1-4]\Z", label=_("Decided in"))
    state = forms.ChoiceField(required=False, label=_("Debrief"), choices=[("", _("Any state")), *DebriefState.choices])
    sort = forms.ChoiceField(required=False, choices=list(ORDERS.items()), label=_("Order"))
    after = forms.CharField(required=False, max_length=400)

    def __init__(self, query: QueryDict, *, teams: list[Team], today: date) -> None:
        super().__init__(query)
        self._query, self._teams = query, {team.pk: team for team in teams}
        self.is_valid()
        self.left_out = sorted(name for name in self.errors if name in query)
        chosen = self.cleaned_data.get("team")
        if chosen is not None and chosen not in self._teams:
            # A team one may not know of filters nothing and is not confirmed either.
            del self.cleaned_data["team"]
            self.left_out.append("team")
        self.fields["team"].widget = forms.Select(
            choices=[("", _("Any team")), *((team.pk, team.name) for team in teams)]
        )
        self.fields["quarter"].widget = forms.Select(choices=[("", _("Any time")), *_quarters(today, self["quarter"])])
        for name in ("outcome", "team", "quarter", "state", "sort"):
            self.fields[name].widget.attrs["class"] = "form-select"

    def chosen(self, name: str, default: Any = "") -> Any:
        """The value of a filter, or the default where it is off or could not be read."""
        return self.cleaned_data.get(name) or default

    def choices(self) -> dict[str, Any]:
        """The filters as `queries.filtered` takes them."""
        return {
            "q": self.chosen("q"),
            "outcome": self.chosen("outcome"),
            "team_id": self.chosen("team", None),
            "quarter": self.chosen("quarter"),
            "state": self.chosen("state"),
        }

    @property
    def shown(self) -> str:
        """Which of the list's views is open."""
        return str(self.chosen("show", "decided"))

    @property
    def order(self) -> str:
        """The order, from the allowed ones."""
        return str(self.chosen("sort", "-decided"))

    @property
    def cursor(self) -> "Cursor | None":
        """Where the page before ended; None on the first page or for a cursor that was tampered with."""
        return Cursor.read(self.chosen("after"), self.order)

    @property
    def chips(self) -> list[Chip]:
        """The filters that are on, without the view and the order."""
        words = {
            "q": self.chosen("q"),
            "outcome": self._label("outcome", Outcome),
            "team": str(self._teams[self.chosen("team")]) if self.chosen("team") else "",
            "quarter": self.chosen("quarter"),
            "state": self._label("state", DebriefState),
        }
        labels = {"q": _("Found by")} | {name: self.fields[name].label for name in words if name != "q"}
        return [Chip(str(labels[name]), str(word), self.address(**{name: ""})) for name, word in words.items() if word]

    def address(self, **changes: str) -> str:
        """The query string with the changes, always from the first page unless `after` is given."""
        kept = {
            name: str(self.cleaned_data[name])
            for name in ("q", "show", "outcome", "team", "quarter", "state", "sort")
            if self.cleaned_data.get(name)
        }
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in (kept | changes).items() if value})
        return f"?{query.urlencode()}"

    def views(self) -> list[tuple[str, str, bool]]:
        """(label, query string, is open) of every view of the list."""
        return [(str(label), self.address(show=name), name == self.shown) for name, label in SHOWN.items()]

    @property
    def by_name(self) -> str:
        """The query string that sorts by the deal's name."""
        return self._sorted_by("name")

    @property
    def by_decided(self) -> str:
        """The query string that sorts by decision date, the other way round when it is sorted so already."""
        return self._sorted_by("decided")

    @property
    def by_amount(self) -> str:
        """The query string that sorts by amount, the other way round when it is sorted so already."""
        return self._sorted_by("amount")

    def _sorted_by(self, name: str) -> str:
        first, second = (f"-{name}", name) if f"-{name}" in ORDERS else (name, name)
        return self.address(sort=second if self.order == first else first)

    def _label(self, name: str, choices: Any) -> str:
        value = self.chosen(name)
        return str(choices(value).label) if value else ""


def _quarters(today: date, field: forms.BoundField) -> list[tuple[str, str]]:
    """The last quarters, and the chosen one where it is older."""
    year, number = today.year, (today.month - 1) // 3 + 1
    names = []
    for back in range(QUARTERS_OFFERED):
        index = year * 4 + number - 1 - back
        names.append(f"{index // 4}-Q{index % 4 + 1}")
    chosen = field.value()
    if field.form.cleaned_data.get("quarter") and chosen not in names:
        names.append(chosen)
    return [(name, name) for name in names]
