"""What stands only until the release: changes that can be undone, and releases prepared for the next batch."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Programme
from debriefs.calls.models import Debrief


class Change(models.TextChoices):
    """What was done to a finding."""

    ADDED = "added", _("added")
    CHANGED = "changed", _("changed")
    RECODED = "recoded", _("recoded")
    FOLDED = "folded", _("joined with another")
    MASKED = "masked", _("words for the release set")
    DECIDED = "decided", _("marked as what decided")
    REMOVED = "removed", _("removed")


class FindingChange(models.Model):
    """One finding before and after one act, so that its reviewer can undo it; the rows of an act share `act`.

    `before` and `after` are the finding's facts, null where it was not there. They hold raw words: the release deletes them.
    """

    # In the order in which things were done, whatever the clock says.
    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    debrief = models.ForeignKey(Debrief, on_delete=models.CASCADE, related_name="+")
    act = models.UUIDField()
    kind = models.CharField(max_length=8, choices=Change.choices)
    finding_id = models.UUIDField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["act", "finding_id"], name="finding_change_once_per_act"),
            models.CheckConstraint(
                condition=Q(before__isnull=False) | Q(after__isnull=False), name="finding_change_of_something"
            ),
        ]
        indexes = [models.Index(fields=["programme", "debrief", "-id"], name="finding_change_newest")]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.kind}"


class PreparedRelease(models.Model):
    """A reviewed debrief whose story is written and that waits to be released together with others.

    Taken out, it waits for no batch; what was written stays for whoever releases the debrief later.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    debrief = models.OneToOneField(Debrief, on_delete=models.CASCADE, related_name="prepared_release")
    summary = models.TextField(blank=True, max_length=10_000)
    timeline = models.TextField(blank=True, max_length=10_000)
    suggests = models.TextField(blank=True, max_length=4_000)
    # A person looked at the words of exactly this story which are also names.
    words_confirmed = models.BooleanField(default=False)
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    taken_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["prepared_at", "id"]

    def __str__(self) -> str:
        return str(self.debrief_id)

    @property
    def story(self) -> tuple[str, str, str]:
        """What was written, as `plan.Story`."""
        return self.summary, self.timeline, self.suggests
