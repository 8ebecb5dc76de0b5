"""Imports in the background: rung by the page, found by the tick, harmless twice."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from debriefs.deals import tasks
from debriefs.deals.actions import queue_import, receive_upload
from debriefs.deals.actions.imports import claim_import
from debriefs.deals.enums import ImportState
from debriefs.deals.importing import LEASE
from debriefs.deals.models import Deal, DealImport
from debriefs.foundation import clock
from tests import factories

pytestmark = pytest.mark.django_db

CONTENT = b"Deal id,Deal name,Stage,Close date\n1,A,Won,2026-01-31\n2,B,Lost,2026-02-28\n"


def waiting(programme) -> DealImport:
    made = receive_upload(programme=programme, name="x.csv", content=CONTENT, by=None, now=clock.now())
    return queue_import(deal_import=made, by=None, now=clock.now())


def test_the_tick_takes_up_what_waits_and_what_a_dead_worker_left():
    first, second = factories.programme(), factories.programme()
    waiting(first)
    left = waiting(second)
    claim_import(import_id=left.pk, now=clock.now() - LEASE - timedelta(seconds=5))
    tasks.resume_imports()
    assert {one.state for one in DealImport.objects.all()} == {ImportState.DONE}
    assert Deal.objects.count() == 4


def test_a_task_delivered_twice_imports_once():
    made = waiting(factories.programme())
    for _ in range(2):
        tasks.run_import(str(made.pk))
    done = DealImport.objects.get()
    assert (done.created, done.unchanged, done.rows_done) == (2, 0, 2)


def test_the_page_rings_after_the_commit_and_a_dead_broker_stops_nothing(
    world, sign_in, monkeypatch, django_capture_on_commit_callbacks
):
    rung = []

    def refuse(import_id):
        rung.append((import_id, DealImport.objects.get(pk=import_id).state))
        raise OSError("no broker")

    monkeypatch.setattr(tasks.run_import, "delay", refuse)
    client = sign_in(world.admin)
    page = client.post(
        f"/p/{world.programme.slug}/deals/import/", {"file": SimpleUploadedFile("x.csv", CONTENT)}
    ).headers["Location"]
    form = client.get(page).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"step": "start"}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page, data).status_code == 302
    made = DealImport.objects.get()
    assert rung == [(str(made.pk), ImportState.QUEUED)]
    tasks.resume_imports()
    assert DealImport.objects.get().state == ImportState.DONE
