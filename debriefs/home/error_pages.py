"""The pages of what is not allowed, of what nobody foresaw, and of a database that is away.

A restart of the database is no fault of anybody's, and is over in a minute.
"""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views import defaults

from debriefs.core.typed import texts_typed

# "The administrator ends this connection", "it crashed", "it is starting"; and whatever is about the connection itself (class 08).
_AWAY = ("57P01", "57P02", "57P03", "08")


def server_error(request: HttpRequest) -> HttpResponse:
    """503 with the request to try again in a minute while the database is away, else the page of any other error (500). No query."""
    if not is_database_away(sys.exc_info()[1]):
        return defaults.server_error(request)
    # Rendered without the request, as Django's own error page is: whatever a context processor asks would be asked of the database.
    page = loader.get_template("503.html").render()
    return HttpResponse(page, status=503, headers={"Retry-After": "30"})


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the sentence of the refusal, and with what was typed to be copied. No query by itself."""
    shown = {"exception": str(exception), "typed": texts_typed(request)}
    return render(request, "403.html", shown, status=403)


def is_database_away(error: BaseException | None) -> bool:
    """Whether the connection to the database is gone; False for what a database that is there says no to, such as a lock not had."""
    if isinstance(error, InterfaceError):
        return True
    code = getattr(error.__cause__, "pgcode", None) if isinstance(error, OperationalError) else "none"
    return code is None or code.startswith(_AWAY)
