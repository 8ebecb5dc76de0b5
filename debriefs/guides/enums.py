"""Outcome groups that guides serve, kinds of question."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutcomeGroup(models.TextChoices):
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    WITHDRAWN_US = "withdrawn_us", _("Withdrawn by us")
    WITHDRAWN_BUYER = "withdrawn_buyer", _("Withdrawn by the buyer")
    REJECTED = "rejected", _("Rejected")


class QuestionKind(models.TextChoices):
    OPEN = "open", _("Open")
    RATING = "rating", _("Rating 1 to 5")
    SINGLE = "single", _("One choice")
    MULTIPLE = "multiple", _("Several choices")
    YES_NO = "yes_no", _("Yes or no")
    DRIVER_RATING = "driver_rating", _("Driver rating")
