"""Forms of selection: the rules in words, an exclusion, a decision by hand."""

from typing import Any

from crispy_forms.layout import HTML, Div, Fieldset
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import Programme, Team
from debriefs.core.layouts import page_form
from debriefs.deals.enums import DECIDED, ExclusionKind, Selection
from debriefs.deals.models import Company, Competitor, SelectionRules
from debriefs.deals.queries import companies_of, competitors_of
from debriefs.deals.rules import name_key
from debriefs.deals.selection_rules import RulesDraft, Share
from debriefs.deals.values import joined_names, read_names

# Strata with a share of their own beside the four of the outcomes.
STRATA = 4
MOST_NAMES = 50
_STRATUM = {"outcome": _("Outcome"), "segment": _("Segment"), "percent": _("Share, per cent")}


def _percent(label: Any, *, required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=100, required=required)


def _days(label: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, validators=[MinValueValidator(0), MaxValueValidator(most)])


class RulesForm(forms.Form):
    """The rules of a programme. `draft()` after validation."""

    outcomes = forms.MultipleChoiceField(
        label=_("Which outcomes are asked about?"),
        choices=[(outcome.value, outcome.label) for outcome in DECIDED],
        widget=forms.CheckboxSelectMultiple,
    )
    minimum_amount = forms.DecimalField(
        label=_("Smallest amount"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    segments = forms.CharField(
        label=_("Only these segments"),
        required=False,
        max_length=1000,
        help_text=_("Several joined by commas, or by semicolons where a name has a comma."),
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(), label=_("Only deals of these teams"), required=False, widget=forms.CheckboxSelectMultiple
    )
    competitors = forms.CharField(
        label=_("Only where one of these competitors was met"),
        required=False,
        max_length=2000,
        help_text=_(
            "As they are called on deals. Several joined by commas, or by semicolons where a name has a comma."
        ),
    )
    share_won = _percent(_("Of won deals, per cent"))
    share_lost = _percent(_("Of lost deals, per cent"))
    share_withdrawn = _percent(_("Of withdrawn deals, per cent"))
    share_rejected = _percent(_("Of rejected deals, per cent"))
    seed = forms.IntegerField(
        label=_("Seed of the sample"),
        min_value=0,
        max_value=2**53,
        help_text=_("Another number draws another sample; the same number draws the same one on any day."),
    )
    contact_protection_days = _days(_("Days until the same person may be asked again"), 730)
    cooling_off_days = _days(_("Days of cooling off after a decision"), 60)
    best_within_days = _days(_("Best within days"), 365)
    overdue_after_days = _days(_("Overdue after days"), 365)

    def __init__(self, *args: Any, programme: Programme, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._programme = programme
        teams = Team.objects.filter(programme=programme).order_by("name")
        self.fields["teams"].queryset = teams  # type: ignore[attr-defined]
        self.fields["minimum_amount"].help_text = _("In %(currency)s. Deals of an unknown amount stay in.") % {
            "currency": programme.currency
        }
        rows = [self._add_stratum(number) for number in range(1, STRATA + 1)]
        share = [Div(f"share_{outcome.value}", css_class="col-md-3 col-6") for outcome in DECIDED]
        self.helper = page_form(
            self,
            Fieldset(_("What is asked about"), "outcomes", "minimum_amount", "segments", "teams", "competitors"),
            Fieldset(_("How many of them"), Div(*share, css_class="row"), "seed"),
            Fieldset(
                _("Shares that go before those above"),
                HTML(f'<p class="form-text">{_("The first that fits a deal counts. Leave the share empty for none.")}</p>'),
                *rows,
            ),
            Fieldset(
                _("When"),
                Div(Div("cooling_off_days", css_class="col-md"), Div("best_within_days", css_class="col-md"), css_class="row"),
                Div(Div("overdue_after_days", css_class="col-md"), Div("contact_protection_days", css_class="col-md"), css_class="row"),
                HTML(f'<p class="form-text">{_("For a win the best time ends on the day before implementation starts.")}</p>'),
            ),
            HTML(
                f'<p class="form-acts"><button class="btn btn-quiet" type="submit" name="step" value="preview">{_("Show what they would have chosen")}</button></p>'
            ),
            act=_("Save the rules"),
            back=back,
        )  # fmt: skip
        # The sentence above the strata says that they may be left empty.
        for number in range(1, STRATA + 1):
            for part, label in _STRATUM.items():
                self.fields[f"stratum_{number}_{part}"].label = label

    def _add_stratum(self, number: int) -> Div:
        names = [f"stratum_{number}_{part}" for part in _STRATUM]
        choices = [("", _("Any outcome")), *((outcome.value, outcome.label) for outcome in DECIDED)]
        self.fields[names[0]] = forms.ChoiceField(label=_("Outcome"), choices=choices, required=False)
        self.fields[names[1]] = forms.CharField(label=_("Segment"), max_length=80, required=False)
        self.fields[names[2]] = _percent(_("Share, per cent"), required=False)
        return Div(*(Div(name, css_class="col-md") for name in names), css_class="row")

    def clean_segments(self) -> tuple[str, ...]:
        """The names, each once."""
        return _names(self.cleaned_data["segments"], 80)

    def clean_competitors(self) -> tuple[Competitor, ...]:
        """The programme's competitors of these names; a name that is none of theirs is an error."""
        names = _names(self.cleaned_data["competitors"], 200)
        known = {
            one.name_key: one
            for one in competitors_of(self._programme).filter(name_key__in=[name_key(name) for name in names])
        }
        missing = [name for name in names if name_key(name) not in known]
        if missing:
            raise forms.ValidationError(_("No deal names a competitor called %(name)s."), params={"name": missing[0]})
        return tuple(known[name_key(name)] for name in names)

    def clean(self) -> dict[str, Any]:
        """The ends of the window in order; a stratum with its share."""
        data = super().clean() or {}
        ends = [data.get(name) for name in ("cooling_off_days", "best_within_days", "overdue_after_days")]
        if None not in ends and not ends[0] < ends[1] <= ends[2]:  # type: ignore[operator]
            self.add_error(
                "best_within_days", _("The cooling-off ends before the best time, and that before the overdue day.")
            )
        for number in range(1, STRATA + 1):
            percent, segment = data.get(f"stratum_{number}_percent"), data.get(f"stratum_{number}_segment")
            if segment and percent is None and f"stratum_{number}_percent" not in self.errors:
                self.add_error(f"stratum_{number}_percent", _("Say how many of a hundred are chosen."))
        return data

    def draft(self) -> RulesDraft:
        """What was typed, as the action takes it."""
        data = self.cleaned_data
        first = [
            Share(
                data[f"stratum_{number}_percent"],
                data[f"stratum_{number}_outcome"],
                " ".join(data[f"stratum_{number}_segment"].split()),
            )
            for number in range(1, STRATA + 1)
            if data[f"stratum_{number}_percent"] is not None
        ]
        last = [Share(data[f"share_{outcome.value}"], outcome.value) for outcome in DECIDED]
        return RulesDraft(
            outcomes=tuple(data["outcomes"]),
            minimum_amount=data["minimum_amount"],
            segments=data["segments"],
            team_ids=tuple(team.pk for team in data["teams"]),
            competitor_ids=tuple(competitor.pk for competitor in data["competitors"]),
            shares=(*first, *(share for share in last if share.percent < 100)),
            seed=data["seed"],
            cooling_off_days=data["cooling_off_days"],
            best_within_days=data["best_within_days"],
            overdue_after_days=data["overdue_after_days"],
            contact_protection_days=data["contact_protection_days"],
        )


def initial_rules(programme: Programme, stored: SelectionRules | None) -> dict[str, Any]:
    """What the form starts with: the version in force, or every decided deal; the window as the programme has it now."""
    window = ("cooling_off_days", "best_within_days", "overdue_after_days", "contact_protection_days")
    values: dict[str, Any] = {name: getattr(programme, name) for name in window}
    values |= {f"share_{outcome.value}": 100 for outcome in DECIDED} | {"outcomes": list(DECIDED), "seed": 1}
    if stored is None:
        return values
    named = Competitor.objects.filter(programme=programme, pk__in=stored.competitor_ids).order_by("name_key")
    values |= {
        "outcomes": stored.outcomes,
        "minimum_amount": stored.minimum_amount,
        "segments": joined_names(stored.segments),
        "teams": stored.team_ids,
        "competitors": joined_names(named.values_list("name", flat=True)),
        "seed": stored.seed,
    }
    number = 0
    for index, share in enumerate(stored.shares):
        plain = share["outcome"] and not share["segment"]
        repeated = any(
            share["outcome"] == later["outcome"] and not later["segment"] for later in stored.shares[index + 1 :]
        )
        if plain and not repeated and share["percent"] < 100:
            values[f"share_{share['outcome']}"] = share["percent"]
        else:
            number += 1
            values |= {f"stratum_{number}_{part}": share[part] for part in ("outcome", "segment", "percent")}
    return values


class ExclusionForm(forms.Form):
    """A company or a segment to leave out. One deal is left out on its own page."""

    kind = forms.ChoiceField(label=_("Out of what?"), choices=ExclusionKind.choices, widget=forms.RadioSelect)
    company = forms.CharField(
        label=_("Company"), max_length=200, required=False, help_text=_("As it is called on its deals.")
    )
    segment = forms.CharField(label=_("Or segment"), max_length=80, required=False)
    reason = forms.CharField(label=_("Why?"), max_length=200, help_text=_("Everybody who sees such a deal reads this."))

    def __init__(self, *args: Any, programme: Programme, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._programme = programme
        self.helper = page_form(self, act=_("Leave it out"), back=back)

    def clean_company(self) -> Company | None:
        """The programme's company of this name."""
        name = str(self.cleaned_data["company"])
        if not name.strip():
            return None
        found = companies_of(self._programme).filter(name_key=name_key(name)).first()
        if found is None:
            raise forms.ValidationError(_("No deal is with a company of this name."))
        return found


class DecisionForm(forms.Form):
    """What the programme manager decides about one deal: above the rules, or an exclusion of this deal alone."""

    OUT_OF_OUTREACH, OUT_OF_STATISTICS = "out_of_outreach", "out_of_statistics"
    decision = forms.ChoiceField(
        label=_("What is decided?"),
        choices=[
            (Selection.CHOSEN.value, _("Choose it, whatever the rules say")),
            (Selection.PASSED_OVER.value, _("Pass it over, whatever the rules say")),
            (OUT_OF_OUTREACH, _("Exclude it from outreach")),
            (OUT_OF_STATISTICS, _("Exclude it from all statistics")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why?"), max_length=200, help_text=_("It stays on the deal for everybody to read, and is counted.")
    )

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Decide it so"), back=back)

    @property
    def exclusion_kind(self) -> str:
        """The kind of exclusion that was chosen; "" for a decision above the rules."""
        kinds = {
            self.OUT_OF_OUTREACH: ExclusionKind.OUTREACH.value,
            self.OUT_OF_STATISTICS: ExclusionKind.STATISTICS.value,
        }
        return kinds.get(self.cleaned_data["decision"], "")


def _names(text: str, longest: int) -> tuple[str, ...]:
    """Names joined by commas, each once, as `name_key` compares them."""
    names = {name_key(name): name for name in read_names(text)}
    if len(names) > MOST_NAMES:
        raise forms.ValidationError(_("Name at most %(n)d."), params={"n": MOST_NAMES})
    if any(len(name) > longest for name in names.values()):
        raise forms.ValidationError(_("A name here has at most %(n)d characters."), params={"n": longest})
    return tuple(names.values())
