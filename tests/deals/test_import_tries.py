"""An error that comes back every time ends the import after a few tries, and a person is told where it stands."""

from datetime import timedelta

import pytest

from debriefs.deals import importing, tasks
from debriefs.deals.actions import ask_to_undo, go_on, queue_import, receive_upload, run_import, undo, undo_import
from debriefs.deals.actions.imports import claim_import
from debriefs.deals.enums import ImportState
from debriefs.deals.import_queries import imports_to_resume, undos_to_resume
from debriefs.deals.importing import LEASE, ChunkWriter
from debriefs.deals.models import Deal, DealImport
from debriefs.deals.refusals import NotRunning
from debriefs.foundation import clock
from tests import factories
from tests.deals.importing import figures, imported, row, state_of, table

pytestmark = pytest.mark.django_db

CONTENT = table(*(row(number) for number in range(6)))


class Hours:
    """A clock on which every lease has run out at the next look."""

    def __init__(self) -> None:
        self.now = clock.now()

    def __call__(self):
        return self.now

    def pass_lease(self) -> None:
        self.now += LEASE + timedelta(seconds=1)


@pytest.fixture
def fragile(monkeypatch):
    """Chunks of two rows; those of the lines in the set fail with an error that nobody foresaw."""
    monkeypatch.setattr(importing, "CHUNK_ROWS", 2)
    bad: set[int] = set()
    write = ChunkWriter.write

    def written(self, deals):
        if bad & {deal.line for deal in deals}:
            raise ZeroDivisionError
        return write(self, deals)

    monkeypatch.setattr(ChunkWriter, "write", written)
    return bad


def waiting(programme, by=None) -> DealImport:
    made = receive_upload(programme=programme, name="x.csv", content=CONTENT, by=by, now=clock.now())
    return queue_import(deal_import=made, by=by, now=clock.now())


def tried(made, hours) -> DealImport:
    """One worker's try, which ends in the error, and its lease run out."""
    with pytest.raises(ZeroDivisionError):
        run_import(import_id=made.pk, clock=hours)
    hours.pass_lease()
    return DealImport.objects.get(pk=made.pk)


def test_an_error_that_comes_back_ends_the_import_and_says_where(world, fragile):
    made, hours = waiting(world.programme), Hours()
    fragile.add(5)
    for _ in range(2):
        assert tried(made, hours).state == ImportState.RUNNING
        assert imports_to_resume(hours.now) == [made.pk]
    failed = tried(made, hours)
    assert (failed.state, failed.lease_until) == (ImportState.FAILED, None)
    assert failed.failure.startswith("The rows from line 4 to line 5 could not be written. 3 tries ended in")
    assert "None of these rows was written; what the 2 rows before them made stays" in failed.failure
    assert imports_to_resume(hours.now) == []
    assert (figures(failed), Deal.objects.count()) == ({"created": 2}, 2)
    assert not run_import(import_id=made.pk, clock=hours)


def test_what_was_given_up_goes_on_and_ends_as_if_nothing_had_been(world, fragile):
    undisturbed = waiting(world.other_programme)
    run_import(import_id=undisturbed.pk, clock=clock.now)
    made, hours = waiting(world.programme), Hours()
    with pytest.raises(NotRunning):
        go_on(deal_import=made, by=world.admin, now=hours.now)
    fragile.add(4)
    for _ in range(3):
        tried(made, hours)
    fragile.clear()
    go_on(deal_import=made, by=world.admin, now=hours.now)
    assert run_import(import_id=made.pk, clock=hours)
    done = DealImport.objects.get(pk=made.pk)
    assert (done.state, done.failure, figures(done)) == (ImportState.DONE, "", {"created": 6})
    assert state_of(world.programme) == state_of(world.other_programme)


def test_what_was_given_up_can_be_undone_and_then_goes_on_no_more(world, fragile):
    made, hours = waiting(world.programme, world.admin), Hours()
    fragile.add(4)
    for _ in range(3):
        failed = tried(made, hours)
    ask_to_undo(deal_import=failed, by=world.admin, now=hours.now)
    assert undo_import(import_id=made.pk, clock=hours)
    assert not Deal.objects.exists()
    with pytest.raises(NotRunning):
        go_on(deal_import=DealImport.objects.get(), by=world.admin, now=hours.now)


def test_every_chunk_has_its_own_tries(world, fragile):
    made, hours = waiting(world.programme), Hours()
    for line in (2, 4, 6):
        fragile.clear()
        fragile.add(line)
        for _ in range(2):
            assert tried(made, hours).state == ImportState.RUNNING
    fragile.clear()
    run_import(import_id=made.pk, clock=hours)
    assert figures(DealImport.objects.get()) == {"created": 6}


def test_an_error_before_the_first_row_counts_too(world, monkeypatch):
    made, hours = waiting(world.programme), Hours()

    def broken(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(importing.ImportRun, "_allowed_teams", broken)
    for _ in range(3):
        failed = tried(made, hours)
    assert failed.state == ImportState.FAILED
    assert failed.failure.startswith("The rows after row 0 could not be written.")


def test_workers_that_die_at_the_same_rows_end_it_too(world):
    made, hours = waiting(world.programme), Hours()
    for _ in range(3):
        assert claim_import(import_id=made.pk, now=hours.now)
        hours.pass_lease()
    assert claim_import(import_id=made.pk, now=hours.now) is None
    failed = DealImport.objects.get()
    assert (failed.state, failed.tries) == (ImportState.FAILED, 3)
    assert imports_to_resume(hours.now) == []


def test_a_worker_at_work_is_never_given_up(world):
    made, hours = waiting(world.programme), Hours()
    for _ in range(2):
        claim_import(import_id=made.pk, now=hours.now)
        hours.pass_lease()
    assert claim_import(import_id=made.pk, now=hours.now)
    assert claim_import(import_id=made.pk, now=hours.now) is None
    assert DealImport.objects.get().state == ImportState.RUNNING


def test_undoing_that_fails_every_time_stops_and_can_be_asked_for_again(world, monkeypatch):
    made, hours = imported(world.programme, CONTENT, by=world.admin), Hours()
    monkeypatch.setattr(undo, "CHUNK_DEALS", 2)
    remove, calls = undo._remove, []

    def broken(deal_import):
        calls.append(1)
        if len(calls) > 1:
            raise ZeroDivisionError
        return remove(deal_import)

    monkeypatch.setattr(undo, "_remove", broken)
    ask_to_undo(deal_import=made, by=world.admin, now=hours.now)
    for _ in range(3):
        assert undos_to_resume(hours.now) == [made.pk]
        with pytest.raises(ZeroDivisionError):
            undo_import(import_id=made.pk, clock=hours)
        hours.pass_lease()
    failed = DealImport.objects.get()
    assert (failed.state, failed.removed, Deal.objects.count()) == (ImportState.FAILED, 2, 4)
    assert "2 deals were taken back before" in failed.failure
    assert (undos_to_resume(hours.now), failed.can_go_on) == ([], False)
    monkeypatch.setattr(undo, "_remove", remove)
    ask_to_undo(deal_import=failed, by=world.admin, now=hours.now)
    assert undo_import(import_id=made.pk, clock=hours)
    undone = DealImport.objects.get()
    assert (undone.state, undone.failure, undone.removed) == (ImportState.UNDONE, "", 6)


def test_one_that_fails_keeps_no_other_waiting(world, fragile, caplog):
    bad, good = waiting(world.programme), waiting(world.other_programme)
    fragile.add(2)
    write = ChunkWriter.write

    def only_the_first(self, deals):
        return write(self, deals) if self.programme == world.programme else ORIGINAL(self, deals)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ChunkWriter, "write", only_the_first)
        tasks.resume_imports()
    assert DealImport.objects.get(pk=good.pk).state == ImportState.DONE
    assert DealImport.objects.get(pk=bad.pk).tries == 1
    assert f"Import {bad.pk} failed" in caplog.text


ORIGINAL = ChunkWriter.write


def test_the_page_tells_and_goes_on(world, sign_in, fragile):
    made, hours = waiting(world.programme, world.admin), Hours()
    fragile.add(4)
    for _ in range(3):
        tried(made, hours)
    client, address = sign_in(world.admin), f"/p/{world.programme.slug}/deals/import/{made.pk}/"
    page = client.get(address).content.decode()
    assert "The rows from line 4 to line 5 could not be written." in page
    assert "Go on from row 3" in page and "Undo this import" in page
    assert client.post(f"{address}go-on/").status_code == 302
    assert DealImport.objects.get().state == ImportState.QUEUED
    client.post(f"{address}go-on/")
    assert "This import cannot go on" in client.get(address).content.decode()


def test_a_sales_manager_cannot_make_a_foreign_import_go_on(world, sign_in, fragile):
    made, hours = waiting(world.programme, world.admin), Hours()
    fragile.add(4)
    for _ in range(3):
        tried(made, hours)
    address = f"/p/{world.programme.slug}/deals/import/{made.pk}/go-on/"
    assert sign_in(world.manager).post(address).status_code == 404
    assert DealImport.objects.get().state == ImportState.FAILED


def test_two_programmes_count_apart(fragile):
    first, second = waiting(factories.programme()), waiting(factories.programme())
    hours = Hours()
    fragile.add(2)
    for _ in range(2):
        tried(first, hours)
    assert tried(second, hours).tries == 1
