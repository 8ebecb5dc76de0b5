"""The product's addresses and one more: a page with a single query, to compare the others with."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from debriefs.deals.models import Deal

TEMPLATE = "{% for deal in deals %}<li>{{ deal.name }}</li>{% endfor %}"


def bare(request: HttpRequest) -> HttpResponse:
    """Fifty deals by their key, as a list without a frame."""
    deals = Deal.objects.filter(programme=request.programme).order_by("pk")[:50]  # type: ignore[attr-defined]
    return HttpResponse(engines["django"].from_string(TEMPLATE).render({"deals": deals}, request))


urlpatterns = [path("p/<slug:programme_slug>/bare/", bare), path("", include("debriefs.urls"))]
