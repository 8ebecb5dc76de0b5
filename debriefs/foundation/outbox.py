"""The outbox: what is owed to whom, written with the fact it announces, delivered once.

`owe` and `supersede` are called inside the transaction of the fact. `drain` claims due rows by conditional update with a lease,
re-checks each, sends outside any transaction, and records. Mail cannot be exactly once: "being sent" is committed before the
server is spoken to and "sent" after it accepted; a process that dies in between leaves a lease that runs out. Such a notice is
taken over once, with identical bytes and Message-ID; when the second lease runs out too, its outcome is unknown and shown.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from debriefs.foundation import clock, mail, mail_hours, notice_kinds
from debriefs.foundation.addresses import address_key
from debriefs.foundation.enums import NoticeState
from debriefs.foundation.models import Notice, Suppression, Tick

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
# Pauses before the next try after a temporary no; after the last one the notice has failed.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 3, 10, 30, 60, 120, 240, 480))
BATCH = 10


@dataclass(frozen=True)
class Recipient:
    """Whom a notice goes to, as they are when it is written; the notice keeps this snapshot."""

    kind: str
    id: UUID | None
    name: str
    email: str
    language: str = "en"
    time_zone: str = "UTC"


def owe(
    *,
    kind: str,
    programme_id: UUID | None,
    subject_kind: str,
    subject_id: UUID,
    recipient: Recipient,
    due_at: datetime,
    dedupe_key: str,
    now: datetime,
    not_after: datetime | None = None,
    context: dict[str, Any] | None = None,
) -> Notice | None:
    """Writes the notice in the caller's transaction; None when `dedupe_key` is already there. One query.

    A recipient without an address gets no notice: there is nothing to send. `context` holds ids and numbers that rendering
    and re-checking need, never secrets.
    """
    if not recipient.email:
        return None
    notice_kinds.get(kind)
    identifier = uuid4()
    notice = Notice(
        id=identifier,
        programme_id=programme_id,
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        recipient_kind=recipient.kind,
        recipient_id=recipient.id,
        recipient_name=recipient.name[:200],
        recipient_email=recipient.email,
        recipient_language=recipient.language,
        recipient_time_zone=recipient.time_zone,
        context=context or {},
        dedupe_key=dedupe_key,
        created_at=now,
        due_at=due_at,
        not_after=not_after,
        message_id=mail.message_id_for(identifier),
    )
    fields = Notice._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    values = [field.get_db_prep_save(getattr(notice, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO foundation_notice ({columns}) VALUES ({', '.join(['%s'] * len(fields))}) "  # noqa: S608 - our own columns
            "ON CONFLICT (dedupe_key) DO NOTHING",
            values,
        )
        return notice if cursor.rowcount else None


def supersede(
    *, subject_kind: str, subject_id: UUID, now: datetime, reason: str, kinds: Iterable[str] | None = None
) -> int:
    """Takes back what is queued about a subject because the fact moved on; how many. One query.

    A notice being sent at this moment is not touched: its re-check has passed, and what follows replaces it in the calendar.
    """
    queued = Notice.objects.filter(subject_kind=subject_kind, subject_id=subject_id, state=NoticeState.QUEUED)
    if kinds is not None:
        queued = queued.filter(kind__in=list(kinds))
    return queued.update(state=NoticeState.SUPERSEDED, reason=reason[:500], settled_at=now)


def postpone(*, subject_kind: str, subject_id: UUID, kinds: Iterable[str], until: datetime, reason: str) -> int:
    """What is queued of these kinds about a subject waits at least until then; how many. One query.

    What would come after its last moment is left as it is: it will be missed, and shown so.
    """
    return (
        Notice.objects.filter(subject_kind=subject_kind, subject_id=subject_id, kind__in=list(kinds))
        .filter(state=NoticeState.QUEUED, due_at__lt=until)
        .filter(Q(not_after__isnull=True) | Q(not_after__gt=until))
        .update(due_at=until, reason=reason[:500])
    )


def notices_about(subject_kind: str, subject_ids: Iterable[UUID]) -> QuerySet[Notice]:
    """The notices about these subjects, latest first, without the mails' bytes. No query by itself."""
    return (
        Notice.objects.filter(subject_kind=subject_kind, subject_id__in=list(subject_ids))
        .defer("message")
        .order_by("-due_at", "-created_at")
    )


def claim_due(*, now: datetime, limit: int = BATCH) -> list[Notice]:
    """Claims up to `limit` due notices for this process: their state becomes "being sent", committed before anything is sent.

    Rows another process is claiming are passed over. A notice whose lease has run out is taken over once; a second time its
    outcome becomes unknown. Two queries.
    """
    token = uuid4()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE foundation_notice SET state = 'unknown', lease_until = NULL, lease_token = NULL, settled_at = %(now)s,
              reason = %(reason)s
            WHERE id IN (SELECT id FROM foundation_notice WHERE state = 'sending' AND lease_until < %(now)s AND takeovers >= 1
                         FOR UPDATE SKIP LOCKED)
            """,
            {
                "now": now,
                "reason": _(
                    "The sender stopped twice in the middle. It may have been sent; look before sending again."
                ),
            },
        )
        cursor.execute(
            """
            WITH due AS (
              SELECT id FROM foundation_notice
              WHERE due_at <= %(now)s AND (state = 'queued' OR (state = 'sending' AND lease_until < %(now)s))
              ORDER BY due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
            )
            UPDATE foundation_notice n SET takeovers = n.takeovers + CASE WHEN n.state = 'sending' THEN 1 ELSE 0 END,
              state = 'sending', lease_until = %(lease)s, lease_token = %(token)s, attempts = n.attempts + 1
            FROM due WHERE n.id = due.id
            """,
            {"now": now, "limit": limit, "lease": now + LEASE, "token": token},
        )
    return list(Notice.objects.filter(lease_token=token, state=NoticeState.SENDING).order_by("due_at", "id"))


def deliver(notice: Notice, post: mail.Post, *, now: datetime) -> str:
    """Takes one claimed notice to its end or its next try, and returns the state it is left in.

    Never raises for what one notice holds: a notice that cannot be rendered fails alone, with its reason.
    """
    try:
        if refusal := _not_to_send(notice, now):
            return _settle(notice, *refusal, now=now)
        if (opens := _waits_until(notice, now)) is not None:
            return _wait(notice, opens)
        message, link, stop_link = _rendered(notice, now)
        post.send(to_email=notice.recipient_email, message=mail.with_links(message, link=link, stop_link=stop_link))
    except mail.Rejected as no:
        return _settle(notice, NoticeState.FAILED, no.reason, now=now)
    except mail.Deferred as not_now:
        return _try_again(notice, not_now.reason, now=now)
    except Exception as error:
        # A poisoned row must not stop the drain; the traceback is for the operator, the row for people.
        logger.exception("notice %s cannot be made", notice.id)
        return _settle(
            notice,
            NoticeState.FAILED,
            _("This mail could not be made: %(what)s.") % {"what": type(error).__name__},
            now=now,
        )
    return _settle(notice, NoticeState.SENT, "", now=now)


def _not_to_send(notice: Notice, now: datetime) -> tuple[str, str] | None:
    """The re-check at the last moment: (state, reason) when the notice no longer makes sense."""
    if notice.not_after is not None and now >= notice.not_after:
        return NoticeState.MISSED, _("Its moment had passed before it could be sent.")
    kind = notice_kinds.get(notice.kind)
    if kind.heeds_suppression and is_suppressed(notice.recipient_email, notice.programme_id):
        return NoticeState.SKIPPED, _("This address asked not to be written to.")
    with translation.override(notice.recipient_language):
        unwanted = kind.still_wanted(notice, now)
    return (NoticeState.SKIPPED, unwanted) if unwanted else None


def _waits_until(notice: Notice, now: datetime) -> datetime | None:
    """When this mail may go out, if not now: the recipient's next working hours."""
    if settings.MAIL_HOURS is None or not notice_kinds.get(notice.kind).waits_for_hours:
        return None
    opens = mail_hours.next_open(now, notice.recipient_time_zone, settings.MAIL_HOURS)
    return opens if opens > now else None


def _wait(notice: Notice, opens: datetime) -> str:
    """Queues the notice for the recipient's working hours; that was no attempt. One query."""
    if notice.not_after is not None and notice.not_after <= opens:
        late = _("Its moment passes before the recipient’s working hours.")
        return _settle(notice, NoticeState.MISSED, late, now=opens)
    Notice.objects.filter(pk=notice.pk, lease_token=notice.lease_token).update(
        state=NoticeState.QUEUED,
        due_at=opens,
        reason=_("Waits for the recipient’s working hours."),
        lease_until=None,
        lease_token=None,
        attempts=F("attempts") - 1,
    )
    return NoticeState.QUEUED


def _rendered(notice: Notice, now: datetime) -> tuple[bytes, str, str]:
    """The stored mail, rendered and kept at the first try, with the links that go in while sending."""
    with translation.override(notice.recipient_language), timezone.override(notice.recipient_time_zone):
        draft = notice_kinds.get(notice.kind).render(notice, now)
    if notice.message is None:
        notice.message = mail.build(
            draft, to_name=notice.recipient_name, to_email=notice.recipient_email, message_id=notice.message_id, at=now
        )
        notice.subject_line = draft.subject[:250]
        Notice.objects.filter(pk=notice.pk, lease_token=notice.lease_token).update(
            message=notice.message, subject_line=notice.subject_line
        )
    link = draft.link() if draft.link else ""
    return bytes(notice.message), link, draft.stop_link() if draft.stop_link else ""


def _settle(notice: Notice, state: str, reason: str, *, now: datetime) -> str:
    """Records the end of a notice, unless its lease was taken over meanwhile. One query."""
    Notice.objects.filter(pk=notice.pk, lease_token=notice.lease_token).update(
        state=state,
        reason=reason[:500],
        lease_until=None,
        lease_token=None,
        settled_at=now,
        sent_at=now if state == NoticeState.SENT else None,
    )
    return state


def _try_again(notice: Notice, reason: str, *, now: datetime) -> str:
    """Queues the notice for later with a growing pause; it has failed after the last one, and missed its moment if that comes first.

    One query. A takeover is only for a sender that died, so their count starts anew.
    """
    if notice.attempts > len(PAUSES):
        given_up = _("Given up after %(n)s tries. %(reason)s") % {"n": notice.attempts, "reason": reason}
        return _settle(notice, NoticeState.FAILED, given_up, now=now)
    due_at = now + PAUSES[notice.attempts - 1]
    if notice.not_after is not None and notice.not_after <= due_at:
        missed = _("Its moment passes before another try. %(reason)s") % {"reason": reason}
        return _settle(notice, NoticeState.MISSED, missed, now=now)
    Notice.objects.filter(pk=notice.pk, lease_token=notice.lease_token).update(
        state=NoticeState.QUEUED, due_at=due_at, reason=reason[:500], lease_until=None, lease_token=None, takeovers=0
    )
    return NoticeState.QUEUED


def drain(*, most: int = 1000) -> dict[str, int]:
    """Delivers due notices until none is left or `most` were taken; how many ended in which state.

    Safe in any number of processes at once. Each batch is claimed at its own time, so that a long drain does not outlive its
    leases.
    """
    done: dict[str, int] = {}
    taken = 0
    with mail.Post() as post:
        while taken < most:
            claimed = claim_due(now=clock.now(), limit=min(BATCH, most - taken))
            if not claimed:
                break
            taken += len(claimed)
            for notice in claimed:
                state = deliver(notice, post, now=clock.now())
                done[state] = done.get(state, 0) + 1
    return done


def is_suppressed(address: str, programme_id: UUID | None) -> bool:
    """Whether mail to the address was stopped for this programme or for the whole installation. One query."""
    return (
        Suppression.objects.filter(address_key=address_key(address), lifted_at__isnull=True)
        .filter(Q(programme_id=programme_id) | Q(programme_id__isnull=True))
        .exists()
    )


def record_tick(job: str, now: datetime) -> None:
    """Remembers that a recurring job ran; the health page reads it. One query."""
    Tick.objects.update_or_create(job=job, defaults={"ran_at": now})
