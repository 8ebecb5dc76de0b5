"""The product's settings with the addresses of the bare pages, for benchmarks that ask a server of its own."""

from debriefs.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare_urls"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
