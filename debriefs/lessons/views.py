"""Lessons: the list, one of them, a new one."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal, Stale
from debriefs.lessons import actions, permissions, queries
from debriefs.lessons.enums import LessonState
from debriefs.lessons.forms import LessonForm, StateForm
from debriefs.lessons.models import Lesson


@roles_required(*permissions.READERS)
@require_safe
def lesson_list(request: ProgrammeRequest) -> HttpResponse:
    """The lessons, newest first, each with the number of debriefs it rests on; thirty a page."""
    now = clock.now()
    page = Paginator(queries.lessons_visible_to(request.person), 30).get_page(request.GET.get("page", "1")[:6])
    counts = queries.evidence_counts(page.object_list, now)
    rows = [(lesson, counts.get(lesson.pk, 0)) for lesson in page]
    shown = {"page": page, "rows": rows, "released": queries.released_count(request.programme, now)}
    return render(
        request, "lessons/lesson_list.html", shown | {"may_write": request.person.has_role(*permissions.WRITERS)}
    )


@roles_required(*permissions.READERS)
@roles_required(*permissions.WRITERS, known_to_all=True)
@require_http_methods(["GET", "HEAD", "POST"])
def lesson_add(request: ProgrammeRequest) -> HttpResponse:
    """Writes a lesson down."""
    now, back = clock.now(), programme_url(request.programme, "lessons:lesson_list")
    form = LessonForm(request.POST or None, person=request.person, now=now, back=back)
    if request.method == "POST" and form.is_valid():
        try:
            lesson = actions.write_lesson(programme=request.programme, by=request.person, now=now, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Written down."))
            return redirect(programme_url(request.programme, "lessons:lesson_page", lesson_id=lesson.pk))
    return render(request, "lessons/lesson_add.html", {"form": form}, status=422 if request.method == "POST" else 200)


def _shown(request: ProgrammeRequest, lesson: Lesson, status: int = 200, error: str = "") -> HttpResponse:
    now = clock.now()
    shown = {
        "lesson": lesson,
        "evidence": queries.evidence_of(lesson, request.person, now),
        "count": queries.evidence_counts([lesson], now).get(lesson.pk, 0),
        "released": queries.released_count(request.programme, now),
        "may_change": permissions.can_change(request.person, lesson),
        "states": LessonState.choices,
        "error": error,
    }
    return render(request, "lessons/lesson_page.html", shown, status=status)


def _lesson(request: ProgrammeRequest, lesson_id: UUID) -> Lesson:
    return get_object_or_404(queries.lessons_visible_to(request.person), pk=lesson_id)


@require_safe
def lesson_page(request: ProgrammeRequest, lesson_id: UUID) -> HttpResponse:
    """One lesson with the remarks it rests on, as far as the reader may read them."""
    return _shown(request, _lesson(request, lesson_id))


@require_POST
def lesson_state(request: ProgrammeRequest, lesson_id: UUID) -> HttpResponse:
    """Says where the lesson stands."""
    lesson = _lesson(request, lesson_id)
    if not permissions.can_change(request.person, lesson):
        raise PermissionDenied(_("The owner of the lesson, managers and reviewers say where it stands."))
    form = StateForm(request.POST)
    if not form.is_valid():
        return _shown(request, lesson, 422, _("Choose where the lesson stands."))
    try:
        actions.set_state(lesson=lesson, by=request.person, now=clock.now(), **form.cleaned_data)
    except Stale as stale:
        return _shown(request, _lesson(request, lesson_id), 409, str(stale))
    return redirect(programme_url(request.programme, "lessons:lesson_page", lesson_id=lesson.pk))
