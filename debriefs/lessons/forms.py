"""What a lesson is made of."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from accounts.queries import members_of
from debriefs.core.layouts import page_form
from debriefs.findings.models import Remark
from debriefs.findings.queries import remarks_visible_to
from debriefs.lessons.enums import LessonState


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
    remarks = forms.ModelMultipleChoiceField(
        Remark.objects.none(), label=_("Rests on"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one remark that the lesson rests on.")},
    )  # fmt: skip

    def __init__(self, *args: Any, person: Person, now: datetime, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        remarks = (
            remarks_visible_to(person, now)
            .select_related("driver", "release")
            .order_by("driver__name", "direction", "id")
        )
        self.fields["remarks"].queryset = remarks  # type: ignore[attr-defined]
        self.fields["remarks"].label_from_instance = _said  # type: ignore[attr-defined]
        self.fields["owner"].queryset = members_of(person.programme)  # type: ignore[attr-defined]
        self.helper = page_form(self, act=_("Write the lesson down"), back=back)


def _said(remark: Remark) -> str:
    words = remark.verbatim or remark.note
    return f"{remark.driver}, {remark.get_direction_display()}: {words[:140]}"


class StateForm(forms.Form):
    """Where a lesson stands, as the page showed it."""

    state = forms.ChoiceField(choices=LessonState.choices)
    version = forms.IntegerField(min_value=1, max_value=2_000_000_000)
