"""What was noted in an interview. Raw text: read by interviewer, assigned reviewer and programme manager only, each reading logged."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import Person, Programme
from debriefs.calls.models import Debrief
from debriefs.codebook.enums import Direction, Strength
from debriefs.codebook.models import Driver
from debriefs.deals.models import Competitor
from debriefs.guides.models import GuideVersion, Question
from debriefs.interviews.choosing import LONGEST_MARK, words_of
from debriefs.interviews.enums import AnswerState, PermissionKind, QuoteLevel, SheetKind
from debriefs.interviews.transcript_models import Transcript, TranscriptPassage
from debriefs.interviews.write_up_models import (
    CompetitorStanding,
    Disclosure,
    NeedAssessment,
    RecordCheck,
    StatedReason,
    WriteUp,
    WriteUpRevision,
)

__all__ = [
    "Answer", "AnswerRevision", "AnswerSheet", "CompetitorStanding", "Disclosure", "NeedAssessment", "PermissionGiven", "RecordCheck",
    "ProbeUse", "Rehearsal", "StatedReason", "Tag", "Transcript", "TranscriptPassage", "Verbatim", "WriteUp", "WriteUpRevision",
]  # fmt: skip


class Rehearsal(models.Model):
    """A practice run of a guide version by one Person; counted nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="rehearsals")
    guide_version = models.ForeignKey(GuideVersion, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Rehearsal of {self.guide_version}"


class AnswerSheet(models.Model):
    """The answers of one debrief in one channel, or of one rehearsal: exactly one of the two."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    debrief = models.ForeignKey(Debrief, on_delete=models.PROTECT, null=True, blank=True, related_name="answer_sheets")
    rehearsal = models.OneToOneField(
        Rehearsal, on_delete=models.CASCADE, null=True, blank=True, related_name="answer_sheet"
    )
    kind = models.CharField(max_length=8, choices=SheetKind.choices, default=SheetKind.CALL)
    opened_at = models.DateTimeField()
    consent_at = models.DateTimeField(null=True, blank=True)
    # How the buyer agreed, in the words used; and who took part, as the interviewer wrote it down.
    consent_words = models.CharField(max_length=500, blank=True)
    on_the_call = models.CharField(max_length=500, blank=True)
    # A call's notes: handed in with the write-up. A written debrief: sent by the buyer.
    submitted_at = models.DateTimeField(null=True, blank=True)
    # Since when the buyer lets the interviewer read a written debrief that is not sent yet; nobody reads along without it.
    shared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(shared_at__isnull=True) | Q(kind=SheetKind.WRITTEN), name="answer_sheet_shared_if_written"
            ),
            models.CheckConstraint(
                condition=Q(debrief__isnull=False, rehearsal__isnull=True)
                | Q(debrief__isnull=True, rehearsal__isnull=False),
                name="answer_sheet_belongs_to_one",
            ),
            models.UniqueConstraint(fields=["debrief", "kind"], name="answer_sheet_one_per_kind"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Answer(models.Model):
    """What was noted under one question, with the question's text as it was asked.

    `revision` rises with every save; a save that names an older one is refused and both texts are shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    sheet = models.ForeignKey(AnswerSheet, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    question_key = models.SlugField(max_length=60)
    question_text = models.CharField(max_length=500)
    text = models.TextField(blank=True)
    # What was chosen, for questions that are not open; marks as in rules.options_of, a rating as "us:4".
    chosen = ArrayField(models.CharField(max_length=LONGEST_MARK), default=list, blank=True)
    state = models.CharField(max_length=12, choices=AnswerState.choices, default=AnswerState.EMPTY)
    # Set when the write-up is handed in: the answers given led past this question. Kept, and counted nowhere.
    is_off_path = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "question"], name="answer_once")]

    def __str__(self) -> str:
        return self.question_text

    @property
    def chosen_words(self) -> list[str]:
        """What was chosen, as it is read."""
        return [words_of(mark) for mark in self.chosen]


class AnswerRevision(models.Model):
    """One saved state of an answer, kept for good; `operation` makes the same save sent twice count once.

    `was_refused` marks the text of a stale save: it did not become the answer, and it is not lost either.
    """

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="revisions")
    operation = models.UUIDField(unique=True)
    base_revision = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    chosen = ArrayField(models.CharField(max_length=LONGEST_MARK), default=list, blank=True)
    state = models.CharField(max_length=12, choices=AnswerState.choices)
    was_refused = models.BooleanField(default=False)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["answer", "id"], name="answer_revision_answer")]


class Verbatim(models.Model):
    """The buyer's own words within an answer, with enough around them to find them again when the note changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="verbatims")
    # Where the words stand in the transcript and not in the note; the place is then within the passage.
    passage = models.ForeignKey(
        TranscriptPassage, on_delete=models.PROTECT, null=True, blank=True, related_name="verbatims"
    )
    text = models.TextField(max_length=4_000)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    starts = models.PositiveIntegerField(default=0)
    ends = models.PositiveIntegerField(default=0)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["answer__question__position", "starts"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="verbatim_not_empty"),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="verbatim_end_after_start"),
        ]

    def __str__(self) -> str:
        return self.text


class Tag(models.Model):
    """A driver the interviewer heard in an answer. Always with its evidence: a verbatim or a note."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="tags")
    driver = models.ForeignKey(Driver, on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(max_length=12, choices=Direction.choices)
    strength = models.PositiveSmallIntegerField(choices=Strength.choices, default=Strength.CLEARLY)
    verbatim = models.ForeignKey(Verbatim, on_delete=models.CASCADE, null=True, blank=True, related_name="tags")
    note = models.TextField(blank=True, max_length=4_000)
    competitor = models.ForeignKey(Competitor, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    tagged_at = models.DateTimeField()
    tagged_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["answer__question__position", "tagged_at"]
        constraints = [
            models.CheckConstraint(condition=Q(verbatim__isnull=False) | ~Q(note=""), name="tag_has_evidence"),
            models.CheckConstraint(condition=Q(strength__gte=1, strength__lte=3), name="tag_strength_range"),
        ]

    def __str__(self) -> str:
        return f"{self.driver} {self.direction}"


class ProbeUse(models.Model):
    """A probe that was asked under a question, as it was worded; `key` is the guide's probe, or "kind:place" of a vague answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="probe_uses")
    key = models.CharField(max_length=60)
    text = models.CharField(max_length=500)
    used_at = models.DateTimeField()
    used_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["used_at"]
        constraints = [models.UniqueConstraint(fields=["answer", "key"], name="probe_use_once")]

    def __str__(self) -> str:
        return self.text


class PermissionGiven(models.Model):
    """What the buyer permits, as said last; asked and refused is a row too, never asked is none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    debrief = models.ForeignKey(Debrief, on_delete=models.CASCADE, related_name="permissions_given")
    kind = models.CharField(max_length=16, choices=PermissionKind.choices)
    given = models.BooleanField()
    quote_level = models.CharField(max_length=12, choices=QuoteLevel.choices, blank=True)
    said_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["debrief", "kind"], name="permission_once"),
            models.CheckConstraint(
                condition=(Q(kind=PermissionKind.QUOTE) & ~Q(quote_level=""))
                | (~Q(kind=PermissionKind.QUOTE) & Q(quote_level="")),
                name="permission_level_for_quote_only",
            ),
        ]

    def __str__(self) -> str:
        return self.kind
