"""What is wrong with a question or a guide, and how to say it better. Pure; the rules stand in lint_rules.py.

It warns and never stops anybody, with two exceptions: a question that sells again, and a guide without an open question.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debriefs.guides.enums import Measure, QuestionKind
from debriefs.guides.lint_rules import (
    FEWEST_OPEN,
    MOST_OPEN,
    MOST_WORDS,
    NEEDED_MEASURES,
    RULES,
    WHAT_ELSE,
)
from debriefs.guides.rules import FALLBACK_LANGUAGE, QuestionText

LONGEST_READ = 2_000
_LONG = gettext_lazy("It is too long to be heard in one go.")
_SHORTER = gettext_lazy("Say the half of it.")


@dataclass(frozen=True)
class Remark:
    """What a rule has to say: which rule, why, a better form, and whether it keeps the guide from being published."""

    rule: str
    reason: "str | Promise"
    better: "str | Promise"
    blocks: bool = False


def lint_question(text: str, kind: str = QuestionKind.OPEN, language: str = FALLBACK_LANGUAGE) -> list[Remark]:
    """The remarks on one question, in the order of the rules; [] for a good one, and for languages without rules.

    `kind` is that of the answer; "consent" and "factual" are for questions that may be answered with yes or no.
    """
    spoken = language.partition("-")[0]
    read = " ".join(text[:LONGEST_READ].replace("’", "'").lower().split())
    said = {
        rule.key: Remark(rule.key, rule.reason, rule.better, rule.blocks)
        for rule in RULES
        if spoken in rule.patterns and kind not in rule.spares and rule.patterns[spoken].search(read)
    }
    found = list(said.values())
    if spoken in MOST_WORDS and len(read.split()) > MOST_WORDS[spoken]:
        found.append(Remark("long", _LONG, _SHORTER))
    return found


def lint_guide(
    questions: Sequence[QuestionText], *, language: str = FALLBACK_LANGUAGE, expected_minutes: int = 0
) -> list[Remark]:
    """The remarks on the whole: number of open questions (the closing apart), the last question, minutes, measures nothing feeds."""
    found = []
    spoken = language.partition("-")[0]
    closing = _closing_at(questions, spoken)
    open_ones = sum(question.kind == QuestionKind.OPEN for question in questions)
    within = sum(question.kind == QuestionKind.OPEN for question in questions[:closing])
    if open_ones == 0:
        found.append(Remark("no-open", _("No question is open: nobody could say why."), _("Ask at least five."), True))
    elif open_ones < FEWEST_OPEN:
        text = _("Only %(n)d questions are open.") % {"n": open_ones}
        found.append(Remark("few-open", text, _("Five to ten let the buyer tell the story.")))
    elif within > MOST_OPEN:
        text = _("%(n)d questions are open.") % {"n": within}
        found.append(Remark("many-open", text, _("Ten are as many as a conversation holds.")))
    minutes = sum(question.planned_minutes for question in questions)
    if expected_minutes and minutes > expected_minutes:
        text = _("The questions take %(minutes)d minutes, %(planned)d are planned.")
        found.append(
            Remark("over-time", text % {"minutes": minutes, "planned": expected_minutes}, _("Leave something out."))
        )
    if questions and spoken in WHAT_ELSE and closing == len(questions):
        found.append(
            Remark("no-what-else", _("It does not ask at the end what else there is."), _("Ask what you did not ask."))
        )
    return found + _unfed(questions)


def _closing_at(questions: Sequence[QuestionText], spoken: str) -> int:
    """Where the closing begins: at the question for what else there is, when it is one of the last two; else behind the last."""
    for number in range(max(len(questions) - 2, 0), len(questions)):
        if spoken in WHAT_ELSE and WHAT_ELSE[spoken].search(" ".join(questions[number].text.lower().split())):
            return number
    return len(questions)


def _unfed(questions: Sequence[QuestionText]) -> list[Remark]:
    fed = {measure for question in questions for measure in question.feeds}
    return [
        Remark(
            f"unfed-{needed}",
            _("No question feeds “%(measure)s”, which the dashboards show.") % {"measure": Measure(needed).label},
            _("Mark the question that does, or ask one."),
        )
        for needed, any_of in NEEDED_MEASURES
        if questions and not fed & any_of
    ]


def blocking(questions: Sequence[QuestionText], language: str = FALLBACK_LANGUAGE) -> list[tuple[str, Remark]]:
    """(words of the question or "", remark) of everything that keeps a guide from being published."""
    found = [
        (question.text, remark)
        for question in questions
        for text in (question.text, question.written_text)
        for remark in lint_question(text, question.kind, language)
        if remark.blocks
    ]
    return found + [("", remark) for remark in lint_guide(questions, language=language) if remark.blocks]
