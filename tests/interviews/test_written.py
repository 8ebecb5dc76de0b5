"""The written debrief until it is sent: opened through the personal link, saved as typed, read by nobody unless the buyer says so."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.requests import programme_url
from debriefs.calls import actions as calls
from debriefs.calls import links, public_access
from debriefs.calls.models import Debrief, ProspectLink
from debriefs.foundation import clock
from debriefs.foundation.models import AuditEntry
from debriefs.interviews import actions, queries
from debriefs.interviews.models import AnswerRevision, AnswerSheet
from tests import factories
from tests.interviews.written_scene import chosen, first, now_of, opened, put, saving, url, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def debrief(world):
    return chosen(world)


@pytest.fixture
def sheet(debrief):
    return actions.begin_written(debrief=debrief, shares=False, now=clock.now())


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


def test_a_choice_without_a_word_leaves_no_empty_heading(debrief):
    page = opened(debrief).get(reverse("prospect:page", kwargs={"link_id": debrief.prospect_link.pk})).content.decode()
    assert ("You answer in writing" in page, "What you wrote to us" in page) == (True, False)


def test_who_rates_in_writing_is_told_which_end_is_which(world):
    debrief = chosen(world, kind="rating")
    actions.begin_written(debrief=debrief, shares=False, now=clock.now())
    page = opened(debrief).get(url(debrief, "page")).content.decode()
    assert page.count("1 is the lowest rating, 5 the highest.") == 2
    assert page.count('aria-describedby="ends-1"') == 1


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
