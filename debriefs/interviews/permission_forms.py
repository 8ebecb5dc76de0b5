"""What the buyer may say about their permissions on their own pages."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from debriefs.interviews.enums import PermissionKind, QuoteLevel
from debriefs.interviews.models import PermissionGiven

QUESTIONS: dict[str, Any] = {
    PermissionKind.QUOTE: _("May we use words of yours?"),
    PermissionKind.REFERENCE: _("Would you tell another buyer about your experience?"),
    PermissionKind.REFERRAL: _("May we ask you for a colleague whose view would help?"),
    PermissionKind.CONTACT_NOTES: _("May the interviewer come back to you if the notes leave something unclear?"),
    PermissionKind.CONTACT_NEEDS: _("May we write to you about future needs?"),
    PermissionKind.HEAR_CHANGES: _("Would you like to hear what was changed because of what you said?"),
}
LEVELS = [
    (QuoteLevel.NONE, _("No, my words stay closed")),
    (QuoteLevel.INTERNAL, _("Only inside the company")),
    (QuoteLevel.ANONYMOUS, _("Outside too, without a name")),
    (QuoteLevel.NAMED, _("Outside too, with my name and that of my company")),
]


class BuyerPermissionsForm(forms.Form):
    """One question per permission of those `asked`, none answered beforehand; what was said before stands as it was said.

    `must_say`: at least one of them has to be answered.
    """

    def __init__(
        self,
        *args: Any,
        recorded: dict[str, PermissionGiven],
        asked: Collection[str] = tuple(QUESTIONS),
        must_say: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.recorded, self.must_say = recorded, must_say
        # What was said before stays in sight even where it is not asked any more.
        for kind, question in QUESTIONS.items():
            row = recorded.get(kind)
            if row is None and kind not in asked:
                continue
            is_quote = kind == PermissionKind.QUOTE
            self.fields[kind] = forms.ChoiceField(
                label=question,
                choices=LEVELS if is_quote else [("yes", _("Yes")), ("no", _("No"))],
                required=False,
                initial=row and (row.quote_level if is_quote else "yes" if row.given else "no"),
            )

    def clean(self) -> dict[str, Any]:
        """Something has to be said."""
        data = super().clean() or {}
        if self.must_say and not self.errors and not any(data.values()):
            self.add_error(None, _("Answer at least one of the questions. You may leave the others open."))
        return data

    def given(self) -> dict[str, bool]:
        """What was said, by kind; what was left open is not in it."""
        return {
            kind: said == "yes" for kind, said in self.cleaned_data.items() if said and kind != PermissionKind.QUOTE
        }

    def quote_level(self) -> str | None:
        """How far the words may go; None when that was left open."""
        return self.cleaned_data.get(PermissionKind.QUOTE) or None

    def questions(self) -> list[tuple[forms.BoundField, PermissionGiven | None]]:
        """Each question with what was said about it last."""
        return [(self[kind], self.recorded.get(kind)) for kind in self.fields]
