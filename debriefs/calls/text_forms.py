"""What may be typed as the words of a mail."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from debriefs.calls.notice_texts import Text, mistakes
from debriefs.core.layouts import page_form


class NoticeTextForm(forms.Form):
    """Subject, paragraphs and button of one mail; names in curly brackets must be those that can be filled in."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Words"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("An empty line parts paragraphs. A paragraph whose name has nothing to stand for is left out."),
    )
    button = forms.CharField(
        label=_("On the button"),
        max_length=80,
        required=False,
        help_text=_("It leads to the page. A mail that was delivered without a button stays without one."),
    )
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, names: list[str], has_button: bool, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = names
        if not has_button:
            del self.fields["button"]
        else:
            self.fields["button"].required = True
        self.helper = page_form(self, act=_("Save these words"), back=back, form_id="words")

    def _checked(self, field: str) -> str:
        text = str(self.cleaned_data[field]).replace("\r\n", "\n").strip()
        if found := mistakes(text, self.names):
            raise forms.ValidationError([forms.ValidationError(one) for one in found])
        return text

    def clean_subject(self) -> str:
        """One line with known names."""
        return self._checked("subject")

    def clean_body(self) -> str:
        """Paragraphs with known names."""
        return self._checked("body")

    def clean_button(self) -> str:
        """Known names, if any."""
        return self._checked("button")

    def text(self) -> Text:
        """The words as they were typed."""
        return Text(self.cleaned_data["subject"], self.cleaned_data["body"], self.cleaned_data.get("button", ""))
