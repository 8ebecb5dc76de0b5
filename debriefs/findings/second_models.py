"""Coding by two people who know nothing of each other, and what they agree on, kept apart from both."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Programme
from debriefs.calls.models import Debrief
from debriefs.codebook.enums import Direction, Strength
from debriefs.codebook.models import Driver


class Side(models.TextChoices):
    """Whose coding a unit belongs to."""

    FIRST = "first", _("First coder")
    SECOND = "second", _("Second coder")
    CONSENSUS = "consensus", _("Consensus")
    LEFT = "left", _("A second coder who left before the hand-in")


class SecondCoding(models.Model):
    """A debrief that the rule chose to be coded a second time, and how far that has come.

    The first coder's findings are copied when the review is done (`first_kept_at`), so that nothing learned from the
    comparison can change what is compared.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    debrief = models.OneToOneField(Debrief, on_delete=models.PROTECT, related_name="second_coding")
    share_percent = models.PositiveSmallIntegerField()
    chosen_at = models.DateTimeField()
    coder = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    begun_at = models.DateTimeField(null=True, blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    first_kept_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(coder__isnull=True, begun_at__isnull=True) | Q(coder__isnull=False, begun_at__isnull=False),
                name="second_coding_begun_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(handed_in_at__isnull=True) | Q(begun_at__isnull=False),
                name="second_coding_begun_before_handed_in",
            ),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True) | Q(handed_in_at__isnull=False, first_kept_at__isnull=False),
                name="second_coding_agreed_after_both",
            ),
        ]

    def __str__(self) -> str:
        return str(self.debrief_id)

    @property
    def is_comparable(self) -> bool:
        """Whether both codings are closed, so that they may be seen side by side."""
        return self.handed_in_at is not None and self.first_kept_at is not None


class CodedUnit(models.Model):
    """One driver that one side found in the debrief, with its evidence."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    coding = models.ForeignKey(SecondCoding, on_delete=models.CASCADE, related_name="units")
    side = models.CharField(max_length=10, choices=Side.choices)
    driver = models.ForeignKey(Driver, on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(max_length=12, choices=Direction.choices)
    strength = models.PositiveSmallIntegerField(choices=Strength.choices, default=Strength.CLEARLY)
    is_primary = models.BooleanField(default=False)
    verbatim = models.TextField(blank=True, max_length=4_000)
    note = models.TextField(blank=True, max_length=4_000)
    coded_at = models.DateTimeField()
    coded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-is_primary", "-strength", "coded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["coding", "side"], condition=Q(is_primary=True), name="coded_unit_one_primary"
            ),
            models.CheckConstraint(condition=~Q(verbatim="", note=""), name="coded_unit_has_evidence"),
            models.CheckConstraint(condition=Q(strength__gte=1, strength__lte=3), name="coded_unit_strength_range"),
        ]

    def __str__(self) -> str:
        return f"{self.driver} {self.direction}"
