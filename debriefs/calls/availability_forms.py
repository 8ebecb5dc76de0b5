"""What interviewers may type about when they can be booked."""

from datetime import date, time
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from debriefs.calls.enums import CalendarKind, ExceptionKind
from debriefs.core.layouts import page_form
from debriefs.foundation.web_fetch import NotFetched, checked_address

WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
# Two spans a day: before and after a break.
SPANS = (1, 2)


def field_name(weekday: int, span: int, end: str) -> str:
    """The name of one end ("from", "until") of one span of one weekday."""
    return f"day_{weekday}_{end}" if span == 1 else f"day_{weekday}_{end}_{span}"


class AvailabilityForm(forms.Form):
    """Weekly hours as at most two spans per weekday, in one's own zone, and the limits around a call."""

    buffer_before_minutes = forms.IntegerField(label=_("Minutes free before a call"), min_value=0, max_value=240)
    buffer_after_minutes = forms.IntegerField(label=_("Minutes free after a call"), min_value=0, max_value=240)
    minimum_notice_hours = forms.IntegerField(label=_("Hours of notice at least"), min_value=0, max_value=336)
    most_calls_a_day = forms.IntegerField(label=_("Calls a day at most"), min_value=1, max_value=20)
    languages = forms.MultipleChoiceField(
        label=_("Languages you interview in"),
        required=False,
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            (1, "from"): _("%(day)s from"),
            (1, "until"): _("%(day)s until"),
            (2, "from"): _("%(day)s, after a break, from"),
            (2, "until"): _("%(day)s, after a break, until"),
        }
        for number, day in enumerate(WEEKDAYS):
            for (span, end), label in labels.items():
                self.fields[field_name(number, span, end)] = forms.TimeField(
                    label=label % {"day": day},
                    required=False,
                    widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
                )

    def limits(self) -> list[forms.BoundField]:
        """The fields besides the weekly hours, as the page shows them."""
        return [self[name] for name in self.fields if not name.startswith("day_") and name != "languages"]

    def spans(self) -> list[tuple[int, time, time]]:
        """(weekday, from, until) of every span with hours."""
        found = []
        for number in range(7):
            for span in SPANS:
                first = self.cleaned_data.get(field_name(number, span, "from"))
                last = self.cleaned_data.get(field_name(number, span, "until"))
                if first and last:
                    found.append((number, first, last))
        return found

    def clean(self) -> dict[str, Any]:
        """Both ends of a span or none, in order, and the second span after the first."""
        data = super().clean() or {}
        for number, day in enumerate(WEEKDAYS):
            before: time | None = None
            for span in SPANS:
                first, last = (data.get(field_name(number, span, end)) for end in ("from", "until"))
                where = field_name(number, span, "until")
                if bool(first) != bool(last) or (first and last and first >= last):
                    self.add_error(where, _("%(day)s: give a beginning and a later end, or neither.") % {"day": day})
                elif before and first and first < before:
                    self.add_error(where, _("%(day)s: the second span begins after the first.") % {"day": day})
                before = last or before
        return data


class ExceptionForm(forms.Form):
    """Days that differ from the weekly hours."""

    prefix = "exception"
    kind = forms.ChoiceField(label=_("What"), choices=ExceptionKind.choices)
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    starts = forms.TimeField(
        label=_("From"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=_("Empty: the whole day."),
    )
    ends = forms.TimeField(label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    note = forms.CharField(label=_("Note for yourself"), max_length=120, required=False)

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Add these days"), action=action, quiet=True)

    def clean(self) -> dict[str, Any]:
        """Days and hours in order; extra hours need hours; at most two years ahead of their beginning."""
        data = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on") or data.get("starts_on")
        data["ends_on"] = last
        if isinstance(first, date) and isinstance(last, date) and not 0 <= (last - first).days <= 731:
            self.add_error("ends_on", _("The last day is the first day or later, within two years."))
        starts, ends = data.get("starts"), data.get("ends")
        if bool(starts) != bool(ends) or (starts and ends and starts >= ends):
            self.add_error("ends", _("Give a beginning and a later end, or neither."))
        if data.get("kind") == ExceptionKind.EXTRA and not starts:
            self.add_error("starts", _("Say from when until when you can be booked besides."))
        return data


class CalendarForm(forms.Form):
    """A calendar elsewhere that is read for its busy times."""

    prefix = "calendar"
    url = forms.CharField(
        label=_("Private address of the calendar (ICS)"),
        max_length=2000,
        help_text=_("Your calendar program gives it under “share” or “publish”. Only busy times are kept, no titles."),
    )
    kind = forms.ChoiceField(label=_("What it holds"), choices=CalendarKind.choices)

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Read this calendar"), action=action, quiet=True)

    def clean_url(self) -> str:
        """An address that may be asked; `webcal` is another word for https."""
        url = str(self.cleaned_data["url"]).strip()
        if url.lower().startswith("webcal://"):
            url = "https://" + url[len("webcal://") :]
        try:
            checked_address(url)
        except NotFetched as refused:
            raise forms.ValidationError(str(refused)) from refused
        return url
