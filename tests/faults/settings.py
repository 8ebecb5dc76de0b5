"""The product's settings with one more app, which registers the probe in worker processes."""

from debriefs.settings import *  # noqa: F403
from debriefs.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.apps.ProbeConfig"]
