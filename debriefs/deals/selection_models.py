"""The rules of selection as they were set, what is excluded, and the decision on each deal."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from debriefs.deals.enums import ExclusionKind, Outcome, Selection, SelectionRule


class SelectionRules(models.Model):
    """One version of a programme's rules. Never changed: the next version replaces it, decisions keep theirs.

    The four day counts repeat the programme's settings as they were set with this version. `team_ids` and `competitor_ids` were
    checked to be the programme's own when they were set.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    outcomes = ArrayField(models.CharField(max_length=12, choices=Outcome.choices))
    minimum_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3)
    segments = ArrayField(models.CharField(max_length=80), default=list)
    team_ids = ArrayField(models.UUIDField(), default=list)
    competitor_ids = ArrayField(models.UUIDField(), default=list)
    shares = models.JSONField(default=list)
    seed = models.BigIntegerField(default=1)
    cooling_off_days = models.PositiveSmallIntegerField()
    best_within_days = models.PositiveSmallIntegerField()
    overdue_after_days = models.PositiveSmallIntegerField()
    contact_protection_days = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="selection_rules_one_number")]

    def __str__(self) -> str:
        return f"{self.programme} {self.number}"


class SelectionExclusion(models.Model):
    """That a company, a deal or a segment is left out, why, by whom; lifted, it stays as history."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey("accounts.Programme", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=ExclusionKind.choices)
    company = models.ForeignKey("deals.Company", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    deal = models.ForeignKey("deals.Deal", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    segment = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200)
    excluded_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    excluded_at = models.DateTimeField()
    lifted_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(company__isnull=False, deal__isnull=True, segment="")
                | Q(company__isnull=True, deal__isnull=False, segment="")
                | (Q(company__isnull=True, deal__isnull=True) & ~Q(segment="")),
                name="selection_exclusion_of_one_thing",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="selection_exclusion_has_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="selection_exclusion_lifted_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["programme"], condition=Q(lifted_at__isnull=True), name="selection_exclusion_live")
        ]

    def __str__(self) -> str:
        return f"{self.what}: {self.kind}"

    @property
    def what(self) -> str:
        """The name of what is left out."""
        return str(self.company or self.deal or self.segment)


class SelectionDecision(models.Model):
    """One decision on one deal: by which rule of which version, or by whom and why. The latest is current, the others stay.

    `outcome` is what the deal's outcome was then. For a sample: the stratum, its share, the seed and the deal's draw, so that
    anybody can check it.
    """

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(
        "accounts.Programme", db_constraint=False, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    deal = models.ForeignKey(
        "deals.Deal", db_constraint=False, db_index=False, on_delete=models.CASCADE, related_name="selection_decisions"
    )
    selection = models.CharField(max_length=12, choices=Selection.choices)
    rule = models.CharField(max_length=16, choices=SelectionRule.choices)
    reason = models.CharField(max_length=300)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    rules = models.ForeignKey(
        SelectionRules, db_constraint=False, db_index=False, on_delete=models.PROTECT, null=True, related_name="+"
    )
    exclusion = models.ForeignKey(
        SelectionExclusion, db_constraint=False, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    stratum_outcome = models.CharField(max_length=12, blank=True)
    stratum_segment = models.CharField(max_length=80, blank=True)
    share = models.PositiveSmallIntegerField(null=True)
    seed = models.BigIntegerField(null=True)
    draw = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    decided_by = models.ForeignKey(
        "accounts.Person", db_constraint=False, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deal"], condition=Q(is_current=True), name="selection_one_current_decision"
            ),
            models.CheckConstraint(
                condition=Q(rule=SelectionRule.OVERRULED, decided_by__isnull=False) & ~Q(reason="")
                | ~Q(rule=SelectionRule.OVERRULED) & Q(decided_by__isnull=True),
                name="selection_overruled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True, draw__isnull=True, seed__isnull=True)
                | Q(share__isnull=False, draw__isnull=False, seed__isnull=False),
                name="selection_sample_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["deal", "-decided_at"], name="selection_of_deal"),
            models.Index(
                fields=["programme", "rule", "selection", "outcome"],
                condition=Q(is_current=True),
                name="selection_by_rule",
            ),
        ]
        ordering = ["-decided_at", "-id"]

    def __str__(self) -> str:
        return f"{self.deal}: {self.rule}"
