"""Direction and strength of a driver, what tags and findings share; and how the codebook changes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Direction(models.TextChoices):
    HELPED = "helped", _("helped")
    HURT = "hurt", _("hurt")
    MENTIONED = "mentioned", _("mentioned")


class Strength(models.IntegerChoices):
    LITTLE = 1, _("a little")
    CLEARLY = 2, _("clearly")
    DECISIVELY = 3, _("decisively")


class CodebookAct(models.TextChoices):
    ADDED = "added", _("added")
    DESCRIBED = "described", _("described anew")
    MERGED = "merged", _("merged")
    SPLIT = "split", _("split")
    RETIRED = "retired", _("retired")
    RESTORED = "restored", _("offered again")
    REASON = "reason", _("CRM reason mapped")
