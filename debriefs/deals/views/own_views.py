"""The owner's own view: saved as it is typed, given with its button, closed when the interview begins."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.requests import ProgrammeRequest, is_by_script, programme_url
from debriefs.codebook.queries import drivers_of
from debriefs.deals import actions, queries
from debriefs.deals.forms.records import OwnViewForm
from debriefs.deals.models import Deal, OwnView
from debriefs.deals.refusals import OwnViewIsStale
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal

_SHOWN = ("revision", "why", "driver", "what_mattered", "when_it_changed", "what_to_hear")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_view(request: ProgrammeRequest, deal_id: UUID) -> HttpResponse:
    """The owner's own view, before the buyer is asked. Only its person knows this page; others get 404.

    The script saves what is typed and is answered in JSON: 409 when another window has saved meanwhile, 422 with a sentence. The
    button gives the view.
    """
    deal = queries.deal_visible_to(request.person, deal_id)
    view = OwnView.objects.filter(deal=deal, person=request.person).select_related("driver").first()
    if view is None and deal.owner_id != request.person.pk:
        raise Http404
    if request.method != "POST":
        return _shown(request, deal, view)
    return _saved(request, deal, view)


def _saved(request: ProgrammeRequest, deal: Deal, view: OwnView | None) -> HttpResponse:
    form = OwnViewForm(request.POST, deal=deal, drivers=drivers_of(request.programme), back=_back(request, deal))
    if not form.is_valid():
        return _refused(request, deal, view, form, " ".join(str(error) for [error, *_more] in form.errors.values()))
    try:
        saved = _save(request, deal, view, form)
    except OwnViewIsStale as stale:
        return _refused(request, deal, stale.current, form, str(stale), stale)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _refused(request, deal, view, form, str(refusal))
    if is_by_script(request):
        return JsonResponse({"revision": saved.revision, "saved_at": f"{localtime(clock.now()):%H:%M}"})
    messages.success(request, _("Your view was saved. You can change it until the interview begins."))
    return redirect(_back(request, deal))


def _back(request: ProgrammeRequest, deal: Deal) -> str:
    return programme_url(request.programme, "home:deal_page", deal_id=deal.pk)


def _save(request: ProgrammeRequest, deal: Deal, view: OwnView | None, form: OwnViewForm) -> OwnView:
    """Saves; an owner may give the view before being asked for it."""
    now = clock.now()
    own = view or actions.open_own_view(deal=deal, now=now)
    if own is None:
        raise Http404
    return actions.save_own_view(
        own_view=own,
        by=request.person,
        now=now,
        base_revision=form.cleaned_data["revision"],
        is_given=not is_by_script(request),
        **form.answers(),
    )


def _refused(
    request: ProgrammeRequest,
    deal: Deal,
    view: OwnView | None,
    form: OwnViewForm,
    problem: str,
    stale: OwnViewIsStale | None = None,
) -> HttpResponse:
    status = 409 if stale else 422
    if is_by_script(request):
        return JsonResponse({"problem": problem}, status=status)
    return _shown(request, deal, view, form, status, stale=stale)


def _shown(
    request: ProgrammeRequest,
    deal: Deal,
    view: OwnView | None,
    form: OwnViewForm | None = None,
    status: int = 200,
    stale: OwnViewIsStale | None = None,
) -> HttpResponse:
    """The form, or what was given once it is closed; beside it what another window saved."""
    if form is None:
        initial = {"revision": 0} if view is None else {name: getattr(view, name) for name in _SHOWN}
        form = OwnViewForm(initial=initial, deal=deal, drivers=drivers_of(request.programme), back=_back(request, deal))
    if stale is not None:
        form.data = {**form.data.dict(), "revision": str(stale.current.revision)}  # type: ignore[attr-defined]
    shown = {"deal": deal, "own_view": view, "form": form, "stale": stale}
    return render(request, "deals/own_view.html", shown, status=status)
