"""Searching a whole database for words: every column of every table, and within the mails and files that lie there as bytes."""

import email
import re
from collections.abc import Iterator

from django.db import connection

BYTES = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'bytea'"
TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"


def found(words: str) -> list[str]:
    """Where the pattern stands: "table" for a column of text, JSON, array or search words, "table.column" for bytes."""
    places = []
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" AS t WHERE t::text ~* %s', [words])
            if cursor.fetchone()[0]:
                places.append(table)
        cursor.execute(BYTES)
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')
            if any(re.search(words, said, re.IGNORECASE) for (raw,) in cursor.fetchall() for said in _read(bytes(raw))):
                places.append(f"{table}.{column}")
    return sorted(places)


def _read(raw: bytes) -> Iterator[str]:
    """The bytes as text, and as the parts of a mail taken out of their transfer encoding."""
    yield raw.decode(errors="replace")
    yield raw.decode("utf-16", errors="replace")
    for part in email.message_from_bytes(raw).walk():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield payload.decode(errors="replace")
