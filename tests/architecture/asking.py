"""Requests to the scene that leave nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.http import HttpResponse

from tests.architecture import scene


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(staged: scene.Scene, person: str, method: str, address: str) -> tuple[int, bytes]:
    """Status and text of the answer; the person's cookies stay as they were."""
    client = staged.clients[person]
    cookies = client.cookies.copy()
    response: HttpResponse = client.generic(method, address, content_type="application/x-www-form-urlencoded")
    client.cookies = cookies
    text = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
    return response.status_code, text + repr(response.headers).encode()
