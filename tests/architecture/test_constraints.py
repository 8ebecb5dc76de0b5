"""What the models promise stands in the database: every named constraint and index, after all migrations."""

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db


def named() -> dict[str, str]:
    """Name of each constraint and index of the models, to its table."""
    return {
        thing.name: model._meta.db_table
        for model in apps.get_models()
        for thing in (*model._meta.constraints, *model._meta.indexes)
    }


def test_every_constraint_and_index_of_the_models_is_in_the_database():
    """A migration that alters a field can take an index with it that stands on the same column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
        there = {name for (name,) in cursor.fetchall()}
    assert {name: table for name, table in named().items() if name not in there} == {}
