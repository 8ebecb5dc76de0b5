"""The guides as they are read: the list, a version, as the buyer sees it in writing, two versions side by side."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.guides import exchange, pages, queries
from debriefs.guides.forms import PublishForm
from debriefs.guides.models import GuideVersion
from debriefs.guides.permissions import can_edit_guides, is_outside_interviewer

readers = roles_required(Role.ADMIN, Role.MANAGER, Role.INTERVIEWER, Role.REVIEWER)


@readers
@require_safe
def guide_list(request: ProgrammeRequest) -> HttpResponse:
    """The guides of the programme with their versions."""
    shown = {
        "guides": queries.guides_visible_to(request.person),
        "can_edit": can_edit_guides(request.person),
        "has_bank": not is_outside_interviewer(request.person),
    }
    return render(request, "guides/guide_list.html", shown)


@readers
@require_safe
def version_page(request: ProgrammeRequest, version_id: UUID) -> HttpResponse:
    """A version as the interviewer will read it; also on paper, with room for notes."""
    return version_shown(request, queries.version_visible_to(request.person, version_id))


@readers
@require_safe
def version_written(request: ProgrammeRequest, version_id: UUID) -> HttpResponse:
    """A version as the buyer sees it in a written debrief: only the questions fit for writing, in the words for it."""
    version = queries.version_visible_to(request.person, version_id)
    questions = [text for text in queries.texts_of(version) if text.fit_for_writing]
    return render(request, "guides/version_written.html", {"version": version, "questions": questions})


@readers
@require_safe
def version_compare(request: ProgrammeRequest, version_id: UUID) -> HttpResponse:
    """Two versions of a guide, question by question; against the one before unless `?with=` names another by its number."""
    version = queries.version_visible_to(request.person, version_id)
    shown = pages.compare_page(request.person, version, request.GET.get("with", ""))
    if shown is None:
        raise Http404
    return render(request, "guides/version_compare.html", shown)


@readers
@require_safe
def version_json(request: ProgrammeRequest, version_id: UUID) -> HttpResponse:
    """The version as a file that another installation takes in."""
    version = queries.version_visible_to(request.person, version_id)
    return _file(exchange.to_json(queries.exchanged(version)), "application/json", version, "json")


@readers
@require_safe
def version_markdown(request: ProgrammeRequest, version_id: UUID) -> HttpResponse:
    """The version as a text to read."""
    version = queries.version_visible_to(request.person, version_id)
    return _file(exchange.to_markdown(queries.exchanged(version)), "text/markdown", version, "md")


def version_shown(
    request: ProgrammeRequest, version: GuideVersion, form: PublishForm | None = None, status: int = 200
) -> HttpResponse:
    """The version's page; a draft's with the form to publish it, for whoever may."""
    can_edit = can_edit_guides(request.person)
    if form is None and can_edit and version.published_at is None:
        action = programme_url(request.programme, "guides:version_publish", version_id=version.pk)
        form = PublishForm(version=version, action=action)
    page = pages.version_page(request.person, version) | {"can_edit": can_edit, "form": form}
    return render(request, "guides/version_page.html", page, status=status)


def _file(content: str, kind: str, version: GuideVersion, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    # The name of the guide is a person's words; the file's is not.
    response["Content-Disposition"] = f'attachment; filename="guide-version-{version.number}.{ending}"'
    return response
