"""The outbox: what is owed to whom, written with the fact it announces, delivered once.

`owe` and `supersede` are called inside the transaction of the fact. `drain` claims due rows by conditional update with a lease,
re-checks each, sends outside any transaction, and records. Mail cannot be exactly once: "being sent" is committed before the
server is spoken to and "sent" after it accepted; a process that dies in between leaves a lease that runs out. Such a notice is
taken over once, with identical bytes and Message-ID; when the second lease runs out too, its outcome is unknown and shown.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from debriefs.foundation import clock, mail, mail_hours, notice_kinds, return_paths
from debriefs.foundation.addresses import address_key
from debriefs.foundation.enums import NoticeState, RecipientKind
from debriefs.foundation.models import Notice, Tick
from debriefs.foundation.notice_kinds import Draft
from debriefs.foundation.suppression import live_stops

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
# Pauses before the next try after a temporary no; after the last one the notice has failed.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 3, 10, 30, 60, 120, 240, 480))
BATCH = 50
# A re-check is good for so long; behind a slow server it is made again right before sending.
CHECK_HOLDS_SECONDS = 1.0
# What was accepted is written down together within so short a time, so that a fast server is not held up by the database.
RECORD_WITHIN_SECONDS = 0.02
# So long the record waits for a database that went away: well before the lease of the last mail of a batch runs out.
RECORD_INSISTS_SECONDS = 120


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
    *,
    subject_kind: str,
    subject_id: UUID,
    now: datetime,
    reason: str,
    kinds: Iterable[str] | None = None,
    but: Iterable[str] = (),
) -> int:
    """Takes back what is queued about a subject because the fact moved on, of these kinds or all `but` those; how many. One query.

    A notice being sent at this moment is not touched: its re-check has passed, and what follows replaces it in the calendar.
    """
    queued = Notice.objects.filter(subject_kind=subject_kind, subject_id=subject_id, state=NoticeState.QUEUED)
    if kinds is not None:
        queued = queued.filter(kind__in=list(kinds))
    return queued.exclude(kind__in=list(but)).update(state=NoticeState.SUPERSEDED, reason=reason[:500], settled_at=now)


def postpone(*, subject_kind: str, subject_id: UUID, kinds: Iterable[str], until: datetime, reason: str) -> int:
    """What is queued of these kinds about a subject waits: the first until then, the others as long after it as before; how many. Two queries.

    What would come after its last moment is left as it is: it will be missed, and shown so.
    """
    queued = Notice.objects.filter(subject_kind=subject_kind, subject_id=subject_id, kind__in=list(kinds))
    queued = queued.filter(state=NoticeState.QUEUED)
    first = queued.aggregate(first=Min("due_at"))["first"]
    if first is None or first >= until:
        return 0
    later = F("due_at") + (until - first)
    in_time = queued.filter(Q(not_after__isnull=True) | Q(not_after__gt=later))
    return in_time.update(due_at=later, reason=reason[:500])


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
    outcome becomes unknown. While a mail about a subject is being sent to an address, later ones about it to that address wait, so that
    a cancellation never overtakes its invitation. Two queries.
    """
    token = uuid4()
    with connection.cursor() as cursor:
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
    claimed = Notice.objects.raw(
        """
        WITH due AS (
          SELECT id FROM foundation_notice n
          WHERE due_at <= %(now)s AND (state = 'queued' OR (state = 'sending' AND lease_until < %(now)s))
            AND NOT EXISTS (
              SELECT 1 FROM foundation_notice o
              WHERE o.subject_kind = n.subject_kind AND o.subject_id = n.subject_id AND o.recipient_email = n.recipient_email
                AND o.state = 'sending' AND o.lease_until >= %(now)s AND o.id <> n.id
            )
          ORDER BY due_at, id LIMIT %(limit)s FOR UPDATE OF n SKIP LOCKED
        )
        UPDATE foundation_notice n SET takeovers = n.takeovers + CASE WHEN n.state = 'sending' THEN 1 ELSE 0 END,
          state = 'sending', lease_until = %(lease)s, lease_token = %(token)s, attempts = n.attempts + 1
        FROM due WHERE n.id = due.id RETURNING n.*
        """,
        {"now": now, "limit": limit, "lease": now + LEASE, "token": token},
    )
    return sorted(claimed, key=lambda notice: (notice.due_at, notice.pk))


@dataclass(frozen=True)
class Ready:
    """A claimed notice that passed its re-check, its bytes kept, the links still to put in."""

    notice: Notice
    message: bytes
    link: str
    stop_link: str
    checked_at: float


def deliver(notice: Notice, post: mail.Post, *, now: datetime) -> str:
    """Takes one claimed notice to its end or its next try, and returns the state it is left in."""
    states: list[str] = []
    with _Sent() as sent:
        for ready in _prepared([notice], now=now, states=states):
            states.append(_send(ready, post, sent, now=now)[0])
    return states[0]


def _prepared(claimed: list[Notice], *, now: datetime, states: list[str]) -> list[Ready]:
    """Those of the claimed notices that are to be sent, checked, rendered and kept; what became of the others goes to `states`.

    A notice that cannot be rendered fails alone, with its reason. A query for the stopped addresses, one to keep the bytes, and those
    of each kind: with `gather` a few for all its notices.
    """
    checked_at = time.monotonic()
    stopped = _stopped_among(claimed)
    _gather(claimed)
    ready: list[Ready] = []
    fresh: list[Notice] = []
    # One language and zone after the other: turning them on costs more than a short mail.
    for (language, zone), group in groupby(sorted(claimed, key=_tongue), key=_tongue):
        with translation.override(language), timezone.override(zone):
            for notice in group:
                is_new = notice.message is None
                made = _prepare(notice, now, is_stopped=notice.pk in stopped, states=states)
                if made is not None:
                    ready.append(Ready(notice, *made, checked_at))
                    fresh += [notice] if is_new else []
    _keep(fresh)
    return sorted(ready, key=lambda one: (one.notice.due_at, one.notice.pk))


def _tongue(notice: Notice) -> tuple[str, str]:
    return notice.recipient_language, notice.recipient_time_zone


def _gather(notices: list[Notice]) -> None:
    """Lets each kind fetch in a few queries what its notices of this batch need; one that fails leaves them to fetch alone."""
    together: dict[notice_kinds.Gather, list[Notice]] = {}
    for notice in notices:
        if gather := notice_kinds.gather_of(notice.kind):
            together.setdefault(gather, []).append(notice)
    for gather, group in together.items():
        try:
            gather(group)
        except Exception:
            logger.exception("what %s notices need cannot be fetched together", len(group))
            for notice in group:
                notice.gathered = None


def _prepare(notice: Notice, now: datetime, *, is_stopped: bool, states: list[str]) -> tuple[bytes, str, str] | None:
    """The mail and its two links, in the language and zone that are on, or None with what became of the notice in `states`."""
    try:
        if refusal := _not_to_send(notice, now, is_stopped=is_stopped):
            states.append(_settle(notice, *refusal, now=now))
        elif (opens := _waits_until(notice, now)) is not None:
            states.append(_wait(notice, opens))
        else:
            return _rendered(notice, now)
    except mail.Rejected as no:
        states.append(_settle(notice, NoticeState.FAILED, no.reason, now=now))
    except Exception as error:
        # A poisoned row must not stop the drain; the traceback is for the operator, the row for people.
        logger.exception("notice %s cannot be made", notice.id)
        sentence = _("This mail could not be made: %(what)s.") % {"what": type(error).__name__}
        states.append(_settle(notice, NoticeState.FAILED, sentence, now=now))
    return None


class _Sent:
    """What the server accepted and the database does not know yet: written down together, RECORD_WITHIN_SECONDS after the last record.

    So a process that dies leaves at most the mails of so short a time to be sent a second time: one, wherever a server takes longer
    than that for a mail.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[Notice, datetime]] = []
        self._since = time.monotonic()

    def __enter__(self) -> "_Sent":
        return self

    def __exit__(self, *details: object) -> None:
        self.record()

    def add(self, notice: Notice, now: datetime) -> None:
        """The server accepted this one. At most one query."""
        self._waiting.append((notice, now))
        if time.monotonic() - self._since >= RECORD_WITHIN_SECONDS:
            self.record()

    def record(self) -> None:
        """Writes down what waits, but for notices whose lease was taken over meanwhile. One query.

        A database that is being restarted is waited for: what was accepted and not recorded would go out a second time.
        """
        waiting, self._waiting, self._since = self._waiting, [], time.monotonic()
        pause, ends = 0.2, time.monotonic() + RECORD_INSISTS_SECONDS
        while waiting:
            try:
                self._write(waiting)
                break
            except (OperationalError, InterfaceError):
                if connection.in_atomic_block or time.monotonic() > ends:
                    raise
                connection.close()
                time.sleep(pause)
                pause = min(2 * pause, 5.0)

    def _write(self, waiting: list[tuple[Notice, datetime]]) -> None:
        rows = ", ".join(["(%s::uuid, %s::uuid, %s::timestamptz)"] * len(waiting))
        values = [value for notice, at in waiting for value in (notice.pk, notice.lease_token, at)]
        with connection.cursor() as cursor:
            cursor.execute(
                # A power cut of the database may forget the last half second of these records, and then only sends the same bytes
                # again; waiting for the disk at each would halve the rate.
                "SET LOCAL synchronous_commit TO off; "  # noqa: S608 - placeholders only
                "UPDATE foundation_notice n SET state = 'sent', reason = '', lease_until = NULL, lease_token = NULL, "
                f"settled_at = v.at, sent_at = v.at FROM (VALUES {rows}) AS v(id, token, at) "
                "WHERE n.id = v.id AND n.lease_token = v.token",
                values,
            )


def _send(ready: Ready, post: mail.Post, sent: _Sent, *, now: datetime) -> tuple[str, bool]:
    """Sends one and records it: the state it is left in, and whether the server is away for all of them."""
    notice = ready.notice
    if time.monotonic() - ready.checked_at > CHECK_HOLDS_SECONDS:
        stopped = bool(_stopped_among([notice]))
        notice.gathered = None
        with translation.override(notice.recipient_language):
            refusal = _not_to_send(notice, now, is_stopped=stopped)
        if refusal:
            return _settle(notice, *refusal, now=now), False
    try:
        post.send(
            to_email=notice.recipient_email,
            message=mail.with_links(ready.message, link=ready.link, stop_link=ready.stop_link),
            return_path=return_paths.address_for(return_paths.BOUNCE, notice.pk),
        )
    except mail.Rejected as no:
        return _settle(notice, NoticeState.FAILED, no.reason, now=now), False
    except mail.Deferred as not_now:
        return _try_again(notice, not_now.reason, now=now), not_now.is_away
    sent.add(notice, now)
    return NoticeState.SENT, False


def _keep(notices: list[Notice]) -> None:
    """The rendered bytes, before anything is sent. One query, whatever their number."""
    if not notices:
        return
    values: list[Any] = []
    for notice in notices:
        values += [notice.pk, notice.message, notice.subject_line]
    rows = ", ".join(["(%s::uuid, %s::bytea, %s)"] * len(notices))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE foundation_notice n SET message = v.message, subject_line = v.subject_line "  # noqa: S608 - placeholders only
            f"FROM (VALUES {rows}) AS v(id, message, subject_line) WHERE n.id = v.id AND n.lease_token = %s",
            [*values, notices[0].lease_token],
        )


def _stopped_among(notices: list[Notice]) -> set[UUID]:
    """Those whose address was stopped, for their programme or for all. One query, none when no kind heeds it."""
    heeding = [notice for notice in notices if notice_kinds.heeds_suppression(notice.kind)]
    found = live_stops({address_key(notice.recipient_email) for notice in heeding})
    return {
        notice.pk
        for notice in heeding
        if {(key := address_key(notice.recipient_email), notice.programme_id), (key, None)} & found
    }


def _not_to_send(notice: Notice, now: datetime, *, is_stopped: bool) -> tuple[str, str] | None:
    """The re-check at the last moment: (state, reason) when the notice no longer makes sense."""
    if notice.not_after is not None and now >= notice.not_after:
        return NoticeState.MISSED, _("Its moment had passed before it could be sent.")
    kind = notice_kinds.get(notice.kind)
    if not notice.recipient_email:
        return NoticeState.SKIPPED, _("Its recipient asked to be erased.")
    if is_stopped:
        return NoticeState.SKIPPED, _("This address asked not to be written to.")
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


def draft_of(notice: Notice, now: datetime) -> Draft:
    """The words of the mail in the recipient's language and zone; what its kind queries. Raises what the kind raises."""
    with translation.override(notice.recipient_language), timezone.override(notice.recipient_time_zone):
        return notice_kinds.get(notice.kind).render(notice, now)


def _rendered(notice: Notice, now: datetime) -> tuple[bytes, str, str]:
    """The mail, rendered at the first try and the same ever after, with the links that go in while sending."""
    draft = notice_kinds.get(notice.kind).render(notice, now)
    if notice.message is None:
        notice.message = mail.build(
            draft,
            to_name=notice.recipient_name,
            to_email=notice.recipient_email,
            message_id=notice.message_id,
            at=now,
            reply_to=return_paths.address_for(return_paths.REPLY, notice.pk),
            # A mail stops mail to buyers only (a sender is easily forged); our own people have the link.
            stop_mail=return_paths.address_for(return_paths.STOP, notice.pk)
            if notice.recipient_kind == RecipientKind.CONTACT
            else "",
        )
        notice.subject_line = draft.subject[:250]
    link = draft.link() if draft.link else ""
    return bytes(notice.message), link, draft.stop_link() if draft.stop_link else ""


def _settle(notice: Notice, state: str, reason: str, *, now: datetime) -> str:
    """Records the end of a notice, unless its lease was taken over meanwhile. One query, committed before the next mail."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE foundation_notice SET state = %s, reason = %s, lease_until = NULL, lease_token = NULL, settled_at = %s, sent_at = %s "
            "WHERE id = %s AND lease_token = %s",
            [state, reason[:500], now, now if state == NoticeState.SENT else None, notice.pk, notice.lease_token],
        )
    return state


def _give_back(notices: list[Notice]) -> None:
    """Puts claimed notices back as they were: nothing was tried with them. One query."""
    for_these = Notice.objects.filter(pk__in=[notice.pk for notice in notices], state=NoticeState.SENDING)
    if notices:
        for_these.filter(lease_token=notices[0].lease_token).update(
            state=NoticeState.QUEUED, lease_until=None, lease_token=None, attempts=F("attempts") - 1
        )


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

    Safe in any number of processes at once: claim a batch, check and render it, then send and record one by one, over one connection.
    While the server is away one notice is tried and the rest of the batch is put back. No batch outlives half its lease.
    """
    states: list[str] = []
    taken = 0
    with mail.Post() as post:
        while taken < most:
            begun, started = clock.now(), time.monotonic()
            claimed = claim_due(now=begun, limit=min(BATCH, most - taken))
            if not claimed:
                break
            taken += len(claimed)
            waiting = _prepared(claimed, now=begun, states=states)
            is_away = False
            with _Sent() as sent:
                while waiting and not is_away:
                    now = begun + timedelta(seconds=time.monotonic() - started)
                    if now - begun > LEASE / 2:
                        break
                    state, is_away = _send(waiting.pop(0), post, sent, now=now)
                    states.append(state)
            _give_back([ready.notice for ready in waiting])
            if is_away:
                break
    return dict(Counter(states))


def is_suppressed(address: str, programme_id: UUID | None) -> bool:
    """Whether mail to the address was stopped for this programme or for the whole installation. One query."""
    return any(programme in (programme_id, None) for _key, programme in live_stops({address_key(address)}))


def record_tick(job: str, now: datetime) -> None:
    """Remembers that a recurring job ran; the health page reads it. One query."""
    Tick.objects.update_or_create(job=job, defaults={"ran_at": now})
