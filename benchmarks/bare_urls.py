"""The product's addresses and two more: a page with a single query and one with a single UPDATE, to compare others with.

Bare means: the same middleware, the same frame (base.html), one query for the same fifty rows with the same columns, written as plain
text into a plain table. No filter, no count, no choices, no drawing, no date in words. The bare UPDATE changes one row and answers
with nothing.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from debriefs.deals.models import Deal
from debriefs.interviews.models import Answer

TEMPLATE = """{% extends "base.html" %}{% block content %}<table><tbody>{% for deal in deals %}<tr><td>{{ deal.name }}</td>
<td>{{ deal.outcome }}</td><td>{{ deal.decided_on.isoformat }}</td><td>{{ deal.debrief_state }}</td><td>{{ deal.amount }}</td></tr>
{% endfor %}</tbody></table>{% endblock %}"""


def bare(request: HttpRequest) -> HttpResponse:
    """Fifty deals by their decision, as a plain table in the frame of every page."""
    deals = Deal.objects.filter(programme=request.programme).order_by("-decided_on", "pk")[:50]  # type: ignore[attr-defined]
    return HttpResponse(engines["django"].from_string(TEMPLATE).render({"deals": deals}, request))


def bare_update(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """Changes one row of the size of a note with one UPDATE, and nothing else."""
    Answer.objects.filter(pk=answer_id).update(question_text=request.POST["text"][:500])
    return HttpResponse("")


urlpatterns = [
    path("p/<slug:programme_slug>/bare/", bare),
    path("p/<slug:programme_slug>/bare-update/<uuid:answer_id>/", bare_update),
    path("", include("debriefs.urls")),
]
