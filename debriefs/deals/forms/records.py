"""Forms about one deal: its facts, people, notes and own view."""

from datetime import date
from typing import Any

from crispy_forms.layout import HTML, Div
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Team
from debriefs.codebook.models import Driver
from debriefs.core.layouts import page_form
from debriefs.deals.deal_facts import DealFacts
from debriefs.deals.enums import CONTACT_LANGUAGES, DECIDED, FACT_NAMES, DecisionPart, Outcome, WithdrawnBy
from debriefs.deals.models import Deal
from debriefs.deals.rules import EARLIEST, LATEST, own_view_questions
from debriefs.deals.values import read_names
from debriefs.foundation.time_zones import ZONES


class DayField(forms.DateField):
    """A day within the years that every page can show."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(
            validators=[
                MinValueValidator(EARLIEST, _("Give a day from 1970 on.")),
                MaxValueValidator(LATEST, _("Give a day up to the year 2100.")),
            ],
            **kwargs,
        )


class DealForm(forms.Form):
    """The facts of a deal. `facts()` after validation; `version` is the version the person saw, 0 for a new deal."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    name = forms.CharField(max_length=250, label=FACT_NAMES["name"])
    company = forms.CharField(max_length=200, required=False, label=FACT_NAMES["company"])
    outcome = forms.ChoiceField(choices=Outcome.choices, label=FACT_NAMES["outcome"])
    withdrawn_by = forms.ChoiceField(
        required=False,
        label=FACT_NAMES["withdrawn_by"],
        choices=[("", _("Not withdrawn")), *WithdrawnBy.choices],
        help_text=_("Only for a withdrawn deal."),
    )
    decided_on = DayField(
        required=False,
        label=FACT_NAMES["decided_on"],
        help_text=_("The day on which the buyer decided. Empty only while the outcome is open."),
    )
    opened_on = DayField(required=False, label=FACT_NAMES["opened_on"])
    implementation_starts_on = DayField(required=False, label=FACT_NAMES["implementation_starts_on"])
    team = forms.ModelChoiceField(
        queryset=Team.objects.none(), required=False, label=FACT_NAMES["team"], empty_label=_("No team")
    )
    owner = forms.ModelChoiceField(
        queryset=Person.objects.none(), required=False, label=FACT_NAMES["owner"], empty_label=_("Nobody")
    )
    offering = forms.CharField(max_length=200, required=False, label=FACT_NAMES["offering"])
    solution_presented = forms.CharField(
        max_length=5_000,
        required=False,
        label=FACT_NAMES["solution_presented"],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What we proposed for this buyer, in a few sentences."),
    )
    segment = forms.CharField(max_length=80, required=False, label=FACT_NAMES["segment"])
    amount = forms.DecimalField(
        required=False, max_digits=14, decimal_places=2, label=FACT_NAMES["amount"], help_text=_("Empty if not known.")
    )
    currency = forms.RegexField(
        required=False,
        regex=r"\A[A-Z]{3}\Z",
        label=FACT_NAMES["currency"],
        error_messages={"invalid": _("Give three capital letters, such as EUR.")},
    )
    crm_reason = forms.CharField(max_length=300, required=False, label=FACT_NAMES["crm_reason"])
    competitors = forms.CharField(
        max_length=1000,
        required=False,
        label=FACT_NAMES["competitors"],
        help_text=_("Several joined by commas, or by semicolons where a name has a comma."),
    )
    winner = forms.CharField(max_length=200, required=False, label=FACT_NAMES["winner"])
    announced_on = DayField(
        required=False,
        label=FACT_NAMES["announced_on"],
        help_text=_("The day on which the buyer was told that a debrief follows whatever the outcome."),
    )

    def __init__(self, *args: Any, person: Person, teams: Any, back: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["owner"].queryset = Person.objects.filter(programme=person.programme).order_by("name", "id")  # type: ignore[attr-defined]
        if not person.has_role("admin"):
            # A sales manager's deal stays in a team of theirs, or they could not see it again.
            self.fields["team"].required = True
        self.helper = page_form(
            self,
            "version",
            "name",
            "company",
            Div(Div("outcome", css_class="col-md"), Div("withdrawn_by", css_class="col-md"), css_class="row"),
            Div(Div("decided_on", css_class="col-md"), Div("opened_on", css_class="col-md"), css_class="row"),
            Div(Div("team", css_class="col-md"), Div("owner", css_class="col-md"), css_class="row"),
            Div(Div("offering", css_class="col-md"), Div("segment", css_class="col-md"), css_class="row"),
            "solution_presented",
            Div(Div("amount", css_class="col-md"), Div("currency", css_class="col-md"), css_class="row"),
            "crm_reason",
            Div(Div("competitors", css_class="col-md"), Div("winner", css_class="col-md"), css_class="row"),
            Div(
                Div("announced_on", css_class="col-md"),
                Div("implementation_starts_on", css_class="col-md"),
                css_class="row",
            ),
            act=_("Save deal"),
            back=back,
        )
        # Whether these are needed depends on the outcome: their help says so, and they do not claim to be optional.
        for name in ("decided_on", "withdrawn_by"):
            self.fields[name].label = FACT_NAMES[name]

    def clean_competitors(self) -> tuple[str, ...]:
        """The names, each once."""
        names = read_names(self.cleaned_data["competitors"])
        if any(len(name) > 200 for name in names):
            raise forms.ValidationError(_("A competitor’s name has at most 200 characters."))
        return tuple(names)

    def clean(self) -> dict[str, Any]:
        """Outcome and dates have to agree."""
        data = super().clean() or {}
        outcome, decided_on = data.get("outcome"), data.get("decided_on")
        if outcome in DECIDED and decided_on is None and "decided_on" not in self.errors:
            self.add_error("decided_on", _("A decided deal needs the day on which the buyer decided."))
        if decided_on and decided_on > self._today:
            self.add_error("decided_on", _("This day lies in the future. Leave the outcome open until then."))
        if outcome == Outcome.WITHDRAWN and not data.get("withdrawn_by"):
            self.add_error("withdrawn_by", _("Say who withdrew."))
        return data

    def facts(self, stage: str = "") -> DealFacts:
        """What was typed, as the action takes it."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return DealFacts(stage=stage, **given)


class ContactForm(forms.Form):
    """Somebody on the buyer's side."""

    name = forms.CharField(max_length=200, label=_("Name"))
    email = forms.EmailField(
        required=False,
        max_length=254,
        label=_("E-mail address"),
        help_text=_("Without an address nobody can be asked; it is never guessed."),
    )
    is_checked = forms.BooleanField(required=False, label=_("Checked: this address reaches this person"))
    title = forms.CharField(max_length=120, required=False, label=_("Title"))
    part = forms.ChoiceField(
        choices=DecisionPart.choices, initial=DecisionPart.UNKNOWN, label=_("Part in the decision")
    )
    time_zone = forms.ChoiceField(
        required=False, label=_("Time zone"), choices=[("", _("Not known")), *((zone, zone) for zone in ZONES)]
    )
    language = forms.ChoiceField(choices=list(CONTACT_LANGUAGES.items()), label=_("Language"))

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Add contact"), back=back)


class ContactChangeForm(ContactForm):
    """A contact changed; `seen` is what the form was filled with, as `contact_seen` says it."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, back=back, **kwargs)
        labels = {name: field.label for name, field in self.fields.items()}
        self.fields["email"].help_text = _(
            "Another address is another mailbox: it waits for approval and for a check again."
        )
        self.helper = page_form(self, act=_("Save contact"), back=back)
        for name, field in self.fields.items():
            field.label = labels[name]


class RejectForm(forms.Form):
    """Why a contact is not to be asked."""

    reason = forms.CharField(max_length=300, label=_("Why is this person not to be asked?"))

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Leave this person out"), back=back)


class PartyForm(forms.Form):
    """Somebody who sold the deal with the owner."""

    person = forms.ModelChoiceField(queryset=Person.objects.none(), label=_("Person"), empty_label=_("Choose"))
    part = forms.CharField(
        max_length=80, required=False, label=_("Part in the deal"), help_text=_("Such as Pre-sales or Delivery.")
    )

    def __init__(self, *args: Any, deal: Deal, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(programme_id=deal.programme_id).order_by("name", "id")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.helper = page_form(
            self,
            HTML(
                f'<p class="form-text">{_("Whoever is on the deal team cannot interview its buyer, now or later.")}</p>'
            ),
            "person",
            "part",
            act=_("Add to the deal team"),
            back=back,
        )


class NoteForm(forms.Form):
    """A dated note of our side."""

    written_on = DayField(label=_("Day"))
    text = forms.CharField(max_length=20_000, label=_("Note"), widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Save note"), back=back)


class OwnViewForm(forms.Form):
    """The owner's own view: three questions after a win, four after another outcome, and the factor that moved it most."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    why = forms.CharField(max_length=10_000, required=False, label=_("Why do you think they decided as they did?"))
    driver = forms.ModelChoiceField(
        queryset=Driver.objects.none(),
        required=False,
        label=_("Which factor moved the decision most?"),
        empty_label=_("I cannot say"),
    )
    what_mattered = forms.CharField(max_length=10_000, required=False, label=_("What mattered most to them?"))
    when_it_changed = forms.CharField(max_length=10_000, required=False, label=_("When did our chances change?"))
    what_to_hear = forms.CharField(
        max_length=10_000, required=False, label=_("What would you like to hear from the buyer?")
    )

    def __init__(self, *args: Any, deal: Deal, drivers: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["driver"].queryset = drivers  # type: ignore[attr-defined]
        questions = {name: field.label for name, field in self.fields.items()}
        asked = own_view_questions(deal.outcome)
        for name in ("why", "what_mattered", "when_it_changed", "what_to_hear"):
            if name in asked:
                self.fields[name].widget = forms.Textarea(attrs={"rows": 3})
            else:
                del self.fields[name]
        self.helper = page_form(self, act=_("Save my view"), back=back)
        # Every answer may be left out, and the page says so once.
        for name, field in self.fields.items():
            field.label = questions[name]

    def answers(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}
