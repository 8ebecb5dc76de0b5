"""The interviewer's own page, the outside interviewer's access before, during and after, and the delivered document."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.requests import programme_url
from debriefs.calls.models import Debrief
from debriefs.deals.enums import DebriefState
from debriefs.deals.models import Deal
from debriefs.foundation.models import AuditEntry, Notice
from debriefs.interviews import own_work
from debriefs.interviews.actions import correct_write_up, mark_verbatim, open_sheet, open_write_up, save_answer
from debriefs.interviews.models import Answer, AnswerSheet, WriteUp
from debriefs.interviews.notice_kinds import CORRECTED, still_wanted
from tests import factories

pytestmark = pytest.mark.django_db

SECRET = "The captains did not sleep in the first month."


def at(of, name, **kwargs):
    return programme_url(of.programme, f"interviews:{name}", **kwargs)


def noted(debrief, by, text=SECRET):
    sheet = open_sheet(debrief=debrief, by=by, now=timezone.now())
    answer = sheet.answers.order_by("question__position").first()
    save_answer(answer=answer, by=by, now=timezone.now(), base_revision=0, operation=uuid4(), text=text)
    mark_verbatim(answer=answer, words=text, by=by, now=timezone.now())
    return sheet


def hand_in(debrief, hours=5, **stages):
    """As if the write-up had been handed in so many hours after the call."""
    written = debrief.held_at + timedelta(hours=hours)
    Debrief.objects.filter(pk=debrief.pk).update(written_up_at=written, **stages)
    WriteUp.objects.filter(debrief=debrief).update(submitted_at=written)
    AnswerSheet.objects.filter(debrief=debrief).update(submitted_at=written)
    debrief.refresh_from_db()


def held_by(world, person, name="Pellworth Freight", **stages):
    deal = factories.deal(
        world.programme, owner=world.rep, team=world.team, company=factories.company(world.programme, name)
    )
    now = timezone.now()
    Deal.objects.filter(pk=deal.pk).update(debrief_state=DebriefState.HELD)
    values = {"invited_at": now, "booked_at": now, "held_at": now - timedelta(days=1)}
    return factories.debrief(deal, person, **values | stages)


# ── The interviewer's own page ──


def test_own_page_shows_what_is_to_hold_to_write_up_and_delivered(world, sign_in):
    late = timedelta(days=world.programme.write_up_due_days, hours=30)
    held_by(world, world.interviewer, "To Hold", held_at=None, booked_at=None)
    held_by(world, world.interviewer, "To Write", held_at=timezone.now() - late)
    done = held_by(world, world.interviewer, "Done Already")
    noted(done, world.interviewer)
    hand_in(done)
    held_by(world, world.other_interviewer, "Somebody Elses")
    no = {"held_at": None, "booked_at": None, "declined_at": timezone.now(), "decline_reason": "no_time"}
    held_by(world, world.interviewer, "Said No", **no)
    page = sign_in(world.interviewer).get(at(world.interviewer, "assignment_list")).content.decode()
    upcoming, to_write, delivered = (page.index(name) for name in ("To Hold", "To Write", "Done Already"))
    assert to_write < upcoming < delivered
    assert "1 debrief to hold" in page and "Said No" not in page
    assert "1 day late" in page
    assert "Somebody Elses" not in page


def test_a_begun_correction_is_to_be_written_up(world):
    debrief = held_by(world, world.interviewer)
    noted(debrief, world.interviewer)
    hand_in(debrief)
    assert own_work.to_write_up(world.interviewer, timezone.now()) == []
    correct_write_up(debrief=debrief, reason="The winner was another.", by=world.interviewer, now=timezone.now())
    assert [row.is_correction for row in own_work.to_write_up(world.interviewer, timezone.now())] == [True]


def test_what_was_answered_in_writing_counts_once_and_words_off_the_path_count_nowhere(world):
    debrief = held_by(world, world.interviewer)
    sheet = noted(debrief, world.interviewer)
    first, second, third = sheet.answers.order_by("question__position")[:3]
    for answer in (second, third):
        mark_verbatim(answer=answer, words=SECRET, by=world.interviewer, now=timezone.now())
    third.is_off_path = True
    third.save(update_fields=["is_off_path"])
    written = AnswerSheet.objects.create(
        programme=world.programme, debrief=debrief, kind="written", opened_at=timezone.now()
    )
    for answer in (first, second):
        Answer.objects.create(
            programme=world.programme, sheet=written, question=answer.question, question_key=answer.question_key,
            question_text="As written", text="It was the plan.", state="noted",
        )  # fmt: skip
    Debrief.objects.filter(pk=debrief.pk).update(written_up_at=timezone.now())
    (row,) = own_work.delivered(world.interviewer)
    questions = debrief.guide_version.questions.count()
    # What the buyer has not sent counts nowhere.
    assert (row.answered, row.asked, row.verbatims) == (1, questions - 1, 2)
    AnswerSheet.objects.filter(pk=written.pk).update(submitted_at=timezone.now())
    (row,) = own_work.delivered(world.interviewer)
    assert (row.answered, row.asked, row.verbatims) == (2, questions - 1, 2)


def test_figures_show_each_value_while_they_are_few_and_a_median_with_its_range_after(world):
    for hours in (4, 30, 6):
        debrief = held_by(world, world.interviewer, f"Buyer {hours}")
        noted(debrief, world.interviewer)
        hand_in(debrief, hours)
    hours, answered, verbatims = own_work.figures(own_work.delivered(world.interviewer))
    assert hours.value == "4, 6, 30"
    assert "too few" in hours.basis
    questions = debrief.guide_version.questions.count()
    assert answered.value == f"3 of {3 * questions}"
    assert verbatims.value == "1, 1, 1"
    for hours in (10, 12):
        debrief = held_by(world, world.interviewer, f"Buyer {hours}")
        noted(debrief, world.interviewer)
        hand_in(debrief, hours)
    assert own_work.figures(own_work.delivered(world.interviewer))[0].value == "10 (from 4 to 30)"
    assert own_work.figures([]) == []


def test_own_page_costs_the_same_for_one_debrief_and_for_three(world, sign_in):
    client = sign_in(world.interviewer)

    def queries():
        with CaptureQueriesContext(connection) as counted:
            client.get(at(world.interviewer, "assignment_list"))
        return len(counted)

    queries()
    counts = []
    for number in range(3):
        held_by(world, world.interviewer, f"To hold {number}", held_at=None)
        held_by(world, world.interviewer, f"To write {number}")
        debrief = held_by(world, world.interviewer, f"Done {number}")
        noted(debrief, world.interviewer)
        hand_in(debrief)
        counts.append(queries())
    assert counts[0] == counts[2]


# ── Outside interviewers: before, during, after ──

ALL = ("briefing", "questionnaire", "answers", "write_up", "delivery", "begin", "submit")


def asked(client, debrief):
    """What the interviewer gets from each page of an assignment."""
    answers = {}
    for name in ALL:
        send = client.post if name in ("begin", "submit") else client.get
        answers[name] = send(at(debrief, name, debrief_id=debrief.pk))
    return answers


def test_an_outside_interviewer_reads_an_assignment_until_so_many_days_after_its_release(world, sign_in):
    agency = world.agency_interviewer
    client = sign_in(agency)
    debrief = held_by(world, agency, held_at=None)
    assert client.get(at(debrief, "briefing", debrief_id=debrief.pk)).status_code == 200
    Debrief.objects.filter(pk=debrief.pk).update(held_at=timezone.now() - timedelta(days=90))
    debrief.refresh_from_db()
    sheet = noted(debrief, agency)
    assert SECRET in client.get(at(debrief, "questionnaire", debrief_id=debrief.pk) + "?at=1").content.decode()
    hand_in(debrief, reviewed_at=timezone.now(), released_at=timezone.now() - timedelta(days=29))
    during = asked(client, debrief)
    assert {name: one.status_code for name, one in during.items()} == {
        "briefing": 200, "questionnaire": 302, "answers": 200, "write_up": 302, "delivery": 200, "begin": 302, "submit": 302,
    }  # fmt: skip
    assert SECRET in during["answers"].content.decode()
    assert "Pellworth Freight" in client.get(at(debrief, "assignment_list")).content.decode()

    Debrief.objects.filter(pk=debrief.pk).update(released_at=timezone.now() - timedelta(days=31))
    assert {one.status_code for one in asked(client, debrief).values()} == {404}
    assert "Pellworth" not in client.get(at(debrief, "assignment_list")).content.decode()
    answer = sheet.answers.first()
    typed = {"base_revision": 0, "operation": uuid4(), "text": "late", "state": ""}
    assert client.post(at(debrief, "answer_save", answer_id=answer.pk), typed).status_code == 404
    assert client.get(programme_url(world.programme, "calls:debrief_page", debrief_id=debrief.pk)).status_code == 404

    world.programme.outside_access_days = 60
    world.programme.save(update_fields=["outside_access_days"])
    assert client.get(at(debrief, "answers", debrief_id=debrief.pk)).status_code == 200
    # Taken back for a correction, it is theirs again.
    world.programme.outside_access_days = 0
    world.programme.save(update_fields=["outside_access_days"])
    Debrief.objects.filter(pk=debrief.pk).update(released_at=None)
    assert client.get(at(debrief, "answers", debrief_id=debrief.pk)).status_code == 200


def test_an_interviewer_of_the_house_keeps_reading_their_own_after_the_release(world, sign_in):
    debrief = held_by(world, world.interviewer)
    noted(debrief, world.interviewer)
    long_ago = timezone.now() - timedelta(days=400)
    hand_in(debrief, reviewed_at=long_ago, released_at=long_ago)
    assert SECRET in sign_in(world.interviewer).get(at(debrief, "answers", debrief_id=debrief.pk)).content.decode()


def test_an_outside_interviewer_knows_of_the_guides_they_ask_with_and_of_no_other(world, sign_in):
    debrief = held_by(world, world.agency_interviewer)
    other = factories.debrief(factories.deal(world.programme, owner=world.rep, team=world.team), world.interviewer)
    assert other.guide_version_id != debrief.guide_version_id
    version = lambda of: programme_url(world.programme, "guides:version_page", version_id=of.guide_version_id)  # noqa: E731
    client = sign_in(world.agency_interviewer)
    assert client.get(version(debrief)).status_code == 200
    assert client.get(version(other)).status_code == 404
    assert sign_in(world.interviewer).get(version(other)).status_code == 200
    listed = client.get(programme_url(world.programme, "guides:guide_list")).content.decode()
    assert debrief.guide_version.guide.name in listed
    assert other.guide_version.guide.name not in listed


# ── What was delivered ──


def test_the_delivered_document_holds_notes_and_words_stands_alone_and_is_recorded(world, sign_in):
    debrief = held_by(world, world.agency_interviewer, "A <b>Buyer</b> & Sons")
    noted(debrief, world.agency_interviewer, "They said <script>alert(1)</script> & left.")
    client = sign_in(world.agency_interviewer)
    assert client.get(at(debrief, "delivery", debrief_id=debrief.pk)).status_code == 404
    hand_in(debrief)
    response = client.get(at(debrief, "delivery", debrief_id=debrief.pk))
    document = response.content.decode()
    assert response["Content-Disposition"] == 'attachment; filename="debrief-a-bbuyerb-sons.html"'
    assert "They said &lt;script&gt;alert(1)&lt;/script&gt; &amp; left." in document
    assert "A &lt;b&gt;Buyer&lt;/b&gt; &amp; Sons" in document
    assert not any(sign in document for sign in ("<script", "<link", "<img", "src=", "href="))
    entry = AuditEntry.objects.get(action="write_up.downloaded")
    assert (entry.actor_id, entry.subject_id) == (world.agency_interviewer.pk, debrief.pk)


@pytest.mark.parametrize("name", ["reviewer", "admin", "manager", "other_interviewer", "rep"])
def test_nobody_else_downloads_it(world, sign_in, name):
    debrief = held_by(world, world.interviewer)
    noted(debrief, world.interviewer)
    hand_in(debrief)
    response = sign_in(getattr(world, name)).get(at(debrief, "delivery", debrief_id=debrief.pk))
    assert response.status_code in (403, 404)
    assert SECRET not in response.content.decode()


# ── A correction tells the reviewer ──


def corrected(debrief, by):
    further = correct_write_up(debrief=debrief, reason="The winner was another.", by=by, now=timezone.now())
    from debriefs.interviews.actions import write_up as acts

    with pytest.MonkeyPatch.context() as patch:
        # What the first version waited for is not the matter here.
        patch.setattr(acts, "checklist", lambda _write_up: [])
        return acts.submit_write_up(write_up=further, by=by, now=timezone.now())


def test_a_correction_tells_the_reviewer_once_and_only_while_it_is_news(world):
    debrief = held_by(world, world.interviewer)
    noted(debrief, world.interviewer)
    hand_in(debrief)
    corrected(debrief, world.interviewer)
    assert not Notice.objects.filter(kind=CORRECTED).exists()
    Debrief.objects.filter(pk=debrief.pk).update(reviewer=world.reviewer)
    further = corrected(debrief, world.interviewer)
    notice = Notice.objects.get(kind=CORRECTED)
    assert (notice.recipient_id, notice.context["write_up"]) == (world.reviewer.pk, str(further.pk))
    assert still_wanted(notice, timezone.now()) is None
    corrected(debrief, world.interviewer)
    assert Notice.objects.filter(kind=CORRECTED).count() == 2
    assert still_wanted(notice, timezone.now()) == "It was corrected once more since."


def test_the_mail_of_a_correction_quotes_nothing(world):
    from debriefs.interviews.notice_kinds import render

    debrief = held_by(world, world.interviewer)
    noted(debrief, world.interviewer)
    hand_in(debrief)
    Debrief.objects.filter(pk=debrief.pk).update(reviewer=world.reviewer)
    corrected(debrief, world.interviewer)
    draft = render(Notice.objects.get(kind=CORRECTED), timezone.now())
    assert "Pellworth Freight" in draft.subject
    assert f"/interviews/{debrief.pk}/answers/" in draft.text and f"/interviews/{debrief.pk}/answers/" in draft.html
    for text in (draft.text, draft.html):
        assert "captains" not in text and "another" not in text


def test_an_overdue_write_up_reminds_the_interviewer_and_then_stands_on_the_managers_day(world, sign_in):
    from debriefs.calls.actions import mark_held

    debrief = held_by(world, world.interviewer, held_at=None)
    mark_held(debrief=debrief, by=world.interviewer, now=timezone.now())
    owed = Notice.objects.filter(kind__in=("write_up_due", "write_up_overdue"), subject_id=debrief.pk)
    assert {notice.recipient_id for notice in owed} == {world.interviewer.pk}
    assert owed.count() == 2
    today = programme_url(world.programme, "home:today")
    board = programme_url(world.programme, "calls:debrief_board")
    manager = sign_in(world.manager)
    assert "days late" not in manager.get(today).content.decode()
    Debrief.objects.filter(pk=debrief.pk).update(held_at=timezone.now() - timedelta(days=9))
    page = manager.get(today).content.decode()
    assert "Pellworth Freight" in page and "7 days late" in page and "Neutral Interviewer" in page
    assert "The write-up is overdue." in manager.get(board).content.decode()
    assert "Pellworth Freight" not in sign_in(world.other_manager).get(today).content.decode()


def test_open_write_up_is_not_delivered(world):
    debrief = held_by(world, world.interviewer)
    open_write_up(debrief=debrief, by=world.interviewer, now=timezone.now())
    assert own_work.delivered(world.interviewer) == []
