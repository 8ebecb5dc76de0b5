"""No row joins two programmes: composite foreign keys, written by migrations.

Django's own foreign key says that the other row exists; the composite one says that it belongs to the same programme. Both
are checked at commit, so that rows may be written in any order.
"""

from typing import Any

from django.db import migrations


def programme_target(table: str) -> migrations.RunSQL:
    """Makes `table` a possible target: unique on (programme_id, id)."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_programme_id_key UNIQUE (programme_id, id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_programme_id_key",
    )


def same_programme(table: str, **columns: str) -> migrations.RunSQL:
    """For each `column=other_table`: the row named by `<column>_id` must be of the same programme as the row itself."""
    forward: list[str | tuple[str, Any]] = []
    backward: list[str | tuple[str, Any]] = []
    for column, other in columns.items():
        name = f"{table}_{column}_programme"[:63]
        forward.append(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (programme_id, {column}_id) "
            f"REFERENCES {other} (programme_id, id) DEFERRABLE INITIALLY DEFERRED"
        )
        backward.append(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return migrations.RunSQL(forward, backward)
