"""Rules about notes and write-ups over plain values: no database, no settings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from debriefs.interviews.enums import AnswerState

# How much of the note is kept around a verbatim, so that it can be found again.
AROUND = 40


class Opening(NamedTuple):
    """What was written down before the first question: how the buyer agreed to notes, and who takes part."""

    words: str
    on_the_call: str


def state_of(text: str, said: str, chosen: Sequence[str] = ()) -> str:
    """The state of an answer: as said, else noted once there is text or something was chosen, else empty."""
    if said in (AnswerState.NOT_ASKED, AnswerState.DECLINED):
        return said
    return AnswerState.NOTED if text.strip() or chosen else AnswerState.EMPTY


def unified(text: str) -> str:
    """The text with one kind of line end: browsers send another one with a form than they show in a field."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def place_of(text: str, words: str, near: int = 0) -> tuple[int, int] | None:
    """Where the words stand in the text, as (start, end) in code points: the place nearest to `near`; None when they do not."""
    found, best = text.find(words), None
    while found >= 0:
        if best is None or abs(found - near) < abs(best - near):
            best = found
        found = text.find(words, found + 1)
    return None if best is None or not words else (best, best + len(words))


def anchored(text: str, words: str, *, prefix: str, suffix: str, near: int) -> tuple[int, int] | None:
    """Where marked words stand now, as (start, end) in code points; None when the text does not hold them any more.

    Of several places the one with most of what stood before and behind, then the one nearest to `near`.
    """
    best, place = (-1, 0), None
    found = text.find(words) if words else -1
    while found >= 0:
        ends = found + len(words)
        alike = _alike(reversed(text[max(0, found - AROUND) : found]), reversed(prefix)) + _alike(
            text[ends : ends + AROUND], suffix
        )
        if (alike, -abs(found - near)) > best:
            best, place = (alike, -abs(found - near)), (found, ends)
        found = text.find(words, found + 1)
    return place


def _alike(one: Iterable[str], other: Iterable[str]) -> int:
    """How many letters are the same from the beginning."""
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def both_texts(theirs: str, mine: str) -> str:
    """Two texts of one answer as one, theirs first; one of them where the other says nothing more."""
    if mine in theirs:
        return theirs
    return mine if theirs in mine else f"{theirs}\n\n{mine}"


@dataclass(frozen=True)
class Missing:
    """One thing a write-up still lacks: what, why it matters, where to put it right, and whether the write-up waits for it."""

    what: "str | Promise"
    why: "str | Promise"
    place: str
    blocks: bool

    @property
    def is_in_notes(self) -> bool:
        """Whether it is put right in the notes of the call: at the opening, or under a question."""
        return self.place == "opening" or self.place.isdigit()


@dataclass(frozen=True)
class Progress:
    """How many parts of a write-up are filled in, of how many."""

    filled: int
    of: int

    @property
    def percent(self) -> int:
        """As a whole percentage, 100 only when all are."""
        return self.filled * 100 // self.of if self.of else 100


# What a group of parts is called where it is not complete, and why it matters. Keys as in write_up_parts.
GROUPS: "dict[str, tuple[str | Promise, str | Promise]]" = {
    "decision": (_("What the buyer did, and how we compared"), _("Figures on competitors stand on this.")),
    "record": (_("The sales record against the buyer"), _("How well our own notes match is counted from this.")),
    "needs": (_("Which needs were met"), _("A need that existed and was not shown is the cheapest to mend.")),
    "awareness": (_("How they heard of us"), _("Without it the debrief is missing from the figures on sources.")),
    "process": (_("How they decided, and how long it took"), _("The next sale is planned by it.")),
    "second-look": (_("Whether the buyer wishes to look at it again"), _("Not raised is an answer too.")),
    "quality": (_("How far you would rely on it"), _("Whoever checks it weighs your notes by this.")),
}


@dataclass(frozen=True)
class Asked:
    """How far one question got, as the checklist needs it."""

    number: int
    text: str
    state: str
    must_ask: bool


def missing(
    *,
    questions: Sequence[Asked],
    has_consent: bool,
    stated_reasons: int,
    tags: int,
    permissions_recorded: int,
    permissions_to_ask: int,
    open_groups: Mapping[str, tuple[int, int]] | None = None,
) -> list[Missing]:
    """What a write-up still lacks, what blocks it first. `open_groups`: (filled, of) of the groups of parts that are not complete."""
    found = []
    for question in questions:
        if question.state == AnswerState.EMPTY:
            found.append(
                Missing(
                    question.text,
                    _("Must be asked: note it, or say that it was not asked or not answered.")
                    if question.must_ask
                    else _("Nothing noted. Say that it was not asked, if so."),
                    str(question.number),
                    question.must_ask,
                )
            )
    if not stated_reasons:
        found.append(
            Missing(
                _("The reason named, and what lay behind it"),
                _("The buyer’s reason is what the programme counts."),
                "reasons",
                True,
            )
        )
    if not tags:
        found.append(
            Missing(
                _("At least one driver with its evidence"),
                _("Without a tagged statement there is nothing to learn from in figures."),
                "tags",
                True,
            )
        )
    if permissions_recorded < permissions_to_ask:
        found.append(
            Missing(
                _("What the buyer permits"),
                _("What is not recorded counts as not given."),
                "closing",
                False,
            )
        )
    if not has_consent:
        found.append(
            Missing(
                _("That the buyer agreed to notes"),
                _("It belongs to the opening; record it if it was said."),
                "opening",
                False,
            )
        )
    for group, (filled, of) in (open_groups or {}).items():
        what, why = GROUPS[group]
        counted = gettext("%(what)s: %(filled)s of %(of)s") % {"what": what, "filled": filled, "of": of}
        found.append(Missing(what if of == 1 else counted, why, group, False))
    return sorted(found, key=lambda one: not one.blocks)
