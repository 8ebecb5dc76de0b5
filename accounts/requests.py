"""The request as views below /p/<slug>/ see it."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from accounts.models import Person, Programme, User

if TYPE_CHECKING:
    from uuid import UUID


class ProgrammeRequest(HttpRequest):
    """A request whose programme and person ProgrammeMiddleware has set. For annotations only."""

    programme: Programme
    person: Person
    user: User
    htmx: HtmxDetails


def is_by_script(request: HttpRequest) -> bool:
    """Whether a script of ours asks and wants JSON; a form sent by the browser wants a page."""
    return request.headers.get("Accept", "").startswith("application/json")


def programme_url(programme: Programme, name: str, **kwargs: "str | int | UUID") -> str:
    """The address of a named page within the programme."""
    return reverse(name, kwargs={"programme_slug": programme.slug, **kwargs})
