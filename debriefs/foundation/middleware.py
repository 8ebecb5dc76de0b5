"""Request context for the audit log, and headers that hold on every page."""

import ipaddress
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from debriefs.foundation.request_context import RequestContext, current


def client_address(request: HttpRequest) -> str | None:
    """The client's address. The last TRUSTED_PROXIES entries of X-Forwarded-For are ours; everything before is the client's to invent."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        if len(chain) >= settings.TRUSTED_PROXIES:
            address = chain[-settings.TRUSTED_PROXIES]
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


class RequestContextMiddleware:
    """Remembers address and id of the request, and forbids storing any page that is not public material."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = current.set(RequestContext(client_address(request), uuid.uuid4()))
        try:
            response = self.get_response(request)
        finally:
            current.reset(token)
        if not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response
