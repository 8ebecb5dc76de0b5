"""Tables of the lowest room. They name programmes, people and subjects by kind and UUID, never by a foreign key upwards."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q

from debriefs.foundation import notice_kinds
from debriefs.foundation.enums import ActorKind, NoticeState, ReceivedKind, RecipientKind


class ClockOffset(models.Model):
    """Seconds by which the clock runs ahead: one row, written by tests and simulations only."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seconds = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="clock_one_offset")]


class AuditEntry(models.Model):
    """Who did what to which object, when, from where. The application's role can add rows and neither change nor remove them.

    `detail` holds ids, states and numbers, never names or texts that a person wrote.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    programme_id = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=12, choices=ActorKind.choices)
    actor_id = models.UUIDField(null=True)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)
    from_address = models.GenericIPAddressField(null=True)
    request_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["programme_id", "-at"], name="audit_programme_at"),
            models.Index(fields=["subject_kind", "subject_id", "at"], name="audit_subject_at"),
        ]


class Notice(models.Model):
    """One e-mail owed to one person: what, to whom, due when, and what became of it.

    Written in the transaction of the fact it announces; delivered by `foundation.outbox`. The recipient is a snapshot, so
    that the row stays readable when the person is renamed; erasure empties it. `message` is kept once rendered, with a
    placeholder where a personal link stands, so that a repeat has identical bytes and the same Message-ID.
    """

    # What its kind fetched for it together with others of a batch (notice_kinds.NoticeKind); no column.
    gathered: Any = None

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    recipient_kind = models.CharField(max_length=12, choices=RecipientKind.choices)
    recipient_id = models.UUIDField(null=True)
    recipient_name = models.CharField(max_length=200, blank=True)
    recipient_email = models.CharField(max_length=254)
    recipient_language = models.CharField(max_length=10, default="en")
    recipient_time_zone = models.CharField(max_length=64, default="UTC")
    context = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    not_after = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=NoticeState.choices, default=NoticeState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    takeovers = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    message_id = models.CharField(max_length=200)
    subject_line = models.CharField(max_length=250, blank=True)
    message = models.BinaryField(null=True)
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    # A delivery report said so after the server had accepted it.
    returned_at = models.DateTimeField(null=True)
    returned_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            # The drain's index: only what can still go out, so it stays small with millions of sent rows.
            models.Index(
                fields=["due_at", "id"],
                name="notice_due",
                condition=Q(state__in=[NoticeState.QUEUED, NoticeState.SENDING]),
            ),
            models.Index(fields=["subject_kind", "subject_id", "due_at"], name="notice_subject"),
            models.Index(fields=["programme_id", "state", "-due_at"], name="notice_programme_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=NoticeState.SENDING, lease_until__isnull=False, lease_token__isnull=False)
                | (~Q(state=NoticeState.SENDING) & Q(lease_until__isnull=True)),
                name="notice_lease_while_sending",
            ),
            models.CheckConstraint(
                condition=Q(not_after__isnull=True) | Q(not_after__gt=F("due_at")), name="notice_not_after_due"
            ),
            models.CheckConstraint(
                condition=~Q(state=NoticeState.SENT) | Q(sent_at__isnull=False), name="notice_sent_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def kind_label(self) -> str:
        """What people call this kind of mail."""
        return str(notice_kinds.label(self.kind))


class ReceivedMail(models.Model):
    """One mail that came in: what it was, what it belongs to, and its bytes up to a limit.

    `digest` is the SHA-256 of the bytes read, so that the same mail handed over twice is one row. `facts` holds what the kind
    needs to be told: an answer's UID, sequence and times, a report's status. `text` is the new text above the quoted history.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    received_at = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True)
    raw = models.BinaryField()
    size = models.PositiveBigIntegerField()
    is_cut = models.BooleanField(default=False)
    kind = models.CharField(max_length=20, choices=ReceivedKind.choices)
    from_address = models.CharField(max_length=254, blank=True)
    subject_line = models.CharField(max_length=250, blank=True)
    text = models.TextField(max_length=20_000, blank=True)
    facts = models.JSONField(default=dict)
    notice_id = models.UUIDField(null=True)
    programme_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-received_at"], name="received_subject"),
            models.Index(fields=["programme_id", "-received_at"], name="received_programme"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class MailboxPosition(models.Model):
    """How far an IMAP folder was read: every message up to `last_uid` of this numbering is a ReceivedMail."""

    mailbox = models.CharField(max_length=200, primary_key=True)
    uid_validity = models.PositiveBigIntegerField(default=0)
    last_uid = models.PositiveBigIntegerField(default=0)
    read_at = models.DateTimeField()


class Suppression(models.Model):
    """A wish that no mail goes to an address: for one programme, or (no programme) for all on this installation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme_id = models.UUIDField(null=True)
    address_key = models.CharField(max_length=254)
    reason = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["programme_id", "address_key"],
                condition=Q(lifted_at__isnull=True),
                nulls_distinct=False,
                name="suppression_one_live",
            )
        ]
        indexes = [models.Index(fields=["address_key"], name="suppression_address")]


class RateBucket(models.Model):
    """How often a key was used in the window that began at `started_at`. In Postgres, so that Redis down changes nothing."""

    key = models.CharField(max_length=120, primary_key=True)
    started_at = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)


class Tick(models.Model):
    """When a recurring job last ran: the watchdog of the health page."""

    job = models.CharField(max_length=60, primary_key=True)
    ran_at = models.DateTimeField()
