"""What a person typed into a form that could not be taken, so that the page which says so can give it back."""

import re

from django.http import HttpRequest

_NO_TEXT = re.compile(r"[\d-]*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def texts_typed(request: HttpRequest) -> list[tuple[str, str]]:
    """(name of the field, text) of everything sent that a person may have typed, passwords left out. No query."""
    return [
        (name, value)
        for name, value in request.POST.items()
        if isinstance(value, str)
        and name != "csrfmiddlewaretoken"
        and "password" not in name
        and not _NO_TEXT.fullmatch(value.strip())
    ]
