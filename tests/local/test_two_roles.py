"""The two database roles, made with the statements of docs/operations.md, under settings as in production."""

import json
import os
import re
import subprocess
import sys
import uuid
from urllib.parse import urlsplit

import psycopg2
import pytest

from debriefs.local.places import ROOT

pytestmark = pytest.mark.slow
ASK = """
import json
import django
django.setup()
from django.db import Error, connection
from django.test import Client
from accounts.models import Programme
Programme.objects.create(slug="first", name="First", company_name="First")
with connection.cursor() as cursor:
    cursor.execute("SELECT current_user")
    role = cursor.fetchone()[0]
refused = []
for statement in ("DELETE FROM foundation_auditentry", "ALTER TABLE accounts_programme ADD x int", "TRUNCATE accounts_programme CASCADE"):
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except Error as error:
        refused.append(type(error).__name__)
answer = Client(HTTP_HOST="debriefs.example").get("/readyz", secure=True)
print(json.dumps([role, Programme.objects.count(), refused, answer.json()["checks"]]))
"""


def statements(name: str, server: int) -> list[str]:
    """The page's statements, for a database of that name."""
    page = (ROOT / "docs" / "operations.md").read_text()
    block = re.search(r"```sql\n(.*?)```", page, re.DOTALL)
    assert block
    sql = re.sub(r"\bdebriefs(?=[_ ])", name, block.group(1)).replace("'…'", "'a-password'")
    if server < 170000:
        # As the page says for older servers.
        sql = sql.replace("LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'", "LOCALE 'C.UTF-8'")
    return [statement for statement in sql.split(";") if statement.strip()]


def test_migrations_run_as_owner_and_the_application_owns_nothing() -> None:
    name = f"roles_{uuid.uuid4().hex[:8]}"
    ours = urlsplit(os.environ["DATABASE_URL"])
    connection = psycopg2.connect(ours.geturl())
    connection.autocommit = True
    host = f"{ours.hostname}:{ours.port}/{name}"
    secret = "a-long-key-for-one-test-only-" + uuid.uuid4().hex
    env = {key: value for key, value in os.environ.items() if not key.startswith(("DEBRIEFS_", "DJANGO_"))} | {
        "DEBRIEFS_LOCAL": "0",
        "DEBRIEFS_BASE_URL": "https://debriefs.example",
        "DEBRIEFS_SECRET_KEY": secret,
        "DEBRIEFS_LINK_KEYS": secret,
        "DATABASE_URL": f"postgres://{name}_web:a-password@{host}",
        "DJANGO_SETTINGS_MODULE": "debriefs.settings",
    }
    try:
        with connection.cursor() as cursor:
            for statement in statements(name, connection.server_version):
                cursor.execute(statement)
        owner = env | {"MIGRATION_DATABASE_URL": f"postgres://{name}_owner:a-password@{host}"}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=owner, check=True)

        asked = subprocess.run(
            [sys.executable, "-c", ASK], cwd=ROOT, env=env, check=True, capture_output=True, text=True
        )

        role, programmes, refused, checks = json.loads(asked.stdout.splitlines()[-1])
        assert role == f"{name}_web"
        assert programmes == 1
        assert len(refused) == 3
        assert checks == {"database": "ok", "redis": "ok", "notices": "ok"}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            for role in ("web", "owner", "app"):
                cursor.execute(f"DROP ROLE IF EXISTS {name}_{role}")
        connection.close()
