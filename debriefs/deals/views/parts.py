"""The parts of a deal's record: needs, contacts changed, the announcement, the whole history."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import ProgrammeRequest
from debriefs.deals import actions, permissions, queries
from debriefs.deals.actions.contacts import contact_seen
from debriefs.deals.enums import DecisionPart, NeedWeight
from debriefs.deals.forms.parts import AnnounceForm, NeedForm
from debriefs.deals.forms.records import ContactChangeForm
from debriefs.deals.models import Deal, DealContact, Need
from debriefs.deals.refusals import ContactIsStale, NeedIsStale
from debriefs.deals.rules import today_in
from debriefs.deals.views.records import _acted, _changeable, _contact, _page, _people, _shown
from debriefs.foundation import clock

_form_view = require_http_methods(["GET", "HEAD", "POST"])


def _recordable(request: ProgrammeRequest, deal_id: UUID) -> Deal:
    """The deal, 404 for one the person may not know of, 403 for one whose record they may not add to."""
    deal = queries.deal_visible_to(request.person, deal_id)
    if not permissions.can_add_to_record(request.person, deal):
        raise PermissionDenied(_("Only the deal team and those who manage it add to the record."))
    return deal


def _need(request: ProgrammeRequest, need_id: UUID) -> Need:
    need = queries.need_visible_to(request.person, need_id)
    if not permissions.can_add_to_record(request.person, need.deal):
        raise PermissionDenied(_("Only the deal team and those who manage it add to the record."))
    return need


def _needs(request: ProgrammeRequest, deal: Deal) -> str:
    return f"{_page(request, deal)}#needs"


@_form_view
def need_add(request: ProgrammeRequest, deal_id: UUID) -> HttpResponse:
    """One need of the buyer, at the end of the list."""
    deal = _recordable(request, deal_id)
    form, heading = NeedForm(request.POST or None, back=_needs(request, deal)), _("Add a need")
    if request.method != "POST":
        return _shown(request, form, heading, deal=deal)

    def add(data: dict[str, Any]) -> tuple[str, str]:
        said = {"text": data["text"], "weight": data["weight"]}
        actions.add_need(deal=deal, by=request.person, now=clock.now(), **said)
        return _("The need was added."), _needs(request, deal)

    return _acted(request, form, heading, add, deal=deal)


@_form_view
def need_edit(request: ProgrammeRequest, need_id: UUID) -> HttpResponse:
    """A need changed; 409 with both wordings when somebody else changed it meanwhile."""
    need = _need(request, need_id)
    initial = {"text": need.text, "weight": need.weight, "revision": need.revision}
    form = NeedForm(request.POST or None, initial=initial, back=_needs(request, need.deal))
    if request.method != "POST":
        return _shown(request, form, _("Change a need"), deal=need.deal)

    def change(data: dict[str, Any]) -> tuple[str, str]:
        said = {"text": data["text"], "weight": data["weight"], "base_revision": data["revision"]}
        actions.change_need(need=need, by=request.person, now=clock.now(), **said)
        return _("The need was saved."), _needs(request, need.deal)

    try:
        return _acted(request, form, _("Change a need"), change, deal=need.deal)
    except NeedIsStale as stale:
        return _stale_need(request, form, need.deal, stale)


def _stale_need(request: ProgrammeRequest, form: NeedForm, deal: Deal, stale: NeedIsStale) -> HttpResponse:
    """The typed form beside what is saved now; one that is gone may be added anew with what was typed."""
    current, typed = stale.current, form.cleaned_data
    if current is None:
        form.add_error(None, _("This need was taken away meanwhile. Copy what you typed and add it anew."))
        return _shown(request, form, _("Change a need"), 422, deal=deal)
    pairs = [
        (form["text"].label, current.text, typed["text"]),
        (form["weight"].label, current.get_weight_display(), str(NeedWeight(typed["weight"]).label)),
    ]
    form.data = {**form.data.dict(), "revision": str(current.revision)}  # type: ignore[attr-defined]
    return _shown(request, form, _("Change a need"), 409, deal=deal, stale=str(stale), differences=_apart(pairs))


def _apart(pairs: list[tuple[Any, str, str]]) -> list[tuple[Any, str, str]]:
    return [pair for pair in pairs if pair[1] != pair[2]]


@require_POST
def need_move(request: ProgrammeRequest, need_id: UUID, direction: str) -> HttpResponse:
    """The need one place up or down; the page comes back at the list."""
    need = _need(request, need_id)
    actions.move_need(need=need, up=direction == "up")
    return redirect(_needs(request, need.deal))


@require_POST
def need_remove(request: ProgrammeRequest, need_id: UUID) -> HttpResponse:
    """The need is no longer listed; the history keeps it."""
    need = _need(request, need_id)
    actions.remove_need(need=need, by=request.person, now=clock.now())
    messages.success(request, _("The need was taken away. The history keeps what it said."))
    return redirect(_needs(request, need.deal))


@_form_view
def contact_edit(request: ProgrammeRequest, deal_contact_id: UUID) -> HttpResponse:
    """A contact changed: name, address, part, time zone, language; 409 with both texts when somebody was faster."""
    row = _contact(request, deal_contact_id)
    deal, heading = row.deal, _("Change %(name)s") % {"name": row.contact.name}
    form = ContactChangeForm(request.POST or None, initial=_contact_values(row), back=_people(request, deal))
    if request.method != "POST":
        return _shown(request, form, heading, deal=deal)

    def change(data: dict[str, Any]) -> tuple[str, str]:
        actions.change_contact(deal_contact=row, by=request.person, now=clock.now(), **data)
        return _("%(name)s was saved.") % {"name": data["name"]}, _people(request, deal)

    try:
        return _acted(request, form, heading, change, deal=deal)
    except ContactIsStale as stale:
        saved = DealContact.objects.select_related("contact").get(pk=row.pk)
        return _stale_contact(request, form, heading, saved, str(stale), deal)


def _stale_contact(
    request: ProgrammeRequest, form: ContactChangeForm, heading: str, saved: DealContact, sentence: str, deal: Deal
) -> HttpResponse:
    now = _contact_values(saved)
    typed = form.cleaned_data
    pairs = [
        (form[name].label, _shown_as(name, now[name]), _shown_as(name, typed[name])) for name in now if name != "seen"
    ]
    form.data = {**form.data.dict(), "seen": now["seen"]}  # type: ignore[attr-defined]
    return _shown(request, form, heading, 409, deal=deal, stale=sentence, differences=_apart(pairs))


def _shown_as(name: str, value: Any) -> str:
    if name == "is_checked":
        return _("Yes") if value else _("No")
    return str(DecisionPart(value).label) if name == "part" else str(value)


def _contact_values(row: DealContact) -> dict[str, Any]:
    contact = row.contact
    return {
        "name": contact.name, "email": contact.email, "title": contact.title, "part": row.part,
        "time_zone": contact.time_zone, "language": contact.language, "is_checked": contact.email_checked_at is not None,
        "seen": contact_seen(row),
    }  # fmt: skip


@_form_view
def announce(request: ProgrammeRequest, deal_id: UUID) -> HttpResponse:
    """A text to tell the buyer early that a debrief will follow, and the day on which they were told."""
    deal = _recordable(request, deal_id)
    today = today_in(request.programme.time_zone, clock.now())
    form = AnnounceForm(request.POST or None, back=_page(request, deal), today=today)

    def note(data: dict[str, Any]) -> tuple[str, str]:
        actions.announce(deal=deal, on=data["on"], by=request.person, now=clock.now())
        return _("It is noted that the buyer knows."), _page(request, deal)

    if request.method == "POST":
        return _acted(request, form, _("Announce the debrief"), note, deal=deal, announcing=True)
    return _shown(request, form, _("Announce the debrief"), deal=deal, announcing=True)


@require_safe
def deal_history(request: ProgrammeRequest, deal_id: UUID) -> HttpResponse:
    """Every change of the deal, newest first, a hundred at a time: who, when, from what to what."""
    deal = _changeable(request, deal_id)
    before = request.GET.get("before", "")
    changes = queries.changes_before(deal, int(before) if before.isdecimal() and len(before) < 19 else None)
    shown, more = changes[: queries.HISTORY_ROWS], len(changes) > queries.HISTORY_ROWS
    page = {"deal": deal, "changes": shown, "older": shown[-1].pk if more else None, "is_later_page": bool(before)}
    return render(request, "deals/history.html", page)
