"""Settings from the environment. Nonsense stops the start with a sentence; importing this file starts nothing.

The variables are listed in docs/operations.md. With DEBRIEFS_LOCAL=1 (set by `manage.py` on a developer's machine) the
services named by the URLs are the embedded ones, and the local mailbox is shown at /mailbox/.
"""

import os
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF  # noqa: F401
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from debriefs.foundation import mail_hours

# One source of zone data for all of Python: the pinned tzdata package, never the system's files, whose age differs
# from machine to machine. Must stand before anything asks for a zone.
os.environ["PYTHONTZPATH"] = ""
import zoneinfo

zoneinfo.reset_tzpath(to=[])

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

LOCAL = env.bool("DEBRIEFS_LOCAL", default=False)
DEBUG = env.bool("DEBRIEFS_DEBUG", default=LOCAL)


def _secret(name: str, placeholder: str) -> str:
    """The secret from the environment; only with DEBUG on may it be missing."""
    value = env.str(name, default="")
    if value:
        if not DEBUG and len(value) < 32:
            raise ImproperlyConfigured(f"{name} is shorter than 32 characters: make a long random one.")
        return value
    if DEBUG:
        return placeholder
    raise ImproperlyConfigured(f"{name} is not set. Debriefs does not start in production without it.")


def _address(name: str, default: str) -> str:
    """A URL of a service from the environment; outside DEBUG it has to be given."""
    value = env.str(name, default="")
    if not value and not DEBUG:
        raise ImproperlyConfigured(f"{name} is not set. Debriefs does not start in production without it.")
    return value or default


SECRET_KEY = _secret("DEBRIEFS_SECRET_KEY", "only-for-development-and-never-in-production")
SECRET_KEY_FALLBACKS = env.list("DEBRIEFS_SECRET_KEY_FALLBACKS", default=[])
# Keys of the prospects' links, newest first: the first signs new links, every one of them still opens old ones.
LINK_KEYS = [key for key in _secret("DEBRIEFS_LINK_KEYS", "only-for-development-link-key").split(",") if key]

BASE_URL = _address("DEBRIEFS_BASE_URL", "http://localhost:8000").rstrip("/")
_base = urlsplit(BASE_URL)
if _base.scheme not in {"http", "https"} or not _base.hostname:
    raise ImproperlyConfigured(f"DEBRIEFS_BASE_URL must look like https://debriefs.example.com, not {BASE_URL!r}.")
if _base.scheme != "https" and not DEBUG and not LOCAL:
    raise ImproperlyConfigured("DEBRIEFS_BASE_URL must begin with https:// in production.")

ALLOWED_HOSTS = env.list("DEBRIEFS_ALLOWED_HOSTS", default=["*"] if DEBUG else [_base.hostname])
CSRF_TRUSTED_ORIGINS = env.list("DEBRIEFS_TRUSTED_ORIGINS", default=[BASE_URL])
# How many reverse proxies stand before us and append to X-Forwarded-For; 0 takes the peer's own address.
TRUSTED_PROXIES = env.int("DEBRIEFS_TRUSTED_PROXIES", default=0)

# Whether a row in the database may move the clock (foundation/clock.py): never in production.
CLOCK_OFFSET_HONOURED = LOCAL or DEBUG

INSTALLED_APPS = [
    "debriefs.foundation",
    "accounts",
    "debriefs.core",
    "debriefs.codebook",
    "debriefs.deals",
    "debriefs.guides",
    "debriefs.calls",
    "debriefs.interviews",
    "debriefs.findings",
    "debriefs.lessons",
    "debriefs.insights",
    "debriefs.home",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "debriefs.foundation.middleware.RequestContextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.SignInRequiredMiddleware",
    "accounts.middleware.OwnLanguageAndZoneMiddleware",
    "accounts.middleware.ProgrammeMiddleware",
]

ROOT_URLCONF = "debriefs.urls"
WSGI_APPLICATION = "debriefs.wsgi.application"
ASGI_APPLICATION = "debriefs.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "debriefs.core.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.frame",
            ],
        },
    }
]

# Postgres only. DATABASE_URL is the running application's; where it is a login that owns the tables (on a developer's
# machine, in tests), every connection steps down with SET ROLE to the role that owns nothing.
DATABASES = {"default": env.db_url_config(_address("DATABASE_URL", "postgres:///debriefs"))}
if "postgresql" not in DATABASES["default"]["ENGINE"]:
    raise ImproperlyConfigured("DATABASE_URL must name a Postgres database: postgres://user:password@host:5432/name.")
DATABASES["default"].update(
    {
        "CONN_MAX_AGE": env.int("DEBRIEFS_DATABASE_KEEP_SECONDS", default=60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **DATABASES["default"].get("OPTIONS", {}),
            "connect_timeout": 5,
            "application_name": "debriefs",
            "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s -c statement_timeout=120s",
        },
    }
)
# "step_down": the login owns the tables, so SET ROLE to "<database>_app" after connecting. "none": the login already owns
# nothing. /readyz fails when the running role owns a table.
DATABASE_ROLE = env.str("DEBRIEFS_DATABASE_ROLE", default="step_down" if LOCAL else "none")
if DATABASE_ROLE not in {"step_down", "none"}:
    raise ImproperlyConfigured("DEBRIEFS_DATABASE_ROLE is either step_down or none.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The cache, and with it the limiter of sign-in attempts, is in Postgres: a Redis outage opens and closes nothing.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "foundation_cache"}}

# ── Sign-in ──
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
USERSESSIONS_TRACK_ACTIVITY = True
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "debriefs.home.views.csrf_failure"

# ── Transport and headers ──
SECURE_TRANSPORT = _base.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_TRANSPORT
SECURE_SSL_REDIRECT = SECURE_TRANSPORT and env.bool("DEBRIEFS_REDIRECT_TO_HTTPS", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_TRANSPORT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_TRANSPORT
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "frame-src": [SELF] if LOCAL else [NONE],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# ── Mail: rows first (foundation.Notice), then SMTP ──
EMAIL_URL = _address("EMAIL_URL", "smtp://127.0.0.1:2525")
_mail = env.email_url_config(EMAIL_URL)
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEBRIEFS_MAIL_FROM", default=f"debriefs@{_base.hostname}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Mails that come in. INCOMING_ADDRESS is the mailbox's address, which has to take replies+anything@ too; it is read by
# `manage.py receive_mail` behind a pipe, or fetched from IMAP_URL: imaps://user:password@host/INBOX.
INCOMING_ADDRESS = env.str("DEBRIEFS_INCOMING_ADDRESS", default="").strip().lower()
if INCOMING_ADDRESS and not re.fullmatch(r"[a-z0-9._-]{1,20}@[a-z0-9.-]+", INCOMING_ADDRESS):
    raise ImproperlyConfigured(
        "DEBRIEFS_INCOMING_ADDRESS must look like replies@example.com, with at most 20 characters before the @."
    )
IMAP_URL = env.str("IMAP_URL", default="")
if IMAP_URL and urlsplit(IMAP_URL).scheme not in {"imap", "imaps", "imap+starttls"}:
    raise ImproperlyConfigured("IMAP_URL must begin with imaps://, imap+starttls:// or imap://.")
if IMAP_URL and not INCOMING_ADDRESS:
    raise ImproperlyConfigured("IMAP_URL is set, but not DEBRIEFS_INCOMING_ADDRESS: whose mailbox is it?")
INCOMING_MAX_BYTES = env.int("DEBRIEFS_INCOMING_MAX_BYTES", default=2 * 1024 * 1024)
# When people may be written to unasked, on their own wall clock, Monday to Friday; empty for at any time, as on a developer's
# machine, where an invitation sent at night should be seen at once.
try:
    MAIL_HOURS = mail_hours.parsed(env.str("DEBRIEFS_MAIL_HOURS", default="" if LOCAL else "8-18"))
except ValueError:
    raise ImproperlyConfigured("DEBRIEFS_MAIL_HOURS must look like 8-18, or be empty.") from None
MAILBOX_DIR = env.str("DEBRIEFS_MAILBOX_DIR", default="")

# ── Background work ──
REDIS_URL = _address("REDIS_URL", "redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 600
CELERY_TASK_TIME_LIMIT = 660
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A frozen Redis must not freeze a page: bell errors are swallowed after two seconds, the next tick finds the row.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "max_retries": 1,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
}
# Everything that recurs stands here, as interval ticks in UTC; every one may run twice or late.
NOTICE_TICK_SECONDS = env.int("DEBRIEFS_NOTICE_TICK_SECONDS", default=5)
CELERY_BEAT_SCHEDULE = {
    "notices-drain": {
        "task": "debriefs.foundation.tasks.drain_notices",
        "schedule": timedelta(seconds=NOTICE_TICK_SECONDS),
    },
    "mailbox-poll": {"task": "debriefs.calls.tasks.poll_mailbox", "schedule": timedelta(seconds=60)},
    "calendars-read": {"task": "debriefs.calls.tasks.read_calendars", "schedule": timedelta(seconds=60)},
    "windows-digest": {"task": "debriefs.calls.tasks.owe_window_digests", "schedule": timedelta(hours=1)},
    "imports-resume": {"task": "debriefs.deals.tasks.resume_imports", "schedule": timedelta(seconds=30)},
    "selection": {"task": "debriefs.deals.tasks.decide_selections", "schedule": timedelta(seconds=30)},
    "figure-digests": {"task": "debriefs.insights.tasks.owe_figure_digests", "schedule": timedelta(hours=1)},
    "snapshots": {"task": "debriefs.insights.tasks.take_snapshots", "schedule": timedelta(minutes=15)},
}

# ── Language and time ──
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German")), ("fr", _("French")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# ── Static files and forms ──
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
# Said outright, because test runners turn DEBUG off after this file was read: no collected files are needed in either.
WHITENOISE_AUTOREFRESH = DEBUG
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# Uploaded files do not count in the limit above: the first handler stops one that grows beyond IMPORT_MAX_BYTES.
FILE_UPLOAD_HANDLERS = [
    "debriefs.deals.uploads.SizeLimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
IMPORT_MAX_BYTES = env.int("DEBRIEFS_IMPORT_MAX_BYTES", default=100 * 1024 * 1024)
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("DEBRIEFS_LOG_LEVEL", default="INFO")},
}
