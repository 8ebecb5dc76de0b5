"""What the buyer needed, as the sale uncovered it."""

import uuid

from django.db import models
from django.db.models import Q

from debriefs.deals.enums import NeedWeight


class Need(models.Model):
    """One need of the buyer: must or should, at its place among the deal's needs. What it said before is in the deal's history."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    deal = models.ForeignKey("deals.Deal", on_delete=models.CASCADE, related_name="needs")
    text = models.CharField(max_length=300)
    weight = models.CharField(max_length=8, choices=NeedWeight.choices, default=NeedWeight.MUST)
    position = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField(default=1)
    noted_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            # Checked when the transaction ends, so that two can change places.
            models.UniqueConstraint(
                fields=["deal", "position"], name="need_one_place", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=~Q(text=""), name="need_says_something"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def reads(self) -> str:
        """As the history tells it: "Must: rotas on the phone"."""
        return f"{self.get_weight_display()}: {self.text}"
