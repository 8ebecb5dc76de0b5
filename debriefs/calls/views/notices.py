"""The notices of a programme and of a debrief: what is owed to whom, what became of it, how it reads, and once more."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.calls import actions, notice_pages, permissions
from debriefs.calls.models import Debrief
from debriefs.calls.queries import debrief_visible_to
from debriefs.foundation import clock, outbox
from debriefs.foundation.models import Notice
from debriefs.foundation.refusals import Refusal


@roles_required(Role.MANAGER, Role.ADMIN)
@require_safe
def notice_list(request: ProgrammeRequest) -> HttpResponse:
    """The mails the reader answers for, and those to themselves, by state; fifty a page."""
    state = request.GET.get("state", "")
    page = Paginator(notice_pages.notices_for(request.person, state), 50).get_page(request.GET.get("page", "1")[:6])
    rows = notice_pages.with_debriefs(request.person, list(page))
    views = notice_pages.views_of(request.person, state)
    return render(request, "calls/notice_list.html", {"page": page, "rows": rows, "views": views, "state": state})


def _found(request: ProgrammeRequest, debrief_id: UUID, notice_id: UUID) -> tuple[Debrief, Notice]:
    debrief = debrief_visible_to(request.person, debrief_id)
    if not permissions.can_schedule(request.person, debrief):
        raise PermissionDenied(_("The manager of the deal’s team reads and repeats its mails."))
    return debrief, notice_pages.notice_of(debrief, notice_id)


def _shown(
    request: ProgrammeRequest, debrief: Debrief | None, notice: Notice, *, error: str = "", status: int = 200
) -> HttpResponse:
    preview = notice_pages.preview(notice, clock.now())
    context = {
        "debrief": debrief, "notice": notice, "preview": preview, "error": error,
        "is_stopped": outbox.is_suppressed(notice.recipient_email, request.programme.pk),
    }  # fmt: skip
    return render(request, "calls/notice_page.html", context, status=status)


@require_safe
def notice_page(request: ProgrammeRequest, debrief_id: UUID, notice_id: UUID) -> HttpResponse:
    """One notice: its state with the reason, and the mail as it reads."""
    debrief, notice = _found(request, debrief_id, notice_id)
    return _shown(request, debrief, notice)


@roles_required(Role.MANAGER, Role.ADMIN)
@require_safe
def mail_page(request: ProgrammeRequest, notice_id: UUID) -> HttpResponse:
    """One mail that is about no debrief the reader schedules, such as a digest to them: state, reason, and how it reads."""
    return _shown(request, None, notice_pages.mail_of(request.person, notice_id))


@roles_required(Role.MANAGER, Role.ADMIN)
@require_POST
def mail_again(request: ProgrammeRequest, notice_id: UUID) -> HttpResponse:
    """Sends such a mail once more; a refusal is said on the page (422)."""
    notice = notice_pages.mail_of(request.person, notice_id)
    try:
        made = actions.send_mail_again(notice=notice, by=request.person, now=clock.now())
    except Refusal as refusal:
        return _shown(request, None, notice, error=str(refusal), status=422)
    messages.success(request, _("It goes out within seconds."))
    return redirect(programme_url(request.programme, "calls:mail_page", notice_id=made.pk))


@require_POST
def notice_again(request: ProgrammeRequest, debrief_id: UUID, notice_id: UUID) -> HttpResponse:
    """Sends the mail once more; a refusal is said on the page (422)."""
    debrief, notice = _found(request, debrief_id, notice_id)
    try:
        made = actions.send_again(debrief=debrief, notice=notice, by=request.person, now=clock.now())
    except Refusal as refusal:
        return _shown(request, debrief, notice, error=str(refusal), status=422)
    messages.success(request, _("It goes out within seconds."))
    return redirect(programme_url(request.programme, "calls:notice_page", debrief_id=debrief.pk, notice_id=made.pk))
