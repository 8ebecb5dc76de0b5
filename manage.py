#!/usr/bin/env python
"""Django's commands. On a developer's machine the embedded Postgres and Valkey are started first.

With DEBRIEFS_LOCAL=0, with DATABASE_URL and REDIS_URL both set, or with a secret key and no DEBRIEFS_LOCAL, nothing is
started and the settings see the environment as it is: so it runs in production.
"""

import os
import sys

# They load settings and ask no server anything; the URLs they are given need not answer.
_WITHOUT_SERVERS = {
    "help",
    "version",
    "check",
    "diffsettings",
    "collectstatic",
    "findstatic",
    "compilemessages",
    "makemessages",
    "startapp",
    "startproject",
}


def _is_local() -> bool:
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return False
    # A forgotten REDIS_URL in production must not start anything or turn DEBUG on.
    default = "0" if os.environ.get("DEBRIEFS_SECRET_KEY") else "1"
    return os.environ.get("DEBRIEFS_LOCAL", default).lower() not in {"0", "false", "no", "off"}


def _prepare(arguments: list[str]) -> None:
    if not _is_local():
        return
    try:
        from debriefs.local.errors import LauncherError
    except ModuleNotFoundError:
        # An image for production is built without the launcher; the settings say what is missing.
        return
    try:
        from debriefs.local.services import ensure

        command = arguments[0] if arguments else "help"
        asks_nothing = command in _WITHOUT_SERVERS or "--help" in arguments or "-h" in arguments
        ensure("dev", start=not asks_nothing or "--database" in arguments)
    except LauncherError as error:
        sys.exit(str(error))


def main() -> None:
    """Runs the command named on the command line."""
    _prepare(sys.argv[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "debriefs.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
