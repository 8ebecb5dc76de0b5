"""The one clock: the database's time, so that web, worker and beat agree on what is due."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection


def now() -> datetime:
    """The database's time, aware, in UTC. One query.

    It is the time of this statement, not of the transaction's start. Rules and actions do not call it: they take `now`. On a
    developer's machine and in tests the seconds of `ClockOffset` are added; in production the row has no effect.
    """
    if not settings.CLOCK_OFFSET_HONOURED:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            instant: datetime = cursor.fetchone()[0]
        return instant
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp(), (SELECT seconds FROM foundation_clockoffset WHERE id = 1)")
        instant, seconds = cursor.fetchone()
    return instant + timedelta(seconds=seconds) if seconds else instant
