"""Template tags, form layouts and page parts. No tables."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "debriefs.core"
    label = "core"
