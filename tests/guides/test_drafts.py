"""Drafts are written, compared with what was seen, published once, and frozen then."""

import pytest
from django.apps import apps
from django.db import Error, connection, transaction

from accounts.requests import programme_url
from debriefs.foundation.models import AuditEntry
from debriefs.guides.actions import publish, save_draft, start_draft
from debriefs.guides.models import GuideVersion, Probe, Question
from debriefs.guides.queries import texts_of
from debriefs.guides.refusals import DraftChanged, NoteMissing, NothingToAsk, VersionIsPublished
from debriefs.guides.rules import QuestionText, digest_of, key_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(world):
    made = factories.guide_version(world.programme, published=False)
    Probe.objects.create(programme=world.programme, question=made.questions.first(), position=1, text="Such as?")
    return publish(version=made, by=world.admin, now=world.now, note="First")


def seen(draft):
    return digest_of(draft.opening_script, draft.closing_script, texts_of(draft))


def save(draft, world, questions, **more):
    values = {"opening_script": "Hello.", "closing_script": "Thanks.", "by": world.admin, "now": world.now} | more
    return save_draft(version=draft, questions=questions, **values)


def test_a_draft_is_a_copy_of_the_next_number_and_there_is_one(world, version, now):
    draft = start_draft(version=version, by=world.admin, now=now)
    assert (draft.number, draft.published_at, texts_of(draft)) == (2, None, texts_of(version))
    assert start_draft(version=version, by=world.admin, now=now) == draft


def test_saving_replaces_the_questions_and_keeps_known_keys(world, version, now):
    draft = start_draft(version=version, by=world.admin, now=now)
    second = texts_of(draft)[1]
    save(draft, world, [second, QuestionText(text="What came first?"), QuestionText(text="What came first?")])
    kept = texts_of(draft)
    assert [text.key for text in kept] == ["q2", "what-came-first", "what-came-first-2"]
    assert list(draft.questions.values_list("position", flat=True)) == [1, 2, 3]


def test_what_somebody_else_saved_meanwhile_is_not_overwritten_unseen(world, version, now):
    draft = start_draft(version=version, by=world.admin, now=now)
    as_shown = seen(draft)
    save(draft, world, [QuestionText(text="From the first window?")], seen=as_shown)
    with pytest.raises(DraftChanged):
        save(draft, world, [QuestionText(text="From the second window?")], seen=as_shown)
    assert [text.text for text in texts_of(draft)] == ["From the first window?"]


def test_publishing_needs_a_question_and_a_reason(world, version, now):
    draft = start_draft(version=version, by=world.admin, now=now)
    with pytest.raises(NoteMissing):
        publish(version=draft, by=world.admin, now=now, note="  ")
    save(draft, world, [])
    with pytest.raises(NothingToAsk):
        publish(version=draft, by=world.admin, now=now, note="Empty")
    assert GuideVersion.objects.get(pk=draft.pk).published_at is None


def test_publishing_again_changes_nothing(world, version, now):
    assert publish(version=version, by=world.other_admin, now=now, note="Second").note == "First"
    assert AuditEntry.objects.filter(action="guide.published", subject_id=version.pk).count() == 1


def test_a_published_version_refuses_a_save(world, version):
    with pytest.raises(VersionIsPublished):
        save(version, world, [QuestionText(text="Something else?")])


def other_guide(version):
    return factories.guide_version(version.programme, published=False).guide


@pytest.mark.parametrize(
    "change",
    [
        lambda version: GuideVersion.objects.filter(pk=version.pk).update(opening_script="Other"),
        lambda version: GuideVersion.objects.filter(pk=version.pk).update(published_at=None),
        lambda version: version.questions.update(text="Other?"),
        lambda version: version.questions.update(section="Other"),
        lambda version: version.questions.update(choices=["One", "Other"]),
        lambda version: version.questions.update(conditions=[{"on": "q1", "operator": "answered", "value": ""}]),
        lambda version: version.questions.update(key="other"),
        lambda version: Question.objects.bulk_update([version.questions.first()], ["text"]),
        lambda version: version.questions.first().probes.all().delete(),
        lambda version: GuideVersion.objects.filter(pk=version.pk).update(guide=other_guide(version)),
        lambda version: version.questions.first().delete(),
        lambda version: version.delete(),
        lambda version: Question.objects.create(
            programme=version.programme, version=version, key="new", position=9, text="New?"
        ),
        lambda version: Probe.objects.filter(question__version=version).update(text="Other?"),
        lambda version: Probe.objects.create(
            programme=version.programme, question=version.questions.first(), position=5, text="New?"
        ),
    ],
)
def test_published_is_frozen_for_the_orm(version, change):
    with pytest.raises(Error, match="published and cannot be changed"), transaction.atomic():
        change(version)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE guides_guideversion SET note = 'x' WHERE id = %s",
        "DELETE FROM guides_guideversion WHERE id = %s",
        "UPDATE guides_question SET text = 'x' WHERE version_id = %s",
        "DELETE FROM guides_probe WHERE question_id IN (SELECT id FROM guides_question WHERE version_id = %s)",
        "ALTER TABLE guides_question DISABLE TRIGGER guides_question_frozen; SELECT %s",
        "TRUNCATE guides_probe; SELECT %s",
        "TRUNCATE guides_question CASCADE; SELECT %s",
        "TRUNCATE guides_guideversion CASCADE; SELECT %s",
        "SET CONSTRAINTS ALL IMMEDIATE; DELETE FROM guides_guide WHERE id = (SELECT guide_id FROM guides_guideversion WHERE id = %s)",
        "UPDATE guides_question SET conditions = '[]', choices = '{x}', section = 'x' WHERE version_id = %s",
        "WITH gone AS (DELETE FROM guides_question WHERE version_id = %s RETURNING 1) SELECT count(*) FROM gone",
        "SET session_replication_role = replica; SELECT %s",
        "ALTER TABLE guides_guideversion ALTER COLUMN note SET DEFAULT 'x'; SELECT %s",
        "CREATE OR REPLACE FUNCTION guides_refuse_published_version() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; SELECT %s",
        "DROP TRIGGER guides_version_frozen ON guides_guideversion; SELECT %s",
    ],
)
def test_published_is_frozen_for_sql_as_the_application(version, statement):
    before = list(version.questions.values_list("text", flat=True))
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [version.pk])
    assert list(version.questions.values_list("text", flat=True)) == before


def test_the_same_statements_go_through_on_a_draft(world, now):
    """What refuses above is the publishing, not the statement."""
    draft = factories.guide_version(world.programme, published=False)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE guides_question SET conditions = '[]', section = 'x' WHERE version_id = %s", [draft.pk])
        cursor.execute("UPDATE guides_guideversion SET note = 'x' WHERE id = %s", [draft.pk])
    assert set(draft.questions.values_list("section", flat=True)) == {"x"}


def test_no_page_changes_a_published_version(world, version, sign_in):
    """Every page of the room that takes a POST, sent with everything an editor would send."""
    client, before = (
        sign_in(world.admin),
        (GuideVersion.objects.filter(pk=version.pk).values().get(), texts_of(version)),
    )
    sent = {
        "opening_script": "Other", "closing_script": "Other", "note": "Other", "act": "down:0", "seen": "", "q-TOTAL_FORMS": "1",
        "q-INITIAL_FORMS": "1", "q-0-text": "Other?", "q-0-key": "q1", "q-0-planned_minutes": "3",
    }  # fmt: skip
    for name in ("version_edit", "version_undo", "version_publish", "version_copy"):
        client.post(programme_url(world.programme, f"guides:{name}", version_id=version.pk), sent)
        again = GuideVersion.objects.get(pk=version.pk)
        assert (GuideVersion.objects.filter(pk=version.pk).values().get(), texts_of(again)) == before, name


def test_no_admin_pages_are_served():
    assert not apps.is_installed("django.contrib.admin")


def test_a_question_cannot_move_into_a_published_version(world, version, now):
    draft = start_draft(version=version, by=world.admin, now=now)
    with pytest.raises(Error, match="published and cannot be changed"), transaction.atomic():
        draft.questions.update(version=version, position=20)


def test_keys_of_new_questions_are_stable_and_never_taken_twice():
    assert key_of("What tipped it?", set()) == "what-tipped-it"
    assert key_of("What tipped it?", {"what-tipped-it"}) == "what-tipped-it-2"
    assert key_of("¿…?", set()) == "question"
    assert len(key_of("long " * 50, {"x"})) <= 60
