"""Findings of a debrief, and the released copy that everybody else reads.

A Finding is raw: it is read by whoever may read the answers. A Release with its Remarks is a copy made at the moment of
release, masked, and the only thing that lessons, insights and members ever see.
"""

import uuid

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Concat, Lower

from accounts.enums import Audience
from accounts.models import Person, Programme, Team
from debriefs.calls.models import Debrief
from debriefs.codebook.enums import Direction, Strength
from debriefs.codebook.models import Driver
from debriefs.deals.models import Company, Competitor, Deal
from debriefs.findings.quote_models import Quote, QuoteState, QuoteUse
from debriefs.findings.search import vector_sql
from debriefs.findings.second_models import CodedUnit, SecondCoding, Side
from debriefs.findings.story_models import ReleasedCheck, ReleasedNeed
from debriefs.findings.work_models import Change, FindingChange, PreparedRelease
from debriefs.interviews.enums import QuoteLevel

__all__ = [
    "Change",
    "CodedUnit",
    "Finding",
    "FindingChange",
    "PreparedRelease",
    "Quote",
    "QuoteState",
    "QuoteUse",
    "Release",
    "ReleasedCheck",
    "ReleasedNeed",
    "Remark",
    "SecondCoding",
    "Side",
]

# A remark's words as they are compared letter by letter, where nothing is found to the word.
SAID = Lower(Concat("verbatim", Value(" ", models.TextField()), "note"))


class Finding(models.Model):
    """One coded statement with its evidence. Exactly one finding of a debrief is primary: what decided."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    debrief = models.ForeignKey(Debrief, on_delete=models.PROTECT, related_name="findings")
    driver = models.ForeignKey(Driver, on_delete=models.PROTECT, related_name="+")
    direction = models.CharField(max_length=12, choices=Direction.choices)
    strength = models.PositiveSmallIntegerField(choices=Strength.choices, default=Strength.CLEARLY)
    competitor = models.ForeignKey(Competitor, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_primary = models.BooleanField(default=False)
    verbatim = models.TextField(blank=True, max_length=4_000)
    note = models.TextField(blank=True, max_length=4_000)
    # The words as they will be released, once a person has masked them; empty means: as noted.
    masked_verbatim = models.TextField(blank=True, max_length=4_000)
    masked_note = models.TextField(blank=True, max_length=4_000)
    # Of the words a person has looked at before the release; another digest means that they changed since.
    cleared_sha256 = models.CharField(max_length=64, blank=True)
    tag_id = models.UUIDField(null=True, blank=True)
    coded_at = models.DateTimeField()
    coded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-is_primary", "-strength", "coded_at"]
        constraints = [
            models.UniqueConstraint(fields=["debrief"], condition=Q(is_primary=True), name="finding_one_primary"),
            models.UniqueConstraint(fields=["debrief", "tag_id"], name="finding_once_per_tag"),
            models.CheckConstraint(condition=~Q(verbatim="", note=""), name="finding_has_evidence"),
            models.CheckConstraint(condition=Q(strength__gte=1, strength__lte=3), name="finding_strength_range"),
        ]

    def __str__(self) -> str:
        return f"{self.driver} {self.direction}"


class Release(models.Model):
    """The readable copy of a reviewed debrief: who may read it, from when, and what our side and the buyer gave as the reason.

    The owner reads first: `owner_from` is the moment of release, `others_from` the end of the owner's day. A recalled release
    is read by nobody and counted nowhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    debrief = models.ForeignKey(Debrief, on_delete=models.PROTECT, related_name="releases")
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="releases")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    audience = models.CharField(max_length=12, choices=Audience.choices)
    summary = models.TextField(blank=True, max_length=10_000)
    # The buyer's timeline, a line per step, and what it suggests, both in our words.
    timeline = models.TextField(blank=True, max_length=10_000)
    suggests = models.TextField(blank=True, max_length=4_000)
    buyer_label = models.CharField(max_length=200)
    company_label = models.CharField(max_length=200)
    quote_level = models.CharField(max_length=12, choices=QuoteLevel.choices)
    is_primary = models.BooleanField(default=True)
    stated_driver = models.ForeignKey(Driver, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    primary_driver = models.ForeignKey(Driver, on_delete=models.PROTECT, related_name="+")
    own_driver = models.ForeignKey(Driver, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    own_category = models.ForeignKey(
        "codebook.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    others_from = models.DateTimeField()
    content_sha256 = models.CharField(max_length=64)
    recalled_at = models.DateTimeField(null=True, blank=True)
    recalled_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recall_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["debrief"], condition=Q(recalled_at__isnull=True), name="release_one_live"),
            models.CheckConstraint(
                condition=Q(recalled_at__isnull=True) | ~Q(recall_reason=""), name="release_recalled_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(others_from__gte=models.F("released_at")), name="release_others_after_owner"
            ),
        ]
        indexes = [models.Index(fields=["programme", "-others_from"], name="release_programme_from")]

    def __str__(self) -> str:
        return self.company_label


class Remark(models.Model):
    """One released finding: masked words, driver, direction and strength."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    release = models.ForeignKey(Release, db_index=False, on_delete=models.CASCADE, related_name="remarks")
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="+")
    driver = models.ForeignKey(Driver, on_delete=models.PROTECT, related_name="remarks")
    # The code it was released with, where it was coded anew since.
    first_driver = models.ForeignKey(Driver, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    direction = models.CharField(max_length=12, choices=Direction.choices)
    strength = models.PositiveSmallIntegerField(choices=Strength.choices)
    competitor = models.ForeignKey(Competitor, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_primary = models.BooleanField(default=False)
    verbatim = models.TextField(blank=True)
    note = models.TextField(blank=True)
    # Of the debrief: by it the words are brought to their stems.
    language = models.CharField(max_length=10, default="en")
    words = models.GeneratedField(
        expression=Func(template=vector_sql("verbatim || ' ' || note"), output_field=SearchVectorField()),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["-is_primary", "-strength", "id"]
        indexes = [
            # What figures count, without the words: the remarks themselves are not read. By driver the deals come in order, so
            # that counting each once sorts nothing.
            models.Index(
                fields=["programme", "driver", "deal"],
                include=["release", "direction", "strength"],
                name="remark_driver_deals",
            ),
            models.Index(fields=["release"], include=["deal", "driver", "direction", "strength"], name="remark_counts"),
            GinIndex(fields=["words"], name="remark_words"),
            GinIndex(OpClass(SAID, name="gin_trgm_ops"), name="remark_said_trigrams"),
        ]

    def __str__(self) -> str:
        return f"{self.driver} {self.direction}"
