"""What the pages of this room show."""

from itertools import groupby
from typing import Any

from accounts.models import Person
from debriefs.guides.conditions import problems, sentence_of
from debriefs.guides.lint import Remark, lint_guide, lint_question
from debriefs.guides.models import GuideVersion
from debriefs.guides.queries import earlier_versions, text_of
from debriefs.guides.rules import QuestionText


def version_page(person: Person, version: GuideVersion) -> dict[str, Any]:
    """A version with its parts and their minutes, conditions as sentences, and, for a draft, what keeps it from being published."""
    questions = list(version.questions.all())
    texts = [text_of(question) for question in questions]
    by_key = {text.key: text.asked for text in texts}
    is_draft, language = version.published_at is None, version.guide.language
    rows: list[dict[str, Any]] = [
        {
            "number": number,
            "question": question,
            "only_if": sentence_of(text.asked, by_key),
            "remarks": lint_question(text.text, text.kind, language) if is_draft else [],
        }
        for number, (question, text) in enumerate(zip(questions, texts, strict=True), start=1)
    ]
    parts = [
        {
            "name": name,
            "rows": (within := list(group)),
            "minutes": sum(row["question"].planned_minutes for row in within),
        }
        for name, group in groupby(rows, key=lambda row: row["question"].section)
    ]
    others = earlier_versions(person, version)
    return {
        "version": version,
        "parts": parts,
        "count": len(questions),
        "minutes": minutes_of(texts),
        "problems": problems([text.asked for text in texts]) if is_draft else [],
        "remarks": guide_remarks(version, texts) if is_draft else [],
        "can_compare": any(other.number < version.number for other in others),
    }


def guide_remarks(version: GuideVersion, texts: list[QuestionText]) -> list[Remark]:
    """What the lint says of the whole guide."""
    return lint_guide(texts, language=version.guide.language, expected_minutes=version.guide.expected_minutes)


def minutes_of(texts: list[QuestionText]) -> int:
    """What the questions take together, each asked once."""
    return sum(text.planned_minutes for text in texts)
