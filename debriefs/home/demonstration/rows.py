"""Rows of the demonstration with ids that come from the seed, gathered and written in bulk."""

from collections import defaultdict
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from django.db import models

Row = TypeVar("Row", bound=models.Model)


class Rows:
    """Collects unsaved rows by model and writes each model once, in the order in which models were first met.

    Ids are drawn from the seed, so that the same seed makes the same addresses on every machine.
    """

    def __init__(self, programme: Any, seed: int) -> None:
        self.programme = programme
        self._random = Random(f"ids-{seed}")  # noqa: S311 - reproducible on purpose, guards nothing
        self._rows: dict[type[models.Model], list[models.Model]] = defaultdict(list)

    def uuid(self) -> UUID:
        """The next id."""
        return UUID(int=self._random.getrandbits(128), version=4)

    def add(self, model: type[Row], **values: Any) -> Row:
        """Remembers a row of the programme; it has its id at once and is written by `write`."""
        names = {field.name for field in model._meta.local_fields}
        if "programme" in names:
            values.setdefault("programme", self.programme)
        if isinstance(model._meta.pk, models.UUIDField):
            values.setdefault("id", self.uuid())
        row = model(**values)
        self._rows[model].append(row)
        return row

    def gathered(self, model: type[Row], **having: Any) -> list[Row]:
        """The rows of a model that are not written yet and have these values."""
        rows = self._rows.get(model, [])
        return [row for row in rows if isinstance(row, model) and all(getattr(row, k) == v for k, v in having.items())]

    def write(self) -> None:
        """Writes everything gathered so far. One INSERT per model and thousand rows."""
        for model, rows in self._rows.items():
            model._default_manager.bulk_create(rows, batch_size=1000)
        self._rows.clear()
