"""What a person changed here and the file says otherwise: asked, answered one by one or all at once, never asked twice."""

from dataclasses import replace
from datetime import date

import pytest

from debriefs.deals.actions import keep_all_ours, resolve_conflict, take_all_theirs, update_deal
from debriefs.deals.actions.facts import facts_of
from debriefs.deals.enums import ConflictChoice, DebriefState
from debriefs.deals.models import Deal, DealChange, ImportConflict
from debriefs.deals.refusals import ConflictIsStale, NotNeutral, NotRunning
from debriefs.foundation import clock
from debriefs.foundation.models import AuditEntry
from tests.deals.importing import figures, imported, row, table

pytestmark = pytest.mark.django_db


def edited(deal: Deal, by, **changes) -> Deal:
    return update_deal(
        deal=deal, facts=replace(facts_of(deal), **changes), base_version=deal.version, by=by, now=clock.now()
    )


def answered(conflict: ImportConflict, choice: str, by, shown: str | None = None) -> Deal:
    ours = conflict.ours if shown is None else shown
    resolve_conflict(conflict=conflict, choice=choice, ours_shown=ours, by=by, now=clock.now())
    return Deal.objects.get(pk=conflict.deal_id)


def asked() -> list[tuple[str, str, str]]:
    return list(ImportConflict.objects.filter(choice="open").values_list("field", "ours", "theirs"))


@pytest.fixture
def changed(world) -> Deal:
    """A deal imported with amount 1001 and then set to 5000 here."""
    imported(world.programme, table(row(1)), by=world.admin)
    return edited(Deal.objects.get(), world.admin, amount=5000)


def test_the_question_is_asked_only_where_the_crm_moved_on(world, changed):
    assert figures(imported(world.programme, table(row(1)))) == {"unchanged": 1}
    assert asked() == []
    moved = imported(world.programme, table(row(1, amount="2000")))
    assert figures(moved) == {"unchanged": 1, "conflicts": 1}
    assert Deal.objects.get().amount == 5000
    one = ImportConflict.objects.get()
    assert (one.line, one.column, one.field_label, one.ours, one.theirs) == (
        2,
        "Amount",
        "Amount",
        "5000.00",
        "2000.00",
    )


def test_the_same_file_again_asks_once(world, changed):
    for _ in range(2):
        imported(world.programme, table(row(1, amount="2000")))
    assert asked() == [("amount", "5000.00", "2000.00")]
    assert set(ImportConflict.objects.values_list("choice", flat=True)) == {"open", "asked_again"}


def test_what_the_crm_takes_back_settles_the_question(world, changed):
    imported(world.programme, table(row(1, amount="2000")))
    imported(world.programme, table(row(1)))
    assert ImportConflict.objects.get().choice == ConflictChoice.SETTLED
    imported(world.programme, table(row(1, amount="2000")))
    imported(world.programme, table(row(1, amount="5000")))
    assert asked() == []


def test_taking_the_files_value_is_a_change_with_its_line_of_history(world, changed):
    done = imported(world.programme, table(row(1, amount="2000")))
    deal = answered(ImportConflict.objects.get(), "theirs", world.admin)
    assert (deal.amount, deal.version) == (2000, 3)
    line = DealChange.objects.latest("id")
    assert (line.field, line.before, line.after, line.by, line.deal_import) == (
        "amount",
        "5000.00",
        "2000.00",
        world.admin,
        done,
    )
    # From now on it is the CRM's value again: the next change of the CRM goes through.
    assert figures(imported(world.programme, table(row(1, amount="3000")))) == {"updated": 1}
    assert Deal.objects.get().amount == 3000


def test_keeping_ours_is_remembered_until_the_crm_says_something_new(world, changed):
    imported(world.programme, table(row(1, amount="2000")))
    deal = answered(ImportConflict.objects.get(), "ours", world.admin)
    assert (deal.amount, deal.version) == (5000, 2)
    entry = AuditEntry.objects.get(action="deal.conflict_kept")
    assert (entry.subject_id, entry.actor_id) == (deal.pk, world.admin.pk)
    assert figures(imported(world.programme, table(row(1, amount="2000")))) == {"unchanged": 1}
    assert asked() == []
    imported(world.programme, table(row(1, amount="2001")))
    assert asked() == [("amount", "5000.00", "2001.00")]


def test_an_answer_to_another_value_than_shown_is_refused(world, changed):
    imported(world.programme, table(row(1, amount="2000")))
    edited(Deal.objects.get(), world.manager, amount=6000)
    with pytest.raises(ConflictIsStale):
        answered(ImportConflict.objects.get(), "theirs", world.admin)
    assert Deal.objects.get().amount == 6000
    assert answered(ImportConflict.objects.get(), "theirs", world.admin, shown="6000.00").amount == 2000
    with pytest.raises(NotRunning):
        answered(ImportConflict.objects.get(), "ours", world.admin, shown="2000.00")


def test_an_outcome_is_taken_with_its_date_and_kept_with_it(world):
    imported(world.programme, table(row(1, stage="Negotiation", date="")))
    edited(Deal.objects.get(), world.admin, outcome="won", decided_on=date(2026, 11, 9))
    imported(world.programme, table(row(1, stage="Closed Lost", date="2026-11-05")))
    assert sorted(asked()) == [("decided_on", "2026-11-09", "2026-11-05"), ("outcome", "won", "lost")]
    deal = answered(ImportConflict.objects.get(field="outcome"), "theirs", world.admin)
    assert (deal.outcome, deal.decided_on) == ("lost", date(2026, 11, 5))
    assert asked() == []


def test_a_kept_outcome_keeps_its_date_even_where_nobody_changed_that(world):
    imported(world.programme, table(row(1)))
    edited(Deal.objects.get(), world.admin, outcome="won")
    imported(
        world.programme, table(row(1, stage="Cancelled", date="2026-11-07")), outcomes={"Cancelled": "withdrawn:us"}
    )
    assert sorted(asked()) == [
        ("decided_on", "2026-11-03", "2026-11-07"),
        ("outcome", "won", "withdrawn"),
        ("withdrawn_by", "", "us"),
    ]
    answered(ImportConflict.objects.get(field="outcome"), "ours", world.admin)
    again = imported(
        world.programme, table(row(1, stage="Cancelled", date="2026-11-07")), outcomes={"Cancelled": "withdrawn:us"}
    )
    assert (figures(again), asked()) == ({"unchanged": 1}, [])
    deal = Deal.objects.get()
    assert (deal.outcome, deal.decided_on, deal.withdrawn_by) == ("won", date(2026, 11, 3), "")


def test_a_deal_that_reopens_in_the_crm_does_not_lose_the_date_of_an_outcome_set_here(world):
    imported(world.programme, table(row(1)))
    edited(Deal.objects.get(), world.admin, outcome="won")
    imported(world.programme, table(row(1, stage="Negotiation")))
    assert asked() == [("outcome", "won", "open")]
    assert Deal.objects.get().decided_on == date(2026, 11, 3)
    deal = answered(ImportConflict.objects.get(), "theirs", world.admin)
    assert (deal.outcome, deal.decided_on) == ("open", None)


def test_all_at_once(world):
    imported(world.programme, table(*(row(number) for number in range(4))))
    for deal in Deal.objects.all():
        edited(deal, world.admin, name=f"Ours {deal.external_id}", amount=1)
    done = imported(world.programme, table(*(row(number, name="Theirs", amount="2") for number in range(4))))
    assert figures(done) == {"unchanged": 4, "conflicts": 8}
    first = ImportConflict.objects.filter(deal__external_id__in=("D0", "D1"))
    assert keep_all_ours(conflicts=first, deal_import=done, by=world.admin, now=clock.now()) == 4
    rest = ImportConflict.objects.filter(choice="open")
    taken = take_all_theirs(conflicts=rest, deal_import=done, by=world.admin, now=clock.now())
    assert taken == (4, [])
    deals = Deal.objects.order_by("external_id").values_list("name", "amount")
    assert list(deals) == [("Ours D0", 1), ("Ours D1", 1), ("Theirs", 2), ("Theirs", 2)]
    assert asked() == []


def test_one_refusal_keeps_none_of_the_others_back(world):
    """The file's owner has heard the buyer by now: that answer is refused with its reason, the other deal's is taken."""
    from debriefs.deals.actions import assign_interviewer

    imported(world.programme, table(row(1, owner=world.rep.email), row(2)))
    deal, other = Deal.objects.order_by("external_id")
    edited(deal, world.admin, owner=world.member)
    edited(other, world.admin, amount=1)
    done = imported(world.programme, table(row(1, owner=world.interviewer.email), row(2, amount="2")))
    assert len(asked()) == 2
    assign_interviewer(deal=deal, person=world.interviewer, by=world.admin, now=clock.now())
    Deal.objects.filter(pk=deal.pk).update(debrief_state=DebriefState.HELD)
    open_ones = ImportConflict.objects.filter(choice="open")
    taken, refused = take_all_theirs(conflicts=open_ones, deal_import=done, by=world.admin, now=clock.now())
    assert (taken, len(refused)) == (1, 1)
    assert "has interviewed the buyer of this deal" in refused[0][1]
    with pytest.raises(NotNeutral):
        answered(ImportConflict.objects.get(choice="open"), "theirs", world.admin)
    assert asked() == [("owner", world.member.name, world.interviewer.name)]


def test_a_bare_name_that_the_owner_bears_changes_nothing(world):
    imported(world.programme, table(row(1, owner=world.rep.email)))
    people = world.programme.people.count()
    assert figures(imported(world.programme, table(row(1, owner=world.rep.name.upper())))) == {"unchanged": 1}
    assert (Deal.objects.get().owner, world.programme.people.count()) == (world.rep, people)
