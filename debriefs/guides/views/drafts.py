"""Writing: a new guide, the draft of the next version on one page, publishing."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, is_by_script, programme_url
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal
from debriefs.guides import actions, pages, queries
from debriefs.guides.enums import PermissionKind
from debriefs.guides.forms import (
    DraftQuestions,
    GuideForm,
    PublishForm,
    ScriptsForm,
    initial_questions,
    initial_scripts,
    question_forms,
)
from debriefs.guides.models import Guide, GuideVersion
from debriefs.guides.permissions import can_edit_guides
from debriefs.guides.refusals import DraftChanged, VersionIsPublished
from debriefs.guides.rules import QuestionText, moved
from debriefs.guides.views.reading import readers, version_shown

_form_view = require_http_methods(["GET", "HEAD", "POST"])


def address(request: ProgrammeRequest, name: str, version: GuideVersion) -> str:
    """The address of a page of the version."""
    return programme_url(request.programme, name, version_id=version.pk)


def editable(request: ProgrammeRequest, version_id: UUID) -> GuideVersion:
    """The version, 404 for whoever may not read it, 403 for who may not write guides."""
    version = queries.version_visible_to(request.person, version_id)
    if not can_edit_guides(request.person):
        raise PermissionDenied(_("Guides are written and published by the programme manager."))
    return version


@roles_required(Role.ADMIN)
@_form_view
def guide_add(request: ProgrammeRequest) -> HttpResponse:
    """A new guide with an empty draft."""
    back = programme_url(request.programme, "guides:guide_list")
    form = GuideForm(
        request.POST or None,
        back=back,
        initial={
            "language": request.programme.language,
            "expected_minutes": 30,
            "permissions": PermissionKind.values,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            draft = actions.create_guide(
                programme=request.programme, by=request.person, now=clock.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            return redirect(address(request, "guides:version_edit", draft))
    status = 422 if request.method == "POST" else 200
    return render(request, "guides/guide_form.html", {"form": form, "heading": _("Write a guide")}, status=status)


@roles_required(Role.ADMIN)
@_form_view
def guide_edit(request: ProgrammeRequest, guide_id: UUID) -> HttpResponse:
    """What a guide is called, whom it serves and how long it takes."""
    guide = get_object_or_404(Guide, pk=guide_id, programme=request.programme)
    facts = ("name", "outcome_groups", "language", "expected_minutes", "permissions")
    form = GuideForm(
        request.POST or None,
        back=programme_url(request.programme, "guides:guide_list"),
        initial={name: getattr(guide, name) for name in facts},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_guide(guide=guide, by=request.person, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("The guide was saved."))
            return redirect(programme_url(request.programme, "guides:guide_list"))
    page = {"form": form, "heading": guide.name, "guide": guide}
    return render(request, "guides/guide_form.html", page, status=422 if request.method == "POST" else 200)


@roles_required(Role.ADMIN)
@require_POST
def guide_retire(request: ProgrammeRequest, guide_id: UUID) -> HttpResponse:
    """The guide is proposed no more."""
    guide = get_object_or_404(Guide, pk=guide_id, programme=request.programme)
    actions.retire_guide(guide=guide, by=request.person, now=clock.now())
    messages.success(
        request, _("%(guide)s is proposed no more. Debriefs that have it keep it.") % {"guide": guide.name}
    )
    return redirect(programme_url(request.programme, "guides:guide_list"))


@readers
@require_POST
def version_copy(request: ProgrammeRequest, version_id: UUID) -> HttpResponse:
    """Starts the draft of the next version, or leads to the one under way."""
    version = editable(request, version_id)
    draft = actions.start_draft(version=version, by=request.person, now=clock.now())
    return redirect(address(request, "guides:version_edit", draft))


@readers
@_form_view
def version_edit(request: ProgrammeRequest, version_id: UUID) -> HttpResponse:
    """The draft on one plain page. A published version refuses with 403; another's change meanwhile answers 409."""
    version = editable(request, version_id)
    if version.published_at is not None:
        raise PermissionDenied(str(VersionIsPublished()))
    texts = queries.texts_of(version)
    if request.method != "POST":
        scripts = ScriptsForm(initial=initial_scripts(version, texts))
        return _edit_shown(
            request, version, scripts, question_forms(texts=texts, initial=initial_questions(texts)), texts
        )
    scripts, questions = ScriptsForm(request.POST), question_forms(request.POST, texts=texts)
    if is_by_script(request):
        return _saved_as_typed(request, version, scripts, questions, texts)
    return _saved_by_button(request, version, scripts, questions, texts)


def _saved_by_button(
    request: ProgrammeRequest,
    version: GuideVersion,
    scripts: ScriptsForm,
    questions: DraftQuestions,
    texts: list[QuestionText],
) -> HttpResponse:
    """A save by a button: on to the page or the place it leads to; 422 or 409 with all that was typed."""
    if not (scripts.is_valid() and questions.is_valid()):
        return _edit_shown(request, version, scripts, questions, texts, 422)
    try:
        place = _saved(request, version, scripts, questions, texts)
    except DraftChanged as refusal:
        scripts.data = {**request.POST.dict(), "seen": initial_scripts(version, texts)["seen"]}
        scripts.add_error(None, str(refusal))
        return _edit_shown(request, version, scripts, questions, texts, 409)
    if place:
        return redirect(address(request, "guides:version_edit", version) + place)
    messages.success(request, _("The draft was saved."))
    return redirect(address(request, "guides:version_page", version))


def _saved_as_typed(
    request: ProgrammeRequest,
    version: GuideVersion,
    scripts: ScriptsForm,
    questions: DraftQuestions,
    texts: list[QuestionText],
) -> HttpResponse:
    """A save by the page's script: 200 with the new digest and the key of each form, 422 or 409 with nothing saved."""
    if not (scripts.is_valid() and questions.is_valid()):
        return JsonResponse({}, status=422)
    asked = questions.texts({text.key: text for text in texts})
    now = clock.now()
    try:
        actions.save_draft(version=version, questions=asked, by=request.person, now=now, **scripts.cleaned_data)
    except DraftChanged:
        return JsonResponse({}, status=409)
    version.refresh_from_db(fields=["opening_script", "closing_script"])
    at = f"{now.astimezone(ZoneInfo(request.user.time_zone)):%H:%M}"
    return JsonResponse(pages.saved_answer(version, questions, queries.texts_of(version)) | {"at": at})


def _saved(
    request: ProgrammeRequest,
    version: GuideVersion,
    scripts: ScriptsForm,
    questions: DraftQuestions,
    texts: list[QuestionText],
) -> str:
    """Saves the draft, with the act of the button pressed; the place on the page to go on at, "" when it is left."""
    asked = questions.texts({text.key: text for text in texts})
    act, _colon, argument = request.POST.get("act", "").partition(":")
    place = ""
    numbers = questions.numbers()
    if act in ("up", "down") and argument.isdecimal() and int(argument[:3]) < len(numbers):
        asked, number = moved(asked, numbers[int(argument[:3])], -1 if act == "up" else 1)
        place = f"#question-{number + 1}"
    elif act == "to" and (place_of := _places(argument, numbers)):
        asked, number = moved(asked, place_of[0], place_of[1] - place_of[0])
        place = f"#question-{number + 1}"
    elif act == "take" and request.POST.get("bank"):
        taken = queries.offered(version, request.POST["bank"][:60], asked)
        asked = [*asked, taken] if taken else asked
        place = f"#question-{len(asked)}"
    elif act == "stay":
        place = "#question-new"
    actions.save_draft(version=version, questions=asked, by=request.person, now=clock.now(), **scripts.cleaned_data)
    return place


def _places(argument: str, numbers: list[int]) -> tuple[int, int] | None:
    """From "3:1", numbers of forms on the page: where the question stands, and where the one stands whose place it takes."""
    pair = [int(one) for one in argument[:7].split(":") if one.isdecimal()]
    if len(pair) != 2 or max(pair) >= len(numbers):
        return None
    return numbers[pair[0]], numbers[pair[1]]


@readers
@require_POST
def version_undo(request: ProgrammeRequest, version_id: UUID) -> HttpResponse:
    """Takes the last save of the draft back."""
    version = editable(request, version_id)
    try:
        actions.undo_save(version=version, by=request.person, now=clock.now())
        messages.success(request, _("The last save was taken back."))
    except VersionIsPublished as refusal:
        raise PermissionDenied(str(refusal)) from None
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(address(request, "guides:version_edit", version))


@readers
@require_POST
def version_publish(request: ProgrammeRequest, version_id: UUID) -> HttpResponse:
    """Publishes the draft; from then on it never changes."""
    version = editable(request, version_id)
    form = PublishForm(request.POST, version=version, action=address(request, "guides:version_publish", version))
    if not form.is_valid():
        return version_shown(request, version, form, 422)
    try:
        actions.publish(version=version, by=request.person, now=clock.now(), note=form.cleaned_data["note"])
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return version_shown(request, version, form, 422)
    messages.success(request, _("%(version)s is published.") % {"version": version})
    return redirect(address(request, "guides:version_page", version))


def _edit_shown(
    request: ProgrammeRequest,
    version: GuideVersion,
    scripts: ScriptsForm,
    questions: DraftQuestions,
    texts: list[QuestionText],
    status: int = 200,
) -> HttpResponse:
    shown = pages.edit_page(version, scripts, questions, texts)
    return render(request, "guides/version_edit.html", shown, status=status)
