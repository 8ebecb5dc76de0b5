"""Guides, their versions, questions and probes.

A version is published once and never changes: triggers refuse it in the database (migration 0003), to every role but the
owner of the tables.
"""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models import Person, Programme
from debriefs.guides.conditions import Asked, conditions_from
from debriefs.guides.enums import OutcomeGroup, PermissionKind, QuestionKind


def every_permission() -> list[str]:
    """All kinds: what a guide asks unless somebody chose fewer."""
    return list(PermissionKind.values)


class Guide(models.Model):
    """The questions for one or more outcome groups in one language."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="guides")
    name = models.CharField(max_length=120)
    outcome_groups = ArrayField(models.CharField(max_length=16, choices=OutcomeGroup.choices))
    language = models.CharField(max_length=10, default="en")
    expected_minutes = models.PositiveSmallIntegerField(default=30)
    # What the buyer is asked to permit at the end.
    permissions = ArrayField(
        models.CharField(max_length=16, choices=PermissionKind.choices), default=every_permission, blank=True
    )
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("programme", Lower("name"), name="guide_one_name"),
            models.CheckConstraint(condition=Q(outcome_groups__len__gt=0), name="guide_serves_something"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def language_label(self) -> str:
        """Its language, in words."""
        return str(dict(settings.LANGUAGES).get(self.language, self.language))

    @property
    def groups_label(self) -> str:
        """The outcomes it serves, in words."""
        return ", ".join(str(OutcomeGroup(group).label) for group in self.outcome_groups)


class GuideVersion(models.Model):
    """One state of a guide's questions: a draft until `published_at`, frozen from then on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    opening_script = models.TextField(max_length=10_000)
    closing_script = models.TextField(max_length=10_000)
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["guide", "number"], name="guide_version_one_number"),
            models.UniqueConstraint(fields=["guide"], condition=Q(published_at__isnull=True), name="guide_one_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.guide}, version {self.number}"


class Question(models.Model):
    """One question of a version. `key` is stable across versions and guides, so that answers compare."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(GuideVersion, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=80, blank=True)
    text = models.CharField(max_length=500)
    intent = models.CharField(max_length=500, blank=True)
    kind = models.CharField(max_length=16, choices=QuestionKind.choices, default=QuestionKind.OPEN)
    feeds = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    must_ask = models.BooleanField(default=False)
    planned_minutes = models.PositiveSmallIntegerField(default=3)
    fit_for_writing = models.BooleanField(default=True)
    # How the written debrief puts it; empty: in the same words.
    written_text = models.CharField(max_length=500, blank=True)
    choices = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    # conditions.Condition as JSON: on earlier questions of the same version, by key; all have to hold.
    conditions = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="question_one_key"),
            models.UniqueConstraint(
                fields=["version", "position"], name="question_one_position", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def asked(self) -> Asked:
        """What the rules about conditions and choices need of it. No query."""
        return Asked(self.key, self.kind, tuple(self.choices), conditions_from(self.conditions), self.text)


class RetiredQuestion(models.Model):
    """A question of the bank that is offered for drafts no more; where it is asked it stays, and so do its answers."""

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=60)
    retired_at = models.DateTimeField()
    retired_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "key"], name="retired_question_once")]

    def __str__(self) -> str:
        return self.key


class DraftSave(models.Model):
    """What a draft said before a save, so that the save can be taken back; gone with the publishing."""

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(GuideVersion, on_delete=models.CASCADE, related_name="saves")
    content = models.JSONField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]


class Probe(models.Model):
    """A prepared follow-up for a vague answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="probes")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    purpose = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text
