"""What may be typed about a guide."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Field, Layout, Row
from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from debriefs.core.layouts import Fold, page_form
from debriefs.guides.conditions import LABELS, Condition, Operator
from debriefs.guides.enums import Measure, OutcomeGroup, PermissionKind, QuestionKind
from debriefs.guides.exchange import LARGEST
from debriefs.guides.models import GuideVersion
from debriefs.guides.rules import QuestionText, digest_of

_LONGEST_PROBE = 300
_LONGEST_CHOICE = 120
MOST_CHOICES = 20


class ScriptsForm(forms.Form):
    """The words at the beginning and the end of a conversation; `seen` is the digest of the draft as it was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    opening_script = forms.CharField(
        label=_("Opening"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_(
            "Purpose, that the decision is accepted, no selling, who reads the notes, how long, consent to notes."
        ),
    )
    closing_script = forms.CharField(label=_("Closing"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class QuestionForm(forms.Form):
    """One question of a draft. Left without a text, or marked to be left out, it is not asked."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)
    place = forms.IntegerField(label=_("Place"), min_value=1, max_value=999, required=False)
    section = forms.CharField(label=_("Part of the conversation"), max_length=80, required=False)
    text = forms.CharField(
        label=_("Question"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    intent = forms.CharField(label=_("What to listen for"), max_length=500, required=False)
    probes = forms.CharField(
        label=_("Probes, one per line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[MaxLengthValidator(6_000)],
        help_text=_("After a | stands what the probe is for."),
    )
    planned_minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=60, initial=3)
    must_ask = forms.BooleanField(label=_("Must be asked"), required=False)
    left_out = forms.BooleanField(label=_("Leave this question out"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of answer"), choices=QuestionKind.choices, initial=QuestionKind.OPEN, required=False
    )
    choices = forms.CharField(
        label=_("Answers to choose from, one per line"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        validators=[MaxLengthValidator(3_000)], help_text=_("For one choice and several choices."),
    )  # fmt: skip
    feeds = forms.MultipleChoiceField(
        label=_("What the answer feeds"), choices=Measure.choices, required=False, widget=forms.SelectMultiple(attrs={"size": 5})
    )  # fmt: skip
    fit_for_writing = forms.BooleanField(label=_("Fit for a written debrief"), required=False, initial=True)
    written_text = forms.CharField(label=_("In writing, in these words"), max_length=500, required=False)
    when_on = forms.ChoiceField(label=_("Asked only if"), required=False)
    when_how = forms.ChoiceField(
        label=_("How"), required=False, choices=[(str(key), label) for key, label in LABELS.items()]
    )
    when_value = forms.CharField(label=_("Answer"), max_length=120, required=False)
    and_on = forms.ChoiceField(label=_("And only if"), required=False)
    and_how = forms.ChoiceField(
        label=_("How"), required=False, choices=[(str(key), label) for key, label in LABELS.items()]
    )
    and_value = forms.CharField(label=_("Answer"), max_length=120, required=False)

    def __init__(self, *args: Any, others: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("when_on", "and_on"):
            self.fields[name].choices = [("", _("Always asked") if name == "when_on" else _("Nothing more")), *others]  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            "key",
            "text",
            Row(Column("place"), Column("planned_minutes"), Column(Field("section"), css_class="col-md-6")),
            "intent",
            "probes",
            Row(Column("kind"), Column("must_ask", css_class="pt-4")),
            Fold(
                _("Answers, conditions, writing"),
                "choices",
                Row(Column("when_on", css_class="col-md-6"), Column("when_how"), Column("when_value")),
                Row(Column("and_on", css_class="col-md-6"), Column("and_how"), Column("and_value")),
                "feeds",
                "fit_for_writing",
                "written_text",
            ),
            "left_out",
        )

    def clean_probes(self) -> tuple[tuple[str, str], ...]:
        """The probes as pairs of text and purpose."""
        found = []
        for line in self.cleaned_data["probes"].splitlines():
            text, _bar, purpose = (part.strip() for part in line.partition("|"))
            if len(text) > _LONGEST_PROBE or len(purpose) > 200:
                raise forms.ValidationError(
                    _t("A probe is a short question: at most 300 characters, its purpose at most 200.")
                )
            if text:
                found.append((text, purpose))
        return tuple(found)

    def clean_choices(self) -> tuple[str, ...]:
        """The answers to choose from."""
        found = tuple(line.strip() for line in self.cleaned_data["choices"].splitlines() if line.strip())
        if len(found) > MOST_CHOICES or any(len(choice) > _LONGEST_CHOICE for choice in found):
            raise forms.ValidationError(
                _t("At most %(most)d answers, each of at most %(long)d characters.")
                % {"most": MOST_CHOICES, "long": _LONGEST_CHOICE}
            )
        return found

    def conditions(self) -> tuple[Condition, ...]:
        """The conditions as typed."""
        data = self.cleaned_data
        return tuple(
            Condition(data[f"{slot}_on"], data[f"{slot}_how"] or Operator.ANSWERED, data[f"{slot}_value"].strip())
            for slot in ("when", "and")
            if data.get(f"{slot}_on")
        )

    def is_asked(self) -> bool:
        """Whether the question stands in the draft."""
        return bool(self.cleaned_data.get("text")) and not self.cleaned_data.get("left_out")


class DraftQuestions(forms.BaseFormSet):
    """The questions of a draft."""

    def _asked(self) -> list[QuestionForm]:
        asked = [form for form in self.forms if (form.has_changed() or form.initial) and form.is_asked()]
        return sorted(asked, key=lambda form: form.cleaned_data.get("place") or 10_000)

    def numbers(self) -> list[int]:
        """For each form in the order of the page, where its question stands in `texts`, from 0; -1 for one that is not asked."""
        number_of = {form.prefix: number for number, form in enumerate(self._asked())}
        return [number_of.get(form.prefix, -1) for form in self.forms]

    def texts(self, before: dict[str, QuestionText]) -> list[QuestionText]:
        """The questions as typed, by place and then as shown; `before` holds the draft's own by key.

        A key that the draft does not know is not believed: that question counts as new.
        """
        found, used = [], set()
        for form in self._asked():
            data = form.cleaned_data
            old = before.get(data["key"]) if data["key"] not in used else None
            used.add(data["key"])
            found.append(
                QuestionText(
                    key=old.key if old else "",
                    section=data["section"],
                    text=data["text"],
                    intent=data["intent"],
                    kind=data["kind"] or QuestionKind.OPEN,
                    feeds=tuple(data["feeds"]),
                    must_ask=data["must_ask"],
                    planned_minutes=data["planned_minutes"],
                    fit_for_writing=data["fit_for_writing"],
                    probes=data["probes"],
                    written_text=data["written_text"],
                    choices=data["choices"],
                    # Conditions beyond the two that the form shows stay as they were.
                    conditions=form.conditions() + (old.conditions[2:] if old else ()),
                )
            )
        return found


_formset = forms.formset_factory(
    QuestionForm, formset=DraftQuestions, extra=2, max_num=60, validate_max=True, absolute_max=80
)


def question_forms(
    data: Any = None, *, texts: Sequence[QuestionText], initial: list[dict[str, Any]] | None = None
) -> DraftQuestions:
    """The forms of a draft's questions and two empty ones; `texts` are the draft's own, which conditions may look at."""
    others = [(text.key, text.text) for text in texts]
    made = _formset(data, initial=initial, prefix="q", form_kwargs={"others": others})
    assert isinstance(made, DraftQuestions)  # noqa: S101 - for the type checker
    return made


def initial_scripts(version: GuideVersion, texts: Sequence[QuestionText]) -> dict[str, str]:
    """What the form of a draft's scripts shows at first; `texts` are the draft's questions."""
    opening, closing = version.opening_script, version.closing_script
    return {"seen": digest_of(opening, closing, texts), "opening_script": opening, "closing_script": closing}


def initial_questions(texts: list[QuestionText]) -> list[dict[str, Any]]:
    """What the forms of a draft's questions show at first."""
    return [
        {
            "key": text.key,
            "place": place,
            "section": text.section,
            "text": text.text,
            "intent": text.intent,
            "probes": "\n".join(f"{probe} | {purpose}" if purpose else probe for probe, purpose in text.probes),
            "planned_minutes": text.planned_minutes,
            "must_ask": text.must_ask,
            "kind": text.kind,
            "choices": "\n".join(text.choices),
            "feeds": list(text.feeds),
            "fit_for_writing": text.fit_for_writing,
            "written_text": text.written_text,
            **_condition_fields(text.conditions),
        }
        for place, text in enumerate(texts, start=1)
    ]


def _condition_fields(conditions: tuple[Condition, ...]) -> dict[str, str]:
    shown: dict[str, str] = {}
    for slot, condition in zip(("when", "and"), conditions, strict=False):
        shown |= {
            f"{slot}_on": condition.on,
            f"{slot}_how": str(condition.operator),
            f"{slot}_value": condition.value,
        }
    return shown


class GuideForm(forms.Form):
    """What a guide is called, whom it serves, how long it takes."""

    name = forms.CharField(label=_("Name"), max_length=120)
    outcome_groups = forms.MultipleChoiceField(
        label=_("For deals that were"), choices=OutcomeGroup.choices, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    expected_minutes = forms.IntegerField(label=_("Minutes planned"), min_value=5, max_value=240)
    permissions = forms.MultipleChoiceField(
        label=_("Permissions asked at the end"), choices=PermissionKind.choices, required=False, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Save the guide"), back=back)


class GuideFileForm(forms.Form):
    """A guide as a file of another installation."""

    file = forms.FileField(label=_("File"), help_text=_("A guide.json, at most one megabyte."))
    name = forms.CharField(label=_("Name here"), max_length=120, required=False, help_text=_("Empty: as in the file."))

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Take it in"), back=back)

    def clean_file(self) -> Any:
        """Small enough to be a guide."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_t("The file is larger than one megabyte: it is no guide."))
        return file


class BankForm(forms.Form):
    """One question of the bank, to be offered no more, or `again`."""

    key = forms.ChoiceField()
    again = forms.BooleanField(required=False)

    def __init__(self, *args: Any, known: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = [(key, key) for key in known]  # type: ignore[attr-defined]


class PublishForm(forms.Form):
    """Why this version is published."""

    note = forms.CharField(
        label=_("What this version changes"),
        max_length=300,
        help_text=_("A published version never changes. Debriefs under way keep the one they have."),
    )

    def __init__(self, *args: Any, version: GuideVersion, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act=_("Publish version %(n)d") % {"n": version.number}, action=action, quiet=True)
