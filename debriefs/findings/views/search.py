"""Search over what buyers said."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import ProgrammeRequest
from debriefs.findings.search_forms import SearchForm
from debriefs.findings.search_queries import Hit, Narrowed, search
from debriefs.foundation import clock


@require_safe
def remark_search(request: ProgrammeRequest) -> HttpResponse:
    """The released remarks that hold the words, as far as the reader may read them; twenty a page."""
    form = SearchForm(request.GET or None, programme=request.programme)
    page: dict[str, object] = {"form": form}
    if form.is_valid() and form.cleaned_data["q"]:
        data = form.cleaned_data
        narrowed = Narrowed(data["outcome"], data["category"], data["direction"])
        found, forgiven = search(request.person, data["q"], narrowed, clock.now())
        page |= {"q": data["q"], "forgiven": forgiven, "query": form.query()}
        shown = Paginator(found, 20).get_page(request.GET.get("page", "1")[:6])
        page |= {"page": shown, "hits": [Hit.of(remark) for remark in shown]}
    return render(request, "findings/remark_search.html", page)
