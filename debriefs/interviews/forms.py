"""What may be typed in a conversation and its write-up. Nothing is ever cut: a text that is too long is refused whole."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from crispy_forms.layout import HTML, Layout
from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from debriefs.codebook.enums import Direction, Strength
from debriefs.codebook.models import Driver
from debriefs.core.layouts import page_form
from debriefs.deals.models import Competitor
from debriefs.interviews.choosing import LONGEST_MARK
from debriefs.interviews.enums import AnswerState, PermissionKind, QuoteLevel
from debriefs.interviews.models import PermissionGiven
from debriefs.interviews.rules import Opening

LONGEST_NOTE = 50_000
MOST_MARKS = 100
OPENING, CLOSING = "opening", "closing"

QUESTIONS: dict[str, Any] = {
    PermissionKind.QUOTE: _("May we use something you said as a quotation, once you have seen the exact words?"),
    PermissionKind.REFERENCE: _("Would you be willing to tell another buyer about your experience?"),
    PermissionKind.REFERRAL: _("Is there a colleague whose view would help us understand this decision?"),
    PermissionKind.CONTACT_NOTES: _("May I come back to you if my notes leave something unclear?"),
    PermissionKind.CONTACT_NEEDS: _("May the company contact you again about future needs?"),
    PermissionKind.HEAR_CHANGES: _("Would you like to hear what was changed as a result of what you told us?"),
}


def place_in(value: str, count: int) -> str:
    """The part of the conversation that an address names: opening, closing or the number of a question; "" for anything else."""
    if value in (OPENING, CLOSING):
        return value
    if value.isascii() and value.isdigit() and len(value) < 4 and 1 <= int(value) <= count:
        return str(int(value))
    return ""


class ChosenField(forms.Field):
    """The marks chosen under a question, one group of buttons after the other: every field named chosen or chosen_…, one mark a line."""

    class widget(forms.Widget):
        """Reads all groups at once."""

        def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
            """The marks in the order of the page."""
            groups = [key for key in data if key == name or key.startswith(f"{name}_")]
            values = [
                value for key in groups for value in (data.getlist(key) if hasattr(data, "getlist") else data[key])
            ]
            return [line for value in values for line in value.splitlines() if line]

        def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
            """Never: nothing chosen is an answer too."""
            return False

    def clean(self, value: Any) -> list[str]:
        """The marks, as many as a question can have."""
        if len(value) > MOST_MARKS or any(len(mark) > LONGEST_MARK for mark in value):
            raise forms.ValidationError(_("More was chosen than a question offers."))
        return list(value)


class AnswerForm(forms.Form):
    """One save of one answer."""

    base_revision = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    operation = forms.UUIDField()
    text = forms.CharField(
        required=False,
        strip=False,
        validators=[
            MaxLengthValidator(
                LONGEST_NOTE, _("This note is longer than 50,000 characters. Move a part of it under another question.")
            )
        ],
    )
    chosen = ChosenField(required=False)
    state = forms.ChoiceField(
        required=False,
        choices=[("", ""), (AnswerState.NOT_ASKED, ""), (AnswerState.DECLINED, "")],
    )
    go = forms.ChoiceField(required=False, choices=[("", ""), ("next", ""), ("previous", "")])


class DriverField(forms.ModelChoiceField):
    """A driver of the programme's codebook; those of the picker first, then all by category."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Driver.objects.none(), **kwargs)

    def offer(self, drivers: QuerySet[Driver], recent: Sequence[UUID] = ()) -> None:
        """Takes the programme's live drivers; those chosen `recent`ly stand first, latest first. One query, when first shown."""
        self.queryset = drivers
        self.choices = lambda: self._groups(list(drivers), recent)

    def _groups(self, drivers: list[Driver], recent: Sequence[UUID]) -> Iterable[Any]:
        yield ("", self.empty_label or "")
        by_key = {driver.pk: driver for driver in drivers}
        lately = [(key, by_key[key].name) for key in recent if key in by_key]
        if lately:
            yield (_("Chosen last"), lately)
            drivers = [driver for driver in drivers if driver.pk not in recent]
        often = [(driver.pk, driver.name) for driver in drivers if driver.in_picker]
        if often:
            yield (_("Often chosen"), often)
        groups: dict[str, list[Any]] = {}
        for driver in drivers:
            if not driver.in_picker:
                groups.setdefault(driver.category.name, []).append((driver.pk, driver.name))
        yield from groups.items()


class MarkForm(forms.Form):
    """The buyer's words, and the driver they speak of; or a driver with a note as its evidence."""

    words = forms.CharField(
        required=False,
        label=_("The buyer’s words"),
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
        validators=[MaxLengthValidator(4_000)],
    )
    near = forms.IntegerField(required=False, min_value=0, max_value=10**7, widget=forms.HiddenInput)
    driver = DriverField(
        required=False,
        label=_("Driver"),
        empty_label=_("No driver, only the words"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    direction = forms.ChoiceField(
        required=False, label=_("Direction"), choices=Direction.choices, widget=forms.RadioSelect
    )
    strength = forms.TypedChoiceField(
        required=False,
        label=_("Strength"),
        choices=Strength.choices,
        coerce=int,
        empty_value=Strength.CLEARLY,  # type: ignore[arg-type]
        initial=Strength.CLEARLY,
        widget=forms.RadioSelect,
    )
    competitor = forms.ModelChoiceField(
        queryset=Competitor.objects.none(),
        required=False,
        label=_("Competitor"),
        empty_label=_("No competitor"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    note = forms.CharField(
        required=False,
        label=_("Or a note of your own"),
        validators=[MaxLengthValidator(4_000)],
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(
        self,
        *args: Any,
        drivers: QuerySet[Driver],
        competitors: QuerySet[Competitor],
        recent: Sequence[UUID] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        driver, competitor = self.fields["driver"], self.fields["competitor"]
        assert isinstance(driver, DriverField) and isinstance(competitor, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        driver.offer(drivers, recent)
        competitor.queryset = competitors
        # Read here and not from the field, whose own copy would be asked again for every question.
        self.offers_competitors = bool(competitors)
        competitor.choices = lambda: [("", competitor.empty_label), *((one.pk, one.name) for one in competitors)]

    def clean(self) -> dict[str, Any]:
        """Words or a driver, and a driver with its direction and its evidence."""
        data = super().clean() or {}
        if self.errors:
            return data
        if data["driver"] is None and not data["words"]:
            self.add_error("words", _("Mark the buyer’s words, or choose a driver and write a note."))
        if data["driver"] is not None and not data["direction"]:
            self.add_error("direction", _("Say whether it helped, hurt, or was only mentioned."))
        if data["driver"] is not None and not (data["words"] or data["note"]):
            self.add_error("words", _("Say what the driver stands on: the buyer’s words, or a note of your own."))
        return data


_TOO_LONG = MaxLengthValidator(
    500, _("This is longer than 500 characters. Say it shorter; what you typed stands here whole.")
)


class ConsentForm(forms.Form):
    """Whether the buyer agreed to notes, in which words, and who is on the call. `over_…` is what the words were typed over."""

    words = forms.CharField(
        required=False,
        label=_("In their words"),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        validators=[_TOO_LONG],
    )
    on_the_call = forms.CharField(
        required=False,
        label=_("Who is on the call"),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        validators=[_TOO_LONG],
    )
    over_words = forms.CharField(required=False)
    over_on_the_call = forms.CharField(required=False)
    agreed = forms.ChoiceField(required=False, choices=[("yes", ""), ("no", "")])
    # Why it was refused; shown above the fields.
    problem = ""

    def said(self) -> dict[str, Any]:
        """What was said, for `record_consent`: only what was sent."""
        data = self.cleaned_data
        said: dict[str, Any] = {name: data[name] for name in ("words", "on_the_call") if name in self.data}
        if data["agreed"]:
            said["agreed"] = data["agreed"] == "yes"
        if "over_words" in self.data and "over_on_the_call" in self.data:
            said["over"] = Opening(data["over_words"], data["over_on_the_call"])
        return said


class HypothesisForm(forms.Form):
    """What the interviewer wants to test."""

    hypothesis = forms.CharField(
        required=False,
        label=_("What I want to test"),
        validators=[MaxLengthValidator(10_000)],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For yourself: what you expect to hear, and what would show that it is otherwise."),
    )
    # What stood there when the page was shown. A form without it overwrites nothing but an empty field.
    over = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Keep this"), quiet=True, is_draft=True)


class PermissionsForm(forms.Form):
    """What the buyer permits, of the kinds `asked` by the guide: nothing is preselected, and what was not asked is left open.

    `over` says what was recorded when the page was shown, so that only what was chosen since is said, and not over a later word.
    """

    def __init__(
        self,
        *args: Any,
        recorded: dict[str, PermissionGiven],
        asked: Collection[str],
        action: str,
        as_practice: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        # What was recorded stays in sight even where the guide no longer asks it.
        questions = {kind: words for kind, words in QUESTIONS.items() if kind in asked or kind in recorded}
        for kind, question in questions.items():
            row = recorded.get(kind)
            is_quote = kind == PermissionKind.QUOTE
            choices = QuoteLevel.choices if is_quote else [("yes", _("Yes")), ("no", _("No"))]
            initial = row and (row.quote_level if is_quote else "yes" if row.given else "no")
            self.fields[kind] = forms.ChoiceField(
                label=question, choices=choices, required=False, initial=initial, widget=forms.RadioSelect
            )
        shown = {kind: row.quote_level or ("yes" if row.given else "no") for kind, row in recorded.items()}
        self.fields["over"] = forms.CharField(required=False, initial=joined(shown), widget=forms.HiddenInput)
        self.helper = page_form(self, act=_("Keep the permissions"), action=action, quiet=True, is_draft=True)
        if as_practice:
            del self.fields["over"]
            self.helper.layout = Layout(*self.fields, HTML(""))
        for name, question in questions.items():
            # They may all be left open; saying so six times helps nobody.
            self.fields[name].label = question

    def over(self) -> dict[str, str]:
        """What was recorded when the page was shown, by kind; {} too where the page does not say."""
        return dict(one.split(":", 1) for one in self.cleaned_data["over"].split() if ":" in one)

    def said(self) -> dict[str, str]:
        """What was chosen since the page was shown, by kind."""
        over = self.over()
        chosen = {kind: value for kind, value in self.cleaned_data.items() if value and kind != "over"}
        return {kind: value for kind, value in chosen.items() if over.get(kind) != value}

    def given(self) -> dict[str, bool]:
        """What was said, by kind, without how far the words may go; what was not asked is not in it."""
        return {kind: value == "yes" for kind, value in self.said().items() if kind != PermissionKind.QUOTE}

    def quote_level(self) -> str | None:
        """How far the words may go; None when that was not asked."""
        return self.said().get(PermissionKind.QUOTE)


def joined(said: Mapping[str, str]) -> str:
    """What is permitted as one value: "quote:named reference:no"."""
    return " ".join(f"{kind}:{value}" for kind, value in sorted(said.items()))
