"""Lessons and actions: how many stand where, and on how much each rests."""

from collections import Counter
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from debriefs.insights import queries
from debriefs.insights.dashboards.look import Look
from debriefs.insights.figures import Chart, Kind, Page, of_count, of_share
from debriefs.insights.samples import kaplan_meier, median_survival
from debriefs.insights.statistics import Share
from debriefs.lessons.enums import LessonState
from debriefs.lessons.models import Lesson
from debriefs.lessons.queries import evidence_in, lessons_visible_to

# Of which the evidence is drawn; what is counted over lessons is counted over all.
MOST_LESSONS = 60
OVER = (LessonState.LEARNED, LessonState.RETIRED)


def page(look: Look) -> Page:
    """Lessons by state, and the evidence of the newest. Three queries.

    Lessons belong to the programme, whatever is filtered; their evidence is counted among the debriefs in view, as its base is.
    """
    lessons = list(lessons_visible_to(look.scope.person))
    newest = lessons[:MOST_LESSONS]
    states = Counter(lesson.state for lesson in lessons)
    today = look.scope.today
    due = sum(
        lesson.check_on is not None and lesson.check_on <= today and lesson.state not in OVER for lesson in lessons
    )
    measures = _measures(lessons, today)
    rests = evidence_in(newest, look.releases)
    n = queries.deals_heard(look.releases)
    return Page(
        "lessons",
        _("Lessons and actions"),
        _("What was concluded, what was changed, and what was checked."),
        (
            Chart(
                "states",
                ngettext(
                    "%(n)s lesson: %(force)s in force, %(due)s",
                    "%(n)s lessons: %(force)s in force, %(due)s",
                    len(lessons),
                )
                % {"n": len(lessons), "force": states[LessonState.IN_FORCE] or _("none"), "due": _due_in_words(due)}
                if lessons
                else _("No lessons yet"),
                _("All lessons of the programme by where they stand."),
                Kind.SHARE,
                (_("Lessons"),),
                tuple(
                    of_count(str(state.label), states[state], len(lessons)) for state in LessonState if states[state]
                ),
                empty=_("No lessons yet. They are written after released debriefs were discussed."),
            ),
            measures,
            Chart(
                "evidence",
                _("The lessons rest on %(least)s to %(most)s debriefs each") % _rests_between(newest, rests)
                if len({rests.get(lesson.pk, 0) for lesson in newest}) > 1
                else _("On how many released debriefs each lesson rests"),
                _("Debriefs cited as evidence, of %(n)s released debriefs in view.") % {"n": n},
                Kind.SHARE,
                (_("Debriefs"), _("Of")),
                tuple(
                    of_share(
                        _("When %(situation)s") % {"situation": lesson.situation},
                        Share(rests.get(lesson.pk, 0), n),
                        sub=str(lesson.get_state_display()),
                        query=str(lesson.pk),
                    )
                    for lesson in sorted(newest, key=lambda one: -rests.get(one.pk, 0))
                )
                if n
                else (),
                caution=_("A lesson is learned only when its measure was checked after the change."),
                empty=_("Evidence is counted in released debriefs; there are none in view."),
                leads_to="lesson",
            ),
        ),
    )


def _rests_between(lessons: list[Lesson], rests: dict[UUID, int]) -> dict[str, int]:
    counts = [rests.get(lesson.pk, 0) for lesson in lessons]
    return {"least": min(counts), "most": max(counts)}


def _due_in_words(due: int) -> str:
    return _("%(n)s due to be checked") % {"n": due} if due else _("none due to be checked yet")


def _measures(lessons: list[Lesson], today: date) -> Chart:
    """Open, checked in time and moved as shares; the median age from writing to force by Kaplan and Meier, open ones counted as far as they came."""
    due = [lesson for lesson in lessons if lesson.check_on is not None and lesson.check_on <= today]
    checked = [lesson for lesson in due if lesson.state in OVER]
    learned = sum(lesson.state == LessonState.LEARNED for lesson in lessons)
    ended = sum(lesson.state in OVER for lesson in lessons)
    marks = [
        of_share(_("Open: neither learned nor retired"), Share(len(lessons) - ended, len(lessons))),
        of_share(_("In force or further"), Share(sum(lesson.in_force_since is not None for lesson in lessons), len(lessons))),
        of_share(_("Checked, of those whose day has come"), Share(len(checked), len(due))),
        of_share(_("Moved what it should, of those ended"), Share(learned, ended)),
    ]  # fmt: skip
    ages = [((lesson.in_force_since or today) - lesson.written_at.date()).days for lesson in lessons]
    steps = kaplan_meier([max(0, age) for age in ages], [int(one.in_force_since is not None) for one in lessons])
    middle = median_survival(steps)
    base = _("All lessons of the programme.")
    if steps and middle is not None:
        risk = next(step.at_risk for step in steps if step.time == middle)
        words = {"days": round(middle), "n": risk}
        base += " " + _("Half are in force %(days)s days after they were written (%(n)s still open by then).") % words
    title = _("Nothing is in force yet")
    if lessons:
        title = _("%(k)s of %(n)s lessons are in force or further") % {"k": marks[1].k, "n": marks[1].n}
    if due:
        title = _("%(k)s of %(n)s lessons whose check is due were checked") % {"k": len(checked), "n": len(due)}
    return Chart(
        "measures",
        title,
        base,
        Kind.SHARE,
        (_("Lessons"), _("Of")),
        tuple(mark for mark in marks if mark.n),
        caution=_("A measure picked because it was bad tends to improve by itself."),
        empty=_("No lessons yet. They are written after released debriefs were discussed."),
    )
