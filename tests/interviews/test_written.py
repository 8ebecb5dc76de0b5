"""The written debrief: opened through the personal link, saved as typed, sent once, read and marked by the interviewer."""

import threading
from uuid import uuid4

import pytest
from django.db import connections, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.urls import reverse

from accounts.requests import programme_url
from debriefs.calls import actions as calls
from debriefs.calls import links, public_access
from debriefs.calls.actions import booking
from debriefs.calls.models import Debrief, ProspectLink
from debriefs.calls.refusals import WrongOrder
from debriefs.deals.enums import DebriefState
from debriefs.deals.models import OwnView
from debriefs.findings.actions import open_review
from debriefs.findings.models import Finding
from debriefs.foundation import clock, outbox
from debriefs.foundation.models import AuditEntry, Notice
from debriefs.guides.models import Question
from debriefs.interviews import actions, queries
from debriefs.interviews.models import Answer, AnswerRevision, AnswerSheet, PermissionGiven, Tag, Verbatim, WriteUp
from tests import factories

pytestmark = pytest.mark.django_db


def chosen(world, **asked):
    """Invited, and the buyer chose writing: three questions, of which the second is only asked in a call."""
    version = factories.guide_version(world.programme, published=False)
    Question.objects.filter(version=version, position=2).update(fit_for_writing=False)
    Question.objects.filter(version=version, position=3).update(written_text="What would you write?")
    if asked:
        Question.objects.filter(version=version).update(**asked)
    version.published_at = world.now
    version.save()
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    made = factories.debrief(deal, world.interviewer, version=version, invited_at=world.now, planned_by=world.manager)
    links.issue(made, world.now)
    return calls.choose_writing(debrief=made, now=clock.now())


@pytest.fixture
def debrief(world):
    return chosen(world)


@pytest.fixture
def sheet(debrief):
    return actions.begin_written(debrief=debrief, shares=False, now=clock.now())


def opened(debrief):
    """A browser in which the link of the mail was opened."""
    client = Client(headers={"accept": "text/html"})
    link = ProspectLink.objects.get(debrief=debrief)
    path = "/" + links.address(link).split("://", 1)[1].partition("/")[2]
    assert client.get(path).status_code == 302
    assert client.post(reverse("prospect:addressee", kwargs={"link_id": link.pk})).status_code == 302
    return client


def url(debrief, name, **more):
    return reverse(f"written:{name}", kwargs={"link_id": ProspectLink.objects.get(debrief=debrief).pk, **more})


def first(sheet):
    return sheet.answers.order_by("question__position").first()


def saving(answer, text, **more):
    return {"base_revision": answer.revision, "operation": str(uuid4()), "text": text} | more


def put(client, debrief, answer, text, *, by_script=True, **more):
    headers = {"accept": "application/json"} if by_script else {}
    address = url(debrief, "answer_save", answer_id=answer.pk)
    return client.post(address, saving(answer, text, **more), headers=headers)


def write(sheet, text="It was the price, in the end.", number=0):
    answer = sheet.answers.order_by("question__position")[number]
    actions.save_answer(
        answer=answer, by=None, now=clock.now(), base_revision=answer.revision, operation=uuid4(), text=text
    )
    return Answer.objects.get(pk=answer.pk)


def now_of(debrief):
    return Debrief.objects.get(pk=debrief.pk)


# ── The way in ──


def test_reading_opens_nothing_and_beginning_asks_what_is_fit_for_writing(debrief):
    client = opened(debrief)
    page = client.get(url(debrief, "page")).content.decode()
    assert "2 questions" in page
    assert 'id="shares"' in page and "checked" not in page
    assert not AnswerSheet.objects.exists()
    assert client.post(url(debrief, "begin")).status_code == 302
    sheet = queries.written_sheet_of(debrief)
    texts = list(sheet.answers.order_by("question__position").values_list("question_text", flat=True))
    assert texts == ["What happened 1?", "What would you write?"]
    assert (sheet.shared_at, now_of(debrief).written_begun_at is not None) == (None, True)
    client.post(url(debrief, "begin"), {"shares": "yes"})
    assert AnswerSheet.objects.count() == 1


def test_nothing_begins_unless_writing_was_chosen(world, debrief):
    calls.take_back_writing(debrief=debrief, now=clock.now())
    client = opened(debrief)
    response = client.get(url(debrief, "page"))
    assert response["Location"] == reverse("prospect:page", kwargs={"link_id": debrief.prospect_link.pk})
    refused = client.post(url(debrief, "begin"))
    assert (refused.status_code, "rather answer in writing" in refused.content.decode()) == (422, True)
    assert not AnswerSheet.objects.exists()


def test_a_guide_without_a_question_fit_for_writing_says_so(world):
    debrief = chosen(world, fit_for_writing=False)
    refused = opened(debrief).post(url(debrief, "begin"))
    assert "only asked in a conversation" in refused.content.decode()
    assert now_of(debrief).written_begun_at is None


# ── Saving ──


def test_saved_on_the_phone_and_taken_up_on_the_laptop(debrief, sheet):
    phone, laptop = opened(debrief), opened(debrief)
    told = put(phone, debrief, first(sheet), "Half a thought").json()
    assert (told["revision"], told["state"], told["asked"]) == (1, "noted", [1, 2])
    assert "Half a thought" in laptop.get(url(debrief, "page") + "?all=1").content.decode()
    answer = first(sheet)
    assert put(laptop, debrief, answer, "Half a thought, whole.").json()["revision"] == 2
    stale = put(phone, debrief, answer, "Half a thought and more")
    assert (stale.status_code, stale.json()["text"]) == (409, "Half a thought, whole.")
    refused = AnswerRevision.objects.get(was_refused=True)
    assert (refused.text, refused.saved_by) == ("Half a thought and more", None)


def test_the_same_save_twice_counts_once(debrief, sheet):
    client, answer, operation = opened(debrief), first(sheet), str(uuid4())
    for _time in range(2):
        assert put(client, debrief, answer, "Once.", operation=operation).json()["revision"] == 1
    assert AnswerRevision.objects.count() == 1


def test_without_script_each_save_leads_on_and_the_last_to_the_review(debrief, sheet):
    client = opened(debrief)
    one, two = sheet.answers.order_by("question__position")
    there = put(client, debrief, one, "First.", by_script=False, go="next")["Location"]
    assert there == url(debrief, "page") + "?at=2"
    assert put(client, debrief, two, "Second.", by_script=False, go="next")["Location"] == url(debrief, "review")
    torn = put(client, debrief, one, "First, again.", by_script=False)
    page = torn.content.decode()
    assert torn.status_code == 409
    assert page.count("First.") >= 1 and "First, again." in page


def test_a_state_that_is_not_the_buyers_to_give_is_left_out(debrief, sheet):
    assert put(opened(debrief), debrief, first(sheet), "", state="not_asked").json()["state"] == "empty"


@pytest.mark.parametrize(
    ("text", "status"), [("x" * 100_000, 422), ("nul \x00 here", 422), ("x" * 50_000, 200), ("😀\u202e\ud7ff", 200)]
)
def test_hostile_texts_are_kept_whole_or_refused_whole(debrief, sheet, text, status):
    client = opened(debrief)
    answer = put(client, debrief, first(sheet), text)
    assert answer.status_code == status
    assert first(sheet).text == (text if status == 200 else "")
    shown = put(client, debrief, first(sheet), text + "!", by_script=False)
    if status == 422:
        assert ("x" * 100_000 in shown.content.decode()) == (len(text) > 60_000)


def test_only_the_links_own_answers_are_written(world, debrief, sheet):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    other = factories.debrief(deal, world.interviewer, invited_at=world.now)
    links.issue(other, world.now)
    other = calls.choose_writing(debrief=other, now=clock.now())
    theirs = actions.begin_written(debrief=other, shares=False, now=clock.now())
    notes = actions.open_sheet(debrief=other, by=world.interviewer, now=clock.now())
    client = opened(debrief)
    for answer in (first(theirs), first(notes)):
        assert put(client, debrief, answer, "Not mine").status_code == 404
        assert put(client, other, answer, "Not mine").status_code == 401
    assert not AnswerRevision.objects.exists()
    # Nor does the interviewer write in what is the buyer's.
    inside = Client()
    inside.force_login(world.interviewer.user)
    address = programme_url(world.programme, "interviews:answer_save", answer_id=first(sheet).pk)
    assert inside.post(address, saving(first(sheet), "Mine")).status_code == 404
    assert first(sheet).text == ""


def test_without_the_link_a_typed_text_is_handed_back(debrief, sheet):
    stranger = Client()
    refused = put(stranger, debrief, first(sheet), "Words I typed <b>", by_script=False)
    assert refused.status_code == 404
    assert "Words I typed &lt;b&gt;" in refused.content.decode()
    assert put(stranger, debrief, first(sheet), "Words").status_code == 401


def test_whoever_a_mail_was_forwarded_to_reads_and_writes_nothing(debrief, sheet):
    write(sheet, "Secret so far")
    client = opened(debrief)
    for name in [name for name in client.cookies if name.startswith("personal_reader_")]:
        del client.cookies[name]
    for name in ("page", "review"):
        assert "Secret so far" not in client.get(url(debrief, name)).content.decode()
    assert put(client, debrief, first(sheet), "Forwarded").status_code == 401
    refused = put(client, debrief, first(sheet), "Forwarded words", by_script=False)
    assert (refused.status_code, "Forwarded words" in refused.content.decode()) == (403, True)
    assert first(sheet).text == "Secret so far"


def test_a_withdrawn_link_writes_nothing_and_tells_nothing(debrief, sheet, now):
    client = opened(debrief)
    link = ProspectLink.objects.get(debrief=debrief)
    links.revoke(link, now)
    answer = put(client, debrief, first(sheet), "Too late")
    assert (answer.status_code, answer.content) == (401, b"{}")
    assert client.get(url(debrief, "page")).status_code == 404
    assert first(sheet).text == ""


@pytest.mark.parametrize("end", ["closed", "declined", "written_up"])
def test_when_it_is_over_what_was_typed_is_kept_and_nothing_is_sent(world, debrief, sheet, end, now):
    client = opened(debrief)
    write(sheet)
    if end == "closed":
        calls.close_debrief(debrief=debrief, reason="Over", by=world.manager, now=now)
    elif end == "declined":
        calls.decline(debrief=debrief, reason="no", text="", now=now)
    else:
        Debrief.objects.filter(pk=debrief.pk).update(held_at=now, written_up_at=now)
    answer = put(client, debrief, first(sheet), "One more word")
    assert (answer.status_code, "over" in answer.json()["problem"]) == (422, True)
    assert AnswerRevision.objects.get(was_refused=True).text == "One more word"
    assert client.post(url(debrief, "send")).status_code == 302
    assert queries.written_sheet_of(debrief).submitted_at is None
    if end == "declined":
        calls.undo_decline(debrief=debrief, now=clock.now())
        assert put(client, debrief, first(sheet), "One more word").status_code == 200


def test_typing_neither_closes_the_page_nor_uses_the_links_up(debrief, sheet, monkeypatch):
    monkeypatch.setattr(public_access, "USES", 3)
    client = opened(debrief)
    for number in range(30):
        assert put(client, debrief, first(sheet), f"{number}").status_code == 200
    response = put(client, debrief, first(sheet), "and on")
    cookie = next(morsel for name, morsel in response.cookies.items() if name.startswith("personal_link_"))
    assert (cookie["max-age"], cookie["path"]) == (7200, f"/d/{debrief.prospect_link.pk}/")
    assert client.get(reverse("prospect:page", kwargs={"link_id": debrief.prospect_link.pk})).status_code == 200


def test_saving_has_a_limit_of_its_own_that_hands_the_text_back(debrief, sheet, monkeypatch):
    monkeypatch.setattr(public_access, "SAVES", 2)
    client = opened(debrief)
    for _time in range(2):
        put(client, debrief, first(sheet), "Fine")
    refused = put(client, debrief, first(sheet), "A long thought", by_script=False)
    assert (refused.status_code, "A long thought" in refused.content.decode()) == (429, True)


def test_keys_are_the_links_own(debrief, sheet):
    client = opened(debrief)
    keys = client.get(url(debrief, "keys")).json()["keys"]
    assert client.get(url(debrief, "keys")).json()["keys"] == keys
    assert Client().get(url(debrief, "keys"), headers={"accept": "application/json"}).status_code == 401


# ── Who reads along ──


def test_what_is_not_sent_is_read_by_nobody_unless_shared_and_then_by_the_interviewer(world, debrief, sheet):
    write(sheet, "Secret so far")
    staff = {}
    for name in ("interviewer", "admin", "reviewer", "manager", "rep"):
        staff[name] = Client()
        staff[name].force_login(getattr(world, name).user)
    page = programme_url(world.programme, "interviews:written", debrief_id=debrief.pk)
    briefing = programme_url(world.programme, "interviews:briefing", debrief_id=debrief.pk)
    facts = programme_url(world.programme, "calls:debrief_page", debrief_id=debrief.pk)

    def readers():
        return {
            name
            for name, client in staff.items()
            if any("Secret so far" in client.get(address).content.decode() for address in (page, briefing, facts))
        }

    assert readers() == set()
    assert "has not sent" in staff["manager"].get(facts).content.decode()
    client = opened(debrief)
    client.post(url(debrief, "share"), {"shares": "yes"})
    assert readers() == {"interviewer"}
    assert client.get(url(debrief, "page")).content.decode().count("read along") > 0
    client.post(url(debrief, "share"), {"shares": "no"})
    assert readers() == set()
    assert list(AuditEntry.objects.filter(action__startswith="written.").values_list("action", flat=True)) == [
        "written.begun", "written.shared", "written.unshared",
    ]  # fmt: skip


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
