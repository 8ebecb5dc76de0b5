"""Lessons and actions: how many stand where, and on how much each rests."""

from collections import Counter

from django.utils.translation import gettext as _

from debriefs.insights import queries
from debriefs.insights.dashboards.look import Look
from debriefs.insights.figures import Chart, Kind, Page, of_count, of_share
from debriefs.insights.statistics import Share
from debriefs.lessons.enums import LessonState
from debriefs.lessons.queries import evidence_counts, lessons_visible_to

MOST_LESSONS = 60


def page(look: Look) -> Page:
    """Lessons by state, and the evidence of the newest. Three queries. Lessons belong to the programme: filters narrow only their base."""
    lessons = list(lessons_visible_to(look.scope.person)[:MOST_LESSONS])
    states = Counter(lesson.state for lesson in lessons)
    today = look.scope.today
    due = sum(
        lesson.check_on is not None and lesson.check_on <= today and lesson.state == LessonState.IN_FORCE
        for lesson in lessons
    )
    rests = evidence_counts(lessons, look.scope.now)
    n = queries.deals_heard(look.releases)
    longest = max(states.values(), default=0)
    return Page(
        "lessons",
        _("Lessons and actions"),
        _("What was concluded, what was changed, and what was checked."),
        (
            Chart(
                "states",
                _("%(n)s lessons, %(force)s in force, %(due)s due to be checked")
                % {"n": len(lessons), "force": states[LessonState.IN_FORCE], "due": due},
                _("All lessons of the programme by where they stand."),
                Kind.SHARE,
                (_("Lessons"),),
                tuple(of_count(str(state.label), states[state], longest) for state in LessonState if states[state]),
                empty=_("No lessons yet. They are written after released debriefs were discussed."),
            ),
            Chart(
                "evidence",
                _("On how many released debriefs each lesson rests"),
                _("Debriefs cited as evidence, of %(n)s released debriefs in view.") % {"n": n},
                Kind.SHARE,
                (_("Debriefs"), _("Of")),
                tuple(
                    of_share(
                        _("When %(situation)s") % {"situation": lesson.situation},
                        Share(min(rests.get(lesson.pk, 0), n), n),
                        sub=str(lesson.get_state_display()),
                        query=str(lesson.pk),
                    )
                    for lesson in sorted(lessons, key=lambda one: -rests.get(one.pk, 0))
                )
                if n
                else (),
                caution=_("A lesson is learned only when its measure was checked after the change."),
                empty=_("Evidence is counted in released debriefs; there are none in view."),
                leads_to="lesson",
            ),
        ),
    )
