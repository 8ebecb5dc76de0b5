"""The pages of figures, one module each: a look at some deals in, a Page out."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy

from debriefs.insights.dashboards import (
    competitors,
    drivers,
    lessons,
    needs,
    overview,
    participation,
    rates,
    record,
    sources,
    trend,
)
from debriefs.insights.dashboards.look import Look
from debriefs.insights.figures import Page

# By the name in the address, in the order of the tabs.
BUILDERS: dict[str, Callable[[Look], Page]] = {
    "overview": overview.page,
    "rates": rates.page,
    "drivers": drivers.page,
    "competitors": competitors.page,
    "needs": needs.page,
    "record": record.page,
    "participation": participation.page,
    "sources": sources.page,
    "trend": trend.page,
    "lessons": lessons.page,
}

# The tabs: name in the address, and what stands on it.
TABS = (
    ("overview", gettext_lazy("Overview")),
    ("rates", gettext_lazy("Win rates")),
    ("drivers", gettext_lazy("Drivers")),
    ("competitors", gettext_lazy("Competitors")),
    ("needs", gettext_lazy("Needs")),
    ("record", gettext_lazy("Sales record")),
    ("participation", gettext_lazy("Participation")),
    ("sources", gettext_lazy("Sources")),
    ("trend", gettext_lazy("Trend")),
    ("lessons", gettext_lazy("Lessons and actions")),
    ("report", gettext_lazy("Report")),
)
