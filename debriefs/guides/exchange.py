"""A guide as JSON for another installation, and as Markdown to read. Pure; the format is docs/guide.schema.json."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from debriefs.guides.conditions import MOST, Condition, Operator, sentence_of
from debriefs.guides.enums import Measure, OutcomeGroup, PermissionKind, QuestionKind
from debriefs.guides.rules import QuestionText

FORMAT = "debriefs-guide/1"
LARGEST = 1_000_000
_MOST_QUESTIONS, _MOST_PROBES, _MOST_CHOICES = 60, 20, 20
_KEY = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


class Unreadable(Exception):
    """The file is no guide; `str` is a sentence with the place."""


@dataclass(frozen=True)
class ExchangedGuide:
    """A guide as it travels: everything but its programme, its dates and who wrote it."""

    name: str
    outcome_groups: tuple[str, ...]
    language: str
    expected_minutes: int
    opening_script: str
    closing_script: str
    questions: tuple[QuestionText, ...] = field(default=())
    permissions: tuple[str, ...] = tuple(PermissionKind.values)


def to_json(guide: ExchangedGuide) -> str:
    """The guide as JSON of the published format, indented, ending in a line end."""
    body = {
        "format": FORMAT,
        "name": guide.name,
        "outcome_groups": list(guide.outcome_groups),
        "language": guide.language,
        "expected_minutes": guide.expected_minutes,
        "opening_script": guide.opening_script,
        "closing_script": guide.closing_script,
        "permissions": list(guide.permissions),
        "questions": [_question_as_json(question) for question in guide.questions],
    }
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def from_json(content: bytes) -> ExchangedGuide:
    """The guide in the file. Raises Unreadable with the place for anything that is not exactly one.

    What the format does not know is refused rather than lost. Whether its conditions make sense is asked at publishing.
    """
    if len(content) > LARGEST:
        raise Unreadable(_("The file is larger than one megabyte: it is no guide."))
    try:
        body = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable(_("The file is not UTF-8 text, from byte %(at)d on.") % {"at": error.start}) from None
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise Unreadable(_("The file is no JSON: line %(line)d, column %(column)d.") % place) from None
    except (RecursionError, ValueError):
        raise Unreadable(_("The file is nested too deeply, or holds a number too long: it is no guide.")) from None
    reader = _Reader(body, "")
    reader.only(
        "format name outcome_groups language expected_minutes opening_script closing_script permissions questions".split()
    )
    if reader.text("format", 40) != FORMAT:
        raise Unreadable(_("“format” must be %(format)s.") % {"format": FORMAT})
    questions = [_question_from(one) for one in reader.objects("questions", _MOST_QUESTIONS)]
    keys = [question.key for question in questions if question.key]
    twice = next((key for number, key in enumerate(keys) if key in keys[:number]), None)
    if twice:
        raise Unreadable(_("Two questions have the key “%(key)s”.") % {"key": twice})
    return ExchangedGuide(
        name=reader.text("name", 120, least=1),
        outcome_groups=tuple(reader.texts("outcome_groups", 5, 16, among=OutcomeGroup.values, least=1)),
        language=reader.text("language", 10, least=2),
        expected_minutes=reader.number("expected_minutes", 5, 240),
        opening_script=reader.text("opening_script", 10_000),
        closing_script=reader.text("closing_script", 10_000),
        permissions=tuple(reader.texts("permissions", 6, 16, among=PermissionKind.values)),
        questions=tuple(questions),
    )


def to_markdown(guide: ExchangedGuide) -> str:
    """The guide to read: scripts, questions with intent and probes, by part of the conversation."""
    groups = ", ".join(str(OutcomeGroup(group).label) for group in guide.outcome_groups)
    lines = [f"# {_inline(guide.name)}", "", f"{groups} · {guide.language} · {guide.expected_minutes} min", ""]
    lines += [f"## {_('Opening')}", "", *_quoted(guide.opening_script), ""]
    by_key = {question.key: question.asked for question in guide.questions}
    section = None
    for number, question in enumerate(guide.questions, start=1):
        if question.section != section:
            section = question.section
            lines += [f"## {_inline(section or _('Questions'))}", ""]
        lines += [f"{number}. **{_inline(question.text)}**"]
        notes = [question.intent, " · ".join(question.choices), sentence_of(question.asked, by_key)]
        lines += [f"   {_inline(note)}" for note in notes if note]
        lines += [
            f"   - {_inline(text)}" + (f" ({_inline(purpose)})" if purpose else "") for text, purpose in question.probes
        ]
        lines += [""]
    return "\n".join([*lines, f"## {_('Closing')}", "", *_quoted(guide.closing_script), ""])


def _question_as_json(question: QuestionText) -> dict[str, Any]:
    return {
        "key": question.key,
        "section": question.section,
        "text": question.text,
        "written_text": question.written_text,
        "intent": question.intent,
        "kind": str(question.kind),
        "choices": list(question.choices),
        "feeds": list(question.feeds),
        "must_ask": question.must_ask,
        "planned_minutes": question.planned_minutes,
        "fit_for_writing": question.fit_for_writing,
        "probes": [{"text": text, "purpose": purpose} for text, purpose in question.probes],
        "conditions": [condition.as_json() for condition in question.conditions],
    }


QUESTION_FIELDS = tuple(_question_as_json(QuestionText(text="")))


def _question_from(reader: "_Reader") -> QuestionText:
    reader.only(QUESTION_FIELDS)
    key = reader.text("key", 60, optional=True)
    if set(key) - _KEY:
        raise Unreadable(_("%(place)s: a key holds letters, digits, - and _ only.") % {"place": reader.at("key")})
    probes = []
    for probe in reader.objects("probes", _MOST_PROBES, optional=True):
        probe.only(("text", "purpose"))
        probes.append((probe.text("text", 300, least=1), probe.text("purpose", 200, optional=True)))
    conditions = []
    for one in reader.objects("conditions", MOST, optional=True):
        one.only(("on", "operator", "value"))
        how = one.text("operator", 16, among=[str(operator) for operator in Operator])
        conditions.append(Condition(one.text("on", 60, least=1), how, one.text("value", 120, optional=True)))
    return QuestionText(
        key=key,
        section=reader.text("section", 80, optional=True),
        text=reader.text("text", 500, least=1),
        written_text=reader.text("written_text", 500, optional=True),
        intent=reader.text("intent", 500, optional=True),
        kind=reader.text("kind", 16, among=QuestionKind.values) if reader.has("kind") else QuestionKind.OPEN,
        choices=tuple(reader.texts("choices", _MOST_CHOICES, 120, optional=True)),
        feeds=tuple(reader.texts("feeds", 30, 40, among=Measure.values, optional=True)),
        must_ask=reader.flag("must_ask", False),
        planned_minutes=reader.number("planned_minutes", 1, 60) if reader.has("planned_minutes") else 3,
        fit_for_writing=reader.flag("fit_for_writing", True),
        probes=tuple(probes),
        conditions=tuple(conditions),
    )


class _Reader:
    """An object of the file with its place; every question it cannot answer raises Unreadable with that place."""

    def __init__(self, body: Any, place: str) -> None:
        if not isinstance(body, dict):
            where = place or _("The file")
            raise Unreadable(_("%(place)s: an object in braces is expected.") % {"place": where})
        self._body, self._place = body, place

    def at(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name

    def has(self, name: str) -> bool:
        return name in self._body

    def only(self, names: Iterable[str]) -> None:
        unknown = sorted(set(self._body) - set(names))
        if unknown:
            place = self.at(unknown[0][:60])
            raise Unreadable(_("%(place)s: the format does not know this field.") % {"place": place})

    def text(
        self, name: str, longest: int, *, least: int = 0, optional: bool = False, among: Iterable[str] | None = None
    ) -> str:
        value = self._body.get(name, "" if optional else None)
        return self._checked(value, self.at(name), longest, least, among)

    def texts(
        self,
        name: str,
        most: int,
        longest: int,
        *,
        least: int = 0,
        optional: bool = False,
        among: Iterable[str] | None = None,
    ) -> list[str]:
        values = self._list(name, most, optional)
        if len(values) < least:
            raise Unreadable(_("%(place)s: at least one is needed.") % {"place": self.at(name)})
        return [
            self._checked(value, f"{self.at(name)}[{number}]", longest, 1, among) for number, value in enumerate(values)
        ]

    def objects(self, name: str, most: int, *, optional: bool = False) -> "list[_Reader]":
        return [
            _Reader(value, f"{self.at(name)}[{number}]")
            for number, value in enumerate(self._list(name, most, optional))
        ]

    def number(self, name: str, least: int, most: int) -> int:
        value = self._body.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Unreadable(
                _("%(place)s: a whole number from %(least)d to %(most)d is expected.")
                % {"place": self.at(name), "least": least, "most": most}
            )
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self._body.get(name, default)
        if not isinstance(value, bool):
            raise Unreadable(_("%(place)s: true or false is expected.") % {"place": self.at(name)})
        return value

    def _list(self, name: str, most: int, optional: bool) -> list[Any]:
        value = self._body.get(name, [] if optional else None)
        if not isinstance(value, list):
            raise Unreadable(_("%(place)s: a list is expected.") % {"place": self.at(name)})
        if len(value) > most:
            raise Unreadable(
                _("%(place)s: %(count)d are too many, at most %(most)d.")
                % {"place": self.at(name), "count": len(value), "most": most}
            )
        return value

    @staticmethod
    def _checked(value: Any, place: str, longest: int, least: int, among: Iterable[str] | None) -> str:
        if not isinstance(value, str) or len(value.strip()) < least:
            raise Unreadable(_("%(place)s: a text is expected.") % {"place": place})
        if len(value) > longest:
            raise Unreadable(
                _("%(place)s: at most %(most)d characters, not %(count)d.")
                % {"place": place, "most": longest, "count": len(value)}
            )
        if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise Unreadable(_("%(place)s: it holds a character that is no text.") % {"place": place})
        known = None if among is None else list(among)
        if known is not None and value not in known:
            raise Unreadable(
                _("%(place)s: “%(value)s” is none of %(known)s.")
                % {"place": place, "value": value[:60], "known": ", ".join(known)}
            )
        return value


def _inline(text: str) -> str:
    """One line of Markdown in which no character of the text means anything."""
    flat = " ".join(text.split())
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|" else letter for letter in flat)


def _quoted(text: str) -> list[str]:
    return [f"> {_inline(line)}".rstrip() for line in text.splitlines()]
