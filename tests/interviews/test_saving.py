"""Saving an answer: over the revision that was seen, each operation once, no text lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from debriefs.calls.models import Debrief
from debriefs.deals.actions import assign_interviewer
from debriefs.foundation import clock
from debriefs.interviews.actions import Saved, mark_verbatim, open_sheet, save_answer, start_rehearsal, tag_driver
from debriefs.interviews.models import Answer, AnswerRevision, AnswerSheet
from debriefs.interviews.refusals import AnswerIsStale, DebriefIsClosed, OperationReused, SheetIsSubmitted
from tests import factories

pytestmark = pytest.mark.django_db


def save(answer, by, text, *, base=0, operation=None, state=""):
    return save_answer(
        answer=answer,
        by=by,
        now=clock.now(),
        base_revision=base,
        operation=operation or uuid4(),
        text=text,
        state=state,
    )


def kept(answer):
    return list(answer.revisions.values_list("text", "was_refused", "revision"))


def test_a_save_stands_one_revision_higher_with_who_and_when(world, answer):
    saved = save(answer, world.interviewer, "Price first.\r\nThen a pause.")
    now_saved = Answer.objects.get(pk=answer.pk)
    assert (now_saved.text, now_saved.state, now_saved.revision) == ("Price first.\nThen a pause.", "noted", 1)
    assert (saved.revision, now_saved.saved_by) == (1, world.interviewer)
    assert now_saved.saved_at is not None


def test_text_is_kept_exactly_as_typed(world, answer):
    typed = "  ends with blanks \n\n\t“quotes” 𝕌 e\u0301 \u202e <b>&amp;  "
    save(answer, world.interviewer, typed)
    assert Answer.objects.get(pk=answer.pk).text == typed


def test_a_stale_save_is_refused_and_both_texts_are_kept(world, answer):
    save(answer, world.interviewer, "From the first window")
    with pytest.raises(AnswerIsStale) as refusal:
        save(answer, world.interviewer, "From the second window")
    assert refusal.value.current.text == "From the first window"
    assert Answer.objects.get(pk=answer.pk).text == "From the first window"
    assert kept(answer) == [("From the first window", False, 1), ("From the second window", True, 1)]


def test_the_same_operation_twice_counts_once(world, answer):
    operation = uuid4()
    first = save(answer, world.interviewer, "Price.", operation=operation)
    again = save(answer, world.interviewer, "Price.", operation=operation)
    assert (first.revision, again.revision, again.is_repeat) == (1, 1, True)
    assert kept(answer) == [("Price.", False, 1)]


def test_a_repeat_that_arrives_late_does_not_undo_what_followed(world, answer):
    operation = uuid4()
    save(answer, world.interviewer, "One", operation=operation)
    save(answer, world.interviewer, "One two", base=1)
    late = save(answer, world.interviewer, "One", operation=operation)
    assert (late.revision, late.answer.text, late.answer.revision) == (1, "One two", 2)


def test_a_refused_operation_stays_refused(world, answer):
    operation = uuid4()
    save(answer, world.interviewer, "Theirs")
    for _ in range(2):
        with pytest.raises(AnswerIsStale):
            save(answer, world.interviewer, "Mine", operation=operation)
    assert kept(answer) == [("Theirs", False, 1), ("Mine", True, 1)]


def test_an_old_operation_with_new_words_is_a_save_of_its_own(world, answer):
    operation = uuid4()
    save(answer, world.interviewer, "As first sent", operation=operation)
    with pytest.raises(AnswerIsStale):
        save(answer, world.interviewer, "Typed after going back", operation=operation)
    assert ("Typed after going back", True, 1) in kept(answer)


def test_what_is_already_saved_is_no_conflict(world, answer):
    save(answer, world.interviewer, "The same")
    assert save(answer, world.interviewer, "The same", base=0).revision == 1
    assert len(kept(answer)) == 1


def test_an_operation_of_another_answer_is_refused(world, sheet, answer):
    operation = uuid4()
    save(answer, world.interviewer, "Here", operation=operation)
    other = sheet.answers.exclude(pk=answer.pk).first()
    with pytest.raises(OperationReused):
        save(other, world.interviewer, "There", operation=operation)
    assert Answer.objects.get(pk=other.pk).text == ""


def test_not_asked_and_declined_are_states_of_their_own(world, answer):
    save(answer, world.interviewer, "", state="declined")
    assert Answer.objects.get(pk=answer.pk).state == "declined"
    save(answer, world.interviewer, "Said it after all", base=1)
    assert Answer.objects.get(pk=answer.pk).state == "noted"


def test_after_the_write_up_a_save_is_refused_and_its_text_kept(world, sheet, answer):
    save(answer, world.interviewer, "During the call")
    AnswerSheet.objects.filter(pk=sheet.pk).update(submitted_at=clock.now())
    with pytest.raises(SheetIsSubmitted, match="copy it"):
        save(answer, world.interviewer, "An afterthought", base=1)
    assert Answer.objects.get(pk=answer.pk).text == "During the call"
    assert kept(answer)[-1] == ("An afterthought", True, 1)
    with pytest.raises(SheetIsSubmitted):
        mark_verbatim(answer=answer, words="During", by=world.interviewer, now=clock.now())
    with pytest.raises(SheetIsSubmitted):
        driver = factories.driver(world.programme)
        tag_driver(answer=answer, driver=driver, direction="hurt", note="x", by=world.interviewer, now=clock.now())


@pytest.mark.parametrize("change", [{"closed_reason": "Ended", "closed_at": True}, {"interviewer": True}])
def test_a_debrief_that_ended_or_passed_on_takes_no_more_notes(world, debrief, answer, change):
    assign_interviewer(deal=debrief.deal, person=world.other_interviewer, by=world.admin, now=clock.now())
    values = {"closed_at": clock.now()} if "closed_at" in change else {"interviewer": world.other_interviewer}
    Debrief.objects.filter(pk=debrief.pk).update(**{"closed_reason": change.get("closed_reason", "")} | values)
    with pytest.raises(DebriefIsClosed):
        save(answer, world.interviewer, "Still typing")
    assert kept(answer) == [("Still typing", True, 0)]


def test_a_save_costs_the_same_whatever_the_sheet(world, debrief, answer, django_assert_num_queries):
    debrief.guide_version = factories.guide_version(world.programme, questions=9)
    # Savepoint and release of the test's own transaction are two of them; one is the question, which pages join.
    with django_assert_num_queries(8):
        save_answer(
            answer=answer, by=world.interviewer, now=world.now, base_revision=0, operation=uuid4(), text="Price."
        )


def test_a_sheet_is_opened_once_with_a_copy_of_every_question(world, debrief, sheet, now):
    assert open_sheet(debrief=debrief, by=world.interviewer, now=now) == sheet
    asked = list(sheet.answers.order_by("question__position").values_list("question_key", "question_text", "state"))
    assert asked == [(f"q{n}", f"What happened {n}?", "empty") for n in (1, 2, 3)]


def test_a_rehearsal_has_a_sheet_of_its_own(world, debrief, sheet, now):
    rehearsal = start_rehearsal(version=debrief.guide_version, by=world.interviewer, now=now)
    answer = rehearsal.answer_sheet.answers.first()
    save(answer, world.interviewer, "Practice")
    assert rehearsal.answer_sheet.debrief is None
    assert not Answer.objects.filter(sheet=sheet, text="Practice").exists()


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    """Real connections, real locks."""

    def _in_parallel(self, *saves):
        start = Barrier(len(saves))

        def run(one):
            try:
                start.wait()
                return one()
            except (AnswerIsStale, OperationReused, SheetIsSubmitted) as refusal:
                return refusal
            finally:
                connection.close()

        with ThreadPoolExecutor(len(saves)) as pool:
            return [future.result() for future in [pool.submit(run, one) for one in saves]]

    def test_of_two_saves_over_one_revision_one_stands_and_both_are_kept(self, world, answer):
        texts = [f"From window {n}" for n in range(6)]
        outcomes = self._in_parallel(*(lambda text=text: save(answer, world.interviewer, text) for text in texts))
        assert sum(isinstance(outcome, Saved) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, AnswerIsStale) for outcome in outcomes) == 5
        assert sorted(text for text, _refused, _revision in kept(answer)) == texts
        assert Answer.objects.get(pk=answer.pk).revision == 1

    def test_one_operation_sent_many_times_at_once_counts_once(self, world, answer):
        operation = uuid4()
        outcomes = self._in_parallel(*[lambda: save(answer, world.interviewer, "Price.", operation=operation)] * 6)
        assert [outcome.revision for outcome in outcomes] == [1] * 6
        assert kept(answer) == [("Price.", False, 1)]

    def test_without_the_lock_texts_would_be_lost(self, world, answer):
        """The control: reading and writing without lock or condition lets several saves believe they stand."""
        wait = Barrier(6)

        def careless(text):
            found = Answer.objects.get(pk=answer.pk)
            wait.wait()
            found.text, found.revision = text, found.revision + 1
            found.save()
            return found.revision

        outcomes = self._in_parallel(*(lambda n=n: careless(f"Window {n}") for n in range(6)))
        assert outcomes == [1] * 6
        assert not AnswerRevision.objects.filter(answer=answer).exists()
