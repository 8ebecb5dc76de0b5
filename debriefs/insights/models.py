"""What insights keep: the closed quarters' snapshots, notes on the trend, and saved views."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.models import Person, Programme
from debriefs.insights.enums import Digest


class QuarterSnapshot(models.Model):
    """A closed quarter as readers without record access see it, taken once and never changed.

    `smallest_group` is the programme's k when it was taken; where the programme asks for more later, the snapshot is no longer shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    smallest_group = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "year", "number"], name="snapshot_once_per_quarter"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=4), name="snapshot_quarter_range"),
        ]

    def __str__(self) -> str:
        return f"Q{self.number} {self.year}"


class SnapshotFigure(models.Model):
    """One figure of a snapshot that may be shown: k of n, for drivers helped and hurt. What may not be shown has no row."""

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    snapshot = models.ForeignKey(QuarterSnapshot, on_delete=models.CASCADE, related_name="figures")
    # What the quarter is divided by, and the group of that division; both empty for the whole quarter.
    dimension = models.CharField(max_length=12, blank=True)
    group = models.CharField(max_length=400, blank=True)
    measure = models.CharField(max_length=12)
    subject = models.CharField(max_length=120, blank=True)
    k = models.PositiveIntegerField()
    hurt = models.PositiveIntegerField(default=0)
    n = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "dimension", "group", "measure", "subject"], name="snapshot_figure_once"
            ),
            models.CheckConstraint(condition=Q(k__lte=F("n"), hurt__lte=F("n")), name="snapshot_figure_part_of_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.subject}"


class Annotation(models.Model):
    """A note at a day of the trend: what else changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    text = models.CharField(max_length=160)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-on", "id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="annotation_says_something")]

    def __str__(self) -> str:
        return self.text


class FigureView(models.Model):
    """A page of figures with its filters that a person named: the address, and nothing of what it showed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="figure_views")
    name = models.CharField(max_length=60)
    page = models.CharField(max_length=20)
    query = models.CharField(max_length=1_000, blank=True)
    saved_at = models.DateTimeField()
    # How often it comes by mail, and since when; empty for never.
    digest = models.CharField(max_length=8, choices=Digest.choices, blank=True)
    digest_since = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("person", Lower("name"), name="figure_view_one_name"),
            models.CheckConstraint(
                condition=Q(digest="", digest_since__isnull=True) | (~Q(digest="") & Q(digest_since__isnull=False)),
                name="figure_view_digest_since",
            ),
        ]

    def __str__(self) -> str:
        return self.name
