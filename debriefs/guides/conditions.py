"""Which questions of a guide are asked, and whether its conditions make sense. Pure.

A question is asked when all its conditions hold. A condition looks at one earlier question; it does not hold while that one is
itself not asked, or has no answer yet. So the path is known in one pass, and what cannot be reached can be told exactly.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from debriefs.guides.enums import QuestionKind

RATINGS = ("1", "2", "3", "4", "5")
# What a rating of ourselves begins with among the marks of a rating; other vendors' begin with their name.
US = "us"
MOST = 5


class Operator(StrEnum):
    """How an earlier answer is looked at."""

    ANSWERED = "answered"
    IS = "is"
    IS_NOT = "is_not"
    INCLUDES = "includes"
    EXCLUDES = "excludes"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


LABELS = {
    Operator.ANSWERED: gettext_lazy("was answered"),
    Operator.IS: gettext_lazy("is"),
    Operator.IS_NOT: gettext_lazy("is not"),
    Operator.INCLUDES: gettext_lazy("includes"),
    Operator.EXCLUDES: gettext_lazy("does not include"),
    Operator.AT_LEAST: gettext_lazy("is at least"),
    Operator.AT_MOST: gettext_lazy("is at most"),
}
# Which ways of looking fit which kind of question, besides whether it was answered.
FITTING: dict[str, tuple[Operator, ...]] = {
    QuestionKind.OPEN: (),
    QuestionKind.DRIVER_RATING: (),
    QuestionKind.YES_NO: (Operator.IS, Operator.IS_NOT),
    QuestionKind.SINGLE: (Operator.IS, Operator.IS_NOT),
    QuestionKind.MULTIPLE: (Operator.INCLUDES, Operator.EXCLUDES),
    QuestionKind.RATING: (Operator.AT_LEAST, Operator.AT_MOST),
}


@dataclass(frozen=True)
class Condition:
    """The answer to the question with key `on`, looked at by `operator`, against `value`."""

    on: str
    operator: str = Operator.ANSWERED
    value: str = ""

    def as_json(self) -> dict[str, str]:
        """As it is stored with the question."""
        return {"on": self.on, "operator": str(self.operator), "value": self.value}


@dataclass(frozen=True)
class Asked:
    """What the rules need of a question: key, kind, choices, conditions, and its words for sentences."""

    key: str
    kind: str = QuestionKind.OPEN
    choices: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Problem:
    """Something that keeps a guide from being published: at which question (key, and its words), and a sentence."""

    key: str
    sentence: str
    label: str = ""


@dataclass
class _Wanted:
    """All that must hold of one question's answer at the same time."""

    values: set[str]
    must_include: set[str] = field(default_factory=set)
    least: int = 1
    most: int = 5


def conditions_from(stored: Any) -> tuple[Condition, ...]:
    """The conditions as stored; entries that are none are left out."""
    found = []
    for entry in stored if isinstance(stored, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("on"), str):
            found.append(
                Condition(entry["on"], str(entry.get("operator", Operator.ANSWERED)), str(entry.get("value", "")))
            )
    return tuple(found)


def values_of(question: Asked) -> tuple[str, ...]:
    """What can be chosen as an answer; () for an open question."""
    if question.kind == QuestionKind.YES_NO:
        return ("yes", "no")
    if question.kind == QuestionKind.RATING:
        return RATINGS
    return question.choices if question.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE) else ()


def holds(condition: Condition, on: Asked, chosen: Collection[str]) -> bool:
    """Whether the condition holds for an answer. `chosen`: what was chosen, or any text for a note; empty means no answer.

    A rating is held as "us:4"; only the rating of ourselves counts.
    """
    if not chosen:
        return False
    if condition.operator == Operator.ANSWERED:
        return True
    if condition.operator == Operator.IS:
        return condition.value in chosen
    if condition.operator == Operator.IS_NOT:
        return condition.value not in chosen
    if condition.operator == Operator.INCLUDES:
        return condition.value in chosen
    if condition.operator == Operator.EXCLUDES:
        return condition.value not in chosen
    ours = [mark.rpartition(":")[2] for mark in chosen if mark.rpartition(":")[0] in ("", US)]
    if on.kind != QuestionKind.RATING or condition.value not in RATINGS or not ours or ours[0] not in RATINGS:
        return False
    rating, limit = int(ours[0]), int(condition.value)
    return rating >= limit if condition.operator == Operator.AT_LEAST else rating <= limit


def path(questions: Sequence[Asked], answers: Mapping[str, Collection[str]]) -> list[str]:
    """The keys of the questions that are asked, in order, given the answers so far by key.

    What was answered off the path counts as not answered.
    """
    by_key = {question.key: question for question in questions}
    on_path: list[str] = []
    asked: set[str] = set()
    for question in questions:
        if all(
            condition.on in asked and holds(condition, by_key[condition.on], answers.get(condition.on, ()))
            for condition in question.conditions
        ):
            on_path.append(question.key)
            asked.add(question.key)
    return on_path


def problems(questions: Sequence[Asked]) -> list[Problem]:
    """What keeps the guide from being published, in the order of its questions; [] when every question can be reached.

    Conditions on unknown questions, on the question itself or a later one (which would go round in a circle), ways of looking
    that do not fit the kind, values that cannot be chosen, and questions whose conditions can never hold together.
    """
    place = {question.key: number for number, question in enumerate(questions)}
    by_key = {question.key: question for question in questions}
    found: list[Problem] = []
    broken: set[str] = set()
    for number, question in enumerate(questions):
        sentences = _choice_problems(question)
        for condition in question.conditions:
            sentence = _condition_problem(condition, number, place, by_key)
            if sentence:
                sentences.append(sentence)
                broken.add(question.key)
        if len(question.conditions) > MOST:
            sentences.append(_("More than %(most)d conditions are hard to read: split the question.") % {"most": MOST})
        if not sentences and not _can_be_reached(question, by_key, broken):
            sentences.append(_("It can never be asked: its conditions cannot hold together."))
        found += [Problem(question.key, sentence, question.text) for sentence in sentences]
    return found


def sentence_of(question: Asked, by_key: Mapping[str, Asked]) -> str:
    """The question's conditions as one readable sentence; "" without any."""
    parts = []
    for condition in question.conditions:
        on = by_key.get(condition.on)
        text = on.text if on else condition.on
        value = pgettext("answer", "yes") if condition.value == "yes" else condition.value
        value = pgettext("answer", "no") if condition.value == "no" else value
        label = str(LABELS.get(condition.operator, condition.operator))  # type: ignore[call-overload]
        parts.append(
            _("“%(question)s” %(how)s") % {"question": text, "how": label}
            if condition.operator == Operator.ANSWERED
            else _("the answer to “%(question)s” %(how)s “%(value)s”")
            % {"question": text, "how": label, "value": value}
        )
    return _("Asked only if %(all)s.") % {"all": _(" and ").join(parts)} if parts else ""


def _choice_problems(question: Asked) -> list[str]:
    if question.kind not in (QuestionKind.SINGLE, QuestionKind.MULTIPLE):
        return []
    if len(question.choices) < 2:
        return [_("A choice needs at least two answers to choose from.")]
    return [_("The same answer stands there twice.")] if len(set(question.choices)) < len(question.choices) else []


def _condition_problem(condition: Condition, number: int, place: Mapping[str, int], by_key: Mapping[str, Asked]) -> str:
    if condition.on not in place:
        return _("It depends on a question that is not in this guide.")
    if place[condition.on] >= number:
        return _("It depends on itself or on a later question: that goes round in a circle.")
    on = by_key[condition.on]
    if condition.operator == Operator.ANSWERED:
        return ""
    if condition.operator not in FITTING.get(on.kind, ()):
        return _("“%(question)s” cannot be looked at that way.") % {"question": on.text or on.key}
    if condition.value not in values_of(on):
        return _("“%(value)s” is no answer to “%(question)s”.") % {
            "value": condition.value,
            "question": on.text or on.key,
        }
    return ""


def _can_be_reached(question: Asked, by_key: Mapping[str, Asked], broken: Collection[str]) -> bool:
    """Whether some answers lead there. Exact: all conditions on the way must hold together, and each looks at one answer."""
    wanted: dict[str, _Wanted] = {}
    waiting, seen = [question], {question.key}
    while waiting:
        for condition in waiting.pop().conditions:
            on = by_key[condition.on]
            if on.key in broken:
                # Its own sentence says why; nothing behind it is reached either.
                return False
            _want(wanted.setdefault(on.key, _Wanted(set(values_of(on)))), condition)
            if on.key not in seen:
                seen.add(on.key)
                waiting.append(on)
    return all(_can_hold(by_key[key], one) for key, one in wanted.items())


def _want(wanted: _Wanted, condition: Condition) -> None:
    if condition.operator == Operator.IS:
        wanted.values &= {condition.value}
    elif condition.operator in (Operator.IS_NOT, Operator.EXCLUDES):
        wanted.values -= {condition.value}
    elif condition.operator == Operator.INCLUDES:
        wanted.must_include.add(condition.value)
    elif condition.operator == Operator.AT_LEAST:
        wanted.least = max(wanted.least, int(condition.value))
    elif condition.operator == Operator.AT_MOST:
        wanted.most = min(wanted.most, int(condition.value))


def _can_hold(on: Asked, wanted: _Wanted) -> bool:
    if on.kind == QuestionKind.RATING:
        return wanted.least <= wanted.most
    if on.kind in (QuestionKind.OPEN, QuestionKind.DRIVER_RATING):
        return True
    return bool(wanted.values) and wanted.must_include <= wanted.values
