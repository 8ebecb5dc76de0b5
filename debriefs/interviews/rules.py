"""Rules about notes and write-ups over plain values: no database, no settings."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from debriefs.interviews.enums import AnswerState

# How much of the note is kept around a verbatim, so that it can be found again.
AROUND = 40


@dataclass(frozen=True)
class Vague:
    """What buyers say instead of the reason: the phrases it is known by, and the probes that lead on."""

    key: str
    heading: "str | Promise"
    phrases: tuple[str, ...]
    probes: "tuple[str | Promise, ...]"


# The page's script reads the same table, so that probes come forward while the note is being typed and after it was saved alike.
VAGUE: tuple[Vague, ...] = (
    Vague(
        "too-expensive",
        _("“Too expensive” was said"),
        ("too expensive", "too much money", "price was too high", "the price", "cheaper", "too costly", "over budget"),
        (
            _("What lay behind that?"),
            _("Compared with what?"),
            _("Which part of the cost?"),
            _("What would have made the sum reasonable to those who pay?"),
            _("Had price been equal, what then?"),
        ),
    ),
    Vague(
        "better-fit",
        _("“A better fit” was said"),
        ("better fit", "fitted better", "fits better", "best fit", "more suitable", "suited us better"),
        (
            _("What lay behind that?"),
            _("Which task came first to mind?"),
            _("Where did you notice it?"),
        ),
    ),
    Vague(
        "not-the-time",
        _("“Not the right time” was said"),
        ("not the right time", "bad timing", "wrong time", "too early", "next year", "no time for it", "postponed"),
        (
            _("What lay behind that?"),
            _("What took its place?"),
            _("Who raised the timing?"),
        ),
    ),
    Vague(
        "management-decided",
        _("“Management decided” was said"),
        (
            "management decided",
            "management's decision",
            "the board decided",
            "decided above",
            "from above",
            "head office decided",
        ),
        (
            _("What lay behind that?"),
            _("Which concern did they bring? A role is enough, no name."),
        ),
    ),
)


def called(text: str) -> list[Vague]:
    """The vague answers that the note holds, in the order of the table."""
    words = " ".join(text.casefold().replace("’", "'").split())
    return [vague for vague in VAGUE if any(phrase in words for phrase in vague.phrases)]


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
) -> list[Missing]:
    """What a write-up still lacks, what blocks it first."""
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
    return sorted(found, key=lambda one: not one.blocks)
