"""What may be typed on the page of a transcript."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from debriefs.core.layouts import page_form
from debriefs.interviews.forms import MarkForm
from debriefs.interviews.models import Answer
from debriefs.interviews.transcript_files import ENDINGS


class TranscriptForm(forms.Form):
    """The file of a transcript."""

    file = forms.FileField(
        label=_("Transcript"),
        help_text=_("Text, VTT, SRT or Word (.docx), 5 MB at most. The recording itself stays outside."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(ENDINGS)}),
        error_messages={"required": _("Choose the file of the transcript."), "empty": _("The file is empty.")},
    )

    def __init__(self, *args: Any, action: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Upload the transcript"), action=action)


class AnswerChoice(forms.ModelChoiceField):
    """A question of the guide, by its number and text."""

    def label_from_instance(self, obj: Answer) -> str:
        """The question as it was asked, with its number."""
        return f"{obj.question.position}. {obj.question_text[:90]}"


class AlignForm(forms.Form):
    """Chosen passages and the question they belong to."""

    passages = forms.MultipleChoiceField(error_messages={"required": _("Choose the passages first.")})
    answer = AnswerChoice(
        Answer.objects.none(),
        required=False,
        label=_("They belong to"),
        empty_label=_("No question"),
        widget=forms.Select(attrs={"class": "form-select", "form": "align"}),
    )
    and_on = forms.BooleanField(required=False)

    def __init__(self, *args: Any, answers: QuerySet[Answer], passages: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].queryset = answers  # type: ignore[attr-defined]
        self.fields["passages"].choices = [(key, key) for key in passages]  # type: ignore[attr-defined]


class PassageMarkForm(MarkForm):
    """The buyer's words in a passage, by its number, and the driver they speak of."""

    passage = forms.IntegerField(
        label=_("Passage"),
        min_value=1,
        max_value=10**6,
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
        error_messages={"required": _("Say in which passage the words stand.")},
    )

    def clean(self) -> dict[str, Any]:
        """Words always: a driver of a transcript stands on them."""
        data = super().clean()
        if not self.errors and not data["words"].strip():
            self.add_error("words", _("Mark the buyer’s words in the passage."))
        return data
