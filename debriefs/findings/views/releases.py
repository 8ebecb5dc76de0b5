"""Releasing in batches, and the released debriefs as the team reads them."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.findings import actions, batches, pages, permissions, queries
from debriefs.findings.forms import BatchForm, RecallForm
from debriefs.findings.models import Release
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal

_form_view = require_http_methods(["GET", "HEAD", "POST"])
_reviewers = roles_required(Role.REVIEWER, Role.ADMIN)


@_reviewers
@_form_view
def release_batch(request: ProgrammeRequest) -> HttpResponse:
    """What waits for the next batch, by who would read it; released together, or not at all."""
    waiting = queries.prepared_releases(request.person)
    form = BatchForm(request.POST or None, waiting=waiting)
    error, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = batches.release_batch(by=request.person, now=clock.now(), **form.cleaned_data)
            except Refusal as refusal:
                error = str(refusal)
            else:
                messages.success(request, _("Released together: %(n)s debriefs.") % {"n": len(made)})
                return redirect(programme_url(request.programme, "findings:release_list"))
        else:
            error = _("Choose at least one debrief.")
    page = pages.batch_page(request.programme, waiting, form.chosen()) | {"error": error, "form": form}
    return render(request, "findings/release_batch.html", page, status=status)


@_reviewers
@require_POST
def batch_leave(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """Takes a debrief out of the next batch."""
    prepared = get_object_or_404(queries.prepared_releases(request.person), debrief=debrief_id)
    batches.take_out(prepared=prepared, by=request.person, now=clock.now())
    messages.success(request, _("Taken out. It stays reviewed."))
    return redirect(programme_url(request.programme, "findings:release_batch"))


@require_safe
def release_list(request: ProgrammeRequest) -> HttpResponse:
    """The released debriefs the reader may read, newest first; twenty a page."""
    releases = queries.listed(request.person, clock.now())
    page = Paginator(releases, 20).get_page(request.GET.get("page", "1")[:6])
    may_review = request.person.has_role(Role.REVIEWER, Role.ADMIN)
    return render(
        request,
        "findings/release_list.html",
        {"page": page, "said": queries.hero_of(page.object_list), "may_review": may_review},
    )


def _release(request: ProgrammeRequest, release_id: UUID) -> Release:
    return get_object_or_404(queries.listed(request.person, clock.now()), pk=release_id)


@require_safe
def story_link(request: ProgrammeRequest, debrief_id: UUID) -> HttpResponse:
    """The stable address of a debrief's story, for the CRM: leads to the release that stands, whichever that is."""
    releases = queries.releases_visible_to(request.person, clock.now()).filter(recalled_at__isnull=True)
    standing = get_object_or_404(releases, debrief=debrief_id)
    return redirect(programme_url(request.programme, "findings:release_page", release_id=standing.pk))


@require_safe
def release_page(request: ProgrammeRequest, release_id: UUID) -> HttpResponse:
    """A released debrief as one page to read."""
    page = pages.story_of(request.person, _release(request, release_id), clock.now())
    return render(request, "findings/release_page.html", page)


@_reviewers
@_form_view
def release_recall(request: ProgrammeRequest, release_id: UUID) -> HttpResponse:
    """Takes a release back, with a reason."""
    release = _release(request, release_id)
    if release.recalled_at is None and not permissions.may_recall(request.person, release):
        raise PermissionDenied(_("Who is or was on our side of the deal does not take back what its buyer said."))
    form = RecallForm(
        request.POST or None, back=programme_url(request.programme, "findings:release_page", release_id=release.pk)
    )
    if request.method == "POST" and form.is_valid():
        actions.recall(release=release, reason=form.cleaned_data["reason"], by=request.person, now=clock.now())
        messages.success(request, _("Recalled. Nobody reads it any more, and it counts nowhere."))
        return redirect(programme_url(request.programme, "findings:release_list"))
    status = 422 if request.method == "POST" else 200
    return render(request, "findings/release_recall.html", {"form": form, "release": release}, status=status)
