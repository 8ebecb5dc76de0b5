"""Roles, affiliations and audiences."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ADMIN = "admin", _("Programme manager")
    MANAGER = "manager", _("Sales manager")
    INTERVIEWER = "interviewer", _("Interviewer")
    REVIEWER = "reviewer", _("Reviewer")
    MEMBER = "member", _("Team member")


class Affiliation(models.TextChoices):
    COMPANY = "company", _("Our company")
    AGENCY = "agency", _("Outside agency")


class Audience(models.TextChoices):
    TEAM = "team", _("The owning team")
    PROGRAMME = "programme", _("All members")
