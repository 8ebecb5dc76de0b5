"""The written debrief once it is sent: frozen, a call beside it, marked, written up and read like a call."""

import threading
from uuid import uuid4

import pytest
from django.db import connections, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.urls import reverse

from accounts.requests import programme_url
from debriefs.calls import actions as calls
from debriefs.calls.actions import booking
from debriefs.calls.models import Debrief
from debriefs.calls.refusals import WrongOrder
from debriefs.deals.enums import DebriefState
from debriefs.deals.models import OwnView
from debriefs.findings.actions import open_review
from debriefs.findings.models import Finding
from debriefs.foundation import clock, outbox
from debriefs.foundation.models import AuditEntry, Notice
from debriefs.interviews import actions, queries
from debriefs.interviews.models import Answer, AnswerRevision, AnswerSheet, PermissionGiven, Tag, Verbatim, WriteUp
from tests import factories
from tests.interviews.written_scene import chosen, first, now_of, opened, put, url, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def debrief(world):
    return chosen(world)


@pytest.fixture
def sheet(debrief):
    return actions.begin_written(debrief=debrief, shares=False, now=clock.now())


# ── Sending ──


def test_the_review_shows_all_and_preselects_nothing(debrief, sheet):
    write(sheet)
    page = opened(debrief).get(url(debrief, "review")).content.decode()
    assert "It was the price, in the end." in page
    assert "No answer" in page
    assert 'name="quote"' in page
    assert "checked" not in page


def test_sending_holds_the_debrief_stops_asking_and_freezes(world, debrief, sheet, now):
    OwnView.objects.create(programme=world.programme, deal=debrief.deal, person=world.rep, asked_at=now)
    write(sheet)
    client = opened(debrief)
    sent = client.post(url(debrief, "send"), {"quote": "anonymous", "reference": "no"})
    assert sent["Location"] == url(debrief, "page")
    after = now_of(debrief)
    assert (after.state, after.written_sent_at == after.held_at, after.held_by) == (DebriefState.HELD, True, None)
    after.deal.refresh_from_db()
    assert (after.deal.debrief_state, after.deal.own_view.closed_at is not None) == (DebriefState.HELD, True)
    said = {row.kind: (row.given, row.quote_level) for row in PermissionGiven.objects.filter(recorded_by=None)}
    assert said == {"quote": (True, "anonymous"), "reference": (False, "")}
    owed = dict(Notice.objects.filter(state="queued", subject_id=debrief.pk).values_list("kind", "recipient_kind"))
    assert owed["written_sent"] == "person"
    assert owed["written_thanks"] == "contact"
    assert {"write_up_due", "write_up_overdue"} < set(owed)
    assert not {"prospect_nudge_1", "prospect_nudge_2", "prospect_thanks"} & set(owed)
    thanks = client.get(url(debrief, "page")).content.decode()
    assert "What happens next" in thanks and "It was the price, in the end." in thanks
    late = put(client, debrief, first(sheet), "No, wait")
    assert (late.status_code, "no longer change" in late.json()["problem"]) == (422, True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(pk=first(sheet).pk).update(text="Changed")


def test_sending_twice_sends_once(debrief, sheet, now):
    write(sheet)
    for _time in range(2):
        actions.send_written(sheet=sheet, given={}, now=clock.now())
    assert Notice.objects.filter(kind="written_sent").count() == 1
    assert WriteUp.objects.filter(debrief=debrief).count() == 1


def test_nothing_answered_is_not_sent(debrief, sheet):
    refused = opened(debrief).post(url(debrief, "send"), {"quote": "named"})
    page = refused.content.decode()
    assert (refused.status_code, "Nothing is answered yet" in page) == (422, True)
    # What was chosen stays chosen.
    assert page.count("checked") == 1
    assert not PermissionGiven.objects.exists()


def test_a_permission_that_does_not_exist_sends_nothing(debrief, sheet):
    write(sheet)
    assert opened(debrief).post(url(debrief, "send"), {"quote": "everybody"}).status_code == 422
    assert queries.written_sheet_of(debrief).submitted_at is None


@pytest.mark.django_db(transaction=True)
def test_a_save_and_sending_at_the_same_moment_lose_nothing(debrief, sheet):
    write(sheet)
    answer = first(sheet)
    outcomes = []

    def save():
        try:
            saved = actions.save_answer(
                answer=answer, by=None, now=clock.now(), base_revision=1, operation=uuid4(), text="The last word."
            )
            outcomes.append(saved.revision)
        except Exception as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connections.close_all()

    def send():
        try:
            actions.send_written(sheet=sheet, given={}, now=clock.now())
        finally:
            connections.close_all()

    racers = [threading.Thread(target=save), threading.Thread(target=send)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert queries.written_sheet_of(debrief).submitted_at is not None
    if outcomes == [2]:
        assert first(sheet).text == "The last word."
    else:
        assert outcomes == ["WrittenIsSent"]
        assert AnswerRevision.objects.get(was_refused=True).text == "The last word."


# ── A call beside it ──


def booked(debrief):
    calls.take_back_writing(debrief=debrief, now=clock.now())
    debrief = now_of(debrief)
    at = booking.open_slots(debrief, clock.now())[0]
    calls.book(debrief=debrief, starts_at=at, time_zone="UTC", now=clock.now())
    return now_of(debrief)


def test_a_call_booked_in_between_keeps_both(world, debrief, sheet):
    write(sheet, "Half")
    debrief = booked(debrief)
    client = opened(debrief)
    page = client.get(reverse("prospect:page", kwargs={"link_id": debrief.prospect_link.pk})).content.decode()
    assert url(debrief, "page") in page
    write(sheet, "Whole", number=1)
    client.post(url(debrief, "send"))
    after = now_of(debrief)
    assert (after.state, after.held_at, after.written_sent_at is not None) == (DebriefState.BOOKED, None, True)
    assert not Notice.objects.filter(kind="written_thanks").exists()
    notes = actions.begin_interview(debrief=after, by=world.interviewer, now=clock.now())
    staff = Client()
    staff.force_login(world.interviewer.user)
    asked = staff.get(
        programme_url(world.programme, "interviews:questionnaire", debrief_id=debrief.pk)
    ).content.decode()
    assert "Answered in writing" in asked and "Half" in asked and "Whole" in asked
    assert {sheet.kind for sheet in AnswerSheet.objects.filter(debrief=debrief)} == {"call", "written"}
    assert notes.answers.count() == 3


def test_what_was_begun_in_writing_is_finished_after_the_call(world, debrief, sheet):
    write(sheet, "Half")
    debrief = booked(debrief)
    calls.mark_held(debrief=debrief, by=world.interviewer, now=clock.now())
    client = opened(debrief)
    page = client.get(reverse("prospect:page", kwargs={"link_id": debrief.prospect_link.pk})).content.decode()
    assert "Thank you for the conversation" in page and "Go on writing" in page and url(debrief, "page") in page
    write(sheet, "Whole", number=1)
    assert client.post(url(debrief, "send")).status_code == 302
    after = now_of(debrief)
    assert (after.state, after.written_sent_at is not None) == (DebriefState.HELD, True)
    assert after.held_at < after.written_sent_at
    assert list(sheet.answers.exclude(text="").order_by("text").values_list("text", flat=True)) == ["Half", "Whole"]
    page = client.get(reverse("prospect:page", kwargs={"link_id": debrief.prospect_link.pk})).content.decode()
    assert "Thank you for the conversation" in page and "Go on writing" not in page


def test_sent_and_then_a_call_as_well(world, debrief, sheet):
    write(sheet)
    actions.send_written(sheet=sheet, given={}, now=clock.now())
    client = opened(debrief)
    assert client.post(url(debrief, "speak")).status_code == 302
    assert now_of(debrief).state == DebriefState.HELD
    client.post(url(debrief, "speak"), {"sure": "yes"})
    client.post(url(debrief, "speak"), {"sure": "yes"})
    after = now_of(debrief)
    assert (after.state, after.written_sent_at is not None) == (DebriefState.INVITED, True)
    assert not Notice.objects.filter(kind__in=("write_up_due", "written_thanks"), state="queued").exists()
    page = client.get(reverse("prospect:page", kwargs={"link_id": debrief.prospect_link.pk})).content.decode()
    assert 'class="btn-check" type="radio" name="slot"' in page or 'name="slot"' in page
    assert 'id="sure-writing"' not in page
    after = booked(after)
    calls.cancel_call(debrief=after, side="buyer", now=clock.now())
    # No call came of it: the interviewer goes on with what was written.
    staff = Client()
    staff.force_login(world.interviewer.user)
    there = staff.post(programme_url(world.programme, "interviews:written_alone", debrief_id=debrief.pk))
    assert there["Location"] == programme_url(world.programme, "interviews:write_up", debrief_id=debrief.pk)
    assert staff.get(there["Location"]).status_code == 200
    assert now_of(debrief).state == DebriefState.HELD
    assert Notice.objects.filter(kind="written_thanks", state="queued").count() == 1
    assert Notice.objects.filter(kind="write_up_due", state="queued").count() == 1


def test_a_booked_call_is_not_skipped_over(world, debrief, sheet):
    write(sheet)
    debrief = booked(debrief)
    actions.send_written(sheet=sheet, given={}, now=clock.now())
    with pytest.raises(WrongOrder):
        actions.go_on_without_call(debrief=debrief, by=world.interviewer, now=clock.now())


def test_once_written_up_no_call_is_added(world, debrief, sheet, now):
    write(sheet)
    actions.send_written(sheet=sheet, given={}, now=now)
    Debrief.objects.filter(pk=debrief.pk).update(written_up_at=now)
    refused = opened(debrief).post(url(debrief, "speak"), {"sure": "yes"})
    assert (refused.status_code, "being read already" in refused.content.decode()) == (422, True)


# ── What becomes of it ──


def test_marked_written_up_reviewed_and_read_like_a_call(world, debrief, sheet):
    write(sheet, "It was the price, in the end.")
    actions.send_written(sheet=sheet, given={}, now=clock.now())
    driver = factories.driver(world.programme, "Price")
    staff = Client()
    staff.force_login(world.interviewer.user)
    mark = programme_url(world.programme, "interviews:mark_add", answer_id=first(sheet).pk)
    made = staff.post(mark, {"words": "the price", "driver": str(driver.pk), "direction": "hurt", "strength": "3"})
    page = programme_url(world.programme, "interviews:written", debrief_id=debrief.pk)
    assert made["Location"] == f"{page}?at=1#part-1"
    assert (Verbatim.objects.get().text, Verbatim.objects.get().starts, Tag.objects.get().driver) == (
        "the price",
        7,
        driver,
    )
    wrong = staff.post(mark, {"driver": str(driver.pk)})
    assert (wrong.status_code, "Not kept" in wrong.content.decode()) == (422, True)
    write_up = queries.write_up_of(debrief)
    actions.set_stated_reason(
        write_up=write_up, stated_driver=driver, root_driver=driver, by=world.interviewer, now=clock.now()
    )
    actions.submit_write_up(write_up=write_up, by=world.interviewer, now=clock.now())
    assert now_of(debrief).state == DebriefState.WRITTEN_UP
    assert staff.post(mark, {"words": "price"}).status_code == 422
    assert open_review(debrief=now_of(debrief), by=world.reviewer, now=clock.now()) == 1
    assert Finding.objects.get().verbatim == "the price"
    # Raw words: the reviewer reads them, and that is recorded; whoever sold does not.
    before = AuditEntry.objects.filter(action="answers.read").count()
    reader = Client()
    reader.force_login(world.reviewer.user)
    address = programme_url(world.programme, "interviews:answers", debrief_id=debrief.pk)
    said = reader.get(address).content.decode()
    assert "In writing, sent by the buyer" in said and "It was the price, in the end." in said
    assert AuditEntry.objects.filter(action="answers.read").count() == before + 1
    reader.force_login(world.rep.user)
    assert reader.get(address).status_code == 404


def test_words_are_marked_only_once_they_are_sent(world, debrief, sheet):
    write(sheet)
    actions.share_written(sheet=sheet, shares=True, now=clock.now())
    staff = Client()
    staff.force_login(world.interviewer.user)
    mark = programme_url(world.programme, "interviews:mark_add", answer_id=first(sheet).pk)
    assert staff.post(mark, {"words": "the price"}).status_code == 404
    assert not Verbatim.objects.exists()


def test_what_was_answered_in_writing_need_not_be_asked_again(world):
    debrief = chosen(world, must_ask=True)
    sheet = actions.begin_written(debrief=debrief, shares=False, now=clock.now())
    write(sheet)
    debrief = booked(debrief)
    actions.send_written(sheet=sheet, given={}, now=clock.now())
    actions.begin_interview(debrief=debrief, by=world.interviewer, now=clock.now())
    missing = [one.what for one in actions.checklist(queries.write_up_of(debrief)) if one.place.isdigit()]
    assert missing == ["What happened 2?", "What happened 3?"]


def test_the_mails_about_it_go_out_and_stop_where_they_make_no_sense(world, debrief, sheet, smtp):
    write(sheet)
    actions.send_written(sheet=sheet, given={}, now=clock.now())
    due = Notice.objects.filter(kind__in=("written_sent", "written_thanks", "write_up_due"))
    due.update(due_at=clock.now())
    outbox.drain()
    mails = {mail["To"].addresses[0].addr_spec: mail for mail in smtp.mails}
    ours = mails[world.interviewer.user.email].get_body(("plain",)).get_content()
    assert debrief.contact.email in mails
    assert "Thank you for your answers" in mails[debrief.contact.email]["Subject"]
    assert "It was the price" not in ours + mails[debrief.contact.email].as_string()
    again = actions.send_written(sheet=sheet, given={}, now=clock.now())
    outbox.drain()
    assert again.submitted_at is not None
    assert sum(mail["Subject"].startswith("Answered in writing") for mail in smtp.mails) == 1


def test_the_interviewer_hears_each_question_in_its_own_language(world, sign_in, debrief, sheet):
    debrief.guide_version.guide.language = "de"
    debrief.guide_version.guide.save()
    write(sheet)
    opened(debrief).post(url(debrief, "send"), {"quote": "anonymous"})
    page = programme_url(world.programme, "interviews:written", debrief_id=debrief.pk)
    text = sign_in(world.interviewer).get(page).content.decode()
    for answer in sheet.answers.filter(question__fit_for_writing=True):
        assert f'lang="de">{answer.question_text}</h2>' in text
