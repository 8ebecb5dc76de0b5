"""Yesterday's backup is restored: what was sent in the lost hours is not sent again by itself, and what lies ahead still goes."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from debriefs.foundation import clock, outbox
from debriefs.foundation.models import AuditEntry, ClockOffset, Notice
from tests.faults.test_notices_under_faults import owe_many

pytestmark = pytest.mark.django_db


@pytest.fixture
def restored(probe_kind):
    """As the backup has it: one due since, one in the middle of being sent, one that lies ahead, one sent long ago."""
    owe_many(4)
    now = clock.now()
    rows = Notice.objects
    rows.exclude(dedupe_key="probe-1").update(due_at=now + timedelta(hours=1))
    (sending,) = outbox.claim_due(now=now)
    assert sending.dedupe_key == "probe-1"
    rows.filter(dedupe_key="probe-0").update(due_at=now - timedelta(hours=9))
    rows.filter(dedupe_key="probe-3").update(state="sent", sent_at=now - timedelta(days=2), settled_at=now)


def states():
    return dict(Notice.objects.order_by("dedupe_key").values_list("dedupe_key", "state"))


def test_what_was_due_waits_for_a_person_and_what_lies_ahead_goes(restored, smtp):
    for _time in range(2):
        told = StringIO()
        call_command("after_restore", stdout=told)
    assert told.getvalue().startswith("0 notices")
    assert states() == {"probe-0": "unknown", "probe-1": "unknown", "probe-2": "queued", "probe-3": "sent"}
    assert "backup was restored" in Notice.objects.get(dedupe_key="probe-0").reason
    assert AuditEntry.objects.get(action="notices.doubted").detail == {"count": 2}
    assert outbox.drain() == {}
    ClockOffset.objects.update_or_create(id=1, defaults={"seconds": 7200})
    assert outbox.drain() == {"sent": 1}
    assert len(smtp.raw) == 1


def test_without_it_what_was_sent_in_the_lost_hours_goes_again(restored, smtp):
    """The control."""
    assert outbox.drain() == {"sent": 1}
