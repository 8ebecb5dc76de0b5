"""The write-up in parts: saved as typed over typed columns, frozen when handed in, corrected by a further version."""

import html
import re
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.requests import programme_url
from debriefs.deals.models import DealCompetitor, Need
from debriefs.foundation import clock
from debriefs.interviews import actions
from debriefs.interviews.models import (
    Answer,
    CompetitorStanding,
    NeedAssessment,
    RecordCheck,
    StatedReason,
    Tag,
    Transcript,
    Verbatim,
    WriteUp,
    WriteUpRevision,
)
from debriefs.interviews.queries import handed_in_of, stated_reasons_of, write_up_of
from debriefs.interviews.refusals import IsErased, NoReason, NoSuchChoice, PartIsStale, WriteUpIsSubmitted
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def write_up(debrief, sheet):
    return write_up_of(debrief)


@pytest.fixture
def rival(world, deal):
    one = factories.competitor(world.programme, "Plenara")
    DealCompetitor.objects.create(programme=world.programme, deal=deal, competitor=one)
    return one


@pytest.fixture
def need(world, deal, now):
    return Need.objects.create(
        programme=world.programme, deal=deal, text="Rotas on the phone", position=1, noted_at=now
    )


def save(world, write_up, key, text="", chosen=(), base=0, **more):
    return actions.save_part(
        write_up=write_up,
        key=key,
        by=world.interviewer,
        now=clock.now(),
        base_revision=base,
        operation=more.get("operation") or uuid4(),
        text=text,
        chosen=chosen,
    )


@pytest.fixture
def full(world, write_up, sheet, rival, need):
    """A write-up with something in every kind of row, handed in."""
    driver = factories.driver(world.programme)
    answer = sheet.answers.first()
    words = actions.mark_verbatim(answer=answer, words="Too late", by=world.interviewer, now=clock.now())
    actions.tag_driver(
        answer=answer, driver=driver, direction="hurt", verbatim=words, by=world.interviewer, now=clock.now()
    )
    actions.set_stated_reason(
        write_up=write_up, stated_driver=driver, root_driver=driver, by=world.interviewer, now=clock.now()
    )
    save(world, write_up, "record.reason", "They said time", ["verdict:wrong"])
    save(world, write_up, f"need.{need.pk}", "", ["outcome:not_shown"])
    save(world, write_up, f"standing.{rival.pk}", "In time to start", ["standing:behind"])
    save(world, write_up, "decision", "", ["decision:competitor", f"winner:{rival.pk}"])
    actions.add_disclosure(
        write_up=write_up, kind="risk", text="The keeper leaves", by=world.interviewer, now=clock.now()
    )
    for one in sheet.answers.all():
        actions.save_answer(
            answer=one, by=world.interviewer, now=clock.now(), base_revision=0, operation=uuid4(), text="Noted."
        )
    return actions.submit_write_up(write_up=write_up, by=world.interviewer, now=clock.now())


def test_each_part_lands_in_its_typed_columns(full, rival, need):
    check = RecordCheck.objects.get(write_up=full)
    assert (check.field, check.verdict, check.note) == ("reason", "wrong", "They said time")
    assessed = NeedAssessment.objects.get(write_up=full)
    assert (assessed.need, assessed.text, assessed.outcome) == (need, "Rotas on the phone", "not_shown")
    standing = CompetitorStanding.objects.get(write_up=full)
    assert (standing.competitor, standing.standing, standing.note) == (rival, "behind", "In time to start")
    full.refresh_from_db()
    assert (full.decision, full.winner) == ("competitor", rival)


def test_a_winner_stays_chosen_though_the_deal_names_that_competitor_no_more(world, write_up, rival):
    save(world, write_up, "decision", "", [f"winner:{rival.pk}"])
    DealCompetitor.objects.filter(competitor=rival).delete()
    save(world, write_up, "decision", "By a nose", [f"winner:{rival.pk}"], base=1)
    write_up.refresh_from_db()
    assert (write_up.winner, write_up.decision_note) == (rival, "By a nose")
    # Taken away on purpose, it is offered no more.
    save(world, write_up, "decision", "By a nose", ["decision:nothing"], base=2)
    with pytest.raises(NoSuchChoice):
        save(world, write_up, "decision", "", [f"winner:{rival.pk}"], base=3)


def test_a_winner_falls_away_with_the_decision_and_sales_hears_only_of_a_wish(world, write_up, rival):
    save(world, write_up, "decision", "", [f"winner:{rival.pk}"])
    write_up.refresh_from_db()
    assert (write_up.decision, write_up.winner) == ("competitor", rival)
    save(world, write_up, "decision", "", ["decision:nothing", f"winner:{rival.pk}"], base=1)
    save(world, write_up, "second_look", "Perhaps", ["second_look:no", "sales_may_know:yes"])
    write_up.refresh_from_db()
    assert (write_up.decision, write_up.winner, write_up.second_look, write_up.sales_may_know) == (
        "nothing",
        None,
        "no",
        "",
    )


def test_a_save_over_an_older_revision_is_refused_and_its_text_kept(world, write_up):
    save(world, write_up, "quality", "First", ["quality:frank"])
    with pytest.raises(PartIsStale) as refused:
        save(world, write_up, "quality", "From another window", base=0)
    assert (refused.value.current.text, refused.value.revision) == ("First", 1)
    kept = WriteUpRevision.objects.get(was_refused=True)
    assert (kept.text, kept.part) == ("From another window", "quality")
    write_up.refresh_from_db()
    assert write_up.quality_note == "First"


def test_the_same_operation_twice_counts_once_and_unknown_marks_change_nothing(world, write_up):
    operation = uuid4()
    for _time in (1, 2):
        assert save(world, write_up, "process", "Finance came last", operation=operation).revision == 1
    assert WriteUpRevision.objects.count() == 1
    with pytest.raises(NoSuchChoice):
        save(world, write_up, "quality", "Kept all the same", ["quality:superb"])
    assert WriteUpRevision.objects.get(was_refused=True).text == "Kept all the same"


def test_the_database_refuses_every_change_of_what_was_handed_in(world, full):
    of_debrief = {"answer__sheet__debrief": full.debrief}
    changes = [
        lambda: WriteUp.objects.filter(pk=full.pk).update(quality="thin"),
        lambda: WriteUp.objects.filter(pk=full.pk).update(submitted_at=None),
        lambda: full.record_checks.update(verdict="right"),
        lambda: full.need_assessments.update(outcome="met"),
        lambda: full.standings.all()._raw_delete(full.standings.db),
        lambda: full.disclosures.update(text="Other"),
        lambda: full.stated_reasons.update(note="Other"),
        lambda: RecordCheck.objects.create(programme=world.programme, write_up=full, field="needs"),
        lambda: Answer.objects.filter(sheet__debrief=full.debrief).update(text="Other"),
        lambda: Verbatim.objects.filter(**of_debrief).update(text="Other"),
        lambda: Tag.objects.filter(**of_debrief).update(direction="helped"),
        lambda: Tag.objects.filter(**of_debrief).delete(),
    ]
    for change in changes:
        with pytest.raises(DatabaseError, match="handed in"), transaction.atomic():
            change()
    # The control: erasing a person's data may.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL debriefs.erasing = 'on'")
        assert full.disclosures.update(text="") == 1


def test_a_need_taken_off_the_deal_is_forgotten_and_its_words_stay(full, need):
    need.delete()
    assessed = NeedAssessment.objects.get(write_up=full)
    assert (assessed.need_id, assessed.text, assessed.outcome) == (None, "Rotas on the phone", "not_shown")


def test_a_correction_is_a_further_version_with_its_reason(world, debrief, sheet, full):
    with pytest.raises(NoReason):
        actions.correct_write_up(debrief=debrief, reason=" ", by=world.interviewer, now=clock.now())
    further = actions.correct_write_up(
        debrief=debrief, reason="The buyer wrote again", by=world.interviewer, now=clock.now()
    )
    assert (further.number, further.winner_id) == (2, full.winner_id)
    counts = [
        (one.record_checks.count(), one.need_assessments.count(), one.standings.count(), one.disclosures.count())
        for one in (full, further)
    ]
    assert counts == [(1, 1, 1, 1)] * 2
    save(world, further, "record.reason", "Neither time nor price", ["verdict:partly"])
    assert handed_in_of(debrief) == full
    assert RecordCheck.objects.get(write_up=full).verdict == "wrong"
    actions.submit_write_up(write_up=further, by=world.interviewer, now=clock.now())
    assert handed_in_of(debrief) == further
    assert stated_reasons_of(sheet.debrief).get().write_up == further
    with pytest.raises(WriteUpIsSubmitted):
        save(world, full, "quality", "Too late")
    assert StatedReason.objects.count() == 2


def test_a_correction_given_up_leaves_what_was_handed_in(world, debrief, full):
    further = actions.correct_write_up(debrief=debrief, reason="Wrongly opened", by=world.interviewer, now=clock.now())
    actions.discard_correction(write_up=further, by=world.interviewer, now=clock.now())
    assert list(WriteUp.objects.filter(debrief=debrief)) == [full]
    with pytest.raises(WriteUpIsSubmitted):
        actions.discard_correction(write_up=full, by=world.interviewer, now=clock.now())


def test_the_page_saves_a_part_by_script_and_by_form_and_shows_both_texts(world, sign_in, write_up):
    client = sign_in(world.interviewer)
    address = programme_url(world.programme, "interviews:part_save", write_up_id=write_up.pk, part="quality")
    typed = {"base_revision": 0, "operation": uuid4(), "text": "Guarded at first", "chosen_1": "quality:guarded"}
    told = client.post(address, typed, headers={"HX-Request": "true", "Accept": "application/json"}).json()
    assert (told["revision"], told["state"]) == (1, "noted")
    typed = {"base_revision": 0, "operation": uuid4(), "text": "From a stale page"}
    stale = client.post(address, typed, headers={"HX-Request": "true", "Accept": "application/json"})
    assert stale.status_code == 409
    assert (stale.json()["text"], stale.json()["chosen"]) == ("Guarded at first", ["quality:guarded"])
    page = client.post(address, typed | {"operation": uuid4()})
    assert page.status_code == 409
    for words in ("Guarded at first", "From a stale page"):
        assert words in page.content.decode()
    # Without script both can be kept with one button, over what is saved now.
    form = re.search(r'name="base_revision" value="(1)"><input type="hidden" name="operation" value="([^"]+)".{0,80}?name="text" value="([^"]+)"', page.content.decode(), re.DOTALL)  # fmt: skip
    assert (
        client.post(address, dict(zip(("base_revision", "operation", "text"), form.groups(), strict=True))).status_code
        == 302
    )
    write_up.refresh_from_db()
    assert "Guarded at first" in write_up.quality_note and "From a stale page" in write_up.quality_note


def test_once_the_buyer_was_erased_no_act_writes_of_them(world, write_up):
    driver = factories.driver(world.programme, "Price")
    debrief = write_up.debrief
    given = {"by": world.interviewer, "now": clock.now()}
    debrief.contact.erased_at = clock.now()
    debrief.contact.save()
    for act, values in (
        (
            actions.set_stated_reason,
            {"write_up": write_up, "stated_driver": driver, "root_driver": driver, "note": "Said so."},
        ),
        (actions.correct_write_up, {"debrief": debrief, "reason": "A word was wrong."}),
        (actions.add_transcript, {"debrief": debrief, "file_name": "call.txt", "data": b"Buyer: It was the price."}),
    ):
        with pytest.raises(IsErased):
            act(**values, **given)
    assert not StatedReason.objects.exists() and not Transcript.objects.exists() and WriteUp.objects.count() == 1


def test_an_outside_interviewer_names_a_competitor_and_is_shown_no_list(world, write_up, rival, sign_in):
    other = factories.competitor(world.programme, "Brontë & Søn")
    client = sign_in(world.interviewer)
    page = programme_url(world.programme, "interviews:write_up", debrief_id=write_up.debrief_id)
    add = programme_url(world.programme, "interviews:row_add", write_up_id=write_up.pk, row_kind="competitors")
    assert other.name in html.unescape(client.get(page).content.decode())
    world.interviewer.affiliation = "agency"
    world.interviewer.save()
    assert other.name not in html.unescape(client.get(page).content.decode())
    for unknown in ("Nobody Ltd", rival.name):
        refused = client.post(add, {"competitor": unknown})
        assert refused.status_code == 422
        assert "No further competitor of that name" in refused.content.decode()
        assert f'value="{unknown}"' in refused.content.decode()
    assert not CompetitorStanding.objects.exists()
    assert client.post(add, {"competitor": "  brontë &  SØN "}).status_code == 302
    assert CompetitorStanding.objects.get().competitor == other
    assert other.name in html.unescape(client.get(page).content.decode())
