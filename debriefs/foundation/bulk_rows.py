"""Many new rows of one table in one statement, without a model instance for each: for imports and the like.

What is not given takes the default of its field, so a column added later needs no change of the callers. Values are checked by
the database alone: callers give what fits.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from io import StringIO
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import AutoField, Field, Model
from django.db.models.fields import NOT_PROVIDED


def _escaped(text: str) -> str:
    # The text format of COPY; each replacement is quick where there is nothing to replace.
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


_AS_TEXT: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: "\\N",
    str: _escaped,
    bool: lambda value: "t" if value else "f",
    int: str,
    UUID: str,
    Decimal: str,
    date: date.isoformat,
    datetime: datetime.isoformat,
}


class BulkRows:
    """Rows on their way into the table of `model`. `given` names the attributes that `add` takes, in its order."""

    def __init__(self, model: type[Model], *given: str) -> None:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        rest = [field for name, field in fields.items() if name not in given and _needs_a_value(field)]
        self._fields = [*(fields[name] for name in given), *rest]
        self._rest = tuple(_plain(field.get_default()) for field in rest)
        self._table = connection.ops.quote_name(model._meta.db_table)
        self._columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in self._fields)
        self._rows: list[tuple[Any, ...]] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, *values: Any) -> None:
        """One row more; a text choice as a plain str."""
        self._rows.append(values + self._rest)

    def copy(self) -> None:
        """Writes the rows by COPY and forgets them. One statement, none without rows. Raises IntegrityError for a key that is taken."""
        if not self._rows:
            return
        as_text = _AS_TEXT
        lines = ["\t".join([as_text[type(value)](value) for value in row]) for row in self._rows]
        with connection.cursor() as cursor, connection.wrap_database_errors:
            cursor.copy_expert(f"COPY {self._table} ({self._columns}) FROM STDIN", StringIO("\n".join(lines) + "\n"))
        self._rows = []

    def insert_missing(self) -> None:
        """Writes the rows and forgets them; those whose key is taken meanwhile are left out. One statement, none without rows."""
        if not self._rows:
            return
        arrays = ", ".join(f"%s::{_array_type(field)}[]" for field in self._fields)
        values = [
            [str(cell) if type(cell) is UUID else cell for cell in column] for column in zip(*self._rows, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {self._table} ({self._columns}) SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING",  # noqa: S608 - names of our own tables
                values,
            )
        self._rows = []


def _needs_a_value(field: "Field[Any, Any]") -> bool:
    return not isinstance(field, AutoField) and not field.generated and field.db_default is NOT_PROVIDED


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _array_type(field: "Field[Any, Any]") -> str:
    """The type of a column for a cast; text without its limit, because a cast to a limit cuts silently."""
    kind = str(field.db_type(connection))
    return "text" if kind.startswith("varchar") else kind
