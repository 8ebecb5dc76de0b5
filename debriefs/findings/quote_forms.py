"""What may be typed about quotes, by us and by the buyer."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from debriefs.core.layouts import page_form
from debriefs.findings.models import Quote
from debriefs.findings.quote_queries import COVERS
from debriefs.interviews.enums import QuoteLevel

LONGEST = 2_000


class ProposeForm(forms.Form):
    """Which words are proposed, and how far they should go."""

    words = forms.CharField(
        label=_("The words"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Exactly as released; leave out what is not needed at either end."),
    )  # fmt: skip
    level = forms.ChoiceField(label=_("How far they may go"))

    def __init__(self, *args: Any, permission: QuoteLevel, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [("", _("Choose a level")), *((level, level.label) for level in COVERS.get(permission, ()))]
        self.fields["level"].choices = levels  # type: ignore[attr-defined]
        self.helper = page_form(self, act=_("Propose the quote"), back=back)


class UseForm(forms.Form):
    """Where a quote was used, and when."""

    place = forms.CharField(label=_("Where it was used"), max_length=300)
    used_on = forms.DateField(label=_("On"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Note the use"), action=action, quiet=True)

    def clean_used_on(self) -> date:
        """Within this century."""
        day: date = self.cleaned_data["used_on"]
        if not 2000 <= day.year < 2100:
            raise forms.ValidationError(_("Write a day of this century."))
        return day


class WithdrawForm(forms.Form):
    """Why a quote is withdrawn, and whether the buyer wants the words closed."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
    closes_words = forms.BooleanField(
        label=_("The buyer wants the words themselves closed: they leave the released debrief too"), required=False
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Withdraw the quote"), action=action, quiet=True)


class AnswerForm(forms.Form):
    """The buyer's answer: yes to these words, yes to other words, or no. Nothing is chosen beforehand."""

    answer = forms.ChoiceField(
        label=_("May we use these words?"),
        choices=[
            ("yes", _("Yes, exactly these words")),
            ("changed", _("Yes, but as I write them here")),
            ("no", _("No, do not use them")),
        ],
        error_messages={"required": _("Choose an answer.")},
    )
    words = forms.CharField(label=_("The words as you would like them"), max_length=LONGEST, required=False)
    level = forms.ChoiceField(label=_("How far may they go?"), required=False)

    def __init__(self, *args: Any, quote: Quote, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.quote = quote
        self.fields["level"].choices = [(one, one.label) for one in self.levels()]  # type: ignore[attr-defined]

    def levels(self) -> tuple[QuoteLevel, ...]:
        """What the buyer may allow: what was asked for, or less."""
        return COVERS[QuoteLevel(self.quote.level)]

    def clean(self) -> dict[str, Any]:
        """A yes says how far, and changed words are written down."""
        data = super().clean() or {}
        if data.get("answer") in ("yes", "changed") and not data.get("level"):
            self.add_error("level", _("Choose how far the words may go."))
        if data.get("answer") == "changed" and not (data.get("words") or "").strip():
            self.add_error("words", _("Write the words you allow."))
        return data

    def approved(self) -> str:
        """The words that are allowed."""
        return self.cleaned_data["words"] if self.cleaned_data["answer"] == "changed" else self.quote.words
