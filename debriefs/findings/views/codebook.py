"""The codebook: what every driver means, how it is used, and its changes, each a version."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import Role
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.codebook import actions, queries
from debriefs.codebook.models import Driver
from debriefs.codebook.refusals import CodebookIsStale
from debriefs.codebook.rules import DriverText
from debriefs.deals import actions as deals
from debriefs.findings.codebook_forms import DriverForm, MergeForm, ReasonForm, RetireForm, SplitForm
from debriefs.findings.codebook_queries import entries_of, reasons_of, use_of
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal, Stale
from debriefs.guides.permissions import is_outside_interviewer

_form_view = require_http_methods(["GET", "HEAD", "POST"])
_changers = roles_required(Role.ADMIN)


@require_safe
def codebook_page(request: ProgrammeRequest) -> HttpResponse:
    """Every category with its drivers; how often each is used, for those who see every released debrief."""
    sees_use = request.person.has_role(Role.ADMIN, Role.REVIEWER)
    use = use_of(request.programme, clock.now()) if sees_use else None
    page = {
        "categories": entries_of(request.programme, use),
        "number": queries.version_of(request.programme),
        "use": use,
        "may_change": request.person.has_role(Role.ADMIN),
        "has_history": not is_outside_interviewer(request.person),
    }
    return render(request, "findings/codebook_page.html", page)


@require_safe
def codebook_history(request: ProgrammeRequest) -> HttpResponse:
    """What was changed, by whom and why, newest first; fifty a page. An outside interviewer reads what drivers mean, not this: 404."""
    if is_outside_interviewer(request.person):
        raise Http404
    page = Paginator(queries.versions_of(request.programme), 50).get_page(request.GET.get("page", "1")[:6])
    return render(request, "findings/codebook_history.html", {"page": page})


@_changers
@_form_view
def driver_add(request: ProgrammeRequest) -> HttpResponse:
    """A new driver."""
    form = DriverForm(request.POST or None, programme=request.programme, back=_back(request))
    add = lambda now: actions.add_driver(  # noqa: E731
        category=form.cleaned_data["category"], text=form.text(), in_picker=form.cleaned_data["in_picker"],
        reason=form.cleaned_data["reason"], by=request.person, now=now,
    )  # fmt: skip
    return _changed(request, form, add, _("Add a driver"))


@_changers
@_form_view
def driver_edit(request: ProgrammeRequest, driver_id: UUID) -> HttpResponse:
    """A driver's name, definition and examples; 409 with both texts when somebody else changed it meanwhile."""
    driver = _driver(request, driver_id)
    number = queries.version_of(request.programme)
    initial = DriverText.of(driver)._asdict() | {"in_picker": driver.in_picker, "number": number}
    form = DriverForm(
        request.POST or None, initial=initial, programme=request.programme, back=_back(request), driver=driver
    )
    describe = lambda now: actions.describe_driver(  # noqa: E731
        driver=driver, text=form.text(), in_picker=form.cleaned_data["in_picker"], by=request.person, now=now,
        reason=form.cleaned_data["reason"], base_number=form.cleaned_data["number"] or 0,
    )  # fmt: skip
    return _changed(request, form, describe, str(driver), driver=driver)


@_changers
@_form_view
def driver_merge(request: ProgrammeRequest, driver_id: UUID) -> HttpResponse:
    """One driver counts as another from now on; what was coded keeps its code."""
    driver = _driver(request, driver_id)
    form = MergeForm(request.POST or None, driver=driver, back=_back(request))
    merge = lambda now: actions.merge_driver(driver=driver, by=request.person, now=now, **form.cleaned_data)  # noqa: E731
    return _changed(request, form, merge, _("Merge %(driver)s") % {"driver": driver}, driver=driver)


@_changers
@_form_view
def driver_split(request: ProgrammeRequest, driver_id: UUID) -> HttpResponse:
    """A driver that meant two things becomes two."""
    driver = _driver(request, driver_id)
    form = SplitForm(request.POST or None, back=_back(request))
    split = lambda now: actions.split_driver(  # noqa: E731
        driver=driver, parts=form.parts(), reason=form.cleaned_data["reason"], counts_as=form.cleaned_data["counts_as"],
        by=request.person, now=now,
    )  # fmt: skip
    return _changed(request, form, split, _("Split %(driver)s") % {"driver": driver}, driver=driver)


@_changers
@_form_view
def driver_retire(request: ProgrammeRequest, driver_id: UUID) -> HttpResponse:
    """A driver is offered no more, or a retired one again."""
    driver = _driver(request, driver_id)
    does = request.POST.get("does") or ("restore" if driver.retired_at else "retire")
    again = does == "restore"
    act, words = (actions.restore_driver, _("Offer it again")) if again else (actions.retire_driver, _("Retire it"))
    form = RetireForm(request.POST or None, act=words, back=_back(request), initial={"does": does})
    turn = lambda now: act(driver=driver, reason=form.cleaned_data["reason"], by=request.person, now=now)  # noqa: E731
    heading = _("Offer %(driver)s again") if again else _("Retire %(driver)s")
    return _changed(request, form, turn, heading % {"driver": driver}, driver=driver)


@_changers
@_form_view
def reason_list(request: ProgrammeRequest) -> HttpResponse:
    """What the reasons written in the CRM mean; a change counts for every deal that carries the reason."""
    status, error = 200, ""
    if request.method == "POST":
        form = ReasonForm(request.POST, programme=request.programme)
        if form.is_valid():
            try:
                return _mapped(request, form)
            except Refusal as refusal:
                status, error = 409 if isinstance(refusal, Stale) else 422, str(refusal)
        else:
            status, error = 422, " ".join(str(sentence) for errors in form.errors.values() for sentence in errors)
    drivers = queries.drivers_of(request.programme)
    page = {"reasons": reasons_of(request.programme), "drivers": drivers, "error": error}
    page["categories"] = queries.categories_of(request.programme)
    return render(request, "findings/reason_list.html", page, status=status)


def _mapped(request: ProgrammeRequest, form: ReasonForm) -> HttpResponse:
    data = form.cleaned_data
    changed = deals.map_reason(
        programme=request.programme, text=data["reason"], category=data["category"], driver=data["driver"],
        by=request.person, now=clock.now(), seen=data["seen"] if "seen" in request.POST else None,
    )  # fmt: skip
    messages.success(request, _("Saved, for %(n)s deals.") % {"n": changed})
    return redirect(programme_url(request.programme, "findings:reason_list"))


def _driver(request: ProgrammeRequest, driver_id: UUID) -> Driver:
    return get_object_or_404(
        Driver.objects.select_related("category", "programme"), pk=driver_id, programme=request.programme
    )


def _back(request: ProgrammeRequest) -> str:
    return programme_url(request.programme, "findings:codebook_page")


def _changed(
    request: ProgrammeRequest, form: forms.Form, act: Callable[[datetime], Any], heading: str, **shown: Any
) -> HttpResponse:
    """The form, or after a valid POST the act and the way back; a refusal is said in the form, 409 when it rests on old texts."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act(clock.now())
            except CodebookIsStale as stale:
                status = 409
                form.data = {**form.data.dict(), "number": str(stale.number)}  # type: ignore[attr-defined]
                shown["stale"] = str(stale)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Saved as a new version of the codebook."))
                return redirect(_back(request))
    return render(request, "findings/codebook_form.html", {"form": form, "heading": heading} | shown, status=status)
