"""Rules about questions over plain values: no database, no settings."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.text import slugify

from debriefs.guides.conditions import Asked, Condition, conditions_from
from debriefs.guides.enums import QuestionKind

FALLBACK_LANGUAGE = "en"


@dataclass(frozen=True)
class QuestionText:
    """A question as it shall stand in a draft; `key` empty for a new one. Probes are texts, or pairs of text and purpose."""

    text: str
    key: str = ""
    section: str = ""
    intent: str = ""
    kind: str = QuestionKind.OPEN
    feeds: tuple[str, ...] = ()
    must_ask: bool = False
    planned_minutes: int = 3
    fit_for_writing: bool = True
    probes: tuple[tuple[str, str], ...] = ()
    written_text: str = ""
    choices: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def asked(self) -> Asked:
        """What the rules about conditions need of it."""
        return Asked(self.key, self.kind, self.choices, self.conditions, self.text)


def text_from(stored: dict[str, Any]) -> QuestionText:
    """The question as `asdict` and JSON made it."""
    return QuestionText(
        **{
            **stored,
            "feeds": tuple(stored.get("feeds", ())),
            "choices": tuple(stored.get("choices", ())),
            "probes": tuple((text, purpose) for text, purpose in stored.get("probes", ())),
            "conditions": conditions_from(stored.get("conditions", [])),
        }
    )


def content_of(opening_script: str, closing_script: str, questions: Sequence[QuestionText]) -> dict[str, Any]:
    """A draft's whole content, ready for JSON."""
    return {
        "opening_script": opening_script,
        "closing_script": closing_script,
        "questions": [asdict(question) for question in questions],
    }


def moved(questions: Sequence[QuestionText], number: int, by: int) -> tuple[list[QuestionText], int]:
    """The questions with that one (counted from 0) moved by so many places, and where it stands then; unchanged beyond the ends."""
    there = number + by
    if not (0 <= number < len(questions) and 0 <= there < len(questions)):
        return list(questions), number
    order = list(questions)
    order.insert(there, order.pop(number))
    return order, there


def key_of(text: str, taken: Collection[str]) -> str:
    """A stable key for a new question: its first words, at most 60 characters, with a number where that key is taken."""
    stem = slugify(text)[:48].strip("-") or "question"
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}-{number}", number + 1
    return key


def digest_of(opening_script: str, closing_script: str, questions: Sequence[QuestionText]) -> str:
    """A short sign of a draft's whole content: two drafts with the same sign say the same."""
    return hashlib.sha256(repr((opening_script, closing_script, list(questions))).encode()).hexdigest()[:32]
