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


class ReceivedKind(models.TextChoices):
    """What a mail that came in turned out to be."""

    CALENDAR_REPLY = "calendar_reply", _("Answer of a calendar")
    CALENDAR_COUNTER = "calendar_counter", _("Another time proposed by a calendar")
    CALENDAR_OTHER = "calendar_other", _("Calendar object that is no answer")
    BOUNCE = "bounce", _("Could not be delivered, finally")
    BOUNCE_SOFT = "bounce_soft", _("Could not be delivered this time")
    DELAYED = "delayed", _("Delivery is delayed")
    DELIVERED = "delivered", _("Delivery confirmed")
    RECEIPT = "receipt", _("Read receipt")
    COMPLAINT = "complaint", _("Reported as unwanted")
    AUTO_REPLY = "auto_reply", _("Automatic answer")
    STOP = "stop", _("Asked not to be written to")
    MESSAGE = "message", _("Message")
    OWN = "own", _("A mail of our own")
    UNREADABLE = "unreadable", _("Unreadable")


class ActorKind(models.TextChoices):
    PERSON = "person", _("Person")
    USER = "user", _("User")
    CONTACT = "contact", _("Prospect")
    RULE = "rule", _("Rule")
    OPERATOR = "operator", _("Operator")
