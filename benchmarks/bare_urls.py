"""The product's addresses and one more: a page with a single query, to compare the deal list with.

Bare means: the same middleware, the same frame (base.html), one query for the same fifty rows with the same columns, written as plain
text into a plain table. No filter, no count, no choices, no drawing, no date in words.
"""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from debriefs.deals.models import Deal

TEMPLATE = """{% extends "base.html" %}{% block content %}<table><tbody>{% for deal in deals %}<tr><td>{{ deal.name }}</td>
<td>{{ deal.outcome }}</td><td>{{ deal.decided_on.isoformat }}</td><td>{{ deal.debrief_state }}</td><td>{{ deal.amount }}</td></tr>
{% endfor %}</tbody></table>{% endblock %}"""


def bare(request: HttpRequest) -> HttpResponse:
    """Fifty deals by their decision, as a plain table in the frame of every page."""
    deals = Deal.objects.filter(programme=request.programme).order_by("-decided_on", "pk")[:50]  # type: ignore[attr-defined]
    return HttpResponse(engines["django"].from_string(TEMPLATE).render({"deals": deals}, request))


urlpatterns = [path("p/<slug:programme_slug>/bare/", bare), path("", include("debriefs.urls"))]
