"""Each probe that was asked is noted under its question, in the words it had."""

import pytest
from django.utils import timezone

from accounts.requests import programme_url
from debriefs.deals.enums import DebriefState
from debriefs.deals.models import Deal
from debriefs.guides.models import Probe
from debriefs.interviews import actions
from debriefs.interviews.models import AnswerSheet, ProbeUse, WriteUp
from debriefs.interviews.refusals import NoSuchProbe, SheetIsSubmitted
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def debrief(world, deal):
    """With a guide whose first question has a probe of its own."""
    version = factories.guide_version(world.programme, deal.outcome_group, published=False)
    Probe.objects.create(
        programme=world.programme, question=version.questions.first(), position=1, text="What lay behind that?"
    )
    version.published_at = timezone.now()
    version.save(update_fields=["published_at"])
    Deal.objects.filter(pk=deal.pk).update(debrief_state=DebriefState.HELD)
    now = timezone.now()
    return factories.debrief(deal, world.interviewer, version=version, invited_at=now, booked_at=now, held_at=now)


@pytest.fixture
def probe(answer):
    return answer.question.probes.get()


def note(world, answer, key, used=True):
    actions.note_probe(answer=answer, key=str(key), used=used, by=world.interviewer, now=timezone.now())


def noted(answer):
    return list(ProbeUse.objects.filter(answer=answer).values_list("key", "text"))


def test_a_probe_of_the_guide_and_one_of_a_vague_answer_are_noted_once_and_taken_back(world, answer, probe):
    for _twice in range(2):
        note(world, answer, probe.pk)
        note(world, answer, "too-expensive:1")
    assert noted(answer) == [(str(probe.pk), "What lay behind that?"), ("too-expensive:1", "Compared with what?")]
    for _twice in range(2):
        note(world, answer, probe.pk, used=False)
    assert noted(answer) == [("too-expensive:1", "Compared with what?")]


@pytest.mark.parametrize(
    "key",
    [
        "",
        "too-expensive:99",
        "too-expensive:x",
        "no-kind:0",
        "no-uuid",
        ":",
        "too-expensive:-1",
        "too-expensive:²",
        "too-expensive:00",
        "short:" + "0" * 70,
        "short:" + "9" * 5000,
    ],
)
def test_a_probe_that_is_none_is_refused(world, answer, key):
    with pytest.raises(NoSuchProbe):
        note(world, answer, key)
    assert noted(answer) == []


def test_a_probe_of_another_question_is_none_here(world, sheet, probe):
    with pytest.raises(NoSuchProbe):
        note(world, sheet.answers.order_by("question__position")[1], probe.pk)


def test_the_page_notes_it_with_and_without_script_and_shows_it(world, sign_in, debrief, answer, probe):
    client = sign_in(world.interviewer)
    url = programme_url(world.programme, "interviews:probe_note", answer_id=answer.pk)
    page = programme_url(world.programme, "interviews:questionnaire", debrief_id=debrief.pk) + "?at=1"
    assert client.post(url, {"used": str(probe.pk)})["Location"] == page
    assert f'name="unused" value="{probe.pk}" aria-pressed="true"' in client.get(page).content.decode()
    told = client.post(url, {"used": "short:0"}, headers={"HX-Request": "true", "Accept": "application/json"})
    assert told.json() == {"problem": ""}
    client.post(url, {"unused": str(probe.pk)})
    assert noted(answer) == [("short:0", "What lay behind that?")]
    refused = client.post(url, {"used": "none:0"}, headers={"HX-Request": "true", "Accept": "application/json"})
    assert refused.status_code == 422 and "not known here" in refused.json()["problem"]
    assert sign_in(world.other_interviewer).post(url, {"used": str(probe.pk)}).status_code == 404


def test_probes_asked_stand_with_the_notes_and_are_frozen_with_them(world, sign_in, debrief, answer, probe):
    note(world, answer, probe.pk)
    now = timezone.now()
    AnswerSheet.objects.filter(debrief=debrief).update(submitted_at=now)
    WriteUp.objects.filter(debrief=debrief).update(submitted_at=now)
    with pytest.raises(SheetIsSubmitted):
        note(world, answer, probe.pk, used=False)
    page = sign_in(world.interviewer).get(programme_url(world.programme, "interviews:answers", debrief_id=debrief.pk))
    assert "Probes asked:" in page.content.decode() and "“What lay behind that?”" in page.content.decode()
