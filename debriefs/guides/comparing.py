"""Two versions of a guide, question by question. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from debriefs.guides.conditions import sentence_of
from debriefs.guides.enums import Measure, QuestionKind
from debriefs.guides.rules import QuestionText


class Change(StrEnum):
    """What became of a question."""

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True)
class Compared:
    """One question in both versions: `before` and `after` (None where it is not), and (label, before, after) of what differs."""

    key: str
    change: Change
    before: QuestionText | None
    after: QuestionText | None
    differences: list[tuple[str, str, str]]


def compare(before: Sequence[QuestionText], after: Sequence[QuestionText]) -> list[Compared]:
    """Every question of the two, told apart by key: in the later order, what is gone at the place where it stood.

    A question that only stands elsewhere among those that both have counts as moved.
    """
    old = {question.key: question for question in before}
    new = {question.key: question for question in after}
    stayed_before = [question.key for question in before if question.key in new]
    stayed_after = [question.key for question in after if question.key in old]
    unmoved = _longest_common(stayed_before, stayed_after)
    rows = [
        _compared(question.key, old.get(question.key), question, question.key in unmoved, old, new)
        for question in after
    ]
    for number, question in enumerate(before):
        if question.key not in new:
            # Every question before it stands in the rows by now, as itself or as gone.
            before_it = before[number - 1].key if number else ""
            at = next((place + 1 for place, row in enumerate(rows) if row.key == before_it), 0)
            rows.insert(at, Compared(question.key, Change.GONE, question, None, []))
    return rows


def _compared(
    key: str,
    before: QuestionText | None,
    after: QuestionText,
    stayed: bool,
    old: dict[str, QuestionText],
    new: dict[str, QuestionText],
) -> Compared:
    if before is None:
        return Compared(key, Change.NEW, None, after, [])
    said_before, said_after = _said(before, old), _said(after, new)
    found = [(label, said_before[label], words) for label, words in said_after.items() if said_before[label] != words]
    change = Change.CHANGED if found else Change.SAME if stayed else Change.MOVED
    return Compared(key, change, before, after, found)


def _said(question: QuestionText, by_key: dict[str, QuestionText]) -> dict[str, str]:
    """Everything about a question in words, by label."""
    asked = {key: other.asked for key, other in by_key.items()}
    return {
        _("Question"): question.text,
        _("In writing, in these words"): question.written_text,
        _("What to listen for"): question.intent,
        _("Kind of answer"): str(QuestionKind(question.kind).label),
        _("Answers to choose from"): " · ".join(question.choices),
        _("Part of the conversation"): question.section,
        _("Probes"): " · ".join(f"{text} ({purpose})" if purpose else text for text, purpose in question.probes),
        # A set: a form gives it back in another order.
        _("What the answer feeds"): " · ".join(
            sorted(str(Measure(feed).label) if feed in Measure.values else feed for feed in question.feeds)
        ),
        _("Must be asked"): _("yes") if question.must_ask else _("no"),
        _("Minutes"): str(question.planned_minutes),
        _("Fit for a written debrief"): _("yes") if question.fit_for_writing else _("no"),
        _("Asked only if"): sentence_of(question.asked, asked),
    }


def _longest_common(left: Sequence[str], right: Sequence[str]) -> set[str]:
    """The keys that stand in the same order in both, as many as possible: these have not moved."""
    table = [[0] * (len(right) + 1) for _row in range(len(left) + 1)]
    for i in range(len(left) - 1, -1, -1):
        for j in range(len(right) - 1, -1, -1):
            table[i][j] = table[i + 1][j + 1] + 1 if left[i] == right[j] else max(table[i + 1][j], table[i][j + 1])
    found, i, j = set(), 0, 0
    while i < len(left) and j < len(right):
        if left[i] == right[j]:
            found.add(left[i])
            i, j = i + 1, j + 1
        elif table[i + 1][j] > table[i][j + 1]:
            i += 1
        else:
            j += 1
    return found
