"""What reviewers may type."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Programme
from debriefs.codebook.enums import Direction, Strength
from debriefs.codebook.models import Driver
from debriefs.codebook.queries import drivers_of
from debriefs.core.layouts import Acts, page_form
from debriefs.deals.models import Competitor
from debriefs.findings.comparison import LEFT_OUT
from debriefs.findings.driver_select import DriverSelect
from debriefs.findings.models import Finding, PreparedRelease, Side
from debriefs.findings.plan import Story

LONGEST = 4_000


class FindingForm(forms.Form):
    """One finding: driver, direction, strength, and its evidence. `version` is the one the person saw, 0 for a new finding.

    `is_blind`: as a second coder codes, with nothing of the first coder's to rest on.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)
    driver = forms.ModelChoiceField(
        Driver.objects.none(), label=_("Driver"), empty_label=_("Choose a driver"), widget=DriverSelect
    )
    direction = forms.ChoiceField(label=_("Direction"), choices=[("", _("Choose a direction")), *Direction.choices])
    strength = forms.TypedChoiceField(
        label=_("Strength"), choices=Strength.choices, coerce=int, initial=Strength.CLEARLY
    )
    verbatim = forms.CharField(
        label=_("The buyer’s own words"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    note = forms.CharField(
        label=_("Note"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    competitor = forms.ModelChoiceField(
        Competitor.objects.none(), label=_("Competitor"), required=False, empty_label=_("None")
    )

    def __init__(
        self, *args: Any, programme: Programme, back: str, action: str = "", is_blind: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if is_blind:
            del self.fields["version"], self.fields["competitor"]
        self.fields["driver"].queryset = drivers_of(programme)  # type: ignore[attr-defined]
        self.fields["driver"].label_from_instance = lambda driver: f"{driver.category}: {driver}"  # type: ignore[attr-defined]
        if "competitor" in self.fields:
            self.fields["competitor"].queryset = Competitor.objects.filter(programme=programme).order_by("name")  # type: ignore[attr-defined]
        self.helper = page_form(self, act=_("Save the finding"), back=back, action=action, quiet=True)

    def clean(self) -> dict[str, Any]:
        """With evidence."""
        data = super().clean() or {}
        if not (data.get("verbatim") or "").strip() and not (data.get("note") or "").strip():
            self.add_error("verbatim", _("A finding needs its evidence: the buyer’s words or a note."))
        return data

    def facts(self) -> dict[str, Any]:
        """What was typed, without the version it rests on."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ConsensusForm(forms.Form):
    """Whose coding of every driver is kept, and which driver decided."""

    deciding_driver = forms.UUIDField()
    # Of the consensus that the page showed.
    seen = forms.CharField(max_length=40, required=False)

    def __init__(self, *args: Any, drivers: Iterable[UUID], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drivers = list(dict.fromkeys(drivers))
        for driver in self.drivers:
            self.fields[f"keep-{driver}"] = forms.ChoiceField(
                choices=[(Side.FIRST, ""), (Side.SECOND, ""), (LEFT_OUT, "")]
            )

    def taken(self) -> dict[UUID, str]:
        """The side by driver."""
        return {driver: self.cleaned_data[f"keep-{driver}"] for driver in self.drivers}

    def deciding(self) -> UUID:
        """The driver that decided."""
        deciding: UUID = self.cleaned_data["deciding_driver"]
        return deciding


class RecodeForm(forms.Form):
    """Another driver for what is coded, resting on the version the person saw."""

    base_version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    driver = forms.ModelChoiceField(Driver.objects.none())

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["driver"].queryset = drivers_of(programme)  # type: ignore[attr-defined]


class FoldForm(forms.Form):
    """The finding that takes the words and the note of another."""

    base_version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    into = forms.ModelChoiceField(Finding.objects.none())

    def __init__(self, *args: Any, findings: QuerySet[Finding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = findings  # type: ignore[attr-defined]


class MaskForm(forms.Form):
    """The words as they will be released, resting on the `version` the person saw."""

    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    masked_verbatim = forms.CharField(max_length=LONGEST, required=False)
    masked_note = forms.CharField(max_length=LONGEST, required=False)


class ReleaseForm(forms.Form):
    """What a release says in short; a tick is asked for once a word of it is also somebody's name."""

    LONGEST = 10_000

    summary = forms.CharField(
        label=_("In short, in our words"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What happened and what lay behind it, without names."),
    )  # fmt: skip

    timeline = forms.CharField(
        label=_("The buyer’s timeline"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One step a line, in the buyer’s order: “Early May: three suppliers on a list”."),
    )  # fmt: skip
    suggests = forms.CharField(
        label=_("What it suggests"), max_length=4_000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the team might keep or change; the review decides."),
    )  # fmt: skip

    words_confirmed = forms.BooleanField(required=False, label=_("Those words are no names here"))
    # Of the text whose words the page asked about: the tick is for that text and no other.
    looked_at = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    # Of the text that was prepared for a batch when the page was shown.
    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, back: str, asks_about_words: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_about_words:
            del self.fields["words_confirmed"]
        self.helper = page_form(self, act=_("Release the debrief"), back=back)
        self.helper.layout.append(Acts(_("Keep for the next batch"), name="batch", value="1", quiet=True))

    def story(self) -> Story:
        """What was written."""
        return Story(*(self.cleaned_data[name] for name in Story._fields))

    def is_confirmed(self) -> bool:
        """Whether the words of exactly this text were looked at."""
        return bool(self.cleaned_data.get("words_confirmed")) and self.cleaned_data["looked_at"] == self.story().digest

    def ask_again(self, **shown: str) -> None:
        """The page shows what was typed with these hidden values; a tick for another text is taken off."""
        typed: Any = self.data
        kept = {name: value for name, value in typed.dict().items() if name != "words_confirmed" or self.is_confirmed()}
        self.data = kept | shown


class BatchForm(forms.Form):
    """Which of the prepared releases go out together, and whether they may although they are few."""

    prepared = forms.ModelMultipleChoiceField(PreparedRelease.objects.none())
    although_few = forms.BooleanField(required=False)

    def __init__(self, *args: Any, waiting: QuerySet[PreparedRelease], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prepared"].queryset = waiting  # type: ignore[attr-defined]

    def chosen(self) -> set[str] | None:
        """The keys that were ticked, None before anything was sent."""
        sent: Any = self.data
        return set(sent.getlist("prepared")) if self.is_bound else None


class RecallForm(forms.Form):
    """Why a release is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Recall the release"), back=back)
