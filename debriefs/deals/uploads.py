"""Uploads end at the size limit while they arrive, not after the disk is full."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


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
