"""Insights: measures, charts and dashboards over released debriefs."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "debriefs.insights"
    label = "insights"
