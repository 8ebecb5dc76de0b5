"""Limits in rate, counted in Postgres: a Redis outage neither opens nor closes anything."""

import hashlib
from datetime import datetime, timedelta

from django.db import connection


def allow(key: str, *, limit: int, within: timedelta, now: datetime) -> bool:
    """True while `key` was used at most `limit` times in the current window of length `within`; counts this use. One query.

    The key is stored hashed: it may hold an address or a token.
    """
    hashed = hashlib.sha256(key.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO foundation_ratebucket (key, started_at, used) VALUES (%(key)s, %(now)s, 1)
            ON CONFLICT (key) DO UPDATE SET
              used = CASE WHEN foundation_ratebucket.started_at <= %(start)s THEN 1 ELSE foundation_ratebucket.used + 1 END,
              started_at = CASE WHEN foundation_ratebucket.started_at <= %(start)s THEN %(now)s
                                ELSE foundation_ratebucket.started_at END
            RETURNING used
            """,
            {"key": hashed, "now": now, "start": now - within},
        )
        return int(cursor.fetchone()[0]) <= limit
