"""What a release says of our record: how each field stood against the buyer's words, and how each need was met."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models import Programme
from debriefs.interviews.enums import NeedOutcome, RecordField, Verdict


class ReleasedCheck(models.Model):
    """One field of the sales record as the write-up judged it: the verdict alone, never a note or the record's own words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    release = models.ForeignKey("findings.Release", on_delete=models.CASCADE, related_name="checks")
    field = models.CharField(max_length=20, choices=RecordField.choices)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "field"], name="released_check_once")]

    def __str__(self) -> str:
        return f"{self.field}: {self.verdict}"


class ReleasedNeed(models.Model):
    """One need and how it was met; `text` is empty where it carries a name, and is then not shown."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    release = models.ForeignKey("findings.Release", on_delete=models.CASCADE, related_name="needs")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300, blank=True)
    weight = models.CharField(max_length=8, blank=True)
    outcome = models.CharField(max_length=12, choices=NeedOutcome.choices)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["release", "position"], name="released_need_one_place"),
            models.CheckConstraint(condition=Q(outcome__in=NeedOutcome.values), name="released_need_known_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.text}: {self.outcome}"

    @property
    def is_gap(self) -> bool:
        """Whether the buyer missed something there: partly met, not met, or existed but was not shown."""
        return self.outcome != NeedOutcome.MET
