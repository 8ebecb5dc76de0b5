"""The programme's own words for its mails."""

import uuid

from django.db import models

from debriefs.foundation.enums import RecipientKind


class NoticeText(models.Model):
    """One version of a mail's words for one kind, audience and language. Rows are added, never changed: the highest version counts.

    `is_delivered` marks the return to the delivered text; such a row holds no words.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    audience = models.CharField(max_length=12, choices=RecipientKind.choices)
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    is_delivered = models.BooleanField(default=False)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(max_length=5_000, blank=True)
    button = models.CharField(max_length=80, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "audience", "language", "version"], name="notice_text_one_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.version}"
