"""Whether this installation is fit to serve: what /readyz answers."""

from datetime import timedelta

import redis
from django.conf import settings

from debriefs.foundation import clock, database_role
from debriefs.foundation.enums import NoticeState
from debriefs.foundation.models import Notice

# A notice that was due this long ago and is still waiting means that nobody drains the queue.
LATE = timedelta(minutes=10)


def checks() -> dict[str, str]:
    """One entry per service, "ok" or what is wrong. Three queries and one PING with a two-second limit."""
    now = clock.now()
    owned = database_role.owned_tables()
    oldest = Notice.objects.filter(state=NoticeState.QUEUED, due_at__lt=now - LATE).order_by("due_at").first()
    return {
        "database": "ok" if owned == 0 else f"the running role owns {owned} tables; it must own none",
        "redis": _redis(),
        "notices": "ok" if oldest is None else f"a notice has been waiting since {oldest.due_at:%Y-%m-%d %H:%M} UTC",
    }


def _redis() -> str:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        client.ping()
    except redis.RedisError as error:
        return f"unreachable: {type(error).__name__}"
    finally:
        client.close()
    return "ok"
