"""Channels, neutrality, why a prospect declines, how a call ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    VIDEO = "video", _("Video call")
    PHONE = "phone", _("Phone call")
    IN_PERSON = "in_person", _("In person")
    WRITTEN = "written", _("In writing")


class Neutrality(models.TextChoices):
    """Who interviews, most neutral first. The level is kept with the debrief and filters its statistics."""

    AGENCY = "agency", _("Outside agency")
    OTHER_TEAM = "other_team", _("Another department")
    MANAGER = "manager", _("The team's manager: not fully neutral")


class ExceptionKind(models.TextChoices):
    """What is different on some days from the weekly hours."""

    AWAY = "away", _("Away")
    HOLIDAY = "holiday", _("Holiday")
    EXTRA = "extra", _("Extra hours")


class CalendarKind(models.TextChoices):
    """How a calendar that is read is understood: its busy events, or each of its days as a holiday."""

    BUSY = "busy", _("My calendar: busy times")
    HOLIDAYS = "holidays", _("Holidays: every day in it is off")


class DeclineReason(models.TextChoices):
    NOT_NOW = "not_now", _("Not now")
    NOT_ME = "not_me", _("I am not the right person")
    IN_WRITING = "in_writing", _("Rather in writing")
    NO = "no", _("No, thank you")


class Side(models.TextChoices):
    BUYER = "buyer", _("the buyer")
    US = "us", _("our side")


class ProspectNoteKind(models.TextChoices):
    NONE_SUIT = "none_suit", _("None of the times suit")
    DECLINED = "declined", _("Reason for declining")
    COLLEAGUE = "colleague", _("Suggested a colleague")
    CANCELLED = "cancelled", _("Reason for cancelling")
    IN_WRITING = "in_writing", _("Answers in writing")


class DataRequestKind(models.TextChoices):
    SHOW = "show", _("Show me what you hold about me")
    ERASE = "erase", _("Erase what you hold about me")
