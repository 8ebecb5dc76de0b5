"""What may be typed on the pages of figures."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ViewForm(forms.Form):
    """A name for a page with its filters."""

    name = forms.CharField(label=_("Name of this view"), max_length=60)
    page = forms.CharField(max_length=20, widget=forms.HiddenInput)
    query = forms.CharField(max_length=1_000, required=False, widget=forms.HiddenInput)


class NoteForm(forms.Form):
    """A note at a day of the trend."""

    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    text = forms.CharField(label=_("What changed"), max_length=160)

    def clean_on(self) -> object:
        """Refuses days no trend shows."""
        on = self.cleaned_data["on"]
        if not 1990 <= on.year <= 2200:
            raise forms.ValidationError(_("A day between 1990 and 2200."))
        return on
