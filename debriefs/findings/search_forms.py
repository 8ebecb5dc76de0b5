"""What is searched for, as it stands in the address."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Programme
from debriefs.codebook.enums import Direction
from debriefs.codebook.models import Category
from debriefs.deals.enums import DECIDED, Outcome
from debriefs.findings.search import LONGEST, asked


class SearchForm(forms.Form):
    """Words, and where to look; a value nobody offered counts as none. Sent with GET."""

    q = forms.CharField(label=_("Words"), required=False, strip=True)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    direction = forms.ChoiceField(label=_("Direction"), required=False)

    def __init__(self, data: Any = None, *, programme: Programme) -> None:
        choices: dict[str, list[tuple[Any, Any]]] = {
            "outcome": [(str(value), Outcome(value).label) for value in DECIDED],
            "category": list(Category.objects.filter(programme=programme).values_list("key", "name")),
            "direction": list(Direction.choices),
        }
        if data is not None:
            known = {name: {key for key, _label in pairs} for name, pairs in choices.items()}
            kept = {name: data.get(name, "") for name in choices if data.get(name, "") in known[name]}
            data = {"q": asked(data.get("q", "")), **kept}
        super().__init__(data)
        self.fields["q"].widget.attrs.update({"type": "search", "maxlength": LONGEST})
        for name, pairs in choices.items():
            self.fields[name].choices = [("", _("Any")), *pairs]  # type: ignore[attr-defined]

    def query(self) -> str:
        """The search as a query string, without the page."""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})
