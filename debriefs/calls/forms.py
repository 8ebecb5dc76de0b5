"""What sales managers and interviewers may type."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from debriefs.calls.enums import Channel, Side
from debriefs.calls.models import Debrief
from debriefs.calls.queries import possible_interviewers
from debriefs.calls.suggestions import Suggestion
from debriefs.core.layouts import Fold, page_form
from debriefs.deals.models import Contact, Deal
from debriefs.deals.queries import approved_contacts_of
from debriefs.guides.models import GuideVersion
from debriefs.guides.queries import proposed_version, published_versions


class FrameFields(forms.Form):
    """Length, channel, place and window of a debrief."""

    minutes = forms.IntegerField(label=_("Minutes"), min_value=10, max_value=180)
    channel = forms.ChoiceField(label=_("How"), choices=Channel.choices)
    place = forms.CharField(
        label=_("Link, number or place of the call"),
        max_length=300,
        required=False,
        help_text=_("Stands in the calendar file."),
    )
    not_before_on = forms.DateField(
        label=_("Not before"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    not_after_on = forms.DateField(
        label=_("Not after"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        """The window of days in order: an error at the last day where it comes before the first."""
        data = super().clean() or {}
        first, last = data.get("not_before_on"), data.get("not_after_on")
        if first and last and last < first:
            self.add_error("not_after_on", _("The last day is the first day or later."))
        return data


def _beside_each_other(first: str, second: str) -> Div:
    return Div(Div(first, css_class="col-sm"), Div(second, css_class="col-sm"), css_class="row")


def frame_rows(*, folded: bool = False) -> list[Any]:
    """How the frame is laid out wherever it is asked; `folded` leaves place and window behind one line until they are needed."""
    rest = ["place", _beside_each_other("not_before_on", "not_after_on")]
    return [_beside_each_other("minutes", "channel"), *([Fold(_("Place and window"), *rest)] if folded else rest)]


class PlanForm(FrameFields):
    """Contacts, interviewer, guide, frame. Whoever sold the deal is not offered, and refused when sent all the same."""

    contact = forms.ModelMultipleChoiceField(
        Contact.objects.none(),
        label=_("Contact"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each becomes a debrief of its own."),
        error_messages={"required": _("Choose at least one contact.")},
    )
    interviewer = forms.ModelChoiceField(
        Person.objects.none(), label=_("Interviewer"), empty_label=_("Choose an interviewer")
    )
    guide_version = forms.ModelChoiceField(
        GuideVersion.objects.none(), label=_("Guide"), empty_label=_("Choose a guide")
    )
    field_order = ("contact", "interviewer", "guide_version", *FrameFields.base_fields)

    def __init__(
        self,
        *args: Any,
        deal: Deal,
        suggestions: list[Suggestion],
        back: str = "",
        several: bool = False,
        **kwargs: Any,
    ) -> None:
        self.deal = deal
        parts = list(approved_contacts_of(deal))
        language = parts[0].contact.language if parts else "en"
        proposed = proposed_version(programme=deal.programme, outcome_group=deal.outcome_group, language=language)
        possible = [one for one in suggestions if not one.refused]
        initial = {
            "contact": [parts[0].contact_id] if len(parts) == 1 or (parts and several) else None,
            "interviewer": possible[0].person.pk if possible and several else None,
            "guide_version": proposed,
            "minutes": deal.programme.call_minutes,
            "channel": Channel.VIDEO,
        }
        kwargs["initial"] = initial | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self._offer_people(deal, [part.contact_id for part in parts], possible)
        self._offer_guides(deal, proposed)
        rows = ["contact", "interviewer", "guide_version", *frame_rows(folded=several)]
        self.helper = page_form(self, *rows, act=_("Plan the debrief"), back=back)
        if several:
            # Several forms share one page and one button.
            self.helper.layout = Layout(*rows)
            self.helper.form_tag = False
            self.helper.disable_csrf = True

    def plans(self) -> list[dict[str, Any]]:
        """What is to be planned, one for each contact, as `actions.plan_several` takes it."""
        common = {name: value for name, value in self.cleaned_data.items() if name != "contact"}
        return [{"deal": self.deal, "contact": contact} | common for contact in self.cleaned_data["contact"]]

    def _offer_people(self, deal: Deal, contacts: list[Any], possible: list[Suggestion]) -> None:
        contact: Any = self.fields["contact"]
        contact.queryset = Contact.objects.filter(pk__in=contacts)
        contact.label_from_instance = lambda row: f"{row.name}, {row.title or row.email}"
        levels = {one.person.pk: str(one.level.label) for one in possible if one.level}
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

    def __init__(self, *args: Any, back: str, act: Any, rows: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, *rows, act=act, back=back, back_label=_("Back to the debrief"))


class StandingForm(ReasonForm):
    """A reason, for the debrief as the page showed it: whoever changed it meanwhile is not overruled unseen."""

    version = forms.IntegerField(required=False, min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, debrief: Debrief, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": debrief.version} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def stands_on(self, debrief: Debrief) -> None:
        """Keeps what was typed; sent once more, it is meant for the debrief as it stands now."""
        self.data = {**{name: self.data.get(name) for name in self.data}, "version": str(debrief.version)}


class ReassignForm(ReasonForm):
    """Another interviewer, and why."""

    interviewer = forms.ModelChoiceField(
        Person.objects.none(), label=_("Interviewer"), empty_label=_("Choose an interviewer")
    )
    field_order = ("interviewer", "reason")

    def __init__(self, *args: Any, suggestions: list[Suggestion], deal: Deal, **kwargs: Any) -> None:
        super().__init__(*args, act=_("Hand the debrief over"), **kwargs)
        levels = {one.person.pk: str(one.level.label) for one in suggestions if not one.refused and one.level}
        interviewer: Any = self.fields["interviewer"]
        interviewer.queryset = possible_interviewers(deal).filter(pk__in=levels)
        interviewer.label_from_instance = lambda person: f"{person.name}: {levels[person.pk]}"


class PlaceForm(StandingForm):
    """A time by hand, past the interviewer's hours and notice, never past another call; and why."""

    starts_at = forms.DateTimeField(
        label=_("Beginning, in your time zone"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    field_order = ("starts_at", "reason", "version")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, act=_("Book this time"), **kwargs)


class FrameForm(FrameFields, StandingForm):
    """Length, channel, place and window of a debrief under way, and why they change."""

    field_order = (*FrameFields.base_fields, "reason", "version")

    def __init__(self, *args: Any, debrief: Debrief, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(debrief, name) for name in FrameFields.base_fields}
        super().__init__(
            *args, debrief=debrief, act=_("Change the frame"), rows=[*frame_rows(), "reason", "version"], **kwargs
        )


class NoShowForm(forms.Form):
    """Which side did not come, none chosen beforehand, and what is known of why."""

    side = forms.ChoiceField(
        label=_("Who did not come?"),
        choices=[(Side.BUYER, _("The buyer")), (Side.US, _("Our side"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say which side did not come."),
            "invalid_choice": _("Say which side did not come."),
        },
    )
    reason = forms.CharField(
        label=_("What is known of why"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Note it"), back=back, back_label=_("Back to the debrief"))
