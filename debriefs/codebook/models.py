"""Categories and drivers of a programme, and what a CRM's reasons mean in them."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.models import Person, Programme
from debriefs.codebook.enums import CodebookAct


class Category(models.Model):
    """One of the twelve headings under which drivers stand."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["programme", "key"], name="category_one_key")]

    def __str__(self) -> str:
        return self.name


class Driver(models.Model):
    """A factor that can move a decision.

    A retired driver keeps what was coded with it and is offered no more. After a merge `counts_as` names the driver under which
    figures count it: always a live one or none, so that one step is enough. What was coded keeps the driver it was coded with.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="drivers")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    definition = models.CharField(max_length=300)
    include = models.CharField(max_length=300, blank=True)
    exclude = models.CharField(max_length=300, blank=True)
    example = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField()
    in_picker = models.BooleanField(default=False)
    # Coded when the category is clear and none of its drivers fits.
    is_other = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True, blank=True)
    counts_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="counted")

    class Meta:
        ordering = ["category__position", "position"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "key"], name="driver_one_key"),
            models.CheckConstraint(
                condition=Q(counts_as__isnull=True) | Q(retired_at__isnull=False), name="driver_counts_as_when_retired"
            ),
            models.CheckConstraint(
                condition=Q(counts_as__isnull=True) | ~Q(counts_as=F("id")), name="driver_counts_as_another"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReasonMeaning(models.Model):
    """What a reason written in the CRM means in the codebook: a driver, or only a category."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    reason_key = models.CharField(max_length=200)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    driver = models.ForeignKey(Driver, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "reason_key"], name="reason_meaning_once"),
            models.CheckConstraint(condition=~Q(reason_key=""), name="reason_meaning_not_empty"),
        ]

    def __str__(self) -> str:
        return self.reason_key


class CodebookVersion(models.Model):
    """One change of the codebook, and with it its version: what was done to which driver, by whom, when and why.

    `detail` holds the texts before and after as they stood, so that the history reads without the rows it speaks of.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=12, choices=CodebookAct.choices)
    driver = models.ForeignKey(Driver, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    detail = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="codebook_version_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_act_display()}"

    @property
    def changed(self) -> list[tuple[str, str, str]]:
        """The texts that a new description changed, as (what, before, after)."""
        if self.act != CodebookAct.DESCRIBED:
            return []
        labels = {
            "name": _("Name"),
            "definition": _("Definition"),
            "include": _("Belongs to it"),
            "exclude": _("Does not"),
            "example": _("Example"),
        }
        before, after = self.detail["before"], self.detail["after"]
        return [(label, before[key], after[key]) for key, label in labels.items() if before[key] != after[key]]
