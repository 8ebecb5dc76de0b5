"""What a programme manager may type into the codebook."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Programme
from debriefs.codebook.models import Category, Driver
from debriefs.codebook.queries import drivers_of
from debriefs.codebook.rules import MOST_PARTS, DriverText
from debriefs.core.layouts import Fold, page_form

REASON = _("Why it changes")


def _line(label: Any, **fields: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=300, required=False, strip=True, **fields)


def labelled(driver: Driver) -> str:
    """The driver with its category, as a choice."""
    return f"{driver.category}: {driver}"


class DriverForm(forms.Form):
    """A driver's name and what it says of itself. `number` is the version of the codebook the person saw."""

    number = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)
    category = forms.ModelChoiceField(Category.objects.none(), label=_("Category"), empty_label=_("Choose a category"))
    name = forms.CharField(label=_("Name"), max_length=80)
    definition = _line(_("Definition"))
    include = _line(_("What belongs to it"))
    exclude = _line(_("What does not, and where that goes"))
    example = _line(
        _("A sentence that is coded with it"), help_text=_("Made up, or without anything that tells who said it.")
    )
    in_picker = forms.BooleanField(
        label=_("Offer it first"), required=False, help_text=_("Ten to fifteen drivers stand first; the others are found by typing.")
    )  # fmt: skip
    reason = _line(REASON)

    def __init__(
        self, *args: Any, programme: Programme, back: str, driver: Driver | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if driver is None:
            self.fields["category"].queryset = Category.objects.filter(programme=programme)  # type: ignore[attr-defined]
        else:
            del self.fields["category"]
        self.helper = page_form(self, act=_("Save the driver"), back=back)

    def text(self) -> DriverText:
        """What was typed of the driver itself."""
        return DriverText(*(self.cleaned_data[name] for name in DriverText._fields))


class MergeForm(forms.Form):
    """Into which driver, and why."""

    into = forms.ModelChoiceField(Driver.objects.none(), label=_("Merge into"), empty_label=_("Choose a driver"))
    reason = forms.CharField(label=REASON, max_length=300)

    def __init__(self, *args: Any, driver: Driver, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = drivers_of(driver.programme).exclude(pk=driver.pk)  # type: ignore[attr-defined]
        self.fields["into"].label_from_instance = labelled  # type: ignore[attr-defined]
        self.helper = page_form(self, act=_("Merge"), back=back)


class SplitForm(forms.Form):
    """Two to five parts with name and definition, what was coded before counts as one of them or stays, and why."""

    counts_as = forms.TypedChoiceField(
        label=_("What was coded so far"), coerce=int, empty_value=None, required=False,
        choices=[("", _("keeps the old name until it is coded anew")), *((n, _("counts as part %(n)s") % {"n": n + 1}) for n in range(MOST_PARTS))],
    )  # fmt: skip
    reason = forms.CharField(label=REASON, max_length=300)

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_PARTS + 1):
            self.fields[f"name_{number}"] = forms.CharField(
                label=_("Name of part %(n)s") % {"n": number}, max_length=80, required=number <= 2
            )
            self.fields[f"definition_{number}"] = _line(_("Definition of part %(n)s") % {"n": number})
        parts = [(f"name_{number}", f"definition_{number}") for number in range(1, MOST_PARTS + 1)]
        first = [name for part in parts[:2] for name in part]
        more = [name for part in parts[2:] for name in part]
        self.helper = page_form(
            self, *first, Fold(_("More parts"), *more), "counts_as", "reason", act=_("Split"), back=back
        )

    def clean(self) -> dict[str, Any]:
        """With parts that differ, and old codes that go to one of them."""
        data = super().clean() or {}
        parts = self.parts()
        if len({part.name.casefold() for part in parts}) < len(parts):
            self.add_error("name_2", _("Each part needs a name of its own."))
        if (data.get("counts_as") or 0) >= max(len(parts), 1):
            self.add_error("counts_as", _("There is no such part."))
        return data

    def parts(self) -> list[DriverText]:
        """The parts that have a name, in order."""
        data = self.cleaned_data
        named = [number for number in range(1, MOST_PARTS + 1) if data.get(f"name_{number}")]
        return [DriverText(data[f"name_{number}"], data.get(f"definition_{number}", "")) for number in named]


class RetireForm(forms.Form):
    """Why a driver is offered no more, or again. `does` says which of the two the page showed: sent twice, it stays that."""

    does = forms.ChoiceField(choices=[("retire", ""), ("restore", "")], widget=forms.HiddenInput, required=False)
    reason = forms.CharField(label=REASON, max_length=300)

    def __init__(self, *args: Any, act: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=act, back=back)


class ReasonForm(forms.Form):
    """What a CRM reason means: `d:<key>` a driver, `c:<key>` only a category, empty for not known."""

    reason = forms.CharField(max_length=300)
    meaning = forms.CharField(max_length=80, required=False)
    # What it meant when the page was shown.
    seen = forms.CharField(max_length=80, required=False)

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme

    def clean(self) -> dict[str, Any]:
        """With the driver and the category that were meant."""
        data = super().clean() or {}
        kind, _colon, key = (data.get("meaning") or "").partition(":")
        data["driver"] = drivers_of(self.programme).filter(key=key).first() if kind == "d" else None
        data["category"] = Category.objects.filter(programme=self.programme, key=key).first() if kind == "c" else None
        if kind and not data["driver"] and not data["category"]:
            raise forms.ValidationError(_("Choose a driver or a category of this codebook."))
        return data
