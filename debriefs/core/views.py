"""The stylesheet of a colour."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control

from debriefs.core import colour


@login_not_required
@cache_control(public=True, max_age=31_536_000, immutable=True)
def colour_stylesheet(request: HttpRequest, digits: str) -> HttpResponse:
    """The custom properties of one colour, `digits` its six hexadecimal digits. Says nothing about any programme.

    A colour's stylesheet never changes, so that it is kept by browsers for a year; it touches no table.
    """
    return HttpResponse(colour.stylesheet(f"#{digits.lower()}"), content_type="text/css; charset=utf-8")
