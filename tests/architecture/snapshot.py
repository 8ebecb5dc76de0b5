"""A fingerprint of every table, to prove that a request changed no row."""

from django.apps import apps
from django.db import connection

# A page that is read may write here and nowhere else: audit of reading, throttling, sessions.
WRITTEN_BY_READING = {
    "foundation_auditentry",
    "foundation_ratebucket",
    "foundation_cache",
    "django_session",
    "usersessions_usersession",
}


def fingerprint() -> dict[str, str]:
    """Table name to a hash of all its rows. One query."""
    tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)} - WRITTEN_BY_READING)
    parts = [
        f"SELECT '{table}' AS name, coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS hash FROM {connection.ops.quote_name(table)} t"
        for table in tables
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())
