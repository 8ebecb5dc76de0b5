"""Where a line of a chart leads."""

from uuid import UUID

from django import template

from accounts.requests import programme_url
from debriefs.insights.figures import Chart
from debriefs.insights.filters import FIELDS
from debriefs.lessons.models import Lesson

register = template.Library()


@register.simple_tag(takes_context=True)
def chart_link(context: template.Context, chart: Chart, own_query: str, query: str, page_key: str) -> str:
    """The address of what stands behind a line or a cell, with the page's filters kept; empty where it leads nowhere.

    Its own filter takes the place of the page's of the same name.
    """
    if not own_query or not chart.leads_to:
        return ""
    programme = context["request"].programme
    if chart.leads_to == "lesson":
        return programme_url(programme, "lessons:lesson_page", lesson_id=UUID(own_query))
    names = {"remarks": "insights:remarks", "debriefs": "insights:debrief_list", "overview": "insights:overview"}
    own = {part.partition("=")[0] for part in own_query.split("&")}
    kept = [part for part in query.split("&") if part and part.partition("=")[0] not in own]
    origin = [f"from={page_key}"] if chart.leads_to in ("remarks", "debriefs") else []
    # A filter that only this line brings is taken off again on the way back.
    theirs = {part.partition("=")[0] for part in query.split("&")}
    origin += [f"added={name}" for name in own if name in FIELDS and name not in theirs and origin]
    return programme_url(programme, names[chart.leads_to]) + "?" + "&".join([own_query, *origin, *kept])


@register.simple_tag
def evidence_of(evidence: dict[UUID, int], lesson: Lesson) -> int:
    """On how many debriefs a lesson rests, from counts already made."""
    return evidence.get(lesson.pk, 0)
