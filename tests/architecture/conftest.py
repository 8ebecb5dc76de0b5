"""The scene of the access table, for the modules that ask about it."""

import logging
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings

from tests.architecture import access, scene


@pytest.fixture(scope="module")
def staged(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[scene.Scene]:
    """The scene, built once for the module and taken back whole."""
    mailbox = tmp_path_factory.mktemp("mailbox")
    quiet = logging.getLogger("django.request")
    quiet.propagate, silent = False, logging.NullHandler()
    quiet.addHandler(silent)
    with django_db_blocker.unblock(), override_settings(MAILBOX_DIR=str(mailbox)), transaction.atomic():
        yield scene.build(mailbox, access.people())
        transaction.set_rollback(True)
    quiet.propagate = True
    quiet.removeHandler(silent)
