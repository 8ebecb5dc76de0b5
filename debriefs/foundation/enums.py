"""States of a notice and kinds of actor."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    SKIPPED = "skipped", _("Not sent")
    SUPERSEDED = "superseded", _("Replaced")
    MISSED = "missed", _("Too late")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Outcome unknown")


class RecipientKind(models.TextChoices):
    PERSON = "person", _("One of ours")
    CONTACT = "contact", _("The buyer's side")
    INVITEE = "invitee", _("Invited person")


class ActorKind(models.TextChoices):
    PERSON = "person", _("Person")
    USER = "user", _("User")
    CONTACT = "contact", _("Prospect")
    RULE = "rule", _("Rule")
    OPERATOR = "operator", _("Operator")
