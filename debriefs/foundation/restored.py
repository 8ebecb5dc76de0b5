"""After a backup was restored: what may have gone out in the lost hours goes out again only when a person says so."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind, NoticeState
from debriefs.foundation.models import Notice


@transaction.atomic
def doubt_what_was_due(*, now: datetime) -> int:
    """The outcome of every notice that was due by now or being sent is unknown, and shown to people; how many. Two queries.

    What lies ahead stays owed. Harmless if repeated. To be run before the first worker: afterwards it is too late.
    """
    waiting = Notice.objects.filter(Q(state=NoticeState.QUEUED, due_at__lte=now) | Q(state=NoticeState.SENDING))
    count = waiting.update(
        state=NoticeState.UNKNOWN,
        reason=_("A backup was restored. It may have been sent before; look before sending again."),
        settled_at=now,
        lease_until=None,
        lease_token=None,
    )
    if count:
        audit.record(
            action="notices.doubted",
            now=now,
            actor_kind=ActorKind.OPERATOR,
            detail={"count": count},
        )
    return count
