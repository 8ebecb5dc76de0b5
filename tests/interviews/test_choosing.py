"""Answers that are chosen, and the way they lead: the server alone says what is asked; what was noted off the way stays."""

import json
import re
from uuid import uuid4

import pytest

from accounts.requests import programme_url
from debriefs.calls.models import Debrief
from debriefs.codebook.actions import install_starter_codebook
from debriefs.codebook.models import Driver
from debriefs.deals.models import DealCompetitor
from debriefs.findings.actions import open_review
from debriefs.findings.models import Finding
from debriefs.foundation import clock
from debriefs.guides.actions import change_guide, create_guide, publish, save_draft, start_draft
from debriefs.guides.conditions import Asked, Condition
from debriefs.guides.queries import newer_version, proposed_version, texts_of
from debriefs.guides.rules import QuestionText
from debriefs.interviews.actions import (
    begin_interview,
    record_consent,
    remove_tag,
    save_answer,
    set_stated_reason,
    submit_write_up,
    tag_driver,
)
from debriefs.interviews.actions.write_up import checklist
from debriefs.interviews.choosing import places_asked, refused_marks, scales_of, words_of
from debriefs.interviews.models import Answer, AnswerSheet, PermissionGiven, Tag
from debriefs.interviews.queries import write_up_of
from debriefs.interviews.refusals import AnswerIsStale, NoSuchChoice
from tests import factories

pytestmark = pytest.mark.django_db

QUESTIONS = (
    QuestionText(key="price", text="Did the price matter?", kind="yes_no"),
    QuestionText(key="how", text="How?", kind="multiple", choices=("Too high", "Too low"), conditions=(Condition("price", "is", "yes"),), must_ask=True),
    QuestionText(key="rated", text="How do you rate each?", kind="rating"),
    QuestionText(key="praise", text="What was good?", conditions=(Condition("rated", "at_least", "4"),)),
    QuestionText(key="else", text="What else?"),
)  # fmt: skip


@pytest.fixture
def version(world):
    draft = create_guide(
        programme=world.programme, name="Paths", outcome_groups=["lost"], language="en", expected_minutes=30,
        questions=QUESTIONS, by=world.admin, now=world.now,
    )  # fmt: skip
    return publish(version=draft, by=world.admin, now=world.now, note="First")


@pytest.fixture
def debrief(world, version):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    rival = factories.competitor(world.programme, "Plenara")
    DealCompetitor.objects.create(programme=world.programme, deal=deal, competitor=rival)
    made = factories.debrief(deal, world.interviewer, version=version)
    begin_interview(debrief=made, by=world.interviewer, now=clock.now())
    return Debrief.objects.get(pk=made.pk)


@pytest.fixture
def answers(debrief):
    return {answer.question_key: answer for answer in Answer.objects.filter(sheet__debrief=debrief)}


def save(answer, by, *chosen, text="", base=0):
    return save_answer(
        answer=answer, by=by, now=clock.now(), base_revision=base, operation=uuid4(), text=text, chosen=chosen
    )


def test_what_can_be_chosen_follows_the_kind():
    assert scales_of(Asked("a")) == ()
    assert [mark for mark, _label in scales_of(Asked("a", "yes_no"))[0].marks] == ["yes", "no"]
    rated = scales_of(Asked("a", "rating"), vendors=["Plenara", "us", " "])
    assert [str(scale.label) for scale in rated] == ["Us", "Plenara"]
    assert rated[1].marks[4] == ("Plenara:5", "5")
    assert [scale.marks[0][0] for scale in scales_of(Asked("a", "driver_rating"), drivers=[("trust", "Trust")])] == [
        "trust:1"
    ]
    assert [words_of(mark) for mark in ("yes", "us:4", "Plenara:2", "Too high")] == [
        "Yes",
        "Us: 4",
        "Plenara: 2",
        "Too high",
    ]


@pytest.mark.parametrize(
    ("kind", "chosen", "wrong"),
    [
        ("yes_no", ["yes"], []),
        ("yes_no", ["yes", "no"], ["no"]),
        ("single", ["red"], []),
        ("single", ["red", "blue"], ["blue"]),
        ("multiple", ["red", "blue"], []),
        ("multiple", ["red", "pink"], ["pink"]),
        ("rating", ["us:4", "Plenara:5"], []),
        ("rating", ["us:4", "us:5"], ["us:5"]),
        ("rating", ["us:6", "Kestrow:1"], ["us:6", "Kestrow:1"]),
        ("open", ["yes"], ["yes"]),
    ],
)
def test_what_cannot_be_chosen_is_named(kind, chosen, wrong):
    scales = scales_of(Asked("a", kind, ("red", "blue")), vendors=["Plenara"])
    assert refused_marks(scales, chosen) == wrong


def test_what_was_chosen_is_saved_with_its_history(world, answers):
    save(answers["rated"], world.interviewer, "us:4", "Plenara:2", text="Said at once.")
    saved = Answer.objects.get(pk=answers["rated"].pk)
    assert (saved.chosen, saved.state, saved.revision) == (["us:4", "Plenara:2"], "noted", 1)
    assert saved.revisions.get().chosen == ["us:4", "Plenara:2"]
    # The same again is no revision; another mark is.
    assert save(saved, world.interviewer, "us:4", "Plenara:2", text="Said at once.", base=1).revision == 1
    assert save(saved, world.interviewer, "us:3", "Plenara:2", text="Said at once.", base=1).revision == 2


def test_who_was_rated_stays_also_once_they_are_offered_no_more(world, sign_in, debrief, answers):
    save(answers["rated"], world.interviewer, "us:4", "Plenara:2")
    DealCompetitor.objects.filter(deal=debrief.deal).delete()
    address = programme_url(world.programme, "interviews:questionnaire", debrief_id=debrief.pk)
    shown = sign_in(world.interviewer).get(address + "?at=3").content.decode()
    assert re.search(r'<input[^>]*value="Plenara:2"[^>]*checked', shown)
    again = Answer.objects.get(pk=answers["rated"].pk)
    save(again, world.interviewer, "us:5", "Plenara:2", text="Better than thought.", base=1)
    again.refresh_from_db()
    assert (again.chosen, again.text) == (["us:5", "Plenara:2"], "Better than thought.")
    with pytest.raises(NoSuchChoice):
        save(again, world.interviewer, "us:5", "Kestrow:1", base=2)
    kept = scales_of(Asked("a", "driver_rating"), drivers=[("trust", "Trust")], kept=["trust:2", "ease-of-use:4"])
    assert [(scale.label, scale.marks[0][0]) for scale in kept] == [
        ("Trust", "trust:1"),
        ("Ease of use", "ease-of-use:1"),
    ]


def test_a_stale_choice_is_refused_and_kept(world, answers):
    save(answers["price"], world.interviewer, "yes")
    with pytest.raises(AnswerIsStale):
        save(answers["price"], world.interviewer, "no")
    assert Answer.objects.get(pk=answers["price"].pk).chosen == ["yes"]
    assert answers["price"].revisions.get(was_refused=True).chosen == ["no"]


def test_a_mark_the_question_does_not_offer_is_refused(world, answers):
    with pytest.raises(NoSuchChoice):
        save(answers["how"], world.interviewer, "Just right")
    assert Answer.objects.get(pk=answers["how"].pk).revision == 0


def send(client, debrief, answer, **fields):
    url = programme_url(debrief.programme, "interviews:answer_save", answer_id=answer.pk)
    answer.refresh_from_db()
    body = {"base_revision": answer.revision, "operation": str(uuid4()), "text": ""} | fields
    return client.post(url, body, headers={"Accept": "application/json"})


def test_the_server_says_which_questions_are_asked(world, sign_in, debrief, answers):
    client = sign_in(world.interviewer)
    told = json.loads(send(client, debrief, answers["price"], chosen_1="no").content)
    assert (told["chosen"], told["asked"]) == (["no"], [1, 3, 5])
    assert json.loads(send(client, debrief, answers["price"], chosen_1="yes").content)["asked"] == [1, 2, 3, 5]
    assert json.loads(send(client, debrief, answers["rated"], chosen="us:5\nPlenara:1").content)["asked"] == [
        1,
        2,
        3,
        4,
        5,
    ]
    # A rating of somebody else leads nowhere.
    assert json.loads(send(client, debrief, answers["rated"], chosen="Plenara:5").content)["asked"] == [1, 2, 3, 5]
    refused = send(client, debrief, answers["price"], chosen_1="perhaps")
    assert refused.status_code == 422 and "cannot be chosen" in refused.json()["problem"]
    many = send(client, debrief, answers["price"], chosen="\n".join("x" for _n in range(101)))
    assert many.status_code == 422


def test_without_script_next_goes_past_what_is_not_asked(world, sign_in, debrief, answers):
    client = sign_in(world.interviewer)
    url = programme_url(debrief.programme, "interviews:answer_save", answer_id=answers["price"].pk)
    went = client.post(url, {"base_revision": 0, "operation": str(uuid4()), "text": "", "chosen_1": "no", "go": "next"})
    assert went["Location"].endswith("?at=3")
    page = client.get(went["Location"]).content.decode()
    assert 'value="us:1"' in page and 'value="Plenara:5"' in page
    # The question that is led past is in the page, hidden, for the moment when the answer changes.
    assert len(re.findall(r"data-off[ >]", page)) == 4
    stale = client.post(url, {"base_revision": 0, "operation": str(uuid4()), "text": "Typed", "chosen_1": "yes"})
    assert stale.status_code == 409
    assert 'value="yes" form="form-1" autocomplete="off" checked' in stale.content.decode()


def test_what_was_noted_off_the_way_is_kept_marked_and_counted_nowhere(world, sign_in, debrief, answers):
    install_starter_codebook(programme=world.programme)
    trust = Driver.objects.get(programme=world.programme, key="trust")
    save(answers["price"], world.interviewer, "yes")
    save(answers["how"], world.interviewer, "Too high", text="Far too high.")
    for key in ("how", "else"):
        tag_driver(answer=answers[key], driver=trust, direction="hurt", strength=2, note=f"Under {key}", verbatim=None, by=world.interviewer, now=clock.now())  # fmt: skip
    save(answers["price"], world.interviewer, "no", base=1)
    sheet = AnswerSheet.objects.get(debrief=debrief)
    # A tag on an answer that is led past becomes no finding: the hand-in waits for one that does.
    remove_tag(tag=Tag.objects.get(answer=answers["else"]), by=world.interviewer, now=clock.now())
    assert "tags" in {one.place for one in checklist(write_up_of(sheet.debrief)) if one.blocks}
    tag_driver(answer=answers["else"], driver=trust, direction="hurt", strength=2, note="Under else", verbatim=None, by=world.interviewer, now=clock.now())  # fmt: skip
    assert "tags" not in {one.place for one in checklist(write_up_of(sheet.debrief)) if one.blocks}
    # The question that must be asked is not missed once it is not asked.
    assert not any("How?" in str(one.what) for one in checklist(write_up_of(sheet.debrief)))
    save(answers["else"], world.interviewer, text="Nothing else.")
    record_consent(sheet=sheet, agreed=True, by=world.interviewer, now=clock.now())
    set_stated_reason(
        write_up=write_up_of(sheet.debrief),
        stated_driver=trust,
        root_driver=trust,
        by=world.interviewer,
        now=clock.now(),
    )
    submit_write_up(write_up=write_up_of(sheet.debrief), by=world.interviewer, now=clock.now())
    kept = Answer.objects.get(pk=answers["how"].pk)
    assert (kept.is_off_path, kept.text, kept.chosen) == (True, "Far too high.", ["Too high"])
    assert set(Answer.objects.filter(sheet=sheet, is_off_path=True).values_list("question_key", flat=True)) == {
        "how",
        "praise",
    }
    page = sign_in(world.interviewer).get(programme_url(world.programme, "interviews:answers", debrief_id=debrief.pk))
    assert "Led past by the other answers" in page.content.decode() and "Far too high." in page.content.decode()
    debrief.refresh_from_db()
    open_review(debrief=debrief, by=world.reviewer, now=clock.now())
    assert list(Finding.objects.filter(debrief=debrief).values_list("note", flat=True)) == ["Under else"]


def test_a_guide_published_anew_during_a_call_leaves_the_call_alone_and_answers_compare(
    world, version, debrief, answers
):
    draft = start_draft(version=version, by=world.admin, now=clock.now())
    texts = texts_of(draft)
    changed = [QuestionText(key="price", text="Did the sum matter?", kind="yes_no"), texts[4]]
    save_draft(
        version=draft, opening_script="New.", closing_script="New.", questions=changed, by=world.admin, now=clock.now()
    )
    newer = publish(version=draft, by=world.admin, now=clock.now(), note="Shorter")
    assert newer_version(version) == newer
    save(answers["price"], world.interviewer, "yes")
    asked = Answer.objects.filter(sheet__debrief=debrief).order_by("question__position")
    assert list(asked.values_list("question_text", flat=True)) == [question.text for question in QUESTIONS]
    assert proposed_version(world.programme, "lost") == newer
    next_deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    following = factories.debrief(next_deal, world.interviewer, version=newer)
    begin_interview(debrief=following, by=world.interviewer, now=clock.now())
    both = Answer.objects.filter(question_key="price").order_by("sheet__opened_at")
    assert [answer.question_text for answer in both] == ["Did the price matter?", "Did the sum matter?"]


def test_the_way_is_the_same_as_the_guides_own():
    questions = [question.asked for question in QUESTIONS]
    assert places_asked(questions, {}) == [1, 3, 5]
    assert places_asked(questions, {"price": ["yes"], "rated": ["us:4"]}) == [1, 2, 3, 4, 5]


def test_only_the_permissions_of_the_guide_are_asked_and_waited_for(world, sign_in, version, debrief):
    change_guide(
        guide=version.guide, name="Paths", outcome_groups=["lost"], language="en", expected_minutes=30, permissions=["quote", "reference"],
        by=world.admin, now=clock.now(),
    )  # fmt: skip
    client = sign_in(world.interviewer)
    page = client.get(programme_url(world.programme, "interviews:questionnaire", debrief_id=debrief.pk) + "?at=closing")
    assert 'name="reference"' in page.content.decode() and 'name="referral"' not in page.content.decode()
    sheet = AnswerSheet.objects.get(debrief=debrief)

    def missing():
        return [one for one in checklist(write_up_of(sheet.debrief)) if one.place == "closing"]

    assert len(missing()) == 1
    address = programme_url(world.programme, "interviews:permissions", debrief_id=debrief.pk)
    client.post(address, {"quote": "internal", "reference": "no", "referral": "yes"})
    assert set(PermissionGiven.objects.filter(debrief=debrief).values_list("kind", flat=True)) == {"quote", "reference"}
    assert missing() == []
