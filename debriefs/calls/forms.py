"""What sales managers and interviewers may type."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from debriefs.calls.enums import Channel, Side
from debriefs.calls.queries import possible_interviewers, relation_to_deal
from debriefs.calls.rules import neutrality_of
from debriefs.core.layouts import page_form
from debriefs.deals.models import Contact, Deal
from debriefs.deals.queries import approved_contacts_of
from debriefs.guides.models import GuideVersion
from debriefs.guides.queries import proposed_version, published_versions

WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


class PlanForm(forms.Form):
    """Contact, interviewer, guide, length. Whoever sold the deal is not offered, and refused when sent all the same."""

    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Contact"), empty_label=_("Choose a contact"))
    interviewer = forms.ModelChoiceField(
        Person.objects.none(), label=_("Interviewer"), empty_label=_("Choose an interviewer")
    )
    guide_version = forms.ModelChoiceField(
        GuideVersion.objects.none(), label=_("Guide"), empty_label=_("Choose a guide")
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=10, max_value=180)
    channel = forms.ChoiceField(
        label=_("How"), choices=[pair for pair in Channel.choices if pair[0] != Channel.WRITTEN]
    )
    place = forms.CharField(
        label=_("Link, number or place of the call"),
        max_length=300,
        required=False,
        help_text=_("Stands in the calendar file."),
    )

    def __init__(self, *args: Any, deal: Deal, back: str, **kwargs: Any) -> None:
        parts = list(approved_contacts_of(deal))
        language = parts[0].contact.language if parts else "en"
        proposed = proposed_version(programme=deal.programme, outcome_group=deal.outcome_group, language=language)
        initial = {
            "contact": parts[0].contact if len(parts) == 1 else None,
            "guide_version": proposed,
            "minutes": deal.programme.call_minutes,
            "channel": Channel.VIDEO,
        }
        kwargs["initial"] = initial | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self._offer_people(deal)
        self._offer_guides(deal, proposed)
        self.helper = page_form(self, act=_("Plan the debrief"), back=back)

    def _offer_people(self, deal: Deal) -> None:
        levels = {}
        for person in possible_interviewers(deal):
            level = neutrality_of(relation_to_deal(person, deal))
            if level is not None:
                levels[person.pk] = str(level.label)
        contacts = [part.contact_id for part in approved_contacts_of(deal)]
        contact: Any = self.fields["contact"]
        contact.queryset = Contact.objects.filter(pk__in=contacts)
        contact.label_from_instance = lambda row: f"{row.name}, {row.title or row.email}"
        interviewer: Any = self.fields["interviewer"]
        interviewer.queryset = possible_interviewers(deal).filter(pk__in=levels)
        interviewer.label_from_instance = lambda person: f"{person.name}: {levels[person.pk]}"
        interviewer.help_text = _("Nobody who sold this deal, and nobody of the owner’s team, is offered.")

    def _offer_guides(self, deal: Deal, proposed: GuideVersion | None) -> None:
        guide: Any = self.fields["guide_version"]
        guide.queryset = published_versions(deal.programme)
        if proposed is not None:
            guide.help_text = _("%(guide)s is proposed because it serves this outcome.") % {"guide": proposed.guide}


class InviteForm(forms.Form):
    """Why a protected address is written to all the same; asked only when it is protected."""

    overruled_reason = forms.CharField(max_length=300, required=False)


class ReasonForm(forms.Form):
    """A reason that stays with the act."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Close the debrief"), back=back)


class NoShowForm(forms.Form):
    """Which side did not come."""

    side = forms.ChoiceField(choices=Side.choices)


class AvailabilityForm(forms.Form):
    """Weekly hours as one span per weekday, in one's own zone, and the limits around a call."""

    buffer_before_minutes = forms.IntegerField(label=_("Minutes free before a call"), min_value=0, max_value=240)
    buffer_after_minutes = forms.IntegerField(label=_("Minutes free after a call"), min_value=0, max_value=240)
    minimum_notice_hours = forms.IntegerField(label=_("Hours of notice at least"), min_value=0, max_value=336)
    most_calls_a_day = forms.IntegerField(label=_("Calls a day at most"), min_value=1, max_value=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in enumerate(WEEKDAYS):
            for end, label in (("from", _("%(day)s from")), ("until", _("%(day)s until"))):
                self.fields[f"day_{number}_{end}"] = forms.TimeField(
                    label=label % {"day": name},
                    required=False,
                    widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
                )
        order = [f"day_{number}_{end}" for number in range(7) for end in ("from", "until")]
        self.order_fields([*order, *(name for name in self.fields if not name.startswith("day_"))])

    def spans(self) -> list[tuple[int, time, time]]:
        """(weekday, from, until) of every day with hours."""
        return [
            (number, self.cleaned_data[f"day_{number}_from"], self.cleaned_data[f"day_{number}_until"])
            for number in range(7)
            if self.cleaned_data.get(f"day_{number}_from")
        ]

    def clean(self) -> dict[str, Any]:
        """Both ends or none, in order."""
        data = super().clean() or {}
        for number, name in enumerate(WEEKDAYS):
            first, last = data.get(f"day_{number}_from"), data.get(f"day_{number}_until")
            if bool(first) != bool(last) or (first and last and first >= last):
                self.add_error(
                    f"day_{number}_until", _("%(day)s: give a beginning and a later end, or neither.") % {"day": name}
                )
        return data
