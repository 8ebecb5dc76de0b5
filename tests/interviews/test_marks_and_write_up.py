"""The buyer's words, drivers, reasons, permissions, and handing in."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep
from uuid import uuid4

import pytest
from django.db import connection, transaction

from debriefs.calls.models import Debrief
from debriefs.deals.actions import open_own_view
from debriefs.deals.enums import DebriefState
from debriefs.deals.models import Deal, OwnView
from debriefs.foundation import clock
from debriefs.foundation.models import AuditEntry
from debriefs.interviews import actions
from debriefs.interviews.enums import PermissionKind, QuoteLevel
from debriefs.interviews.models import (
    Answer,
    Disclosure,
    NeedAssessment,
    PermissionGiven,
    StatedReason,
    Tag,
    Verbatim,
    WriteUpRevision,
)
from debriefs.interviews.queries import permissions_given, quote_level, sheet_of, write_up_of
from debriefs.interviews.refusals import (
    NoEvidence,
    NotBegun,
    PartIsStale,
    SheetIsSubmitted,
    WriteUpIncomplete,
    WriteUpIsSubmitted,
)
from tests import factories

pytestmark = pytest.mark.django_db

NOTE = "Price first. Compares with Plenara. “It was the first month,” she said. Price again."


@pytest.fixture
def driver(world):
    return factories.driver(world.programme, "Implementation plan")


@pytest.fixture
def noted(world, answer):
    saved = actions.save_answer(
        answer=answer, by=world.interviewer, now=world.now, base_revision=0, operation=uuid4(), text=NOTE
    )
    return saved.answer


def mark(answer, by, words, **more):
    return actions.mark_verbatim(answer=answer, words=words, by=by, now=clock.now(), **more)


def tag(answer, by, driver, direction="hurt", **more):
    return actions.tag_driver(answer=answer, driver=driver, direction=direction, by=by, now=clock.now(), **more)


def complete(world, sheet, driver):
    for answer in sheet.answers.all():
        actions.save_answer(
            answer=answer, by=world.interviewer, now=world.now, base_revision=0, operation=uuid4(), text="Noted."
        )
    tag(sheet.answers.first(), world.interviewer, driver, note="Said so twice")
    actions.set_stated_reason(
        write_up=write_up_of(sheet.debrief),
        stated_driver=driver,
        root_driver=driver,
        by=world.interviewer,
        now=world.now,
    )


def resaved(answer, by, text):
    current = Answer.objects.get(pk=answer.pk)
    actions.save_answer(
        answer=answer, by=by, now=clock.now(), base_revision=current.revision, operation=uuid4(), text=text
    )


def test_marked_words_move_with_the_note_and_stay_the_ones_that_were_meant(world, noted):
    verbatim = mark(noted, world.interviewer, "Price", near=70)
    assert NOTE[verbatim.starts :] == "Price again."
    changed = "Price first, and she smiled. Then more. “It was the first month,” she said. Price again, twice."
    resaved(noted, world.interviewer, changed)
    verbatim.refresh_from_db()
    assert changed[verbatim.starts : verbatim.ends + 6] == "Price again"
    assert verbatim.prefix.endswith("she said. ") and verbatim.suffix.startswith(" again, twice")


def test_marked_words_that_stand_in_the_note_no_more_are_kept_and_found_when_they_return(world, noted, sign_in):
    verbatim = mark(noted, world.interviewer, "It was the first month")
    before = (verbatim.text, verbatim.starts, verbatim.prefix)
    resaved(noted, world.interviewer, "Rewritten.")
    verbatim.refresh_from_db()
    assert (verbatim.text, verbatim.starts, verbatim.prefix) == before
    resaved(noted, world.interviewer, "Rewritten. It was the first month.")
    verbatim.refresh_from_db()
    assert verbatim.starts == len("Rewritten. ")


def test_a_driver_is_tagged_with_the_competitor_it_speaks_of(world, noted, driver):
    plenara = factories.competitor(world.programme, "Plenara")
    made = tag(noted, world.interviewer, driver, note="Said so", competitor=plenara)
    assert Tag.objects.get(pk=made.pk).competitor == plenara


def test_consent_is_kept_with_the_words_used_and_who_is_on_the_call(world, sheet):
    said = {"sheet": sheet, "by": world.interviewer, "now": clock.now()}
    actions.record_consent(agreed=True, words=" Fine, go ahead. ", on_the_call="Head of logistics", **said)
    sheet.refresh_from_db()
    assert (sheet.consent_words, sheet.on_the_call) == ("Fine, go ahead.", "Head of logistics")
    actions.record_consent(agreed=False, **said)
    sheet.refresh_from_db()
    assert (sheet.consent_at, sheet.consent_words) == (None, "Fine, go ahead.")


def test_a_verbatim_is_kept_with_what_stands_around_it(world, noted):
    verbatim = mark(noted, world.interviewer, "It was the first month,")
    assert NOTE[verbatim.starts : verbatim.ends] == verbatim.text
    assert NOTE[: verbatim.starts].endswith(verbatim.prefix) and verbatim.prefix.endswith("“")
    assert NOTE[verbatim.ends :].startswith(verbatim.suffix)


def test_the_same_words_marked_again_are_one_verbatim_and_elsewhere_another(world, noted):
    first = mark(noted, world.interviewer, "Price", near=0)
    assert mark(noted, world.interviewer, "Price", near=3) == first
    assert mark(noted, world.interviewer, "Price", near=len(NOTE)) != first
    assert Verbatim.objects.count() == 2


def test_words_that_the_note_does_not_hold_are_kept_without_a_place(world, noted):
    verbatim = mark(noted, world.interviewer, "Typed by itself")
    assert (verbatim.text, verbatim.starts, verbatim.ends, verbatim.prefix) == ("Typed by itself", 0, 0, "")
    with pytest.raises(NoEvidence):
        mark(noted, world.interviewer, "  \n")


def test_a_tag_stands_on_words_or_a_note_never_on_nothing(world, noted, driver):
    with pytest.raises(NoEvidence):
        tag(noted, world.interviewer, driver, note="  ")
    verbatim = mark(noted, world.interviewer, "the first month")
    tag(noted, world.interviewer, driver, verbatim=verbatim, strength=1)
    changed = tag(noted, world.interviewer, driver, "helped", verbatim=verbatim, strength=3)
    assert [(one.direction, one.strength, one.verbatim) for one in Tag.objects.all()] == [("helped", 3, verbatim)]
    actions.remove_tag(tag=changed, by=world.interviewer, now=clock.now())
    assert (Tag.objects.count(), Verbatim.objects.count()) == (0, 1)


def test_unmarking_words_takes_the_drivers_on_them_and_leaves_the_note(world, noted, driver):
    verbatim = mark(noted, world.interviewer, "the first month")
    tag(noted, world.interviewer, driver, verbatim=verbatim)
    actions.remove_verbatim(verbatim=verbatim, by=world.interviewer, now=clock.now())
    assert not Tag.objects.exists()
    assert Answer.objects.get(pk=noted.pk).text == NOTE


def test_beginning_holds_the_call_and_closes_the_own_view(world, now):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    debrief = factories.debrief(deal, world.interviewer)
    open_own_view(deal=deal, now=now)
    sheet = actions.begin_interview(debrief=debrief, by=world.interviewer, now=now)
    again = actions.begin_interview(debrief=debrief, by=world.interviewer, now=clock.now())
    held = Debrief.objects.get(pk=debrief.pk)
    assert (held.state, held.held_at, held.held_by) == (DebriefState.HELD, now, world.interviewer)
    assert OwnView.objects.get(deal=deal).closed_at == now
    assert again == sheet and sheet.answers.count() == 3
    assert Deal.objects.get(pk=deal.pk).debrief_state == DebriefState.HELD


def test_permissions_are_as_said_last_and_never_asked_is_none(world, debrief, sheet):
    assert quote_level(debrief) == QuoteLevel.NONE

    def said(given, level=None):
        actions.set_permissions(debrief=debrief, given=given, quote_level=level, by=world.interviewer, now=clock.now())

    said({PermissionKind.REFERENCE: True}, QuoteLevel.ANONYMOUS)
    assert quote_level(debrief) == QuoteLevel.ANONYMOUS
    said({PermissionKind.REFERENCE: False})
    recorded = {kind: row.given for kind, row in permissions_given(debrief).items()}
    assert recorded == {PermissionKind.QUOTE: True, PermissionKind.REFERENCE: False}
    said({}, QuoteLevel.NONE)
    assert quote_level(debrief) == QuoteLevel.NONE
    assert PermissionGiven.objects.get(kind=PermissionKind.QUOTE).given is False
    before = AuditEntry.objects.filter(action="permissions.recorded").count()
    said({}, QuoteLevel.NONE)
    assert AuditEntry.objects.filter(action="permissions.recorded").count() == before == 3


def test_permissions_come_after_the_beginning(world, now):
    debrief = factories.debrief(factories.deal(world.programme), world.interviewer)
    with pytest.raises(NotBegun):
        actions.set_permissions(debrief=debrief, given={}, quote_level="named", by=world.interviewer, now=now)
    assert not PermissionGiven.objects.exists()


def test_a_stated_reason_named_again_changes_its_root_cause(world, sheet, driver, now):
    other = factories.driver(world.programme)

    def named(root):
        return actions.set_stated_reason(
            write_up=write_up_of(sheet.debrief), stated_driver=driver, root_driver=root, by=world.interviewer, now=now
        )

    assert named(driver) == named(other)
    third = actions.set_stated_reason(
        write_up=write_up_of(sheet.debrief), stated_driver=other, root_driver=other, by=world.interviewer, now=now
    )
    assert list(StatedReason.objects.values_list("position", "root_driver")) == [(1, other.pk), (2, other.pk)]
    actions.remove_row(row=third, by=world.interviewer, now=now)
    assert StatedReason.objects.count() == 1


def test_what_is_added_twice_stands_once_and_no_word_of_a_reason_is_replaced_unseen(world, sheet, driver, now):
    write_up, by = write_up_of(sheet.debrief), world.interviewer
    for _twice in range(2):
        actions.add_need(write_up=write_up, text="Rotas by phone", by=by, now=now)
        actions.add_disclosure(write_up=write_up, kind="risk", text="The keeper leaves", by=by, now=now)
    assert (NeedAssessment.objects.count(), Disclosure.objects.count()) == (1, 1)

    def named(note):
        return actions.set_stated_reason(
            write_up=write_up, stated_driver=driver, root_driver=driver, note=note, by=by, now=now
        )

    key = f"reason.{named('Price came first.').pk}"
    # Another window that shows the first note, or none, does not replace what was added since.
    named("Then the plan.")
    assert named("").note == "Price came first.\n\nThen the plan."
    assert named("Then the plan.").note == "Price came first.\n\nThen the plan."
    for base in (0, 1):
        with pytest.raises(PartIsStale):
            actions.save_part(
                write_up=write_up, key=key, by=by, now=now, base_revision=base, operation=uuid4(), text="Older."
            )
    # What was typed with a row that is taken out stays among the revisions.
    actions.remove_row(row=Disclosure.objects.get(), by=by, now=now)
    typed = WriteUpRevision.objects.filter(was_refused=False).values_list("text", flat=True)
    assert list(typed) == ["The keeper leaves", "Price came first.", "Price came first.\n\nThen the plan."]


def test_an_incomplete_write_up_is_refused_and_stays_open(world, debrief, sheet, driver, now):
    with pytest.raises(WriteUpIncomplete):
        actions.submit_write_up(write_up=write_up_of(sheet.debrief), by=world.interviewer, now=now)
    assert Debrief.objects.get(pk=debrief.pk).written_up_at is None
    assert sheet_of(debrief).submitted_at is None


def test_handing_in_freezes_the_sheet_and_moves_the_debrief_once(world, debrief, sheet, driver, now):
    complete(world, sheet, driver)
    actions.submit_write_up(write_up=write_up_of(sheet.debrief), by=world.interviewer, now=now)
    later = clock.now()
    assert (
        actions.submit_write_up(write_up=write_up_of(sheet.debrief), by=world.interviewer, now=later).submitted_at
        == now
    )
    written = Debrief.objects.get(pk=debrief.pk)
    assert (written.state, written.written_up_at, written.written_up_by) == ("written_up", now, world.interviewer)
    assert Deal.objects.get(pk=debrief.deal_id).debrief_state == "written_up"
    assert AuditEntry.objects.filter(action="write_up.submitted", subject_id=debrief.pk).count() == 1
    for refused in (
        lambda: actions.record_consent(sheet=sheet, agreed=True, by=world.interviewer, now=now),
        lambda: actions.set_permissions(debrief=debrief, given={}, quote_level="named", by=world.interviewer, now=now),
        lambda: actions.set_stated_reason(
            write_up=write_up_of(sheet.debrief), stated_driver=driver, root_driver=driver, by=world.interviewer, now=now
        ),
        lambda: actions.remove_row(row=StatedReason.objects.get(), by=world.interviewer, now=now),
        lambda: actions.remove_tag(tag=Tag.objects.get(), by=world.interviewer, now=now),
    ):
        with pytest.raises((SheetIsSubmitted, WriteUpIsSubmitted)):
            refused()
    assert (StatedReason.objects.count(), Tag.objects.count(), PermissionGiven.objects.count()) == (1, 1, 0)


def test_consent_is_recorded_and_can_be_taken_back(world, sheet, now):
    assert actions.record_consent(sheet=sheet, agreed=True, by=world.interviewer, now=now).consent_at == now
    assert actions.record_consent(sheet=sheet, agreed=True, by=world.interviewer, now=clock.now()).consent_at == now
    assert actions.record_consent(sheet=sheet, agreed=False, by=world.interviewer, now=now).consent_at is None


@pytest.mark.django_db(transaction=True)
def test_handing_in_waits_for_a_save_that_has_begun(world, sheet, driver):
    complete(world, sheet, driver)
    answer = sheet.answers.first()

    def submit():
        try:
            return actions.submit_write_up(write_up=write_up_of(sheet.debrief), by=world.interviewer, now=clock.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            # As far as a save has come when it holds the answer and has seen the sheet open.
            held = Answer.objects.select_for_update(of=("self",)).get(pk=answer.pk)
            handing_in = pool.submit(submit)
            while not (handing_in.done() or somebody_waits_for_a_lock()):
                sleep(0.02)
            assert not handing_in.done()
            held.text = "Typed just before."
            held.save()
        assert handing_in.result().submitted_at is not None
    assert Answer.objects.get(pk=answer.pk).text == "Typed just before."
    with pytest.raises(SheetIsSubmitted):
        actions.save_answer(
            answer=answer, by=world.interviewer, now=clock.now(), base_revision=1, operation=uuid4(), text="Late."
        )


def somebody_waits_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0
