"""What a lesson is made of."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from accounts.queries import members_of
from debriefs.core.layouts import page_form
from debriefs.findings.models import Remark
from debriefs.findings.queries import remarks_visible_to
from debriefs.lessons.enums import LessonState


class _ByDriver(ModelChoiceIterator):
    """The remarks in groups, a group to a driver, as the queryset is ordered."""

    def __iter__(self) -> Iterator[Any]:
        for driver, remarks in groupby(self.queryset, key=lambda remark: remark.driver):
            yield str(driver), [self.choice(remark) for remark in remarks]


class RemarksField(forms.ModelMultipleChoiceField):
    """Remarks to choose from by driver; the template draws each from the remark itself."""

    iterator = _ByDriver

    def label_from_instance(self, obj: Remark) -> Any:
        """The remark: its words, direction and whose they are stand on lines of their own."""
        return obj


class LessonForm(forms.Form):
    """When … we … and buyers … From now on … with the remarks it rests on."""

    situation = forms.CharField(
        label=_("When"), max_length=300, help_text=_("The situation, such as “a rival shows the first weeks”.")
    )
    we_did = forms.CharField(label=_("we"), max_length=300, help_text=_("What our side did, without names."))
    buyers_did = forms.CharField(
        label=_("and buyers"), max_length=300, help_text=_("What followed on the buyer’s side.")
    )
    from_now_on = forms.CharField(label=_("From now on"), max_length=300, required=False)
    expectation = forms.CharField(label=_("We expect"), max_length=300, required=False)
    check_on = forms.DateField(label=_("Checked on"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    owner = forms.ModelChoiceField(Person.objects.none(), label=_("Owner"), empty_label=_("Choose an owner"))
    remarks = RemarksField(
        Remark.objects.none(), label=_("Rests on"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one remark that the lesson rests on.")},
    )  # fmt: skip

    def __init__(self, *args: Any, person: Person, now: datetime, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        remarks = (
            remarks_visible_to(person, now)
            .select_related("driver", "release")
            .order_by("driver__name", "driver", "direction", "-release__released_at", "id")
        )
        self.fields["remarks"].queryset = remarks  # type: ignore[attr-defined]
        self.fields["owner"].queryset = members_of(person.programme)  # type: ignore[attr-defined]
        rows = [name for name in self.fields if name != "remarks"]
        chosen = Field("remarks", template="lessons/_remarks.html")
        self.helper = page_form(self, *rows, chosen, act=_("Write the lesson down"), back=back)


class StateForm(forms.Form):
    """Where a lesson stands, as the page showed it."""

    state = forms.ChoiceField(choices=LessonState.choices)
    version = forms.IntegerField(min_value=1, max_value=2_000_000_000)
