"""The clock is the database's, and only tests may move it."""

from datetime import timedelta

import pytest

from debriefs.foundation import clock
from debriefs.foundation.database_role import as_owner
from debriefs.foundation.models import ClockOffset


@pytest.mark.django_db
@pytest.mark.parametrize(("honoured", "moved"), [(True, timedelta(days=2)), (False, timedelta(0))])
def test_the_offset_moves_the_clock_only_where_it_is_honoured(settings, honoured, moved):
    settings.CLOCK_OFFSET_HONOURED = honoured
    before = clock.now()
    with as_owner():
        ClockOffset.objects.create(id=1, seconds=2 * 24 * 3600)
    after = clock.now()
    assert moved <= after - before < moved + timedelta(minutes=1)
    assert after.utcoffset() == timedelta(0)
