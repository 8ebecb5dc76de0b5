"""What may be typed in a write-up."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from debriefs.codebook.models import Driver
from debriefs.core.layouts import page_form
from debriefs.deals.models import Competitor
from debriefs.deals.rules import name_key
from debriefs.interviews import actions
from debriefs.interviews.enums import DisclosureKind
from debriefs.interviews.forms import ChosenField, DriverField

LONGEST_PART = 20_000


class PartForm(forms.Form):
    """One save of one part."""

    base_revision = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    operation = forms.UUIDField()
    text = forms.CharField(
        required=False,
        strip=False,
        validators=[
            MaxLengthValidator(
                LONGEST_PART, _("This is longer than 20,000 characters. Leave the details to the notes.")
            )
        ],
    )
    chosen = ChosenField(required=False)


class CompetitorNameField(forms.CharField):
    """A competitor by its name, for whoever does not see the programme's list of them; cleaned, it is the competitor."""

    queryset = Competitor.objects.none()

    def clean(self, value: Any) -> Any:
        """The competitor of `queryset` with that name, however its case and blanks are typed; ValidationError without one."""
        found = self.queryset.filter(name_key=name_key(super().clean(value))).first()
        if found is None:
            raise forms.ValidationError(
                _("No further competitor of that name is known. Check the spelling, or write it into the note above.")
            )
        return found


class Adding(forms.Form):
    """Adds a row to a write-up; `sources` are what its fields are chosen from."""

    words: Any = _("Add")

    def __init__(
        self, *args: Any, action: str, drivers: QuerySet[Driver], competitors: QuerySet[Competitor], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, DriverField):
                field.offer(drivers)
            elif isinstance(field, forms.ModelChoiceField | CompetitorNameField):
                field.queryset = competitors
        self.helper = page_form(self, act=self.words, action=action, quiet=True, is_draft=True)


class ReasonForm(Adding):
    """A reason the buyer named, and what lay behind it."""

    words = _("Add this reason")
    stated_driver = DriverField(label=_("The buyer named"), empty_label=_("Choose a driver"))
    root_driver = DriverField(
        label=_("What lay behind it"),
        empty_label=_("Choose a driver"),
        help_text=_("The same one, if nothing lay behind it."),
    )
    note = forms.CharField(
        required=False,
        label=_("In a sentence"),
        validators=[MaxLengthValidator(4_000)],
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class NeedForm(Adding):
    """A need the record does not hold."""

    words = _("Add this need")
    text = forms.CharField(label=_("A need that the record does not hold"), validators=[MaxLengthValidator(300)])


class CompetitorForm(Adding):
    """A competitor the record does not hold."""

    words = _("Add this competitor")
    competitor = forms.ModelChoiceField(
        Competitor.objects.none(), label=_("A competitor that the record does not hold"), empty_label=_("Choose one")
    )


class NamedCompetitorForm(Adding):
    """The same for an outside interviewer, who knows of their own debriefs and of nothing else."""

    words = _("Add this competitor")
    competitor = CompetitorNameField(label=_("A competitor that the record does not hold"), max_length=200)


class DisclosureForm(Adding):
    """Something that came out only now."""

    words = _("Add this")
    kind = forms.ChoiceField(
        choices=DisclosureKind.choices, label=_("What came out only now"), widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("In a sentence"), validators=[MaxLengthValidator(4_000)], widget=forms.Textarea(attrs={"rows": 2})
    )


class CorrectionForm(forms.Form):
    """Why a write-up that was handed in is corrected."""

    reason = forms.CharField(
        max_length=300,
        label=_("Why it is corrected"),
        error_messages={"required": _("Say why the write-up is corrected. Whoever checks it reads that first.")},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


@dataclass(frozen=True)
class Added:
    """How a kind of row is added: the form, and the action that takes what was typed in it."""

    form: type[Adding]
    act: Callable[..., Any]


ADDING = {
    "reasons": Added(ReasonForm, actions.set_stated_reason),
    "needs": Added(NeedForm, actions.add_need),
    "competitors": Added(CompetitorForm, actions.add_competitor),
    "disclosures": Added(DisclosureForm, actions.add_disclosure),
}
