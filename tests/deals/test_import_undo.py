"""An import undone: what it made goes, what it changed goes back, what anybody has built on stays and is named."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import Person, Team
from debriefs.deals.actions import (
    approve_contact,
    ask_to_undo,
    assign_interviewer,
    open_own_view,
    queue_import,
    receive_upload,
    run_import,
    save_own_view,
    undo_import,
    update_deal,
)
from debriefs.deals.actions import undo as undoing
from debriefs.deals.actions.facts import add_note, facts_of
from debriefs.deals.enums import ImportState
from debriefs.deals.import_queries import undos_to_resume
from debriefs.deals.import_undo import forecast
from debriefs.deals.importing import LEASE
from debriefs.deals.models import (
    Company,
    Competitor,
    Contact,
    Deal,
    DealChange,
    DealCompetitor,
    DealContact,
    DealImport,
    DealParty,
    Offering,
    SalesNote,
)
from debriefs.deals.refusals import NotRunning
from debriefs.foundation import clock
from tests import factories
from tests.deals.importing import HEADER, figures, imported, row, state_of, table

pytestmark = pytest.mark.django_db

EVERYTHING = (
    Company,
    Competitor,
    Contact,
    Deal,
    DealChange,
    DealCompetitor,
    DealContact,
    DealParty,
    Offering,
    SalesNote,
)


def undone(deal_import: DealImport, by) -> DealImport:
    ask_to_undo(deal_import=deal_import, by=by, now=clock.now())
    assert undo_import(import_id=deal_import.pk, clock=clock.now)
    return DealImport.objects.get(pk=deal_import.pk)


def kept(deal_import: DealImport) -> dict[str, str]:
    return {deal.external_id: deal.kept_because for deal in forecast(deal_import).kept}


def counts() -> dict[str, int]:
    return {kind.__name__: kind.objects.count() for kind in (*EVERYTHING, Person, Team)}


def test_what_an_import_made_is_gone_to_the_last_name(world):
    before = counts()
    header = HEADER + ",Team,Offering,Note"
    content = table(*(row(number) + f",West,Suite,Told {number}" for number in range(12)), header=header)
    done = imported(world.programme, content, by=world.admin)
    assert counts() != before
    over = undone(done, world.admin)
    assert (over.state, over.removed, over.restored) == (ImportState.UNDONE, 12, 0)
    assert counts() == before
    assert figures(imported(world.programme, content)) == {"created": 12}


def test_what_an_import_changed_says_again_what_it_said_before(world):
    header = HEADER + ",Offering"
    imported(world.programme, table(row(1) + ",Suite", row(2) + ",Suite", header=header))
    before, names = state_of(world.programme), counts()
    changed = row(1, name="New", company="Another", stage="Closed Won", date="2026-11-09", amount="7", owner="Seller 9",
                  contact="New", email="new@buyer.example", competitors="Third")  # fmt: skip
    done = imported(world.programme, table(changed + ",Other", row(2) + ",Suite", header=header))
    assert figures(done) == {"updated": 1, "unchanged": 1}
    over = undone(done, world.admin)
    assert (over.removed, over.restored) == (0, 1)
    after = state_of(world.programme)
    # The version has moved on, and whoever owned the deal meanwhile stays among its people, ended.
    assert [line[:-2] for line in after] == [line[:-2] for line in before]
    assert after[0][-2] == [("Seller 1", "owner"), ("Seller 9", "owner")]
    deal = Deal.objects.get(external_id="D1")
    assert (deal.search_text, deal.contact_text) == ("Rota 1 Buyer 1 Suite D1", "Contact 1 contact-1@buyer.example")
    lines = DealChange.objects.filter(deal=deal, field="amount").order_by("id").values_list("before", "after", "by")
    assert list(lines) == [("1001.00", "7.00", None), ("7.00", "1001.00", world.admin.pk)]
    now = counts()
    assert {name for name in now if now[name] != names[name]} == {"DealChange", "DealParty", "Person"}
    # The history of the undoing is no change of a person: the file's next state goes through.
    assert figures(imported(world.programme, table(changed + ",Other", header=header))) == {"updated": 1}


@pytest.mark.parametrize("what", ["edited", "later", "own_view", "contact", "people", "notes", "debrief"])
def test_what_anybody_has_built_on_stays_and_says_why(world, what):
    done = imported(world.programme, table(row(1), row(2)), by=world.admin)
    deal = Deal.objects.get(external_id="D1")
    if what == "edited":
        facts = replace(facts_of(deal), amount=5)
        update_deal(deal=deal, facts=facts, base_version=1, by=world.admin, now=clock.now())
    elif what == "later":
        imported(world.programme, table(row(1, amount="5")))
    elif what == "own_view":
        view = open_own_view(deal=deal, now=clock.now())
        save_own_view(own_view=view, why="Price", base_revision=0, by=deal.owner, now=clock.now())
    elif what == "contact":
        approve_contact(deal_contact=deal.deal_contacts.get(), by=world.admin, now=clock.now())
    elif what == "people":
        assign_interviewer(deal=deal, person=world.interviewer, by=world.admin, now=clock.now())
    elif what == "notes":
        add_note(deal=deal, text="Heard", written_on=world.today, by=world.admin, now=clock.now())
    else:
        factories.debrief(deal, world.interviewer, contact_=deal.deal_contacts.get().contact)
    assert kept(done) == {"D1": what}
    before = state_of(world.programme)[0]
    assert undone(done, world.admin).removed == 1
    assert state_of(world.programme) == [before]
    assert kept(done) == {"D1": what}


def test_an_edit_after_the_import_keeps_what_the_import_changed(world):
    imported(world.programme, table(row(1)))
    done = imported(world.programme, table(row(1, amount="5")))
    deal = Deal.objects.get()
    update_deal(deal=deal, facts=replace(facts_of(deal), name="Mine"), base_version=2, by=world.admin, now=clock.now())
    assert kept(done) == {"D1": "edited"}
    over = undone(done, world.admin)
    assert (over.restored, Deal.objects.get().amount) == (0, 5)


def test_imports_are_undone_from_the_latest_back(world):
    first = imported(world.programme, table(row(1)))
    second = imported(world.programme, table(row(1, amount="5")))
    assert kept(first) == {"D1": "later"}
    undone(second, world.admin)
    assert kept(first) == {}
    assert undone(first, world.admin).removed == 1
    assert not Deal.objects.exists()


def test_a_key_made_from_the_date_goes_back_with_it(world):
    header = "Deal name,Company,Stage,Close date"
    imported(world.programme, table("B,Acme,Open,", header=header))
    earlier = Deal.objects.get().external_id
    done = imported(world.programme, table("B,Acme,Lost,2026-11-04", header=header))
    undone(done, world.admin)
    assert (Deal.objects.get().external_id, Deal.objects.get().outcome) == (earlier, "open")


def test_an_owner_who_has_become_the_interviewer_is_not_put_back(world):
    """The refusal of one deal stops none of the others; it is named as what cannot be put back."""
    imported(world.programme, table(row(1, owner=world.interviewer.email), row(2)))
    done = imported(world.programme, table(row(1, owner=world.rep.email), row(2, amount="5")))
    DealParty.objects.filter(person=world.interviewer).update(kind="interviewer")
    over = undone(done, world.admin)
    assert over.restored == 1
    assert Deal.objects.get(external_id="D1").owner == world.rep
    assert Deal.objects.get(external_id="D2").amount == 1002


def test_other_programmes_and_other_imports_are_left_alone(world):
    imported(world.other_programme, table(row(1)))
    imported(world.programme, table(row(5)))
    before = state_of(world.other_programme), state_of(world.programme)
    undone(imported(world.programme, table(row(1))), world.admin)
    assert (state_of(world.other_programme), state_of(world.programme)) == before


def test_a_killed_worker_leaves_whole_chunks_and_the_next_one_ends_it(world, monkeypatch):
    monkeypatch.setattr(undoing, "CHUNK_DEALS", 3)
    done = imported(world.programme, table(*(row(number) for number in range(10))))
    ask_to_undo(deal_import=done, by=world.admin, now=clock.now())
    ticks = iter(range(100))

    def dying():
        if next(ticks) == 3:
            raise KeyboardInterrupt
        return clock.now()

    with pytest.raises(KeyboardInterrupt):
        undo_import(import_id=done.pk, clock=dying)
    assert Deal.objects.count() == 4
    assert undos_to_resume(clock.now()) == []
    later = clock.now() + LEASE + timedelta(seconds=1)
    assert undos_to_resume(later) == [done.pk]
    assert undo_import(import_id=done.pk, clock=lambda: later)
    assert DealImport.objects.get().removed == 10
    assert not (Deal.objects.exists() or Contact.objects.exists())


def test_nothing_is_imported_while_an_import_is_undone_nor_the_other_way_round(world):
    done = imported(world.programme, table(row(1)))
    waiting = receive_upload(programme=world.programme, name="x.csv", content=table(row(2)), by=None, now=clock.now())
    queue_import(deal_import=waiting, by=None, now=clock.now())
    with pytest.raises(NotRunning, match="An import is under way"):
        ask_to_undo(deal_import=done, by=world.admin, now=clock.now())
    DealImport.objects.filter(pk=done.pk).update(state=ImportState.UNDOING)
    assert not run_import(import_id=waiting.pk, clock=clock.now)
    DealImport.objects.filter(pk=done.pk).update(state=ImportState.DONE)
    assert run_import(import_id=waiting.pk, clock=clock.now)


@pytest.mark.django_db(transaction=True)
def test_somebody_who_edits_at_the_same_moment_loses_nothing():
    """The edit holds the deal first: undoing waits, looks again, and leaves it alone."""
    world = factories.world()
    done = imported(world.programme, table(row(1), row(2)))
    ask_to_undo(deal_import=done, by=world.admin, now=clock.now())
    deal = Deal.objects.get(external_id="D1")
    held, go_on = threading.Event(), threading.Event()

    def edit():
        from django.db import transaction

        try:
            with transaction.atomic():
                facts = replace(facts_of(deal), amount=5)
                update_deal(deal=deal, facts=facts, base_version=1, by=world.admin, now=clock.now())
                held.set()
                go_on.wait(20)
        finally:
            connection.close()

    editor = threading.Thread(target=edit)
    editor.start()
    assert held.wait(20)
    undoer = threading.Thread(target=lambda: (undo_import(import_id=done.pk, clock=clock.now), connection.close()))
    undoer.start()
    undoer.join(1)
    assert undoer.is_alive()
    go_on.set()
    editor.join(20)
    undoer.join(20)
    assert list(Deal.objects.values_list("external_id", "amount")) == [("D1", 5)]
