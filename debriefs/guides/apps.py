"""Guides: the questions, in versions that never change once published."""

from django.apps import AppConfig


class GuidesConfig(AppConfig):
    name = "debriefs.guides"
    label = "guides"
