"""Quotes: the buyer's words as the buyer approved them for use, and where they were used."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Programme
from debriefs.calls.models import Debrief
from debriefs.deals.models import Contact
from debriefs.interviews.enums import QuoteLevel


class QuoteState(models.TextChoices):
    """How a quote stands; worked out from its dates, never stored."""

    PROPOSED = "proposed", _("Proposed")
    ASKED = "asked", _("The buyer is asked")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


class Quote(models.Model):
    """Words out of a released remark, for use outside the debrief at `level`.

    `words` are frozen: as proposed until the buyer answers, then exactly as the buyer approved them. Whether a quote may be used
    is the rule of `quote_queries.usable_quotes`, which also asks the permission of the debrief and the release.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    debrief = models.ForeignKey(Debrief, on_delete=models.PROTECT, related_name="quotes")
    release = models.ForeignKey("findings.Release", on_delete=models.PROTECT, related_name="quotes")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(max_length=2_000)
    proposed_words = models.TextField(max_length=2_000)
    source = models.CharField(max_length=200)
    level = models.CharField(max_length=12, choices=QuoteLevel.choices)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approver_name = models.CharField(max_length=200, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdraw_reason = models.CharField(max_length=300, blank=True)
    # The buyer wants the words themselves closed: no release shows them, also none that is made later.
    words_closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(words="") & ~Q(proposed_words=""), name="quote_not_empty"),
            models.CheckConstraint(condition=~Q(level=QuoteLevel.NONE), name="quote_has_level"),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True)
                | Q(asked_at__isnull=False, expires_on__isnull=False) & ~Q(approver_name=""),
                name="quote_approved_by_whom_until_when",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(declined_at__isnull=True), name="quote_one_answer"
            ),
        ]
        indexes = [models.Index(fields=["programme", "-proposed_at"], name="quote_programme_from")]

    def __str__(self) -> str:
        return self.words

    def state(self, today: date) -> QuoteState:
        """How it stands on the day."""
        if self.withdrawn_at is not None:
            return QuoteState.WITHDRAWN
        if self.declined_at is not None:
            return QuoteState.DECLINED
        if self.approved_at is not None:
            is_over = self.expires_on is not None and self.expires_on <= today
            return QuoteState.EXPIRED if is_over else QuoteState.APPROVED
        return QuoteState.ASKED if self.asked_at is not None else QuoteState.PROPOSED


class QuoteUse(models.Model):
    """One place where a quote was used."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="uses")
    place = models.CharField(max_length=300)
    used_on = models.DateField()
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-used_on", "-noted_at"]
        constraints = [models.CheckConstraint(condition=~Q(place=""), name="quote_use_has_place")]

    def __str__(self) -> str:
        return self.place
