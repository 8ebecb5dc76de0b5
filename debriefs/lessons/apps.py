"""Lessons: what the team concludes from released debriefs."""

from django.apps import AppConfig


class LessonsConfig(AppConfig):
    name = "debriefs.lessons"
    label = "lessons"
