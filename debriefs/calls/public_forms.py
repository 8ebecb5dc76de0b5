"""What a prospect may type. Nothing is preselected, so that a form sent with its defaults changes nothing."""

from datetime import UTC, datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from debriefs.calls.enums import DataRequestKind, DeclineReason, ProspectNoteKind
from debriefs.foundation.time_zones import ZONES


class SlotForm(forms.Form):
    """A chosen time as an instant, the zone it was read in, and the state of the debrief as the page showed it."""

    slot = forms.CharField(max_length=40, error_messages={"required": _("Choose one of the times.")})
    tz = forms.CharField(max_length=64, required=False)
    version = forms.IntegerField(required=False, min_value=0, max_value=2_000_000_000)

    def clean_slot(self) -> datetime:
        """The instant, in UTC."""
        try:
            instant = datetime.fromisoformat(self.cleaned_data["slot"])
        except ValueError:
            raise forms.ValidationError(_("This is not a time we know. Choose one of the times on the page.")) from None
        if instant.tzinfo is None or not 2000 < instant.year < 2200:
            raise forms.ValidationError(_("This is not a time we know. Choose one of the times on the page."))
        return instant.astimezone(UTC)

    def clean_tz(self) -> str:
        """The zone if it is one we know, else nothing."""
        return self.cleaned_data["tz"] if self.cleaned_data["tz"] in ZONES else ""


class DeclineForm(forms.Form):
    """Why the prospect declines: one of four, none chosen beforehand, and words if they like."""

    reason = forms.ChoiceField(
        choices=DeclineReason.choices,
        error_messages={"required": _("Choose one of the four, so that we know what to do.")},
    )
    text = forms.CharField(max_length=5000, required=False)


class NoteForm(forms.Form):
    """Words to whoever planned the debrief."""

    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in (ProspectNoteKind.NONE_SUIT, ProspectNoteKind.COLLEAGUE)]
    )
    text = forms.CharField(max_length=5000, error_messages={"required": _("Write a few words, so that we can answer.")})


class WritingForm(forms.Form):
    """The wish to answer in writing, ticked, and words if they like."""

    sure = forms.ChoiceField(
        choices=[("yes", "yes")], error_messages={"required": _("Tick the box, so that nothing happens by accident.")}
    )
    text = forms.CharField(max_length=5000, required=False)


class DataForm(forms.Form):
    """One of the two wishes about one's own data, none chosen beforehand."""

    kind = forms.ChoiceField(
        choices=DataRequestKind.choices,
        error_messages={"required": _("Choose one of the two, so that we know what to do.")},
    )


class StopForm(forms.Form):
    """Which mail to stop: of this programme, or of every programme here."""

    scope = forms.ChoiceField(
        choices=[("programme", _("This programme")), ("everywhere", _("Every programme here"))],
        error_messages={"required": _("Choose which mail to stop.")},
    )


class ConfirmForm(forms.Form):
    """An act that the page names in its button; `version` is the debrief's as the page showed it, where that matters."""

    sure = forms.ChoiceField(
        choices=[("yes", "yes")], error_messages={"required": _("Tick the box, so that nothing happens by accident.")}
    )
    version = forms.IntegerField(required=False, min_value=0, max_value=2_000_000_000)
