"""Real workers killed in the middle of an import and of its undoing: what is there in the end is what an undisturbed run leaves."""

import logging
import random
from datetime import timedelta

import pytest

from debriefs.deals import tasks
from debriefs.deals.actions import ask_to_undo, queue_import, receive_upload, run_import
from debriefs.deals.enums import ImportState
from debriefs.deals.models import Deal, DealImport
from debriefs.foundation import clock
from tests import factories
from tests.deals.importing import everything_of, figures, row, table
from tests.processes import running, wait_for

logger = logging.getLogger(__name__)
pytestmark = pytest.mark.django_db(transaction=True)

SIZES = [(3_000, 100, 3), pytest.param(80_000, 2_000, 6, marks=pytest.mark.slow)]


def export(rows: int) -> bytes:
    """Rows of which some are rejected, some stand twice, and some of those say something else."""
    lines = [row(number, company=f"Buyer {number % 400}") for number in range(rows)]
    lines[rows // 3] = row(rows // 3, date="31 Feb 2026")
    lines[rows // 2] = lines[0]
    lines[rows - 1] = row(1, amount="5")
    return table(*lines)


def queued(programme, content, by=None) -> DealImport:
    made = receive_upload(programme=programme, name="deals.csv", content=content, by=by, now=clock.now())
    return queue_import(deal_import=made, by=by, now=clock.now())


def worked_on_by_dying_workers(made, tick, done, total, tmp_path, *, seed, kills, is_over):
    """Starts a worker, kills it by SIGKILL at a moment drawn between here and the end, and again; then lets one finish."""
    chance = random.Random(seed)
    wanted = sorted(chance.uniform(0.0, 0.9) * total for _ in range(kills))
    for number, mark in enumerate(wanted):
        with running(tmp_path / str(number), workers=1, beats=0) as (worker,):
            tick.delay()
            wait_for(lambda mark=mark: done() >= mark, seconds=600, what=f"{mark:.0f} of {total}")
            worker.kill()
        # What the dead worker held is taken over when its lease has run out: bring that moment on.
        DealImport.objects.filter(pk=made.pk, lease_until__isnull=False).update(
            lease_until=clock.now() - timedelta(seconds=1)
        )
    with running(tmp_path / "last", workers=1, beats=0):
        tick.delay()
        wait_for(is_over, seconds=900, what="the end")


@pytest.mark.parametrize(("rows", "chunk", "kills"), SIZES)
def test_an_import_whose_workers_are_killed_leaves_what_an_undisturbed_one_leaves(
    rows, chunk, kills, tmp_path, monkeypatch
):
    content = export(rows)
    calm = queued(factories.programme(), content)
    run_import(import_id=calm.pk, clock=clock.now)
    monkeypatch.setenv("FAULTS_CHUNK_ROWS", str(chunk))
    made = queued(factories.programme(), content)
    seed = random.randrange(1_000_000)
    logger.warning("seed %d", seed)

    def told(name):
        return DealImport.objects.values_list(name, flat=True).get(pk=made.pk)

    worked_on_by_dying_workers(
        made, tasks.resume_imports, lambda: told("rows_done"), rows, tmp_path, seed=seed, kills=kills,
        is_over=lambda: told("state") == ImportState.DONE,
    )  # fmt: skip
    calm, done = DealImport.objects.get(pk=calm.pk), DealImport.objects.get(pk=made.pk)
    assert (done.rows_done, figures(done)) == (rows, figures(calm))
    assert figures(done) == {"created": rows - 3, "unchanged": 1, "rejected": 2, "conflicts": 1}
    assert everything_of(done.programme) == everything_of(calm.programme)
    assert [row.line for row in done.rejections.all()] == [row.line for row in calm.rejections.all()]


@pytest.mark.parametrize(("rows", "chunk", "kills"), SIZES)
def test_undoing_whose_workers_are_killed_leaves_nothing(rows, chunk, kills, tmp_path, monkeypatch):
    programme = factories.programme()
    admin = factories.person(programme, "admin")
    before = everything_of(programme)
    made = queued(programme, export(rows), by=admin)
    run_import(import_id=made.pk, clock=clock.now)
    monkeypatch.setenv("FAULTS_CHUNK_ROWS", str(chunk))
    ask_to_undo(deal_import=DealImport.objects.get(pk=made.pk), by=admin, now=clock.now())
    seed = random.randrange(1_000_000)
    logger.warning("seed %d", seed)

    def told(name):
        return DealImport.objects.values_list(name, flat=True).get(pk=made.pk)

    worked_on_by_dying_workers(
        made, tasks.resume_imports, lambda: told("removed"), rows - 3, tmp_path, seed=seed, kills=kills,
        is_over=lambda: told("state") == ImportState.UNDONE,
    )  # fmt: skip
    assert DealImport.objects.get(pk=made.pk).removed == rows - 3
    assert not Deal.objects.filter(programme=programme).exists()
    assert everything_of(programme) == before
