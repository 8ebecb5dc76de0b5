"""Which column is which fact, and which stage is which outcome: proposals from known exports, confirmed by a person. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from debriefs.deals.enums import Outcome
from debriefs.deals.known_exports import KNOWN_EXPORTS, OTHER, KnownExport
from debriefs.deals.survey import Survey
from debriefs.deals.translated_headers import IN_ENGLISH, LOST_WORDS, WON_WORDS, plain
from debriefs.deals.values import DateEvidence, NumberEvidence, decimal_of, is_answer, order_of

# What a column can be. Order is the order of the choices on the page.
FIELDS: "dict[str, str | Promise]" = {
    "external_id": _("Id in the CRM"),
    "source": _("Which CRM the id is of"),
    "name": _("Deal name"),
    "company": _("Company"),
    "companies": _("Companies (the first counts)"),
    "stage": _("Stage or status"),
    "outcome": _("Outcome in our words (won, lost …)"),
    "withdrawn_by": _("Withdrawn by (us, buyer)"),
    "closed_on": _("Decision date"),
    "opened_on": _("Opened on"),
    "amount": _("Amount"),
    "currency": _("Currency"),
    "owner": _("Owner (name, address or both)"),
    "owner_email": _("Owner's e-mail"),
    "owner_id": _("Owner's id in the CRM"),
    "team": _("Team"),
    "offering": _("Offering"),
    "segment": _("Segment"),
    "country": _("Country of the company"),
    "crm_reason": _("Reason in the CRM"),
    "note": _("Sales note"),
    "competitors": _("Competitors"),
    "winner": _("Competitor who won"),
    "contacts": _("Contacts (several in one cell)"),
    "contact_name": _("Contact's name"),
    "contact_email": _("Contact's e-mail"),
    "contact_title": _("Contact's title"),
    "implementation_starts_on": _("Implementation starts on"),
}
DATE_FIELDS = ("closed_on", "opened_on", "implementation_starts_on")
# The first filled cell counts where several columns are the same fact; a note takes all of them.
REPEATABLE = frozenset(("closed_on", "amount", "crm_reason", "note", "contacts", "companies"))
# Outcomes as a table of stages offers them: the two withdrawals apart.
OUTCOMES: "dict[str, str | Promise]" = {
    Outcome.WON.value: _("Won"),
    Outcome.LOST.value: _("Lost"),
    "withdrawn:buyer": _("Withdrawn by the buyer"),
    "withdrawn:us": _("Withdrawn by us"),
    Outcome.REJECTED.value: _("Rejected early"),
    Outcome.OPEN.value: _("Still open"),
    Outcome.INVALID.value: _("Invalid: test or duplicate"),
}
_STAGES = {
    "closed won": "won",
    "closedwon": "won",
    "won": "won",
    "1": "won",
    "closed lost": "lost",
    "closedlost": "lost",
    "lost": "lost",
    "out-sold": "lost",
    "outsold": "lost",
    "canceled": "withdrawn:buyer",
    "cancelled": "withdrawn:buyer",
    "withdrawn": "withdrawn:buyer",
    "no decision": "withdrawn:buyer",
    "disqualified": "rejected",
    "unqualified": "rejected",
    "rejected": "rejected",
    "duplicate": "invalid",
    "test": "invalid",
    "invalid": "invalid",
}


@dataclass(frozen=True)
class Example:
    """A cell of the file that can be read in two ways, and its line."""

    line: int
    text: str


@dataclass(frozen=True)
class Mapping:
    """How a file's columns and values are read. `fields` has one entry per column, "" for a column left out."""

    source: str
    fields: list[str]
    outcomes: dict[str, str] = field(default_factory=dict)
    date_order: str = ""
    decimal: str = ""
    tests_are_invalid: bool = True

    def as_json(self) -> dict[str, Any]:
        """For the import's row."""
        return {"fields": self.fields, "decimal": self.decimal, "tests_are_invalid": self.tests_are_invalid}

    def columns_of(self, name: str) -> list[int]:
        """The positions of the columns that are this fact."""
        return self.positions.get(name, [])

    @cached_property
    def positions(self) -> dict[str, list[int]]:
        """The positions of the columns of every fact the file gives."""
        positions: dict[str, list[int]] = {}
        for position, name in enumerate(self.fields):
            positions.setdefault(name, []).append(position)
        return positions

    @property
    def has_key(self) -> bool:
        """Whether each row can be told apart: by id, or by deal name, company and decision date together."""
        if self.columns_of("external_id"):
            return True
        company = self.columns_of("company") or self.columns_of("companies")
        return bool(self.columns_of("name") and company and self.columns_of("closed_on"))


def known_export(columns: list[str]) -> KnownExport:
    """The export one of whose sets of marks stands among the headers; OTHER for none."""
    for export in KNOWN_EXPORTS.values():
        headers = set(_in_english(columns, export))
        if any(marks <= headers for marks in export.marks):
            return export
    return OTHER


def propose(columns: list[str], found: Survey, *, name: str = "", remembered: Mapping | None = None) -> Mapping:
    """What to show first: the remembered mapping of the same columns, else the named or recognised export's."""
    export = KNOWN_EXPORTS.get(name) or known_export(columns)
    fields = remembered.fields if remembered else _fields(columns, export)
    draft = Mapping(remembered.source if remembered else export.source, fields)
    known = remembered.outcomes if remembered else {}
    order, _ask = date_question(draft, found)
    decimal, _ask = decimal_question(draft, found)
    return Mapping(
        draft.source,
        fields,
        {stage: known.get(stage) or outcome_of(stage) for stage in stages_of(draft, found)},
        order or (remembered.date_order if remembered else ""),
        decimal or (remembered.decimal if remembered else ""),
        remembered.tests_are_invalid if remembered else True,
    )


def date_question(mapping: Mapping, found: Survey) -> tuple[str, bool]:
    """(order that the dates show, whether a person has to be asked), over the mapped date columns together."""
    positions = [position for name in DATE_FIELDS for position in mapping.columns_of(name)]
    return order_of([found.columns[position].dates for position in positions])


def with_what_shows(mapping: Mapping, found: Survey, before: Mapping) -> Mapping:
    """The mapping with the date order and decimal sign that its columns show, where they are not the columns of `before`.

    What was said about those says nothing about these; what is said now, and so differs, stays.
    """
    order, sign = mapping.date_order, mapping.decimal
    if order == before.date_order and any(mapping.columns_of(name) != before.columns_of(name) for name in DATE_FIELDS):
        shown, ask = date_question(mapping, found)
        order = shown if shown and not ask else order
    if sign == before.decimal and mapping.columns_of("amount") != before.columns_of("amount"):
        shown, ask = decimal_question(mapping, found)
        sign = shown if shown and not ask else sign
    return replace(mapping, date_order=order, decimal=sign)


def date_examples(mapping: Mapping, found: Survey) -> list[Example]:
    """Up to three dates of the file that can be read in two ways."""
    positions = [position for name in DATE_FIELDS for position in mapping.columns_of(name)]
    return _examples([found.columns[position].dates for position in positions])


def decimal_question(mapping: Mapping, found: Survey) -> tuple[str, bool]:
    """(decimal sign that the amounts show, whether a person has to be asked), over the mapped columns together."""
    return decimal_of([found.columns[position].numbers for position in mapping.columns_of("amount")])


def decimal_examples(mapping: Mapping, found: Survey) -> list[Example]:
    """Up to three amounts of the file that can be read in two ways."""
    return _examples([found.columns[position].numbers for position in mapping.columns_of("amount")])


def _examples(evidence: Sequence[DateEvidence | NumberEvidence]) -> list[Example]:
    return [Example(line, text) for one in evidence for line, text in zip(one.lines, one.examples, strict=True)][:3]


def stages_of(mapping: Mapping, found: Survey) -> dict[str, int]:
    """The values of the stage column as rows are read, with how often each stands there; empty when it holds too many to be stages."""
    positions = mapping.columns_of("stage")
    stages: dict[str, int] = {}
    for value, count in found.columns[positions[0]].values.items() if positions else ():
        if is_answer(value):
            stage = " ".join(value.split())
            stages[stage] = stages.get(stage, 0) + count
    return stages


def says_no_stages(mapping: Mapping, found: Survey) -> bool:
    """Whether the stage column holds too many different values, or too long ones, for anybody to say what each means."""
    positions = mapping.columns_of("stage")
    return bool(positions and found.columns[positions[0]].filled and not found.columns[positions[0]].values)


def outcome_of(stage: str) -> str:
    """What a stage's name suggests; anything unknown is open."""
    key = plain(stage.replace("_", " "))
    # HubSpot puts the pipeline behind the stage: "Closed Lost (Sales Pipeline)". A single word there belongs to the stage.
    key, _sign, behind = key.partition(" (")
    if key in _STAGES:
        return _STAGES[key]
    if key.startswith(("duplicate", "test deal")):
        return Outcome.INVALID.value
    words = re.split(r"[\s:(),/-]+", key if " " in behind else f"{key} {behind}")
    if not LOST_WORDS.isdisjoint(words):
        return Outcome.LOST.value
    if not WON_WORDS.isdisjoint(words):
        return Outcome.WON.value
    return Outcome.OPEN.value


def looks_like_test(name: str) -> bool:
    """Whether a deal's name says that it is a test or a duplicate."""
    key = " ".join(name.casefold().split())
    return key.startswith(("test deal", "test opportunity", "duplicate of", "[test]")) or "do not use" in key


def _fields(columns: list[str], export: KnownExport) -> list[str]:
    """One field per column. A fact that may stand once goes to the column whose header the export lists first."""
    headers = _in_english(columns, export)
    fields = [""] * len(columns)
    taken: set[str] = set()
    for header, name in export.headers.items():
        for position, present in enumerate(headers):
            if present == header and not fields[position] and (name not in taken or name in REPEATABLE):
                fields[position] = name
                taken.add(name)
    for header, name in export.second_choice.items():
        if name not in taken and header in headers:
            fields[headers.index(header)] = name
            taken.add(name)
    return fields


def _in_english(columns: list[str], export: KnownExport) -> list[str]:
    """The headers as the export's table lists them."""
    translated = IN_ENGLISH.get(export.key, {})
    keys = [plain(name) for name in columns]
    return [key if key in export.headers or key in export.second_choice else translated.get(key, key) for key in keys]
