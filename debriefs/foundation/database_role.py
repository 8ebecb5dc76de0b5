"""Two database roles: migrations run as the owner, everything else as a role that owns nothing.

The application's role is named after the database (`<database>_app`). It may read and write rows of every table, but the
audit log only to add to it, and it may neither truncate nor alter anything. `migrate` creates the role and renews its
rights, so that a new table is covered by the migration that makes it.
"""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, connections

if TYPE_CHECKING:
    from collections.abc import Iterator

# Rows of these tables are added and never changed.
APPEND_ONLY = ("foundation_auditentry",)

# Commands that run as the owner: they make or empty tables. Set by `as_owner`, read by `step_down`.
_owner_depth = 0


def role_name(database: str) -> str:
    """The application's role for a database; at most 63 bytes, as Postgres wants its names."""
    return f"{database[:59]}_app"


def step_down(sender: Any, connection: Any, **kwargs: Any) -> None:
    """On each new connection: SET ROLE to the role that owns nothing, when settings say so and the role exists.

    The role does not exist before the first migration; that one run stays the owner.
    """
    # Without a name it is the connection that makes and drops test databases: the owner's work.
    if settings.DATABASE_ROLE != "step_down" or _owner_depth or not connection.settings_dict["NAME"]:
        return
    _set_role(connection)


def _set_role(conn: Any) -> None:
    role = role_name(conn.settings_dict["NAME"])
    with conn.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone():
            cursor.execute(f"SET ROLE {conn.ops.quote_name(role)}")


@contextmanager
def as_owner() -> "Iterator[None]":
    """Within the block, connections of this process act as their login: for migrations and for emptying test tables."""
    global _owner_depth
    _owner_depth += 1
    try:
        if settings.DATABASE_ROLE == "step_down" and connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")
        yield
    finally:
        _owner_depth -= 1
        if settings.DATABASE_ROLE == "step_down" and not _owner_depth and connection.connection is not None:
            _set_role(connection)


def grant(sender: Any, using: str = "default", **kwargs: Any) -> None:
    """After each app's migrations: the application's role exists and has exactly the rights it should have."""
    if sender.label != "foundation" and sender.label != "home":
        # post_migrate comes once per app; first (so that the role exists) and last (so that every table is there) do.
        return
    conn = connections[using]
    role = conn.ops.quote_name(role_name(conn.settings_dict["NAME"]))
    with as_owner(), conn.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role_name(conn.settings_dict["NAME"])])
        if not cursor.fetchone():
            # Two databases of one cluster may be made at once, each with its own role: the names differ.
            cursor.execute(f"CREATE ROLE {role} NOLOGIN")
        cursor.execute(f"GRANT {role} TO CURRENT_USER")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        cursor.execute(
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO " + role
        )
        cursor.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO " + role)
        for table in APPEND_ONLY:
            cursor.execute("SELECT to_regclass(%s)", [table])
            if cursor.fetchone()[0]:
                cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {conn.ops.quote_name(table)} FROM {role}")


def owned_tables() -> int:
    """How many tables of the schema the current role owns: 0 is right for a running application."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' "
            "AND pg_has_role(current_user, tableowner, 'USAGE')"
        )
        return int(cursor.fetchone()[0])
