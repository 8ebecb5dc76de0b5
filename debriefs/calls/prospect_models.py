"""What a prospect asks about their own data."""

import uuid

from django.db import models
from django.db.models import F, Q

from debriefs.calls.enums import DataRequestKind


class DataRequest(models.Model):
    """The prospect wants to see what is held about them, or to have it erased. Open until settled or taken back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    debrief = models.ForeignKey("calls.Debrief", on_delete=models.CASCADE, related_name="data_requests")
    contact = models.ForeignKey("deals.Contact", on_delete=models.CASCADE, related_name="data_requests")
    kind = models.CharField(max_length=8, choices=DataRequestKind.choices)
    asked_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(blank=True, max_length=2_000)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "kind"],
                condition=Q(settled_at__isnull=True, taken_back_at__isnull=True),
                name="data_request_one_open",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, answer="")
                | (Q(settled_at__isnull=False, settled_by__isnull=False, taken_back_at__isnull=True) & ~Q(answer="")),
                name="data_request_settled_with_answer",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(settled_at__gte=F("asked_at")),
                name="data_request_settled_after_asked",
            ),
        ]
        indexes = [models.Index(fields=["programme", "-asked_at"], name="data_request_programme")]

    def __str__(self) -> str:
        return self.kind
