"""What the pages of this room show."""

from itertools import groupby
from typing import Any

from accounts.models import Person
from debriefs.guides.comparing import Change, compare
from debriefs.guides.conditions import problems, sentence_of
from debriefs.guides.enums import QuestionKind
from debriefs.guides.forms import DraftQuestions, QuestionForm, ScriptsForm
from debriefs.guides.lint import Remark, lint_guide, lint_question
from debriefs.guides.models import GuideVersion
from debriefs.guides.queries import earlier_versions, offers, text_of, texts_of
from debriefs.guides.rules import QuestionText, digest_of


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


def compare_page(person: Person, version: GuideVersion, wanted: str = "") -> dict[str, Any] | None:
    """Two versions of a guide side by side: this one and the one numbered `wanted`, or else the one before; None when there is none."""
    others = earlier_versions(person, version)
    fitting = [one for one in others if (str(one.number) == wanted if wanted else one.number < version.number)]
    if not fitting:
        return None
    before, after = sorted((version, fitting[0]), key=lambda one: one.number)
    rows = compare(texts_of(before), texts_of(after))
    scripts = [(getattr(before, name), getattr(after, name)) for name in ("opening_script", "closing_script")]
    return {
        "version": version,
        "before": before,
        "after": after,
        "others": others,
        "rows": rows,
        "changed": sum(row.change != Change.SAME for row in rows),
        "scripts": [(one, other, one != other) for one, other in scripts],
    }


def edit_page(
    version: GuideVersion, scripts: ScriptsForm, questions: DraftQuestions, texts: list[QuestionText]
) -> dict[str, Any]:
    """A draft as it is written: its forms, each with what the lint says and when it is asked; `texts` are as last saved."""
    by_key = {text.key: text.asked for text in texts}
    for form in questions.forms:
        form.remarks = remarks_on(version, form)
        saved = by_key.get(form["key"].value() or "")
        form.only_if = sentence_of(saved, by_key) if saved else ""
    minutes = minutes_of(texts)
    return {
        "remarks": guide_remarks(version, texts),
        "version": version,
        "scripts": scripts,
        "questions": questions,
        "minutes": minutes,
        "is_over": minutes > version.guide.expected_minutes,
        "bank": offers(version, texts),
        "can_undo": version.saves.exists(),
    }


def saved_answer(version: GuideVersion, questions: DraftQuestions, kept: list[QuestionText]) -> dict[str, Any]:
    """What the page's script is told after a save: the new digest, and by form, in the order of the page, key, remarks, condition."""
    numbers, by_key, minutes = questions.numbers(), {text.key: text.asked for text in kept}, minutes_of(kept)
    return {
        "seen": digest_of(version.opening_script, version.closing_script, kept),
        "keys": [kept[number].key if number >= 0 else "" for number in numbers],
        "only_if": [sentence_of(kept[number].asked, by_key) if number >= 0 else "" for number in numbers],
        "minutes": minutes,
        "is_over": minutes > version.guide.expected_minutes,
        "remarks": [[f"{one.reason} {one.better}" for one in remarks_on(version, form)] for form in questions.forms],
        "guide_remarks": [f"{one.reason} {one.better}" for one in guide_remarks(version, kept)],
    }


def remarks_on(version: GuideVersion, form: QuestionForm) -> list[Remark]:
    """What the lint says of a question as it is typed."""
    text, kind = form["text"].value() or "", form["kind"].value() or QuestionKind.OPEN
    return lint_question(text, kind, version.guide.language) if text.strip() else []


def guide_remarks(version: GuideVersion, texts: list[QuestionText]) -> list[Remark]:
    """What the lint says of the whole guide."""
    return lint_guide(texts, language=version.guide.language, expected_minutes=version.guide.expected_minutes)


def minutes_of(texts: list[QuestionText]) -> int:
    """What the questions take together, each asked once."""
    return sum(text.planned_minutes for text in texts)
