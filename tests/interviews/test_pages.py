"""Pages of the interview: who reads raw notes, who writes them, and that a refused save keeps every text."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from accounts.requests import programme_url
from debriefs.calls.models import Debrief
from debriefs.deals.actions import assign_interviewer, join_deal_team
from debriefs.deals.enums import DebriefState
from debriefs.deals.models import Deal, DealParty
from debriefs.foundation.models import AuditEntry
from debriefs.interviews.actions import mark_verbatim, save_answer, set_permissions, start_rehearsal, tag_driver
from debriefs.interviews.models import Answer, AnswerSheet, PermissionGiven, Rehearsal, StatedReason, Tag, Verbatim
from debriefs.interviews.queries import answers_for, sheet_of, write_up_of
from tests import factories

pytestmark = pytest.mark.django_db

SECRET = "The captains did not sleep in the first month."
EVERYBODY = (
    "admin", "manager", "other_manager", "reviewer", "interviewer", "other_interviewer", "agency_interviewer",
    "rep", "member", "other_member", "other_admin",
)  # fmt: skip


@pytest.fixture
def noted(world, answer):
    return save_answer(
        answer=answer, by=world.interviewer, now=timezone.now(), base_revision=0, operation=uuid4(), text=SECRET
    ).answer


def at(of, name, **kwargs):
    return programme_url(of.programme, f"interviews:{name}", **kwargs)


def write_up(debrief, reviewer=None):
    now = timezone.now()
    Debrief.objects.filter(pk=debrief.pk).update(written_up_at=now, reviewer=reviewer)
    AnswerSheet.objects.filter(debrief=debrief).update(submitted_at=now)


def saved(answer, **typed):
    return {"base_revision": answer.revision, "operation": str(uuid4()), "text": "", "state": ""} | typed


# ── Before the first question ──


def test_what_is_typed_before_the_first_question_is_kept_without_script_too(world, sign_in, debrief, sheet):
    client, consent = sign_in(world.interviewer), at(debrief, "consent", sheet_id=sheet.pk)
    seen = {"over_words": "", "over_on_the_call": ""}
    client.post(consent, {"words": "", "on_the_call": "Head of crewing"} | seen)
    kept = sheet_of(debrief)
    assert (kept.on_the_call, kept.consent_at) == ("Head of crewing", None)
    # Too long: nothing is cut, nothing is changed, and it stands there whole.
    long = "word " * 101
    answer = client.post(consent, {"words": long, "on_the_call": "Head of crewing", "agreed": "yes"} | seen)
    page = answer.content.decode()
    assert answer.status_code == 422 and long.strip() in page and "longer than 500 characters" in page
    # Typed over what has changed since: both are shown, and typing it once more over what is shown keeps it.
    answer = client.post(consent, {"words": "Fine.", "on_the_call": "A planner", "agreed": "yes"} | seen)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Head of crewing" in page and "A planner" in page
    assert sheet_of(debrief).on_the_call == "Head of crewing"
    seen = {"over_words": "", "over_on_the_call": "Head of crewing"}
    assert all(f'name="{name}" value="{value}"' in page for name, value in seen.items())
    client.post(consent, {"words": "Fine.", "on_the_call": "A planner", "agreed": "yes"} | seen)
    kept = sheet_of(debrief)
    assert (kept.on_the_call, kept.consent_words, bool(kept.consent_at)) == ("A planner", "Fine.", True)
    # The same sent again, after its answer got lost, is no conflict; and after handing in the words are not lost with the page.
    again = client.post(consent, {"words": "Fine.", "on_the_call": "A planner", "agreed": "yes"} | seen)
    assert again.status_code == 302
    write_up(debrief, reviewer=world.reviewer)
    read = sign_in(world.reviewer).get(at(debrief, "answers", debrief_id=debrief.pk)).content.decode()
    assert "Who was on the call" in read and "A planner" in read and "Fine." in read
    answer = client.post(consent, {"words": "Words that came late", "on_the_call": "", "agreed": "yes"})
    assert answer.status_code == 422 and "Words that came late" in answer.content.decode()


# ── Who reads raw notes ──


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("stage", ["open", "written up", "review taken on"])
def test_raw_notes_are_read_by_few_and_each_reading_is_recorded(world, sign_in, debrief, noted, name, stage):
    if stage != "open":
        write_up(debrief, reviewer=world.reviewer if stage == "review taken on" else None)
    person = getattr(world, name)
    response = sign_in(person).get(at(debrief, "answers", debrief_id=debrief.pk))
    readers = {"open": (), "written up": ("admin",), "review taken on": ("admin", "reviewer")}
    may_read = name == "interviewer" or name in readers[stage]
    assert (SECRET in response.content.decode()) == may_read
    assert response.status_code == (200 if may_read else 404)
    readings = AuditEntry.objects.filter(action="answers.read", subject_id=debrief.pk)
    assert list(readings.values_list("actor_id", flat=True)) == ([person.pk] if may_read else [])


@pytest.mark.parametrize("roles", [[Role.ADMIN], [Role.REVIEWER], [Role.ADMIN, Role.REVIEWER, Role.MANAGER]])
@pytest.mark.parametrize("has_left", [False, True])
def test_whoever_sold_the_deal_never_reads_raw_notes_whatever_their_roles(
    world, sign_in, debrief, noted, roles, has_left
):
    write_up(debrief)
    seller = factories.person(world.programme, *roles)
    now = timezone.now()
    DealParty.objects.create(
        programme=world.programme, deal=debrief.deal, person=seller, kind="team", joined_at=now,
        ended_at=now if has_left else None,
    )  # fmt: skip
    client = sign_in(seller)
    for name in ("answers", "questionnaire", "write_up", "briefing"):
        response = client.get(at(debrief, name, debrief_id=debrief.pk))
        assert response.status_code == 404, name
        assert SECRET not in response.content.decode()
    with pytest.raises(Http404):
        answers_for(seller, Debrief.objects.get(pk=debrief.pk), now)
    assert not AuditEntry.objects.filter(action="answers.read").exists()


def test_an_interviewer_who_came_to_sell_the_deal_is_shut_out_with_everything_they_noted(
    world, sign_in, debrief, noted
):
    Debrief.objects.filter(pk=debrief.pk).update(held_at=None)
    Deal.objects.filter(pk=debrief.deal_id).update(debrief_state=DebriefState.BOOKED)
    join_deal_team(deal=debrief.deal, person=world.interviewer, part="", by=world.admin, now=timezone.now())
    client = sign_in(world.interviewer)
    for name in ("answers", "questionnaire", "write_up", "briefing"):
        response = client.get(at(debrief, name, debrief_id=debrief.pk))
        assert response.status_code == 404, name
        assert SECRET not in response.content.decode()


@pytest.mark.parametrize("name", [name for name in EVERYBODY if name != "interviewer"])
def test_only_the_interviewer_writes(world, sign_in, debrief, sheet, noted, name):
    client = sign_in(getattr(world, name))
    verbatim = mark_verbatim(answer=noted, words="the first month", by=world.interviewer, now=timezone.now())
    posts = {
        at(debrief, "answer_save", answer_id=noted.pk): saved(noted, text="Overwritten"),
        at(debrief, "mark_add", answer_id=noted.pk): {"words": "The captains"},
        at(debrief, "verbatim_remove", verbatim_id=verbatim.pk): {},
        at(debrief, "consent", sheet_id=sheet.pk): {"agreed": "yes"},
        at(debrief, "permissions", debrief_id=debrief.pk): {"reference": "yes"},
        at(debrief, "begin", debrief_id=debrief.pk): {},
        at(debrief, "submit", debrief_id=debrief.pk): {},
        at(debrief, "briefing", debrief_id=debrief.pk): {"hypothesis": "Mine"},
    }
    for address, typed in posts.items():
        response = client.post(address, typed)
        assert response.status_code in (403, 404), address
        assert SECRET not in response.content.decode()
    stays = Answer.objects.get(pk=noted.pk)
    assert (stays.text, list(stays.verbatims.all())) == (SECRET, [verbatim])
    assert not PermissionGiven.objects.exists()
    assert (sheet_of(debrief).consent_at, Debrief.objects.get(pk=debrief.pk).hypothesis) == (None, "")


def test_a_reviewer_is_told_who_writes_instead_of_nothing(world, sign_in, debrief, noted):
    write_up(debrief, reviewer=world.reviewer)
    response = sign_in(world.reviewer).get(at(debrief, "questionnaire", debrief_id=debrief.pk))
    assert response.status_code == 403
    assert "Only the interviewer" in response.content.decode()
    assert SECRET not in response.content.decode()


def test_a_former_interviewer_sees_nothing_any_more(world, sign_in, debrief, noted):
    assign_interviewer(deal=debrief.deal, person=world.other_interviewer, by=world.admin, now=timezone.now())
    Debrief.objects.filter(pk=debrief.pk).update(interviewer=world.other_interviewer)
    client = sign_in(world.interviewer)
    for name in ("questionnaire", "answers", "write_up", "briefing"):
        response = client.get(at(debrief, name, debrief_id=debrief.pk))
        assert response.status_code == 404
        assert SECRET not in response.content.decode()
    assert (
        SECRET in sign_in(world.other_interviewer).get(at(debrief, "answers", debrief_id=debrief.pk)).content.decode()
    )


def test_a_rehearsal_is_seen_by_nobody_else_and_marked_as_practice(world, sign_in, debrief):
    client = sign_in(world.interviewer)
    started = client.post(at(debrief, "rehearse", version_id=debrief.guide_version_id))
    shown = client.get(started.url).content.decode()
    assert "Practice: seen by nobody else, counted nowhere" in shown
    answer = Answer.objects.get(sheet__rehearsal=Rehearsal.objects.get(), question__position=1)
    client.post(at(debrief, "answer_save", answer_id=answer.pk), saved(answer, text="Practice words"))
    assert "Practice words" in client.get(started.url + "?at=1").content.decode()
    for other in (world.admin, world.reviewer, world.other_interviewer):
        response = sign_in(other).get(started.url)
        assert response.status_code == 404
        assert "Practice words" not in response.content.decode()


def test_a_draft_cannot_be_rehearsed(world, sign_in):
    draft = factories.guide_version(world.programme, published=False)
    response = sign_in(world.admin).post(at(draft, "rehearse", version_id=draft.pk))
    assert response.status_code == 403
    assert not Rehearsal.objects.exists()


# ── The questionnaire ──


def test_opening_the_page_begins_nothing(world, sign_in):
    debrief = factories.debrief(factories.deal(world.programme, owner=world.rep), world.interviewer)
    client = sign_in(world.interviewer)
    shown = client.get(at(debrief, "questionnaire", debrief_id=debrief.pk)).content.decode()
    assert "Begin the interview" in shown
    assert not AnswerSheet.objects.exists() and Debrief.objects.get(pk=debrief.pk).held_at is None
    begun = client.post(at(debrief, "begin", debrief_id=debrief.pk))
    assert Debrief.objects.get(pk=debrief.pk).held_at is not None
    shown = client.get(begun.url).content.decode()
    assert "Opening." in shown and "What happened 1?" in shown


def test_a_closed_debrief_cannot_be_begun(world, sign_in, now):
    debrief = factories.debrief(
        factories.deal(world.programme), world.interviewer, closed_at=now, closed_reason="No answer"
    )
    assert sign_in(world.interviewer).post(at(debrief, "begin", debrief_id=debrief.pk)).status_code == 404
    assert not AnswerSheet.objects.exists()


def shown_parts(html):
    return re.findall(r'<section class="question" id="part-(\w+)"[^>]*aria-labelledby="h-\w+">', html)


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("2", "2"),
        ("closing", "closing"),
        ("opening", "opening"),
        ("99", "opening"),
        ("%00", "opening"),
        ("٣", "opening"),
    ],
)
def test_without_script_one_part_is_shown_and_the_address_names_it(world, sign_in, debrief, sheet, asked, part):
    page = at(debrief, "questionnaire", debrief_id=debrief.pk)
    html = sign_in(world.interviewer).get(f"{page}?at={asked}").content.decode()
    assert shown_parts(html) == [part]
    assert html.count("btn-primary") == 1


def test_without_script_the_next_button_saves_and_goes_on(world, sign_in, debrief, sheet, answer):
    client = sign_in(world.interviewer)
    address = at(debrief, "answer_save", answer_id=answer.pk)
    response = client.post(address, saved(answer, text="It was too expensive.", go="next"))
    assert response.url.endswith("?at=2")
    kept = Answer.objects.get(pk=answer.pk)
    assert (kept.text, kept.state, kept.saved_by) == ("It was too expensive.", "noted", world.interviewer)
    html = client.get(response.url.replace("at=2", "at=1")).content.decode()
    called = re.findall(r'<section class="probes called"[^>]*?( hidden)?>\s*<h2>(.*?)</h2>', html)
    assert [heading for hidden, heading in called if not hidden] == ["“Too expensive” was said"]
    assert client.post(address, saved(kept, text="It was too expensive.", go="previous")).url.endswith("?at=opening")
    last = sheet.answers.order_by("-question__position").first()
    response = client.post(at(debrief, "answer_save", answer_id=last.pk), saved(last, text="x", go="next"))
    assert response.url.endswith("?at=closing")


def test_without_script_a_stale_save_shows_both_texts_and_every_way_on(world, sign_in, debrief, noted):
    client = sign_in(world.interviewer)
    address = at(debrief, "answer_save", answer_id=noted.pk)
    stale = client.post(address, saved(noted, text="Typed in the second window", base_revision=0))
    html = stale.content.decode()
    assert stale.status_code == 409
    assert SECRET in html and "Typed in the second window" in html
    assert Answer.objects.get(pk=noted.pk).text == SECRET
    both = re.search(r'name="text" value="([^"]*)"', html)[1]
    assert SECRET in both and "Typed in the second window" in both
    revision = re.search(r'id="form-1".*?name="base_revision" value="(\d+)"', html, re.S)[1]
    client.post(address, saved(noted, text="Typed in the second window", base_revision=revision))
    assert Answer.objects.get(pk=noted.pk).text == "Typed in the second window"


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "Kept while refused\x00"},
        {"text": "Kept while refused" + "x" * 50_001},
        {"text": "Kept while refused", "base_revision": "x"},
        {"text": "Kept while refused", "operation": "not-one"},
        {"text": "Kept while refused", "state": "released"},
        {"text": "Kept while refused", "base_revision": "99999999999999999999"},
    ],
)
def test_a_save_that_cannot_be_read_is_refused_and_the_text_stays(world, sign_in, debrief, noted, wrong):
    client = sign_in(world.interviewer)
    address = at(debrief, "answer_save", answer_id=noted.pk)
    response = client.post(address, saved(noted) | wrong)
    assert response.status_code == 422
    assert "Kept while refused" in response.content.decode()
    told = client.post(address, saved(noted) | wrong, headers={"Accept": "application/json"})
    assert (told.status_code, bool(told.json()["problem"])) == (422, True)
    assert Answer.objects.get(pk=noted.pk).text == SECRET


def test_to_the_script_a_save_answers_with_its_revision_and_a_stale_one_with_the_other_text(
    world, sign_in, debrief, answer
):
    client = sign_in(world.interviewer)
    address = at(debrief, "answer_save", answer_id=answer.pk)
    as_script = {"headers": {"Accept": "application/json", "HX-Request": "true"}}
    told = client.post(address, saved(answer, text="One"), **as_script).json()
    assert (told["revision"], told["state"], told["saved_by"]) == (1, "noted", "Neutral Interviewer")
    assert re.fullmatch(r"\d\d:\d\d", told["saved_at"])
    stale = client.post(address, saved(answer, text="Two", base_revision=0), **as_script)
    assert stale.status_code == 409
    assert (stale.json()["text"], stale.json()["revision"]) == ("One", 1)
    assert list(answer.revisions.values_list("text", "was_refused")) == [("One", False), ("Two", True)]


def test_an_expired_session_answers_401_to_the_script_and_changes_nothing(client, debrief, answer):
    address = at(debrief, "answer_save", answer_id=answer.pk)
    response = client.post(address, saved(answer, text="Lost?"), headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert Answer.objects.get(pk=answer.pk).text == ""


def test_after_handing_in_a_late_save_is_refused_with_the_text_in_the_page(world, sign_in, debrief, noted):
    write_up(debrief)
    client = sign_in(world.interviewer)
    address = at(debrief, "answer_save", answer_id=noted.pk)
    response = client.post(address, saved(noted, text="An afterthought"))
    html = response.content.decode()
    assert response.status_code == 422
    assert "An afterthought" in html and "handed in" in html
    assert Answer.objects.get(pk=noted.pk).text == SECRET


# ── Marks ──


def test_without_script_words_are_marked_and_tagged_in_one_go(world, sign_in, debrief, noted):
    driver = factories.driver(world.programme, "Implementation plan")
    client = sign_in(world.interviewer)
    typed = {"words": "the first month", "driver": driver.pk, "direction": "hurt", "strength": "3"}
    assert client.post(at(debrief, "mark_add", answer_id=noted.pk), typed).url.endswith("?at=1")
    tag = Tag.objects.get()
    assert (tag.driver, tag.direction, tag.strength, tag.verbatim.text) == (driver, "hurt", 3, "the first month")
    html = client.get(at(debrief, "questionnaire", debrief_id=debrief.pk) + "?at=1").content.decode()
    assert "hurt decisively" in html and "“the first month”" in html
    client.post(at(debrief, "tag_remove", tag_id=tag.pk))
    client.post(at(debrief, "verbatim_remove", verbatim_id=tag.verbatim_id))
    assert (Tag.objects.count(), Verbatim.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Mark the buyer’s words"),
        ({"driver": True}, "Say whether it helped"),
        ({"driver": True, "direction": "hurt"}, "Say what the driver stands on"),
        ({"driver": True, "direction": "sideways", "note": "x"}, "sideways"),
        ({"driver": "elsewhere", "direction": "hurt", "note": "x"}, "Select a valid choice"),
        ({"driver": "retired", "direction": "hurt", "note": "x"}, "Select a valid choice"),
    ],
)
@pytest.mark.parametrize("by_script", [False, True])
def test_a_mark_that_says_too_little_is_refused_with_a_sentence(
    world, sign_in, debrief, noted, typed, sentence, by_script
):
    drivers = {
        True: factories.driver(world.programme),
        "elsewhere": factories.driver(world.other_programme),
        "retired": factories.driver(world.programme),
    }
    drivers["retired"].retired_at = timezone.now()
    drivers["retired"].save()
    sent = {name: drivers[value].pk if name == "driver" else value for name, value in typed.items()}
    headers = {"HX-Request": "true"} if by_script else {}
    response = sign_in(world.interviewer).post(at(debrief, "mark_add", answer_id=noted.pk), sent, headers=headers)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert ("<html" in response.content.decode()) != by_script
    assert not Tag.objects.exists()


def test_words_that_the_note_lost_say_so(world, sign_in, debrief, noted):
    mark_verbatim(answer=noted, words="the first month", by=world.interviewer, now=timezone.now())
    client = sign_in(world.interviewer)
    client.post(at(debrief, "answer_save", answer_id=noted.pk), saved(noted, text="Shortened."))
    html = client.get(at(debrief, "questionnaire", debrief_id=debrief.pk) + "?at=1").content.decode()
    assert "“the first month”" in html and "these words stand in it no more" in html


# ── Briefing, permissions, write-up ──


def test_the_briefing_shows_the_deal_and_keeps_the_hypothesis(world, sign_in, debrief):
    debrief.deal.notes.create(programme=world.programme, written_on=world.today, text="They asked for a calendar.")
    debrief.deal.needs.create(
        programme=world.programme, position=1, text="Crew changes within six hours", noted_at=timezone.now()
    )
    Deal.objects.filter(pk=debrief.deal_id).update(
        solution_presented="A planner with a night desk", opened_on=world.today - timedelta(days=80)
    )
    client = sign_in(world.interviewer)
    address = at(debrief, "briefing", debrief_id=debrief.pk)
    client.post(address, {"hypothesis": "Price was the word, the first month the reason."})
    html = client.get(address).content.decode()
    for shown in (
        "Pellworth Freight",
        "They asked for a calendar.",
        "Selling Person",
        "Crew changes within six hours",
        "A planner with a night desk",
        "Opened.",
        "first month the reason",
        "Opening.",
    ):
        assert shown in html
    assert client.post(address, {"hypothesis": "x" * 10_001}).status_code == 422
    assert Debrief.objects.get(pk=debrief.pk).hypothesis == "Price was the word, the first month the reason."
    read = sign_in(world.admin).get(address).content.decode()
    assert "first month the reason" in read and "Keep this" not in read


def test_the_briefing_names_earlier_debriefs_of_the_company_as_far_as_the_reader_may_open_them(world, sign_in, debrief):
    now = timezone.now()
    for name, interviewer in (("Earlier of mine", world.interviewer), ("Earlier of theirs", world.other_interviewer)):
        deal = factories.deal(world.programme, owner=world.rep, company=debrief.deal.company, name=name)
        factories.debrief(deal, interviewer, invited_at=now, booked_at=now, held_at=now)
    briefing = at(debrief, "briefing", debrief_id=debrief.pk)
    page = sign_in(world.interviewer).get(briefing).content.decode()
    assert "Earlier of mine" in page and "Earlier of theirs" not in page
    read = sign_in(world.admin).get(briefing).content.decode()
    assert "Earlier of mine" in read and "Earlier of theirs" in read
    # Who reviews as well knows those that are written up, and an outside interviewer never more than their own.
    Debrief.objects.filter(deal__name="Earlier of theirs").update(written_up_at=now)
    world.interviewer.membership.roles.append("reviewer")
    world.interviewer.membership.save()
    theirs = Debrief.objects.get(deal__name="Earlier of theirs")
    page = sign_in(world.interviewer).get(briefing).content.decode()
    assert programme_url(theirs.programme, "calls:debrief_page", debrief_id=theirs.pk) in page


@pytest.mark.parametrize("name", ["manager", "reviewer", "other_interviewer", "rep", "member", "other_admin"])
def test_the_briefing_is_not_for_others(world, sign_in, debrief, name):
    Debrief.objects.filter(pk=debrief.pk).update(hypothesis=SECRET)
    response = sign_in(getattr(world, name)).get(at(debrief, "briefing", debrief_id=debrief.pk))
    assert response.status_code == 404
    assert SECRET not in response.content.decode()


def test_no_permission_is_preselected_and_each_is_kept_by_itself(world, sign_in, debrief, sheet):
    client = sign_in(world.interviewer)
    page = at(debrief, "questionnaire", debrief_id=debrief.pk) + "?at=closing"
    closing = client.get(page).content.decode().split('id="part-closing"')[1]
    assert "checked" not in closing.split("</section>")[0]
    client.post(at(debrief, "permissions", debrief_id=debrief.pk), {"quote": "anonymous", "reference": "no"})
    rows = PermissionGiven.objects.values_list("kind", "given", "quote_level")
    assert sorted(rows) == [("quote", True, "anonymous"), ("reference", False, "")]
    response = client.post(at(debrief, "permissions", debrief_id=debrief.pk), {"quote": "everywhere"})
    assert response.status_code == 422
    assert PermissionGiven.objects.get(kind="quote").quote_level == "anonymous"


def test_a_page_shown_before_the_buyer_changed_their_mind_changes_nothing_back(world, sign_in, debrief, sheet):
    client, address = sign_in(world.interviewer), at(debrief, "permissions", debrief_id=debrief.pk)
    client.post(address, {"quote": "named", "over": ""})
    page = client.get(at(debrief, "write_up", debrief_id=debrief.pk)).content.decode()
    assert 'name="over" value="quote:named"' in page
    shown = {"quote": "named", "over": "quote:named", "back": "write_up"}
    set_permissions(debrief=debrief, given={}, quote_level="none", by=None, now=world.now)
    # The page sends all it shows: only what was chosen on it is said.
    client.post(address, shown | {"reference": "yes"})
    assert dict(PermissionGiven.objects.values_list("kind", "given")) == {"quote": False, "reference": True}
    # What is chosen over the buyer's later word is refused whole, and said.
    refused = client.post(address, shown | {"quote": "internal", "referral": "yes"}, follow=True).content.decode()
    assert "said otherwise meanwhile: Use of the buyer" in refused
    assert dict(PermissionGiven.objects.values_list("kind", "given")) == {"quote": False, "reference": True}
    told = client.post(
        address,
        {"quote": "internal", "over": "quote:named"},
        headers={"HX-Request": "true", "Accept": "application/json"},
    )
    assert (told.status_code, told.json()["torn"], told.json()["over"]) == (422, {"quote": "none"}, "quote:none")
    # Chosen again over what stands there now, it is said.
    told = client.post(
        address,
        {"quote": "internal", "over": told.json()["over"]},
        headers={"HX-Request": "true", "Accept": "application/json"},
    )
    assert (told.status_code, told.json()["over"]) == (200, "quote:internal")
    assert PermissionGiven.objects.get(kind="quote").quote_level == "internal"


def test_the_write_up_names_what_is_missing_and_is_handed_in_when_nothing_blocks(world, sign_in, debrief, sheet):
    driver = factories.driver(world.programme, "Implementation plan")
    client = sign_in(world.interviewer)
    page = at(debrief, "write_up", debrief_id=debrief.pk)
    assert "Still missing before it can be handed in" in client.get(page).content.decode()
    refused = client.post(at(debrief, "submit", debrief_id=debrief.pk))
    assert refused.status_code == 422 and "not complete" in refused.content.decode()
    reason = {"stated_driver": driver.pk, "root_driver": driver.pk, "note": "Said first."}
    write_up = write_up_of(debrief)
    client.post(at(debrief, "row_add", write_up_id=write_up.pk, row_kind="reasons"), reason)
    assert "Said first." in client.get(page).content.decode()
    answer = sheet.answers.first()
    tag_driver(answer=answer, driver=driver, direction="hurt", note="Twice", by=world.interviewer, now=timezone.now())
    assert "It can be handed in; this is still open" in client.get(page).content.decode()
    done = client.post(at(debrief, "submit", debrief_id=debrief.pk))
    assert done.url == at(debrief, "answers", debrief_id=debrief.pk)
    assert Debrief.objects.get(pk=debrief.pk).state == "written_up"
    for name in ("write_up", "questionnaire"):
        assert client.get(at(debrief, name, debrief_id=debrief.pk)).url == done.url
    client.post(at(debrief, "row_remove", row_kind="reasons", row_id=StatedReason.objects.get().pk))
    assert StatedReason.objects.count() == 1


def test_a_reason_without_root_cause_is_refused_and_what_was_typed_stays(world, sign_in, debrief, sheet):
    driver = factories.driver(world.programme)
    response = sign_in(world.interviewer).post(
        at(debrief, "row_add", write_up_id=write_up_of(debrief).pk, row_kind="reasons"),
        {"stated_driver": driver.pk, "note": "Half a thought"},
    )
    assert response.status_code == 422
    assert "Half a thought" in response.content.decode()
    assert not StatedReason.objects.exists()


def test_the_write_up_before_the_interview_leads_to_its_beginning(world, sign_in):
    debrief = factories.debrief(factories.deal(world.programme), world.interviewer)
    client = sign_in(world.interviewer)
    response = client.get(at(debrief, "write_up", debrief_id=debrief.pk))
    assert response.url == at(debrief, "questionnaire", debrief_id=debrief.pk)
    for name in ("submit", "permissions", "correct"):
        assert client.post(at(debrief, name, debrief_id=debrief.pk)).status_code == 404
    assert not AnswerSheet.objects.exists()


@pytest.mark.parametrize("name", ["questionnaire", "answers", "write_up"])
def test_a_page_costs_the_same_with_one_question_and_with_nine(world, sign_in, name):
    client = sign_in(world.interviewer)
    costs = []
    for questions in (1, 9):
        debrief = factories.debrief(
            factories.deal(world.programme),
            world.interviewer,
            version=factories.guide_version(world.programme, questions=questions),
        )
        client.post(at(debrief, "begin", debrief_id=debrief.pk))
        driver = factories.driver(world.programme)
        for answer in Answer.objects.filter(sheet__debrief=debrief):
            tag_driver(
                answer=answer, driver=driver, direction="hurt", note="x", by=world.interviewer, now=timezone.now()
            )
        with CaptureQueriesContext(connection) as spent:
            client.get(at(debrief, name, debrief_id=debrief.pk))
        costs.append(len(spent))
    assert costs[0] == costs[1]


def test_reading_a_rehearsal_is_no_way_to_a_debrief(world, sign_in, debrief, noted):
    rehearsal = start_rehearsal(version=debrief.guide_version, by=world.other_interviewer, now=timezone.now())
    html = sign_in(world.other_interviewer).get(at(debrief, "rehearsal", rehearsal_id=rehearsal.pk)).content.decode()
    assert SECRET not in html and "Pellworth" not in html


# ── In whose language ──


def in_german(debrief):
    """The guide asks in German; the pages of our people are English."""
    guide = debrief.guide_version.guide
    guide.language = "de"
    guide.save()


def said_in(page):
    """The texts of the page that are marked with a language of their own."""
    return {
        (language, re.sub(r"\s+", " ", text).strip())
        for language, text in re.findall(r' lang="(\w+)"[^>]*>([^<]+)<', page)
    }


def test_what_the_guide_says_is_marked_with_its_language_wherever_it_differs(world, sign_in, debrief, sheet):
    in_german(debrief)
    asked = {answer.question_text for answer in sheet.answers.all()}
    version = debrief.guide_version
    client = sign_in(world.interviewer)
    page = client.get(at(debrief, "questionnaire", debrief_id=debrief.pk)).content.decode()
    marked = {text for language, text in said_in(page) if language == "de"}
    assert asked | {version.opening_script, version.closing_script} <= marked
    # Each question twice: as heading and in the list.
    for text in asked:
        assert len(re.findall(f'lang="de">{re.escape(text)}<', page)) == 2
    briefing = client.get(at(debrief, "briefing", debrief_id=debrief.pk)).content.decode()
    assert ("de", version.opening_script) in said_in(briefing)
    write_up(debrief)
    notes = client.get(at(debrief, "answers", debrief_id=debrief.pk)).content.decode()
    assert {("de", text) for text in asked} <= said_in(notes)


def test_nothing_is_marked_where_guide_and_page_speak_the_same_language(world, sign_in, debrief, sheet):
    page = sign_in(world.interviewer).get(at(debrief, "questionnaire", debrief_id=debrief.pk)).content.decode()
    assert {language for language, _text in said_in(page)} <= {"en"}
    assert page.count(' lang="') == 1
