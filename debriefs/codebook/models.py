"""Categories and drivers of a programme, and what a CRM's reasons mean in them."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models import Programme


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
    """A factor that can move a decision. Retired drivers keep their findings and are offered no more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="drivers")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    definition = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField()
    in_picker = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["category__position", "position"]
        constraints = [models.UniqueConstraint(fields=["programme", "key"], name="driver_one_key")]

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
