"""Debriefs: a company's own win/loss debrief programme."""

from debriefs.celery import app as celery_app

__all__ = ["celery_app"]
