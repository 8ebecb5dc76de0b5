"""How a question went, kinds of sheet, and what a buyer may permit."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from debriefs.guides.enums import PermissionKind

__all__ = ["AnswerState", "PermissionKind", "QuoteLevel", "SheetKind"]


class SheetKind(models.TextChoices):
    CALL = "call", _("Notes of the call")
    WRITTEN = "written", _("Written debrief")


class AnswerState(models.TextChoices):
    EMPTY = "empty", _("Not asked yet")
    NOTED = "noted", _("Noted")
    NOT_ASKED = "not_asked", _("Not asked")
    DECLINED = "declined", _("Declined to answer")


class QuoteLevel(models.TextChoices):
    NONE = "none", _("None")
    INTERNAL = "internal", _("Inside the company")
    ANONYMOUS = "anonymous", _("Without name")
    NAMED = "named", _("With name")
