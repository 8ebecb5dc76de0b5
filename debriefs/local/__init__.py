"""One command from a checkout to running pages: embedded Postgres and Valkey, a supervisor, a local mailbox.

Only `manage.py`, the pytest plugin and `make run` know this room. Settings read the environment and nothing else, so a
production installation never touches what is here.
"""
