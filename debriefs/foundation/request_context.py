"""Who is acting, from where: set per request or task, read by the audit log."""

import uuid
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestContext:
    """The address the request came from and the request's id; both None outside a request."""

    from_address: str | None = None
    request_id: uuid.UUID | None = None


current: ContextVar[RequestContext] = ContextVar("request_context", default=RequestContext())
