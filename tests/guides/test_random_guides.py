"""Random guides with random conditions, on the real tables: the checker, the path, the pages and publishing say the same."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from debriefs.guides.actions import create_guide, publish
from debriefs.guides.conditions import path, problems
from debriefs.guides.models import GuideVersion
from debriefs.guides.pages import version_page
from debriefs.guides.queries import texts_of, version_visible_to
from debriefs.guides.refusals import PathIsBroken
from debriefs.guides.rules import QuestionText
from debriefs.interviews.choosing import places_asked
from tests.guides.test_conditions import every_answer, guides

pytestmark = pytest.mark.django_db


class Undone(Exception):
    """Takes the rows of one example back."""


def goes_round(questions):
    place = {question.key: number for number, question in enumerate(questions)}
    return any(place[one.on] >= place[question.key] for question in questions for one in question.conditions)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(guides(), st.data())
def test_checker_path_preview_and_publishing_agree(world, questions, data):
    texts = [
        # The first is open whatever the guide: without an open question nothing is published anyway.
        QuestionText(text="What happened?", key="first"),
        *[
            QuestionText(text=f"What about {one.key}?", key=one.key, kind=one.kind, choices=one.choices, conditions=one.conditions)
            for one in questions
        ],
    ]  # fmt: skip
    try:
        with transaction.atomic():
            draft = create_guide(
                programme=world.programme, name="Random", outcome_groups=["won"], language="en", expected_minutes=30,
                by=world.admin, now=world.now, questions=texts,
            )  # fmt: skip
            _agree(world, draft, texts, data)
            raise Undone
    except Undone:
        pass


def _agree(world, draft, texts, data):
    asked = [text.asked for text in texts]
    found = problems(asked)
    page = version_page(world.admin, version_visible_to(world.admin, draft.pk))
    rows = [row for part in page["parts"] for row in part["rows"]]
    assert [problem.key for problem in page["problems"]] == [problem.key for problem in found]
    assert [bool(row["only_if"]) for row in rows] == [bool(one.conditions) for one in asked]
    try:
        publish(version=draft, by=world.admin, now=world.now, note="Random")
    except PathIsBroken:
        pass
    published = GuideVersion.objects.get(pk=draft.pk).published_at is not None
    assert published == (not found)
    if goes_round(asked):
        assert not published
    if not published:
        return
    # What is stored leads the same way as what was written, on the interviewer's page as in the rules.
    stored = [text.asked for text in texts_of(draft)]
    answers = {one.key: data.draw(st.sampled_from(every_answer(one))) for one in asked}
    taken = path(asked, answers)
    assert [stored[place - 1].key for place in places_asked(stored, answers)] == taken
    # A question that is asked and has no condition is asked always; the preview marks exactly the others.
    unconditional = [row["question"].key for row in rows if not row["only_if"]]
    assert set(unconditional) <= set(taken) and set(unconditional) == set(path(asked, {}))
