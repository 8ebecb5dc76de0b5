"""Uploads, imports, and what an import could not take or left open."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from debriefs.deals.enums import FACT_NAMES, ConflictChoice, ImportState


class UploadedFile(models.Model):
    """An upload, kept in Postgres so that web and worker need no shared volume. Its bytes are its parts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name


class UploadedPart(models.Model):
    """Some of an upload's bytes. Many small rows, because the driver holds a value several times over while it passes."""

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(UploadedFile, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "position"], name="uploaded_part_once")]

    def __str__(self) -> str:
        return f"{self.file_id}/{self.position}"


class DealImport(models.Model):
    """One run of the importer over one file: how it is read, how far it is, what came of it.

    `rows_done` moves in the transaction that writes the rows, so a killed worker resumes exactly where the data stands.
    `tries` counts how often the chunk that comes next was begun; after MOST_TRIES a person is told instead of another worker.
    `made_people` and `made_teams` are ids: those tables lie in a lower room and cannot point here. `removed` and `restored` count
    the deals that undoing has taken away or put back.
    """

    MOST_TRIES = 3

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(UploadedFile, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=40)
    encoding = models.CharField(max_length=40)
    delimiter = models.CharField(max_length=2)
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    outcomes = models.JSONField(default=dict)
    survey = models.JSONField(default=dict)
    date_order = models.CharField(max_length=3, blank=True)
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.UPLOADED)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    conflicts = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    failure = models.CharField(max_length=500, blank=True)
    made_people = ArrayField(models.UUIDField(), default=list)
    made_teams = ArrayField(models.UUIDField(), default=list)
    undo_asked_at = models.DateTimeField(null=True)
    undo_asked_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    removed = models.PositiveIntegerField(default=0)
    restored = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["programme", "-created_at"], name="import_programme_at")]
        constraints = [
            models.CheckConstraint(condition=Q(rows_done__lte=models.F("rows_total")), name="import_done_within_total")
        ]

    def __str__(self) -> str:
        return str(self.file)

    @property
    def is_live(self) -> bool:
        """Whether a worker has it or will take it up."""
        return self.state in (ImportState.QUEUED, ImportState.RUNNING, ImportState.UNDOING)

    @property
    def can_go_on(self) -> bool:
        """Whether it was given up after too many tries, and nobody has begun to take it back."""
        return self.state == ImportState.FAILED and self.tries >= self.MOST_TRIES and self.undo_asked_at is None

    @property
    def undone_count(self) -> int:
        """How many deals undoing has taken away or put back so far."""
        return self.removed + self.restored

    @property
    def undo_total(self) -> int:
        """How many deals undoing can take away or put back at most."""
        return max(self.created + self.updated, self.undone_count)


class ImportRejection(models.Model):
    """A row the importer could not take, with the row as it was read."""

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    deal_import = models.ForeignKey(DealImport, on_delete=models.CASCADE, related_name="rejections")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=300)
    row = models.JSONField(default=list)

    class Meta:
        ordering = ["line", "id"]


class ImportConflict(models.Model):
    """A fact that a person changed here since the last import and that the file says otherwise: ours stays until somebody chooses.

    One open question per deal and fact; a later import that asks again takes the place of the earlier question. `theirs` is the
    file's value as the history writes it, with the Person where the fact is the owner.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    deal_import = models.ForeignKey(DealImport, on_delete=models.CASCADE, related_name="found_conflicts")
    deal = models.ForeignKey("deals.Deal", on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True)
    field = models.CharField(max_length=60)
    ours = models.TextField(blank=True)
    theirs = models.TextField(blank=True)
    their_person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")
    choice = models.CharField(max_length=12, choices=ConflictChoice.choices, default=ConflictChoice.OPEN)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["line", "field"]
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "field"], condition=Q(choice=ConflictChoice.OPEN), name="import_conflict_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.field}"

    @property
    def field_label(self) -> str:
        """What people call the fact."""
        return str(FACT_NAMES.get(self.field, self.field))
