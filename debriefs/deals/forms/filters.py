"""The filters of the deal list as they stand in the address; whatever stands there, nothing breaks."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.models import Programme
from debriefs.deals.enums import DECIDED, DebriefState, Outcome
from debriefs.deals.paging import ORDERS, SHOWN, Cursor
from debriefs.deals.rules import WINDOWS

QUARTERS_OFFERED = 12


# What an address keeps from page to page, in this order.
KEPT = ("q", "show", "outcome", "team", "owner", "quarter", "least", "most", "segment", "competitor", "state", "window", "sort")  # fmt: skip
_ANY = {"team": _("Any team"), "owner": _("Any owner"), "segment": _("Any segment"), "competitor": _("Any competitor")}


@dataclass(frozen=True)
class Offered:
    """What the reader may filter by, each as value and name: teams, owners, segments, competitors."""

    teams: dict[UUID, str]
    owners: dict[UUID, str]
    segments: dict[str, str]
    competitors: dict[UUID, str]

    def by_field(self) -> dict[str, dict[Any, str]]:
        """The same by the filter's name."""
        return {
            "team": self.teams,
            "owner": self.owners,
            "segment": self.segments,
            "competitor": self.competitors,
        }


@dataclass(frozen=True)
class Chip:
    """A filter that is on: what it is, its value in words, the query string without it."""

    label: str
    value: str
    without: str


class SavedViewForm(forms.Form):
    """A name for a view of the list, and what it shows as a query string."""

    name = forms.CharField(max_length=60, label=_("Name of the view"))
    query = forms.CharField(max_length=1_000, required=False)


class LongSelect(forms.Select):
    """A select put together without a template for each of its options, of which there may be hundreds."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The element with its options; the chosen one is marked."""
        chosen = "" if value is None else str(value)
        options = "".join(
            [
                f'<option value="{escape(key)}"{" selected" if str(key) == chosen else ""}>{escape(label)}</option>'
                for key, label in self.choices
            ]
        )
        return format_html(
            '<select name="{}"{}>{}</select>',
            name,
            flatatt(self.build_attrs(self.attrs, attrs)),
            mark_safe(options),  # noqa: S308 - escaped above
        )


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
    owner = forms.UUIDField(required=False, label=_("Owner"))
    segment = forms.CharField(required=False, max_length=80, label=_("Segment"))
    competitor = forms.UUIDField(required=False, label=_("Competitor"))
    least = forms.DecimalField(required=False, label=_("Amount from"), min_value=0, max_digits=14, decimal_places=2)
    most = forms.DecimalField(required=False, label=_("Amount up to"), min_value=0, max_digits=14, decimal_places=2)
    window = forms.ChoiceField(required=False, label=_("Window"), choices=[("", _("Any window")), *WINDOWS.items()])
    sort = forms.ChoiceField(required=False, choices=list(ORDERS.items()), label=_("Order"))
    after = forms.CharField(required=False, max_length=400)

    def __init__(self, query: QueryDict, *, offered: Offered, today: date) -> None:
        super().__init__(query)
        self._query, self._today, self._offered = query, today, offered
        self.is_valid()
        self.left_out = sorted(name for name in self.errors if name in query)
        for name, known in offered.by_field().items():
            chosen = self.cleaned_data.get(name)
            if chosen and chosen not in known:
                # What one may not know of filters nothing and is not confirmed either.
                del self.cleaned_data[name]
                self.left_out.append(name)
            choices = [("", _ANY[name]), *known.items()]
            self.fields[name].widget = LongSelect(choices=choices, attrs={"class": "form-select"})
        self.fields["quarter"].widget = forms.Select(choices=[("", _("Any time")), *_quarters(today, self["quarter"])])
        for name in ("outcome", "quarter", "state", "window", "sort"):
            choices = self.fields[name].widget.choices
            self.fields[name].widget = LongSelect(choices=choices, attrs={"class": "form-select"})
        for name in ("least", "most"):
            self.fields[name].widget.attrs["class"] = "form-control"

    def chosen(self, name: str, default: Any = "") -> Any:
        """The value of a filter, or the default where it is off or could not be read."""
        return self.cleaned_data.get(name) or default

    def choices(self, programme: Programme) -> dict[str, Any]:
        """The filters as `queries.filtered` takes them; the programme's settings say how its windows run."""
        return {
            "shown": self.shown,
            "q": self.chosen("q"),
            "outcome": self.chosen("outcome"),
            "team_id": self.chosen("team", None),
            "owner_id": self.chosen("owner", None),
            "quarter": self.chosen("quarter"),
            "state": self.chosen("state"),
            "segment": self.chosen("segment"),
            "competitor_id": self.chosen("competitor", None),
            "least": self.cleaned_data.get("least"),
            "most": self.cleaned_data.get("most"),
            "window": self.chosen("window"),
            "today": self._today,
            "programme": programme,
        }

    def kept_query(self) -> str:
        """The query string as a saved view keeps it: filters and order, no page, without the question mark."""
        return self.address()[1:]

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
            **{name: known.get(self.chosen(name), "") for name, known in self._offered.by_field().items()},
            "quarter": self.chosen("quarter"),
            "state": self._label("state", DebriefState),
            "least": self._number("least"),
            "most": self._number("most"),
            "window": str(WINDOWS.get(self.chosen("window"), "")),
        }
        labels = {"q": _("Found by")} | {name: self.fields[name].label for name in words if name != "q"}
        return [Chip(str(labels[name]), str(word), self.address(**{name: ""})) for name, word in words.items() if word]

    def address(self, **changes: str) -> str:
        """The query string with the changes, always from the first page unless `after` is given."""
        kept = {name: str(self.cleaned_data[name]) for name in KEPT if self.cleaned_data.get(name) not in (None, "")}
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

    def _number(self, name: str) -> str:
        value = self.cleaned_data.get(name)
        return "" if value is None else f"{value:f}"

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
