"""Lessons in the product's form, with the remarks they rest on."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models import Person, Programme
from debriefs.findings.models import Remark
from debriefs.lessons.enums import LessonState


class Lesson(models.Model):
    """When … we … and buyers … From now on …"""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="lessons")
    situation = models.CharField(max_length=300)
    we_did = models.CharField(max_length=300)
    buyers_did = models.CharField(max_length=300)
    from_now_on = models.CharField(max_length=300, blank=True)
    expectation = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="lessons_owned")
    state = models.CharField(max_length=12, choices=LessonState.choices, default=LessonState.OBSERVED)
    in_force_since = models.DateField(null=True, blank=True)
    check_on = models.DateField(null=True, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-written_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=LessonState.IN_FORCE) | Q(in_force_since__isnull=False), name="lesson_in_force_since"
            )
        ]

    def __str__(self) -> str:
        return self.situation


class LessonEvidence(models.Model):
    """A released remark a lesson rests on."""

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="evidence")
    remark = models.ForeignKey(Remark, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "remark"], name="lesson_evidence_once")]
