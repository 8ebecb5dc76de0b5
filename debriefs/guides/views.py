"""Pages of the guides: the list, a version as the interviewer reads it, the draft being written."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal
from debriefs.guides import actions, queries
from debriefs.guides.forms import DraftQuestions, PublishForm, ScriptsForm, initial_questions, question_forms
from debriefs.guides.models import GuideVersion
from debriefs.guides.permissions import can_edit_guides
from debriefs.guides.refusals import DraftChanged, VersionIsPublished
from debriefs.guides.rules import digest_of

_readers = roles_required(Role.ADMIN, Role.MANAGER, Role.INTERVIEWER, Role.REVIEWER)


@_readers
@require_safe
def guide_list(request: ProgrammeRequest) -> HttpResponse:
    """The guides of the programme with their versions."""
    shown = {"guides": queries.guides_visible_to(request.person), "can_edit": can_edit_guides(request.person)}
    return render(request, "guides/guide_list.html", shown)


@_readers
@require_safe
def version_page(request: ProgrammeRequest, version_id: UUID) -> HttpResponse:
    """A version as the interviewer will read it; also on paper, with room for notes."""
    version = queries.version_visible_to(request.person, version_id)
    return _version_shown(request, version)


@_readers
@require_POST
def version_copy(request: ProgrammeRequest, version_id: UUID) -> HttpResponse:
    """Starts the draft of the next version, or leads to the one under way."""
    version = _editable(request, version_id)
    draft = actions.start_draft(version=version, by=request.person, now=clock.now())
    return redirect(_address(request, "guides:version_edit", draft))


@_readers
@require_http_methods(["GET", "HEAD", "POST"])
def version_edit(request: ProgrammeRequest, version_id: UUID) -> HttpResponse:
    """The draft on one plain page. A published version refuses with 403; another's change meanwhile answers 409."""
    version = _editable(request, version_id)
    if version.published_at is not None:
        raise PermissionDenied(str(VersionIsPublished()))
    texts = queries.texts_of(version)
    seen = digest_of(version.opening_script, version.closing_script, texts)
    if request.method != "POST":
        scripts = ScriptsForm(
            initial={"seen": seen, "opening_script": version.opening_script, "closing_script": version.closing_script}
        )
        return _edit_shown(request, version, scripts, question_forms(texts=texts, initial=initial_questions(texts)))
    scripts, questions = ScriptsForm(request.POST), question_forms(request.POST, texts=texts)
    if not (scripts.is_valid() and questions.is_valid()):
        return _edit_shown(request, version, scripts, questions, 422)
    try:
        actions.save_draft(
            version=version,
            questions=questions.texts({text.key: text for text in texts}),
            by=request.person,
            now=clock.now(),
            **scripts.cleaned_data,
        )
    except DraftChanged as refusal:
        scripts.data = {**request.POST.dict(), "seen": seen}
        scripts.add_error(None, str(refusal))
        return _edit_shown(request, version, scripts, questions, 409)
    messages.success(request, _("The draft was saved."))
    return redirect(_address(request, "guides:version_page", version))


@_readers
@require_POST
def version_publish(request: ProgrammeRequest, version_id: UUID) -> HttpResponse:
    """Publishes the draft; from then on it never changes."""
    version = _editable(request, version_id)
    address = _address(request, "guides:version_publish", version)
    form = PublishForm(request.POST, version=version, action=address)
    if not form.is_valid():
        return _version_shown(request, version, form, 422)
    try:
        actions.publish(version=version, by=request.person, now=clock.now(), note=form.cleaned_data["note"])
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _version_shown(request, version, form, 422)
    messages.success(request, _("%(version)s is published.") % {"version": version})
    return redirect(_address(request, "guides:version_page", version))


def _address(request: ProgrammeRequest, name: str, version: GuideVersion) -> str:
    return programme_url(request.programme, name, version_id=version.pk)


def _editable(request: ProgrammeRequest, version_id: UUID) -> GuideVersion:
    version = queries.version_visible_to(request.person, version_id)
    if not can_edit_guides(request.person):
        raise PermissionDenied(_("Guides are written and published by the programme manager."))
    return version


def _version_shown(
    request: ProgrammeRequest, version: GuideVersion, form: PublishForm | None = None, status: int = 200
) -> HttpResponse:
    can_edit = can_edit_guides(request.person)
    if form is None and can_edit and version.published_at is None:
        form = PublishForm(version=version, action=_address(request, "guides:version_publish", version))
    questions = list(version.questions.all())
    shown = {
        "version": version,
        "questions": questions,
        "minutes": sum(question.planned_minutes for question in questions),
        "can_edit": can_edit,
        "form": form,
    }
    return render(request, "guides/version_page.html", shown, status=status)


def _edit_shown(
    request: ProgrammeRequest, version: GuideVersion, scripts: ScriptsForm, questions: DraftQuestions, status: int = 200
) -> HttpResponse:
    shown = {"version": version, "scripts": scripts, "questions": questions}
    return render(request, "guides/version_edit.html", shown, status=status)
