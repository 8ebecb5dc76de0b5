"""The local mailbox in the browser, so that a newcomer can play every person who gets mail.

Open to anybody who reaches the port, which listens on this machine only. Nothing here changes anything.
"""

import re
from pathlib import Path

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from debriefs.local.mailbox import SHOWN, Mail, newest, read

# A mail comes from anywhere: no script, no form, nothing fetched, an origin of its own; links may open in the window.
_MAIL_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "font-src": ["'none'"],
    "script-src": ["'none'"],
    "connect-src": ["'none'"],
    "frame-src": ["'none'"],
    "manifest-src": ["'none'"],
    "worker-src": ["'none'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-top-navigation-by-user-activation", "allow-popups"],
}


@login_not_required
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest mails, newest first."""
    mails = newest(_directory()) if settings.MAILBOX_DIR else []
    return render(request, "local/mailbox.html", {"mails": mails, "kept": settings.MAILBOX_DIR, "shown": SHOWN})


@login_not_required
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: who, what, text, HTML in a sandbox, invitation, links, headers."""
    return render(request, "local/mailbox_mail.html", {"mail": _mail(name)})


@login_not_required
@require_safe
@xframe_options_sameorigin
@csp_replace(_MAIL_POLICY)  # type: ignore[arg-type]  # its type knows only views without parameters
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, for the frame in the mail's page: its links open in the whole window."""
    html = _mail(name).html
    if not html:
        raise Http404
    target = '<base target="_top">'
    found = re.search(r"<head[^>]*>", html, re.IGNORECASE)
    at = found.end() if found else 0
    return HttpResponse(html[:at] + target + html[at:])


@login_not_required
@require_safe
def mail_source(request: HttpRequest, name: str) -> HttpResponse:
    """The mail as it came over the wire, to be opened in a mail program."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.eml"'}
    return HttpResponse(_mail(name).source, content_type="message/rfc822", headers=headers)


@login_not_required
@require_safe
def mail_invitation(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """A calendar part as it was sent, to be opened in a calendar."""
    parts = _mail(name).calendar_parts
    if int(number) > len(parts):
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="invitation-{number}.ics"'}
    return HttpResponse(parts[int(number) - 1], content_type="text/calendar; charset=utf-8", headers=headers)


def _directory() -> Path:
    return Path(settings.MAILBOX_DIR)


def _mail(name: str) -> Mail:
    found = read(_directory(), name) if settings.MAILBOX_DIR else None
    if found is None:
        raise Http404
    return found
