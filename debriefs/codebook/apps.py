"""The programme's codebook: categories and drivers, what own views, questions, tags and findings all speak in."""

from django.apps import AppConfig


class CodebookConfig(AppConfig):
    name = "debriefs.codebook"
    label = "codebook"
