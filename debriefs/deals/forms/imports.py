"""Forms of an import: the upload, how the file is cut, what its columns and stages mean."""

from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from debriefs.core.layouts import page_form
from debriefs.core.words import amount, on_day
from debriefs.deals.known_exports import SOURCES
from debriefs.deals.mapping import (
    DATE_FIELDS,
    FIELDS,
    OUTCOMES,
    Mapping,
    date_examples,
    date_question,
    decimal_examples,
    decimal_question,
    outcome_of,
    stages_of,
)
from debriefs.deals.models import DealImport
from debriefs.deals.reader import DELIMITERS, ENCODINGS, REASON_COLUMN, WORKBOOK
from debriefs.deals.survey import Survey
from debriefs.deals.values import UnreadableValue, read_amount, read_date

_DELIMITER_NAMES = {",": _("Comma"), ";": _("Semicolon"), "\t": _("Tab"), "|": _("Bar")}
_ORDERS = {"DMY": _("Day, month, year"), "MDY": _("Month, day, year"), "YMD": _("Year, month, day")}
_DECIMALS = {".": _("Point, as in 1234.50"), ",": _("Comma, as in 1234,50")}


class UploadForm(forms.Form):
    """One CSV file or workbook within the size limit."""

    file = forms.FileField(
        label=_("CSV file or Excel workbook"),
        allow_empty_file=True,
        help_text=_(
            "An export from Salesforce, HubSpot, Pipedrive, Dynamics, or any other list with one deal per row."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,text/csv"}),
    )

    def __init__(self, *args: Any, back: str, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if too_large:
            self.fields["file"].error_messages["required"] = self._too_large()
        self.helper = page_form(self, act=_("Upload and look at it"), back=back)
        self.helper.attrs |= {"enctype": "multipart/form-data"}

    def clean_file(self) -> Any:
        """The file, unless it is larger than the installation takes."""
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_BYTES:
            raise forms.ValidationError(self._too_large())
        return file

    def _too_large(self) -> str:
        limit = filesizeformat(settings.IMPORT_MAX_BYTES)
        return str(_("The file is larger than %(limit)s. Export fewer columns or years at a time.") % {"limit": limit})


class LayoutForm(forms.Form):
    """How the file is cut into cells where the guess was wrong, or which sheet of a workbook is meant."""

    encoding = forms.ChoiceField(choices=list(ENCODINGS.items()), label=_("Encoding"))
    delimiter = forms.ChoiceField(
        choices=[(name, _DELIMITER_NAMES[sign]) for sign, name in DELIMITERS.items()], label=_("Cells are parted by")
    )
    sheet = forms.ChoiceField(label=_("Sheet"))

    def __init__(self, data: Any = None, *, deal_import: DealImport) -> None:
        current = {
            "encoding": deal_import.encoding,
            "delimiter": DELIMITERS.get(deal_import.delimiter, "comma"),
            "sheet": deal_import.survey.get("sheet", ""),
        }
        super().__init__(data, initial=current)
        self.fields["sheet"].choices = [(name, name) for name in deal_import.survey.get("sheets", [])]  # type: ignore[attr-defined]
        for name in ("encoding", "delimiter") if deal_import.encoding == WORKBOOK else ("sheet",):
            del self.fields[name]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"

    def layout(self) -> dict[str, str]:
        """What was chosen, as the action takes it."""
        chosen: dict[str, str] = dict(self.cleaned_data)
        if "delimiter" in chosen:
            chosen["delimiter"] = next(sign for sign, name in DELIMITERS.items() if name == chosen["delimiter"])
        return chosen


class MappingForm(forms.Form):
    """A select per column and per stage, and the questions about dates and numbers that the file leaves open."""

    tests_are_invalid = forms.BooleanField(
        required=False, label=_("Deals named as tests or duplicates are invalid: outside all statistics")
    )

    def __init__(self, data: Any, *, deal_import: DealImport, mapping: Mapping, found: Survey) -> None:
        self._columns, self._found, self._mapping = deal_import.columns, found, mapping
        self._currency = deal_import.programme.currency
        self._stages = list(stages_of(mapping, found))
        super().__init__(data, initial=self._initial())
        choices = [("", _("Leave out")), *FIELDS.items()]
        for position in range(len(self._columns)):
            self._select(f"column_{position}", self._columns[position], choices)
        for position, stage in enumerate(self._stages):
            self._select(f"stage_{position}", stage, list(OUTCOMES.items()))
        # Without ids nobody's are meant, and a list saved here says in a column whose they are.
        self.asks_source = bool(mapping.columns_of("external_id")) and not mapping.columns_of("source")
        if self.asks_source:
            self._select("source", _("Which CRM are the ids of?"), list(SOURCES.items()))
        self.asks_date_order = date_question(mapping, found)[1]
        if self.asks_date_order:
            self._offered = self._orders()
            self._ask("date_order", _("In which order do day and month stand?"), self._offered)
        self.asks_decimal = decimal_question(mapping, found)[1]
        if self.asks_decimal:
            self._ask("decimal", _("Which sign comes before the decimals?"), _DECIMALS)
        elif mapping.columns_of("amount"):
            self._select("decimal", _("Decimal sign"), [("", _("As each amount shows")), *_DECIMALS.items()])

    def _orders(self) -> dict[str, Any]:
        """The orders to choose from: without one that reads the file's rows as another does, such as years first where the year stands last."""
        examples = date_examples(self._mapping, self._found)
        offered: dict[tuple[str, ...], str] = {}
        for order in _ORDERS:
            readings = tuple(_day_as_read(one.text, order) for one in examples)
            if order == self._mapping.date_order:
                offered[readings] = order
            else:
                offered.setdefault(readings, order)
        return {order: name for order, name in _ORDERS.items() if order in offered.values()}

    def _ask(self, name: str, label: Any, choices: dict[str, Any]) -> None:
        self.fields[name] = forms.ChoiceField(
            choices=list(choices.items()),
            required=False,
            widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            label=label,
        )

    def _select(self, name: str, label: Any, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name] = forms.ChoiceField(
            choices=choices, required=False, label=label, widget=forms.Select(attrs={"class": "form-select"})
        )

    def questions(self) -> list[dict[str, Any]]:
        """What the file leaves open: the radio field, its choices' names, and rows of the file as each choice reads them."""
        asked = []
        if self.asks_date_order:
            rows = [
                {
                    "line": one.line,
                    "text": one.text,
                    "readings": [(name, _day_as_read(one.text, order)) for order, name in self._offered.items()],
                }
                for one in date_examples(self._mapping, self._found)
            ]
            asked.append({"field": self["date_order"], "choices": list(self._offered.values()), "rows": rows})
        if self.asks_decimal:
            rows = [
                {
                    "line": one.line,
                    "text": one.text,
                    "readings": [
                        (name, _amount_as_read(one.text, sign, self._currency)) for sign, name in _DECIMALS.items()
                    ],
                }
                for one in decimal_examples(self._mapping, self._found)
            ]
            asked.append({"field": self["decimal"], "choices": list(_DECIMALS.values()), "rows": rows})
        return asked

    def _initial(self) -> dict[str, Any]:
        values: dict[str, Any] = {
            "tests_are_invalid": self._mapping.tests_are_invalid,
            "source": self._mapping.source,
            "decimal": self._mapping.decimal,
            "date_order": self._mapping.date_order,
        }
        values |= {f"column_{position}": name for position, name in enumerate(self._mapping.fields)}
        return values | {
            f"stage_{position}": self._mapping.outcomes.get(stage, outcome_of(stage))
            for position, stage in enumerate(self._stages)
        }

    def column_rows(self) -> list[dict[str, Any]]:
        """One row of the table per column: its name, what stands in it, the select. Our own columns are left out."""
        return [
            {
                "name": name,
                "examples": self._examples(position),
                "filled": self._found.columns[position].filled,
                "field": self[f"column_{position}"],
            }
            for position, name in enumerate(self._columns)
            if not (REASON_COLUMN in self._columns and position >= len(self._columns) - 2)
        ]

    def stage_rows(self) -> list[dict[str, Any]]:
        """One row per stage: its name, how often it stands there, the select."""
        counts = stages_of(self._mapping, self._found)
        return [
            {"name": stage, "count": counts[stage], "field": self[f"stage_{position}"]}
            for position, stage in enumerate(self._stages)
        ]

    def _examples(self, position: int) -> list[str]:
        cells = (cells[position].strip() for _line, cells, _surplus in self._found.sample)
        return list(dict.fromkeys(cell[:60] for cell in cells if cell))[:3]

    def mapping(self) -> Mapping:
        """What was chosen. Answers about stages and dates count only while the columns are those they were asked about."""
        data = self.cleaned_data
        fields = [data.get(f"column_{position}", "") for position in range(len(self._columns))]
        chosen = Mapping(
            data.get("source") or self._mapping.source,
            fields,
            {},
            self._mapping.date_order,
            data.get("decimal") or self._mapping.decimal,
            data["tests_are_invalid"],
        )
        if all(chosen.columns_of(name) == self._mapping.columns_of(name) for name in DATE_FIELDS):
            chosen = replace(chosen, date_order=data.get("date_order") or chosen.date_order)
        if chosen.columns_of("stage")[:1] == self._mapping.columns_of("stage")[:1]:
            outcomes = {
                stage: data.get(f"stage_{position}") or outcome_of(stage) for position, stage in enumerate(self._stages)
            }
            return replace(chosen, outcomes=outcomes)
        return chosen


def _day_as_read(text: str, order: str) -> str:
    """A date as the order reads it: "Fri 3 Apr 2026"; "" where there is no such day."""
    try:
        day = read_date(text, order)
    except UnreadableValue:
        return ""
    return on_day(day) if day else ""


def _amount_as_read(text: str, decimal: str, usual: str) -> str:
    """An amount as the sign reads it, in its own currency or the usual one; "" where it cannot be read so."""
    try:
        value, currency = read_amount(text, decimal)
    except UnreadableValue:
        return ""
    return amount(value, currency or usual) if value is not None else ""
