"""The parts of a write-up that are saved as they are typed: each one text and the marks chosen beside it, over typed columns.

A mark is "column:value". A part's key outlives the row: "record.reason", "need.<need>", "named.<assessment>",
"standing.<competitor>", "disclosure.<row>", "reason.<row>", and the names of the single ones.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debriefs.deals.models import DealCompetitor, Need
from debriefs.interviews.choosing import Scale
from debriefs.interviews.enums import (
    AwarenessHow,
    CycleTime,
    Decision,
    KnownBefore,
    NeedOutcome,
    Quality,
    RecordField,
    Said,
    Standing,
    Verdict,
    Wish,
)
from debriefs.interviews.models import (
    CompetitorStanding,
    Disclosure,
    NeedAssessment,
    RecordCheck,
    StatedReason,
    WriteUp,
)

REASONS, BUYER, RECORD, NEEDS = "reasons", "decision", "record", "needs"
CAME_OUT, AWARENESS, PROCESS, SECOND_LOOK, QUALITY = "disclosures", "awareness", "process", "second-look", "quality"


@dataclass(frozen=True)
class Part:
    """One part: what it is about, what can be chosen, and the row and columns it stands in. `row` may be unsaved."""

    key: str
    group: str
    label: "str | Promise"
    text_label: "str | Promise"
    row: models.Model
    text_column: str
    scales: tuple[Scale, ...] = ()
    hint: "str | Promise" = ""
    is_removable: bool = False

    @property
    def text(self) -> str:
        """What is written."""
        return str(getattr(self.row, self.text_column))

    @property
    def columns(self) -> list[str]:
        """The columns whose value is chosen."""
        return list(dict.fromkeys(mark.partition(":")[0] for scale in self.scales for mark, _label in scale.marks))

    @property
    def chosen(self) -> list[str]:
        """The marks chosen, in the order of the page."""
        return [f"{column}:{value}" for column in self.columns if (value := getattr(self.row, _stored(column)))]

    @property
    def chosen_words(self) -> str:
        """The marks chosen, as they are read."""
        chosen = self.chosen
        return ", ".join(str(label) for scale in self.scales for mark, label in scale.marks if mark in chosen)

    @property
    def is_filled(self) -> bool:
        """Whether it says something: what is to be chosen first, else the text."""
        return bool(self.chosen) if self.scales else bool(self.text.strip())

    def write(self, text: str, chosen: Sequence[str]) -> None:
        """Puts text and marks into the row's columns, without saving it. What only makes sense with another choice falls away without it."""
        said = dict(mark.split(":", 1) for mark in chosen)
        setattr(self.row, self.text_column, text)
        for column in self.columns:
            setattr(self.row, _stored(column), said.get(column) or (None if column == "winner" else ""))
        if isinstance(self.row, WriteUp):
            if self.row.winner_id and not self.row.decision:
                self.row.decision = Decision.COMPETITOR
            if self.row.decision != Decision.COMPETITOR:
                self.row.winner = None
            if self.row.second_look != Wish.YES:
                self.row.sales_may_know = ""

    @property
    def stored_columns(self) -> list[str]:
        """The columns that `write` may have changed."""
        return [self.text_column, *(_stored(column) for column in self.columns)]


def _stored(column: str) -> str:
    return "winner_id" if column == "winner" else column


def _scale(column: str, choices: Iterable[tuple[Any, Any]], label: "str | Promise" = "") -> Scale:
    return Scale(label, tuple((f"{column}:{value}", words) for value, words in choices))


WHAT_IS_CHECKED: dict[str, "str | Promise"] = {
    RecordField.REASON: gettext_lazy("What our side gave as the reason"),
    RecordField.COMPETITOR: gettext_lazy("Whom our side named as competitor"),
    RecordField.DECIDING_ROLE: gettext_lazy("Who our side thought decides"),
    RecordField.TIMELINE: gettext_lazy("When things happened, by our record"),
    RecordField.NEEDS: gettext_lazy("The needs our side uncovered"),
    RecordField.AWARENESS_SOURCE: gettext_lazy("How our side thought they heard of us"),
}
_NOTE = gettext_lazy("In a sentence")


def parts_of(write_up: WriteUp) -> list[Part]:
    """All parts in the order of the page. Seven queries."""
    return [
        *_reasons(write_up),
        *_decision(write_up),
        *_record(write_up),
        *_needs(write_up),
        *_disclosures(write_up),
        *_singles(write_up),
    ]


def part_of(write_up: WriteUp, key: str) -> Part | None:
    """The part of this key; None when it was taken out, or never was. Two queries at most: only the rows beside it are read."""
    kind = key.partition(".")[0]
    found = _SOURCES.get(kind, _singles)(write_up)
    return next((one for one in found if one.key == key), None)


def progress_of(parts: Sequence[Part]) -> list[tuple[str, int, int]]:
    """(group, parts filled in, parts) in the order of the page; reasons and what came out are not counted, they have no number."""
    counted: dict[str, list[bool]] = {}
    for part in parts:
        if part.group not in (REASONS, CAME_OUT):
            counted.setdefault(part.group, []).append(part.is_filled)
    return [(group, sum(filled), len(filled)) for group, filled in counted.items()]


def values_of(write_up: WriteUp) -> dict[str, Any]:
    """What the columns of the version itself say, for a further version."""
    kept = {
        "id", "programme", "debrief", "number", "opened_at", "opened_by", "reason", "submitted_at", "submitted_by",
    }  # fmt: skip
    return {
        field.attname: getattr(write_up, field.attname)
        for field in write_up._meta.concrete_fields
        if field.name not in kept
    }


def _reasons(write_up: WriteUp) -> list[Part]:
    rows = StatedReason.objects.filter(write_up=write_up).select_related("stated_driver", "root_driver")
    return [
        Part(
            f"reason.{row.pk}",
            REASONS,
            row.stated_driver.name,
            gettext_lazy("What lay behind that"),
            row,
            "note",
            hint=_("Behind it: %(root)s") % {"root": row.root_driver.name},
            is_removable=True,
        )
        for row in rows
    ]


def _decision(write_up: WriteUp) -> list[Part]:
    standings = {
        row.competitor_id: row
        for row in CompetitorStanding.objects.filter(write_up=write_up).select_related("competitor")
    }
    met = {
        one.competitor_id: one.competitor
        for one in DealCompetitor.objects.filter(deal=write_up.debrief.deal_id).select_related("competitor")
    }
    met |= {key: row.competitor for key, row in standings.items()}
    if write_up.winner is not None:
        # Chosen once, it stays to be seen and kept though the deal names it no more.
        met[write_up.winner.pk] = write_up.winner
    named = sorted(met.values(), key=lambda one: one.name_key)
    scales = [_scale("decision", Decision.choices)]
    if named:
        scales.append(_scale("winner", [(one.pk, one.name) for one in named], gettext_lazy("Which competitor")))
    parts = [
        Part(
            "decision",
            BUYER,
            gettext_lazy("What the buyer did"),
            gettext_lazy("How they put it"),
            write_up,
            "decision_note",
            tuple(scales),
        )
    ]
    for one in named:
        row = standings.get(one.pk) or CompetitorStanding(
            programme_id=write_up.programme_id, write_up=write_up, competitor=one
        )
        parts.append(
            Part(
                f"standing.{one.pk}",
                BUYER,
                _("Compared with %(competitor)s") % {"competitor": one.name},
                gettext_lazy("In what"),
                row,
                "note",
                (_scale("standing", Standing.choices),),
                is_removable=one.pk not in met,
            )
        )
    return parts


def _record(write_up: WriteUp) -> list[Part]:
    rows = {row.field: row for row in RecordCheck.objects.filter(write_up=write_up)}
    return [
        Part(
            f"record.{field}",
            RECORD,
            WHAT_IS_CHECKED[field],
            gettext_lazy("What the buyer said instead"),
            rows.get(field) or RecordCheck(programme_id=write_up.programme_id, write_up=write_up, field=field),
            "note",
            (_scale("verdict", Verdict.choices),),
        )
        for field in RecordField.values
    ]


def _needs(write_up: WriteUp) -> list[Part]:
    rows = list(NeedAssessment.objects.filter(write_up=write_up))
    by_need = {row.need_id: row for row in rows if row.need_id}
    listed = list(Need.objects.filter(deal=write_up.debrief.deal_id))
    free = max((row.position for row in rows), default=0)
    found = []
    for need in listed:
        row = by_need.pop(need.pk, None)
        if row is None:
            free += 1
            row = NeedAssessment(
                programme_id=write_up.programme_id,
                write_up=write_up,
                need=need,
                position=free,
                text=need.text,
                weight=need.weight,
            )
        found.append((f"need.{need.pk}", row, False))
    found += [(f"need.{row.need_id}", row, False) for row in by_need.values()]
    found += [(f"named.{row.pk}", row, True) for row in rows if not row.need_id]
    return [
        Part(
            key,
            NEEDS,
            row.text,
            _NOTE,
            row,
            "note",
            (_scale("outcome", NeedOutcome.choices),),
            hint=gettext_lazy("Named in the conversation") if is_named else "",
            is_removable=is_named,
        )
        for key, row, is_named in found
    ]


def _disclosures(write_up: WriteUp) -> list[Part]:
    return [
        Part(
            f"disclosure.{row.pk}",
            CAME_OUT,
            row.get_kind_display(),
            gettext_lazy("What came out"),
            row,
            "text",
            (_scale("known_before", KnownBefore.choices, gettext_lazy("Known to us before")),),
            is_removable=True,
        )
        for row in Disclosure.objects.filter(write_up=write_up)
    ]


def _singles(write_up: WriteUp) -> list[Part]:
    return [
        Part(
            "awareness",
            AWARENESS,
            gettext_lazy("How they first heard of us"),
            gettext_lazy("What it was: the post, the event, the search"),
            write_up,
            "awareness_what",
            (_scale("awareness_how", AwarenessHow.choices),),
        ),
        Part(
            "awareness_from",
            AWARENESS,
            gettext_lazy("From whom they heard it"),
            gettext_lazy("A role or an organisation is enough"),
            write_up,
            "awareness_from",
        ),
        Part(
            "process",
            PROCESS,
            gettext_lazy("How they decided"),
            gettext_lazy("Steps, people, what nearly stopped it"),
            write_up,
            "process_note",
        ),
        Part(
            "cycle_time",
            PROCESS,
            gettext_lazy("How long it took"),
            _NOTE,
            write_up,
            "cycle_note",
            (_scale("cycle_time", CycleTime.choices),),
        ),
        Part(
            "second_look",
            SECOND_LOOK,
            gettext_lazy("Whether the buyer wishes to look at it again"),
            gettext_lazy("In their words"),
            write_up,
            "second_look_note",
            (
                _scale("second_look", Wish.choices),
                _scale("sales_may_know", Said.choices, gettext_lazy("If so: may sales know of it")),
            ),
            hint=gettext_lazy("Only what they raised themselves. Sales hears of it only if the buyer allows it."),
        ),
        Part(
            "quality",
            QUALITY,
            gettext_lazy("How far you would rely on this conversation"),
            gettext_lazy("For whoever checks it"),
            write_up,
            "quality_note",
            (_scale("quality", Quality.choices),),
        ),
    ]


# Where the parts of a key's first word are found; the single ones have no rows of their own.
_SOURCES: dict[str, Callable[[WriteUp], list[Part]]] = {
    "reason": _reasons,
    "decision": _decision,
    "standing": _decision,
    "record": _record,
    "need": _needs,
    "named": _needs,
    "disclosure": _disclosures,
}
