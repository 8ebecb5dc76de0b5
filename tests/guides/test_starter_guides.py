"""The guides a programme begins with."""

import pytest

from debriefs.guides.actions import install_starter_guides
from debriefs.guides.enums import OutcomeGroup
from debriefs.guides.models import Guide, GuideVersion, Question
from debriefs.guides.queries import proposed_version, published_versions
from debriefs.guides.starter import GUIDES
from debriefs.guides.starter_german import GUIDES_IN_GERMAN
from tests import factories

pytestmark = pytest.mark.django_db


def test_every_outcome_has_a_published_guide(world, now):
    install_starter_guides(programme=world.programme, by=world.admin, now=now)
    for group in OutcomeGroup.values:
        version = proposed_version(programme=world.programme, outcome_group=group, language="en")
        assert group in version.guide.outcome_groups
        assert version.published_at == now
        assert 5 <= version.questions.filter(must_ask=False).count() <= 10
        assert version.questions.filter(must_ask=True).exists()


def test_installing_again_changes_nothing(world, now):
    made = install_starter_guides(programme=world.programme, by=world.admin, now=now)
    before = (GuideVersion.objects.count(), Question.objects.count())
    assert len(made) == len(GUIDES) + len(GUIDES_IN_GERMAN)
    assert install_starter_guides(programme=world.programme, by=world.admin, now=now) == []
    assert (GuideVersion.objects.count(), Question.objects.count()) == before


def test_the_same_question_has_the_same_key_in_every_guide():
    texts: dict[str, set[str]] = {}
    for guide in GUIDES:
        keys = [question.key for question in guide.questions]
        assert len(keys) == len(set(keys))
        for question in guide.questions:
            texts.setdefault(question.text, set()).add(question.key)
    assert [text for text, keys in texts.items() if len(keys) > 1] == []


def test_each_opening_says_what_was_promised():
    for guide in GUIDES:
        for promise in ("Your decision stands", "I do not sell", f"about {guide.minutes} minutes", "take notes"):
            assert promise in guide.opening
        assert sum(question.minutes for question in guide.questions) <= guide.minutes


def test_german_guides_ask_the_same_under_the_same_keys(world, now):
    install_starter_guides(programme=world.programme, by=world.admin, now=now)
    for english, german in zip(GUIDES, GUIDES_IN_GERMAN, strict=True):
        assert [question.key for question in german.questions] == [question.key for question in english.questions]
        assert german.outcome_groups == english.outcome_groups
        assert all(question.text.endswith(("?", ".")) for question in german.questions)
        for promise in ("Ihre Entscheidung steht", "verkaufe nichts", f"etwa {german.minutes} Minuten", "mitschreiben"):
            assert promise in german.opening
        # The same words twice would be one question under two keys.
        assert len({question.text for question in german.questions}) == len(german.questions)
    for group in OutcomeGroup.values:
        assert proposed_version(programme=world.programme, outcome_group=group, language="de").guide.language == "de"


def test_a_guide_is_proposed_by_outcome_then_language_and_never_unpublished(world, now):
    lost = factories.guide_version(world.programme, OutcomeGroup.LOST)
    german = factories.guide_version(world.programme, OutcomeGroup.LOST)
    Guide.objects.filter(pk=german.guide_id).update(language="de")
    factories.guide_version(world.programme, OutcomeGroup.WON, published=False)
    factories.guide_version(world.other_programme, OutcomeGroup.WON)

    def proposed(group, language="en"):
        return proposed_version(programme=world.programme, outcome_group=group, language=language)

    assert proposed(OutcomeGroup.LOST) == lost
    assert proposed(OutcomeGroup.LOST, "de") == german
    assert proposed(OutcomeGroup.LOST, "fr") == lost
    # None serves wins: better the English one of another outcome than none, and never another programme's.
    assert proposed(OutcomeGroup.WON) == lost
    assert proposed_version(programme=factories.programme(), outcome_group=OutcomeGroup.WON) is None


def test_only_the_newest_version_of_a_guide_is_offered(world, now):
    first = factories.guide_version(world.programme)
    second = GuideVersion.objects.create(
        programme=world.programme, guide=first.guide, number=2, opening_script="o", closing_script="c", created_at=now
    )
    assert list(published_versions(world.programme)) == [first]
    second.published_at = now
    second.save()
    assert list(published_versions(world.programme)) == [second]
