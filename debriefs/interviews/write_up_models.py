"""The write-up: what the interviewer concludes from a debrief, in typed columns. Documented for readers in docs/write-up.md.

A WriteUp is one version. Once handed in, triggers refuse every change to it and to the rows below it (migration 0006), to the
application's role by page, ORM and SQL alike; a correction is a further version with its reason.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from debriefs.interviews.enums import (
    AwarenessHow,
    CycleTime,
    Decision,
    DisclosureKind,
    KnownBefore,
    NeedOutcome,
    Quality,
    RecordField,
    Said,
    Standing,
    Verdict,
    Wish,
)


class WriteUp(models.Model):
    """One version of a debrief's write-up: a draft until `submitted_at`, frozen from then on. The latest handed in counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    debrief = models.ForeignKey("calls.Debrief", on_delete=models.PROTECT, related_name="write_ups")
    number = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Why a version that was handed in is corrected by this one; empty for the first.
    reason = models.CharField(max_length=300, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        "accounts.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    decision = models.CharField(max_length=12, choices=Decision.choices, blank=True)
    winner = models.ForeignKey("deals.Competitor", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decision_note = models.TextField(blank=True)
    awareness_how = models.CharField(max_length=16, choices=AwarenessHow.choices, blank=True)
    awareness_what = models.TextField(blank=True)
    awareness_from = models.TextField(blank=True)
    process_note = models.TextField(blank=True)
    cycle_time = models.CharField(max_length=12, choices=CycleTime.choices, blank=True)
    cycle_note = models.TextField(blank=True)
    # The buyer's own wish to have the matter looked at again, and whether sales may know of it.
    second_look = models.CharField(max_length=12, choices=Wish.choices, blank=True)
    sales_may_know = models.CharField(max_length=4, choices=Said.choices, blank=True)
    second_look_note = models.TextField(blank=True)
    quality = models.CharField(max_length=12, choices=Quality.choices, blank=True)
    quality_note = models.TextField(blank=True)

    class Meta:
        ordering = ["debrief", "number"]
        constraints = [
            models.UniqueConstraint(fields=["debrief", "number"], name="write_up_one_number"),
            models.UniqueConstraint(
                fields=["debrief"], condition=Q(submitted_at__isnull=True), name="write_up_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(number=1, reason="") | (Q(number__gt=1) & ~Q(reason="")),
                name="write_up_corrected_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(winner__isnull=True) | Q(decision=Decision.COMPETITOR), name="write_up_winner_is_chosen"
            ),
            models.CheckConstraint(
                condition=Q(sales_may_know="") | Q(second_look=Wish.YES), name="write_up_tells_only_a_wish"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.debrief}, {self.number}"


class StatedReason(models.Model):
    """A reason the buyer named, and what lay behind it; `note` in the interviewer's words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    write_up = models.ForeignKey(WriteUp, on_delete=models.CASCADE, related_name="stated_reasons")
    position = models.PositiveSmallIntegerField()
    stated_driver = models.ForeignKey("codebook.Driver", on_delete=models.PROTECT, related_name="+")
    root_driver = models.ForeignKey("codebook.Driver", on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["write_up", "position"], name="stated_reason_once")]

    def __str__(self) -> str:
        return f"{self.stated_driver}: {self.root_driver}"


class RecordCheck(models.Model):
    """How one field of the sales record stands against what the buyer said. Not judged yet: no row, or an empty verdict."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    write_up = models.ForeignKey(WriteUp, on_delete=models.CASCADE, related_name="record_checks")
    field = models.CharField(max_length=20, choices=RecordField.choices)
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["write_up", "field"], name="record_check_once"),
            models.CheckConstraint(condition=Q(field__in=RecordField.values), name="record_check_known_field"),
            models.CheckConstraint(condition=Q(verdict__in=["", *Verdict.values]), name="record_check_known_verdict"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.verdict}"


class NeedAssessment(models.Model):
    """How a need of the buyer was met. `text` is the need as it read then; `need` is empty once the deal lists it no more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    write_up = models.ForeignKey(WriteUp, on_delete=models.CASCADE, related_name="need_assessments")
    need = models.ForeignKey("deals.Need", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    weight = models.CharField(max_length=8, blank=True)
    outcome = models.CharField(max_length=12, choices=NeedOutcome.choices, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["write_up", "position"], name="need_assessment_one_place"),
            models.CheckConstraint(condition=~Q(text=""), name="need_assessment_says_something"),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *NeedOutcome.values]), name="need_assessment_known_outcome"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text}: {self.outcome}"


class CompetitorStanding(models.Model):
    """How we compared with one competitor in the buyer's eyes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    write_up = models.ForeignKey(WriteUp, on_delete=models.CASCADE, related_name="standings")
    competitor = models.ForeignKey("deals.Competitor", on_delete=models.PROTECT, related_name="+")
    standing = models.CharField(max_length=8, choices=Standing.choices, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["write_up", "competitor"], name="competitor_standing_once"),
            models.CheckConstraint(condition=Q(standing__in=["", *Standing.values]), name="competitor_standing_known"),
        ]

    def __str__(self) -> str:
        return f"{self.competitor}: {self.standing}"


class Disclosure(models.Model):
    """What came out only now: a hidden need, a risk nobody spoke of, interests inside the buyer; and whether we knew before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    write_up = models.ForeignKey(WriteUp, on_delete=models.CASCADE, related_name="disclosures")
    kind = models.CharField(max_length=16, choices=DisclosureKind.choices)
    position = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    known_before = models.CharField(max_length=8, choices=KnownBefore.choices, blank=True)

    class Meta:
        ordering = ["kind", "position"]
        constraints = [
            models.UniqueConstraint(fields=["write_up", "kind", "position"], name="disclosure_one_place"),
            models.CheckConstraint(condition=Q(kind__in=DisclosureKind.values), name="disclosure_known_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


class WriteUpRevision(models.Model):
    """One saved state of one part of a write-up, kept for good, as AnswerRevision is for an answer.

    The part's own revision is the highest here that was not refused. `was_refused` marks a text that did not become the part's.
    """

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    write_up = models.ForeignKey(WriteUp, on_delete=models.CASCADE, related_name="revisions")
    part = models.CharField(max_length=60)
    operation = models.UUIDField(unique=True)
    base_revision = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    chosen = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    was_refused = models.BooleanField(default=False)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["write_up", "part", "id"], name="write_up_revision_part")]
