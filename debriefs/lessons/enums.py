"""Where a lesson stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LessonState(models.TextChoices):
    OBSERVED = "observed", _("Observed")
    AGREED = "agreed", _("Agreed")
    IN_FORCE = "in_force", _("In force")
    LEARNED = "learned", _("Learned")
    RETIRED = "retired", _("Retired")
