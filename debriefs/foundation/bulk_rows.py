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

from django.db import IntegrityError, connection, transaction
from django.db.models import AutoField, Field, Model
from django.db.models.fields import NOT_PROVIDED

# No text in Postgres holds a NUL, so it can mark what must not be escaped: the ends of cells and rows, and NULL.
_CELL, _ROW, _NULL = "\x00t", "\x00n", "\x00N"
_AS_TEXT: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: _NULL,
    str: str,
    bool: lambda value: "t" if value else "f",
    int: str,
    UUID: str,
    Decimal: str,
    date: date.isoformat,
    datetime: datetime.isoformat,
}


class BulkRows:
    """Rows on their way into the table of `model`. `given` names the attributes that `add` takes, in its order; `same` those that
    all rows share, with their values.
    """

    def __init__(self, model: type[Model], *given: str, **same: Any) -> None:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        rest = [
            field for name, field in fields.items() if name not in given and name not in same and _needs_a_value(field)
        ]
        self._fields = [*(fields[name] for name in (*given, *same)), *rest]
        self._same = (*same.values(), *(_plain(field.get_default()) for field in rest))
        self._table = connection.ops.quote_name(model._meta.db_table)
        self._columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in self._fields)
        self._rows: list[tuple[Any, ...]] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, *values: Any) -> None:
        """One row more; a text choice as a plain str."""
        self._rows.append(values)

    def copy(self) -> None:
        """Writes the rows by COPY and forgets them. One statement, none without rows. Raises IntegrityError for a key that is taken."""
        if self._rows:
            with connection.cursor() as cursor, connection.wrap_database_errors:
                cursor.copy_expert(f"COPY {self._table} ({self._columns}) FROM STDIN", StringIO(self._as_text()))
            self._rows = []

    def insert_missing(self) -> bool:
        """Writes the rows and forgets them; those whose key is taken meanwhile are left out, and then the answer is False.

        Three statements, none without rows; one more where a key is taken.
        """
        if not self._rows:
            return True
        kept = self._rows
        try:
            with transaction.atomic():
                self.copy()
        except IntegrityError:
            self._rows = kept
            self._insert_missing()
            return False
        return True

    def _as_text(self) -> str:
        """The rows in the text format of COPY. Raises ValueError for a text with a NUL."""
        as_text, width, nulls = _AS_TEXT, len(self._fields), 0
        end = "".join(_CELL + as_text[type(value)](value) for value in self._same) + _ROW
        lines = []
        for row in self._rows:
            cells = [cell if type(cell) is str else as_text[type(cell)](cell) for cell in row]
            nulls += cells.count(_NULL)
            lines.append(_CELL.join(cells))
        text = end.join(lines) + end
        if text.count("\x00") != len(lines) * (width + end.count(_NULL)) + nulls:
            raise ValueError("A text with a NUL character cannot be stored.")
        # The whole is escaped at once: a replacement costs little where there is nothing to replace, a call per cell much.
        text = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
        return text.replace(_CELL, "\t").replace(_ROW, "\n").replace(_NULL, "\\N")

    def _insert_missing(self) -> None:
        arrays = ", ".join(f"%s::{_array_type(field)}[]" for field in self._fields)
        whole = (row + self._same for row in self._rows)
        values = [[str(cell) if type(cell) is UUID else cell for cell in column] for column in zip(*whole, strict=True)]
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
