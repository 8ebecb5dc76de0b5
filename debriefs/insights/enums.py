"""Choices that insights keep."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Digest(models.TextChoices):
    """How often a saved view is sent as a mail; empty for never."""

    WEEKLY = "weekly", _("Every Monday")
    MONTHLY = "monthly", _("On the first of the month")
