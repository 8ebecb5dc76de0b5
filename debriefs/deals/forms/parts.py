"""Forms about the parts of a deal's record: a need, the announcement."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from debriefs.core.layouts import page_form
from debriefs.deals.enums import NeedWeight
from debriefs.deals.forms.records import DayField


class NeedForm(forms.Form):
    """One need of the buyer; `revision` is what the person saw, 0 for a new one."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)
    text = forms.CharField(max_length=300, label=_("What the buyer needed"))
    weight = forms.ChoiceField(
        choices=NeedWeight.choices, initial=NeedWeight.MUST, label=_("Must or should"), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Save need"), back=back)
        self.fields["revision"].label = ""

    def clean_revision(self) -> int:
        """0 where nothing was given."""
        return self.cleaned_data["revision"] or 0


class AnnounceForm(forms.Form):
    """When the buyer was told."""

    on = DayField(label=_("The buyer was told on"))

    def __init__(self, *args: Any, back: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["on"] = today
        self.helper = page_form(self, act=_("Note the announcement"), back=back)
