"""The product as the web server of `benchmarks.booking` serves it: without collected files, and with room for one address.

All prospects of the benchmark come from one machine, so the limit per address would stop the race; nothing else is changed.
"""

import os

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "debriefs.settings")
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
django.setup(set_prefix=False)

from django.core.wsgi import get_wsgi_application  # noqa: E402

from debriefs.calls import public_access  # noqa: E402

public_access.USES = 1_000_000
if os.environ.get("BENCHMARK_WITHOUT_LOCK"):
    from debriefs.calls.actions import booking

    booking.lock_interviewers = lambda *user_ids: None

application = get_wsgi_application()
