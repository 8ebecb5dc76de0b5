"""Insights: measures, charts and dashboards over released debriefs."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "debriefs.insights"
    label = "insights"

    def ready(self) -> None:
        from debriefs.insights import digest

        digest.register_all()
