"""The importer on the real database: what is written, what is refused, what survives a kill, a race and a second run."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import Person, TeamMember
from debriefs.codebook.actions import install_starter_codebook
from debriefs.deals import importing
from debriefs.deals.actions import (
    assign_interviewer,
    cancel_import,
    queue_import,
    receive_upload,
    run_import,
)
from debriefs.deals.actions.imports import claim_import
from debriefs.deals.enums import DebriefState, ImportState, Outcome, PartyKind, Selection
from debriefs.deals.import_queries import imports_to_resume
from debriefs.deals.importing import LEASE, ImportRun, mapping_of
from debriefs.deals.models import Contact, Deal, DealImport, DealParty, UploadedFile
from debriefs.deals.reader import UnreadableFile
from debriefs.deals.refusals import MissingFact, NotRunning
from debriefs.deals.survey import MOST_VALUES
from debriefs.foundation import clock
from tests import factories
from tests.deals.importing import HEADER, figures, imported, row, state_of, table

pytestmark = pytest.mark.django_db


def test_a_row_becomes_a_deal_with_everything_around_it(world):
    install_starter_codebook(programme=world.programme)
    days = (world.today - timedelta(days=3)).isoformat()
    done = imported(world.programme, table(row(1, date=days)), by=world.admin)
    assert (done.state, figures(done)) == (ImportState.DONE, {"created": 1})
    deal = Deal.objects.get()
    assert (deal.source, deal.external_id, deal.name, deal.company.name) == ("file", "D1", "Rota 1", "Buyer 1")
    assert (deal.outcome, deal.decided_on.isoformat(), deal.amount, deal.currency) == ("lost", days, 1001, "EUR")
    assert (deal.selection, deal.own_reason_category.key) == (Selection.CHOSEN, "price")
    assert deal.parties.get().person.name == "Seller 1"
    contact = deal.deal_contacts.get()
    assert (contact.contact.email, contact.is_primary, contact.approval) == (
        "contact-1@buyer.example",
        True,
        "waiting",
    )
    assert deal.search_text == "Rota 1 Buyer 1 D1"
    assert deal.imported_by == done


def test_the_same_file_again_changes_nothing(world):
    content = table(*(row(number) for number in range(30)))
    imported(world.programme, content)
    before = state_of(world.programme), Contact.objects.count(), Person.objects.count()
    again = imported(world.programme, content)
    assert figures(again) == {"unchanged": 30}
    assert (state_of(world.programme), Contact.objects.count(), Person.objects.count()) == before


def test_a_changed_row_updates_with_history_and_a_blank_cell_erases_nothing(world):
    imported(world.programme, table(row(1), row(2)))
    done = imported(world.programme, table(row(1, amount="777", name="New name", owner=""), row(2)))
    assert figures(done) == {"updated": 1, "unchanged": 1}
    deal = Deal.objects.get(external_id="D1")
    assert (deal.name, deal.amount, deal.owner.name, deal.version) == ("New name", 777, "Seller 1", 2)
    assert deal.search_text == "New name Buyer 1 D1"
    changes = list(deal.changes.order_by("field").values_list("field", "before", "after", "deal_import", "by"))
    assert changes == [
        ("amount", "1001.00", "777.00", done.pk, None),
        ("name", "Rota 1", "New name", done.pk, None),
    ]


def test_an_open_deal_that_is_decided_later_is_chosen_then(world):
    day = (world.today - timedelta(days=1)).isoformat()
    imported(world.programme, table(row(1, stage="Negotiation", date="2026-12-24")))
    deal = Deal.objects.get()
    assert (deal.outcome, deal.decided_on, deal.selection) == (Outcome.OPEN, None, Selection.UNDECIDED)
    imported(world.programme, table(row(1, stage="Closed Won", date=day)))
    deal = Deal.objects.get()
    assert (deal.outcome, deal.decided_on.isoformat(), deal.selection) == (Outcome.WON, day, Selection.CHOSEN)


def test_a_decided_deal_that_reopens_loses_its_date(world):
    imported(world.programme, table(row(1)))
    imported(world.programme, table(row(1, stage="Negotiation")))
    deal = Deal.objects.get()
    assert (deal.outcome, deal.decided_on, deal.selection) == (Outcome.OPEN, None, Selection.UNDECIDED)


def test_deals_from_before_the_programme_are_passed_over(world):
    imported(world.programme, table(row(1, date="2020-01-31")))
    assert Deal.objects.get().selection_reason.startswith("Before the programme")


def test_bad_rows_are_listed_by_line_and_the_good_ones_go_in(world):
    done = imported(
        world.programme,
        table(
            row(1),
            row(2, date="31 Feb 2026"),
            row(3, amount="about 5", email="not an address"),
            row(4, date=""),
            row(5, date="2099-01-01"),
            row(6, id=""),
            row(7) + ',"surplus"',
            row(8, name="x" * 251),
            row(9, id="1.82305E+10"),
            row(10),
        ),
    )
    assert figures(done) == {"created": 2, "rejected": 8}
    noted = {found.line: (found.column, found.value[:20], found.reason) for found in done.rejections.all()}
    assert noted == {
        3: ("Close date", "31 Feb 2026", "is a day that does not exist"),
        4: ("Amount", "about 5", "is not a number; Contact email is not an e-mail address"),
        5: ("Close date", "", "is missing, and a decided deal needs its decision date"),
        6: ("Close date", "2099-01-01", "lies in the future, so the deal cannot be decided yet"),
        7: ("Deal id", "", "is missing; every row needs the id of its deal"),
        8: ("", "", "has more cells than the header; perhaps a cell with a comma is not quoted"),
        9: ("Deal name", "x" * 20, "is longer than 250 characters"),
        10: ("Deal id", "1.82305E+10", "was shortened by a spreadsheet; export the file again"),
    }


def test_a_nul_character_rejects_its_row_and_nothing_else(world):
    content = table(row(1, name="Ro\x00ta"), row(2))
    done = imported(world.programme, content)
    assert figures(done) == {"created": 1, "rejected": 1}
    noted = done.rejections.get()
    assert (noted.column, noted.value, noted.row[1]) == ("Deal name", "Ro␀ta", "Ro␀ta")


def test_an_id_twice_in_one_file_is_told_never_merged(world, monkeypatch):
    # Chunks of two rows: the second mention stands in another chunk than the first.
    monkeypatch.setattr(importing, "CHUNK_ROWS", 2)
    content = table(row(1), row(2), row(1), row(1, amount="5"))
    done = imported(world.programme, content)
    assert figures(done) == {"created": 2, "unchanged": 1, "rejected": 1, "conflicts": 1}
    assert "stands in line 2 too" in done.rejections.get().reason
    assert Deal.objects.get(external_id="D1").amount == 1001


def test_without_ids_the_key_is_name_company_and_date(world):
    header = "Deal name,Company,Stage,Close date,Amount"
    first = table("A,Acme,Won,2026-11-03,5", "A,Acme,Won,2026-10-03,6", "B,Acme,Open,,7", header=header)
    assert figures(imported(world.programme, first)) == {"created": 3}
    assert figures(imported(world.programme, first)) == {"unchanged": 3}
    decided = table("B,ACME,Lost,2026-11-04,7", header=header)
    assert figures(imported(world.programme, decided)) == {"updated": 1}
    assert figures(imported(world.programme, decided)) == {"unchanged": 1}
    assert Deal.objects.count() == 3
    assert not Deal.objects.filter(search_text__contains="key:").exists()


@pytest.mark.parametrize("order", [1, -1], ids=["open first", "decided first"])
def test_without_ids_an_open_row_and_a_decided_one_of_the_same_name_are_two_deals(world, order):
    header = "Deal name,Company,Stage,Close date,Amount"
    still_open, decided = "A,Acme,Open,,7", "A,Acme,Won,2026-11-03,9"
    imported(world.programme, table(still_open, header=header))
    both = table(*[still_open, decided][::order], header=header)
    assert figures(imported(world.programme, both)) == {"created": 1, "unchanged": 1}
    assert figures(imported(world.programme, both)) == {"unchanged": 2}
    assert set(Deal.objects.values_list("outcome", "amount")) == {("open", 7), ("won", 9)}


def test_stages_are_read_as_they_are_shown_whatever_their_blanks(world):
    content = table(row(1, stage="Closed  Won"), row(2, stage="Closed\u00a0Won"), row(3, stage="n/a"))
    made = receive_upload(programme=world.programme, name="x.csv", content=content, by=None, now=clock.now())
    assert made.outcomes == {"Closed Won": "won"}
    imported(world.programme, content)
    assert dict(Deal.objects.values_list("external_id", "outcome")) == {"D1": "won", "D2": "won", "D3": "open"}


def test_a_column_of_too_many_values_is_no_stage(world):
    lines = [row(number, stage=f"Closed Won {number}") for number in range(MOST_VALUES + 1)]
    with pytest.raises(MissingFact, match="Stage holds too many different values"):
        imported(world.programme, table(*lines))
    assert not Deal.objects.exists()
    assert figures(imported(world.programme, table(*lines[1:]))) == {"created": MOST_VALUES}
    assert not Deal.objects.exclude(outcome="won").exists()


def test_a_file_whose_rows_cannot_be_told_apart_is_not_started(world):
    content = table("A,5", header="Deal name,Amount")
    made = receive_upload(programme=world.programme, name="x.csv", content=content, by=world.admin, now=clock.now())
    with pytest.raises(MissingFact, match="which column is the id"):
        queue_import(deal_import=made, by=world.admin, now=clock.now())


def test_ambiguous_dates_are_asked_before_anything_is_written(world):
    content = table(row(1, date="03/04/2026"))
    made = receive_upload(programme=world.programme, name="x.csv", content=content, by=world.admin, now=clock.now())
    with pytest.raises(MissingFact, match="in which order"):
        queue_import(deal_import=made, by=world.admin, now=clock.now())
    imported(world.programme, content, date_order="DMY")
    assert Deal.objects.get().decided_on.isoformat() == "2026-04-03"


@pytest.mark.parametrize(
    ("before", "day", "expected"),
    [
        # Nothing was a date before; what the column shows settles the rows that can be read in two ways.
        ("", "12/31/2025", "2026-03-04"),
        ("", "31/12/2025", "2026-04-03"),
        # Another column was, and showed the other order.
        ("31/12/2024", "12/31/2025", "2026-03-04"),
        ("12/31/2024", "31/12/2025", "2026-04-03"),
    ],
)
def test_a_date_column_chosen_by_hand_is_read_in_the_order_it_shows(world, before, day, expected):
    header, fields = "A,B,C,Created date,When", ["external_id", "name", "stage", "", "closed_on"]
    content = table(f"1,Rota,Won,{before},03/04/2026", f"2,Shift,Won,{before},{day}", header=header)
    done = imported(world.programme, content, fields=fields)
    assert figures(done) == {"created": 2}
    assert Deal.objects.get(external_id="1").decided_on.isoformat() == expected


def test_an_amount_column_chosen_by_hand_is_read_with_the_sign_it_shows(world):
    header, fields = "Deal id,Deal name,Amount,Paid", ["external_id", "name", "", "amount"]
    content = table('1,Rota,"1,50","1,234"', '2,Shift,"2,50",1.50', header=header)
    imported(world.programme, content, fields=fields)
    assert Deal.objects.get(external_id="1").amount == 1234


def test_an_order_of_dates_said_with_the_columns_stays(world):
    header, fields = "A,B,C,When", ["external_id", "name", "stage", "closed_on"]
    content = table("1,Rota,Won,03/04/2026", "2,Shift,Won,05/05/2026", header=header)
    imported(world.programme, content, fields=fields, date_order="MDY")
    assert Deal.objects.get(external_id="1").decided_on.isoformat() == "2026-03-04"


def test_owners_are_matched_by_address_and_never_guessed_from_a_name(world):
    by_address = f"Somebody Else ({world.rep.email.upper()})"
    imported(world.programme, table(row(1, owner=by_address), row(2, owner=world.member.name)))
    assert Deal.objects.get(external_id="D1").owner == world.rep
    namesake = Deal.objects.get(external_id="D2").owner
    assert (namesake.name, namesake.user, namesake == world.member) == (world.member.name, None, False)


def test_a_deal_without_team_falls_to_the_only_team_of_its_owner(world):
    imported(world.programme, table(row(1, owner=world.rep.email), row(2)))
    assert Deal.objects.get(external_id="D1").team == world.team
    assert Deal.objects.get(external_id="D2").team is None


def test_a_row_that_makes_the_interviewer_the_owner_is_refused_by_line(world):
    imported(world.programme, table(row(1)))
    deal = Deal.objects.get()
    assign_interviewer(deal=deal, person=world.interviewer, by=world.admin, now=clock.now())
    done = imported(world.programme, table(row(1, owner=world.interviewer.email, amount="9")))
    assert figures(done) == {"rejected": 1}
    noted = done.rejections.get()
    assert (noted.line, noted.column, noted.reason) == (
        2,
        "Owner",
        "is the interviewer of this deal and cannot own it",
    )
    assert Deal.objects.get().amount == 1001


def test_a_namesake_of_the_interviewer_is_refused_too(world):
    imported(world.programme, table(row(1)))
    assign_interviewer(deal=Deal.objects.get(), person=world.interviewer, by=world.admin, now=clock.now())
    done = imported(world.programme, table(row(1, owner=world.interviewer.name.upper())))
    assert figures(done) == {"rejected": 1}
    assert Deal.objects.get().owner.name == "Seller 1"


def test_a_new_owner_takes_the_place_and_the_old_one_stays_known(world):
    imported(world.programme, table(row(1)))
    imported(world.programme, table(row(1, owner="Seller 2")))
    deal = Deal.objects.get()
    parties = deal.parties.order_by("joined_at", "person__name").values_list("person__name", "kind", "ended_at")
    assert [(name, kind, ended is None) for name, kind, ended in parties] == [
        ("Seller 1", PartyKind.OWNER, False),
        ("Seller 2", PartyKind.OWNER, True),
    ]
    imported(world.programme, table(row(1, owner="Seller 1")))
    live = DealParty.objects.get(deal=deal, kind=PartyKind.OWNER, ended_at__isnull=True)
    assert live.person.name == "Seller 1"


def test_contacts_of_one_address_are_one_and_those_without_are_kept(world):
    imported(
        world.programme,
        table(row(1, email="ana@buyer.example"), row(2, email="ANA@buyer.example"), row(3, email=""), row(3, email="")),
    )
    assert Contact.objects.filter(email_key="ana@buyer.example").count() == 1
    assert Contact.objects.filter(email_key="").count() == 1


def test_of_several_addresses_of_one_contact_the_first_is_kept(world):
    imported(world.programme, table(row(1, email="ana@buyer.example, ana@home.example")))
    assert [(one.name, one.email) for one in Contact.objects.all()] == [("Contact 1", "ana@buyer.example")]


def test_a_sales_manager_imports_only_for_teams_they_manage(world):
    imported(world.programme, table(row(1, owner=world.other_member.email)), by=world.admin)
    done = imported(
        world.programme,
        table(row(1, owner=world.other_member.email, amount="1"), row(2, owner=world.rep.email), row(3)),
        by=world.manager,
    )
    assert figures(done) == {"created": 2, "rejected": 1}
    assert Deal.objects.get(external_id="D1").amount == 1001
    assert {deal.team for deal in Deal.objects.exclude(external_id="D1")} == {world.team}


def test_two_programmes_do_not_meet(world):
    content = table(row(1))
    imported(world.programme, content)
    assert figures(imported(world.other_programme, content)) == {"created": 1}
    assert Deal.objects.filter(external_id="D1").count() == 2


def test_a_mapping_is_remembered_for_the_same_columns(world):
    header = "A,B,C,D,E"
    content = table("1,Rota,Acme,gone,03/04/2026", header=header)
    fields = ["external_id", "name", "company", "stage", "closed_on"]
    imported(world.programme, content, fields=fields, outcomes={"gone": "withdrawn:us"}, date_order="DMY")
    again = receive_upload(programme=world.programme, name="b.csv", content=content, by=None, now=clock.now())
    remembered = mapping_of(again)
    assert (remembered.fields, remembered.outcomes, remembered.date_order) == (
        fields,
        {"gone": "withdrawn:us"},
        "DMY",
    )
    assert (Deal.objects.get().outcome, Deal.objects.get().withdrawn_by) == ("withdrawn", "us")


def test_an_unreadable_file_leaves_nothing_behind(world):
    with pytest.raises(UnreadableFile):
        receive_upload(programme=world.programme, name="x.csv", content=b'a,b\n1,"x', by=None, now=clock.now())
    with pytest.raises(UnreadableFile, match="no rows below"):
        receive_upload(programme=world.programme, name="x.csv", content=b"a,b\n", by=None, now=clock.now())
    assert not UploadedFile.objects.exists()


def test_a_killed_worker_leaves_whole_chunks_and_the_next_one_ends_with_the_same(world, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK_ROWS", 7)
    lines = [row(number % 40, amount=str(number % 40)) for number in range(45)]
    lines[20] = row(20, date="31 Feb 2026")
    content = table(*lines)
    undisturbed = imported(world.other_programme, content)

    made = receive_upload(programme=world.programme, name="x.csv", content=content, by=None, now=clock.now())
    queue_import(deal_import=made, by=None, now=clock.now())
    now = clock.now()
    dead = ImportRun(made.pk, claim_import(import_id=made.pk, now=now), now)
    for _ in range(3):
        assert dead.next_chunk(now)
    half = DealImport.objects.get(pk=made.pk)
    assert (half.state, half.rows_done) == (ImportState.RUNNING, 21)
    assert half.created + half.rejected == 21
    assert imports_to_resume(now) == []
    later = now + LEASE + timedelta(seconds=1)
    assert imports_to_resume(later) == [made.pk]
    assert run_import(import_id=made.pk, clock=lambda: later)
    done = DealImport.objects.get(pk=made.pk)
    assert (done.state, figures(done)) == (ImportState.DONE, figures(undisturbed))
    assert state_of(world.programme) == state_of(world.other_programme)
    # The one thought dead wakes up: it no longer holds the lease and writes nothing.
    assert not dead.next_chunk(now)
    assert figures(DealImport.objects.get(pk=made.pk)) == figures(done)


def test_an_import_is_claimed_by_one_worker(world):
    made = receive_upload(programme=world.programme, name="x.csv", content=table(row(1)), by=None, now=clock.now())
    assert claim_import(import_id=made.pk, now=clock.now()) is None
    queue_import(deal_import=made, by=None, now=clock.now())
    assert claim_import(import_id=made.pk, now=clock.now()) is not None
    assert claim_import(import_id=made.pk, now=clock.now()) is None


def test_a_stopped_import_writes_no_further_chunk(world, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK_ROWS", 2)
    content = table(*(row(number) for number in range(6)))
    made = receive_upload(programme=world.programme, name="x.csv", content=content, by=None, now=clock.now())
    queue_import(deal_import=made, by=None, now=clock.now())
    now = clock.now()
    run = ImportRun(made.pk, claim_import(import_id=made.pk, now=now), now)
    run.next_chunk(now)
    cancel_import(deal_import=made, by=world.admin, now=now)
    assert not run.next_chunk(now)
    assert Deal.objects.count() == 2
    with pytest.raises(NotRunning):
        cancel_import(deal_import=made, by=world.admin, now=now)


def test_an_owner_of_a_debriefed_deal_may_change_but_not_to_who_heard_the_buyer(world):
    imported(world.programme, table(row(1)))
    deal = Deal.objects.get()
    DealParty.objects.create(
        programme=world.programme,
        deal=deal,
        person=world.interviewer,
        kind=PartyKind.INTERVIEWER,
        joined_at=world.now,
        ended_at=world.now,
    )
    Deal.objects.update(debrief_state=DebriefState.HELD)
    done = imported(world.programme, table(row(1, owner=world.interviewer.email)))
    assert figures(done) == {"rejected": 1}
    Deal.objects.update(debrief_state=DebriefState.DECLINED)
    assert figures(imported(world.programme, table(row(1, owner=world.interviewer.email)))) == {"updated": 1}


def _both_at_once(programme, content):
    made = [
        receive_upload(programme=programme, name=f"{n}.csv", content=content, by=None, now=clock.now()) for n in (1, 2)
    ]
    for one in made:
        queue_import(deal_import=one, by=None, now=clock.now())
    barrier, errors = threading.Barrier(2), []

    def run(one):
        try:
            barrier.wait()
            run_import(import_id=one.pk, clock=clock.now)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in made]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return [DealImport.objects.get(pk=one.pk) for one in made], errors


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_file_at_once_create_each_deal_and_person_once(monkeypatch):
    monkeypatch.setattr(importing, "CHUNK_ROWS", 10)
    programme = factories.programme()
    content = table(*(row(number) for number in range(60)))
    done, errors = _both_at_once(programme, content)
    assert not errors
    assert Deal.objects.count() == 60
    assert Person.objects.filter(programme=programme).count() == 3
    assert sum(one.created for one in done) == 60
    assert sum(one.unchanged for one in done) == 60


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_race_shows(monkeypatch):
    """The control: the same two imports without taking turns collide or double people."""
    monkeypatch.setattr(importing, "CHUNK_ROWS", 10)
    monkeypatch.setattr(importing, "lock_names", lambda programme: None)
    for _ in range(5):
        programme = factories.programme()
        content = table(*(row(number) for number in range(60)))
        _done, errors = _both_at_once(programme, content)
        if errors or Person.objects.filter(programme=programme).count() > 3:
            return
    pytest.fail("two imports without the lock never collided")


def test_team_column_makes_teams_and_finds_them(world):
    header = HEADER + ",Team"
    content = table(row(1) + ",north", row(2) + ",West", header=header)
    assert figures(imported(world.programme, content)) == {"created": 2}
    assert Deal.objects.get(external_id="D1").team == world.team
    assert Deal.objects.get(external_id="D2").team.name == "West"
    assert not TeamMember.objects.filter(team__name="West").exists()
