"""Outcome groups that guides serve, kinds of question."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutcomeGroup(models.TextChoices):
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    WITHDRAWN_US = "withdrawn_us", _("Withdrawn by us")
    WITHDRAWN_BUYER = "withdrawn_buyer", _("Withdrawn by the buyer")
    REJECTED = "rejected", _("Rejected")


class PermissionKind(models.TextChoices):
    QUOTE = "quote", _("Use of the buyer's words")
    REFERENCE = "reference", _("Reference")
    REFERRAL = "referral", _("Referral")
    CONTACT_NOTES = "contact_notes", _("Questions about the notes")
    CONTACT_NEEDS = "contact_needs", _("Contact about future needs")
    HEAR_CHANGES = "hear_changes", _("Wants to hear what changed")


class Measure(models.TextChoices):
    """What an answer feeds: the measures of the dashboards, and what a reviewer looks for."""

    STATED_REASON = "stated_reason", _("Stated reason")
    ROOT_CAUSE = "root_cause", _("Root cause")
    DRIVER = "driver", _("Driver")
    DRIVER_HURT = "driver_hurt", _("Driver that hurt")
    DIRECTION = "direction", _("Direction of a driver")
    STRENGTH = "strength", _("Strength of a driver")
    TRIGGER = "trigger", _("Trigger")
    NEED = "need", _("Need")
    NEED_STATED = "need_stated", _("Need as stated")
    HIDDEN_NEED = "hidden_need", _("Hidden need")
    NEEDS_GAP = "needs_gap", _("Needs gap")
    AWARENESS_SOURCE = "awareness_source", _("Awareness source")
    PROCESS = "process", _("Decision process")
    CYCLE_TIME = "cycle_time", _("Length of the decision")
    BUYING_GROUP = "buying_group", _("Buying group")
    CRITERIA = "criteria", _("Criteria")
    COMPETITOR_EVALUATED = "competitor_evaluated", _("Competitors evaluated")
    STATUS_QUO = "status_quo", _("Leaving things as they were")
    TURNING_POINT = "turning_point", _("Turning point")
    UNDISCLOSED_RISK = "undisclosed_risk", _("Risk nobody spoke of")
    POLITICS = "politics", _("Interests inside the buyer")
    BUDGET_TIMING = "budget_timing", _("Budget and timing")
    PROPOSAL = "proposal", _("Proposal")
    RELATIONSHIP = "relationship", _("Relationship")
    RELATIONSHIP_STRENGTH = "relationship_strength", _("Strength of the relationship")
    TRUST = "trust", _("Trust")
    QUALIFICATION = "qualification", _("Qualification")
    LESSON = "lesson", _("Lesson")


class QuestionKind(models.TextChoices):
    OPEN = "open", _("Open")
    RATING = "rating", _("Rating 1 to 5")
    SINGLE = "single", _("One choice")
    MULTIPLE = "multiple", _("Several choices")
    YES_NO = "yes_no", _("Yes or no")
    DRIVER_RATING = "driver_rating", _("Driver rating")
