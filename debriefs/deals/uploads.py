"""Uploads: stopped at the size limit while they arrive, kept in parts, read again from a temporary file."""

import hashlib
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from accounts.models import Person, Programme
from debriefs.deals.models import UploadedFile, UploadedPart
from debriefs.deals.reader import Row, Shape, rows

_PART = 512 * 1024
# A file up to this size is read in memory, a larger one on disk.
_IN_MEMORY = 4 * 1024 * 1024


class SizeLimitHandler(FileUploadHandler):
    """Drops a file beyond IMPORT_MAX_BYTES and marks the request with `upload_too_large`; the form then says so."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Starts counting anew."""
        super().new_file(*args, **kwargs)
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Passes the bytes on to the next handler until there are too many."""
        self._received += len(raw_data)
        if self._received > settings.IMPORT_MAX_BYTES:
            self.request.upload_too_large = True  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leaves the file to the next handler."""
        return


def keep_upload(*, programme: Programme, name: str, file: BinaryIO, by: Person | None, now: datetime) -> UploadedFile:
    """The file from its start, kept; memory holds one part of it. One query per half megabyte, in the caller's transaction."""
    kept = UploadedFile.objects.create(
        programme=programme, name=name[-200:] or "deals.csv", sha256="", uploaded_at=now, uploaded_by=by
    )
    digest = hashlib.sha256()
    file.seek(0)
    position = 0
    while piece := file.read(_PART):
        digest.update(piece)
        kept.size += len(piece)
        UploadedPart.objects.create(programme=programme, file=kept, position=position, content=piece)
        position += 1
    kept.sha256 = digest.hexdigest()
    kept.save(update_fields=["size", "sha256"])
    return kept


def open_upload(kept: UploadedFile) -> BinaryIO:
    """The file as it came, at its start; close it to give its disk space back. One query per half megabyte."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
    position = 0
    while (part := kept.parts.filter(position=position).values_list("content", flat=True).first()) is not None:
        file.write(part)
        position += 1
    file.seek(0)
    return cast(BinaryIO, file)


def rows_of(kept: UploadedFile, shape: Shape) -> Iterator[Row]:
    """The file's rows as `reader.rows` gives them; its temporary file goes with the iterator."""
    with open_upload(kept) as file:
        yield from rows(file, shape)
