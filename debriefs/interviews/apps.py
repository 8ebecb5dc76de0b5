"""The interview: briefing, questionnaire, write-up."""

from django.apps import AppConfig


class InterviewsConfig(AppConfig):
    name = "debriefs.interviews"
    label = "interviews"
