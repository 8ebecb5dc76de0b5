"""The Celery application. Postgres holds the truth; a message here only means "look now".

Every task must be safe to run twice: a message can be lost (Redis flushed) or delivered again (worker killed).
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "debriefs.settings")

app = Celery("debriefs")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
