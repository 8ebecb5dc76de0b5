"""Forms about one deal. Every refusal shows the form again with what was typed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import Role
from accounts.models import Team
from accounts.permissions import roles_required
from accounts.queries import teams_managed_by
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.deals import actions, permissions, queries
from debriefs.deals.actions.facts import facts_of
from debriefs.deals.enums import FACT_NAMES
from debriefs.deals.forms.records import ContactForm, DealForm, NoteForm, PartyForm, RejectForm
from debriefs.deals.models import Deal, DealContact
from debriefs.deals.names import reads
from debriefs.deals.refusals import DealIsStale
from debriefs.deals.rules import today_in
from debriefs.deals.values import joined_names
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal, Stale

# What a form does once it is valid: (what to say, where to go).
Act = Callable[[dict[str, Any]], tuple[str, str]]
_form_view = require_http_methods(["GET", "HEAD", "POST"])


def _page(request: ProgrammeRequest, deal: Deal) -> str:
    return programme_url(request.programme, "home:deal_page", deal_id=deal.pk)


def _people(request: ProgrammeRequest, deal: Deal) -> str:
    return f"{_page(request, deal)}#people"


def _teams(request: ProgrammeRequest) -> QuerySet[Team]:
    if request.person.has_role(Role.ADMIN):
        return Team.objects.filter(programme=request.programme).order_by("name")
    return teams_managed_by(request.person).order_by("name")


def _changeable(request: ProgrammeRequest, deal_id: UUID) -> Deal:
    """The deal, 404 for one the person may not know of, 403 for one they may not change."""
    deal = queries.deal_visible_to(request.person, deal_id)
    if not permissions.can_schedule(request.person, deal):
        raise PermissionDenied(_("Only the programme manager and the manager of the deal’s team change this."))
    return deal


def _contact(request: ProgrammeRequest, deal_contact_id: UUID) -> DealContact:
    """The contact's part in its deal, 404 for whoever does not see the deal's contacts, 403 for who may not change them."""
    deal_contact = queries.deal_contact_visible_to(request.person, deal_contact_id)
    if not permissions.has_record_access(request.person, deal_contact.deal):
        raise Http404
    _changeable(request, deal_contact.deal_id)
    return deal_contact


def _shown(request: ProgrammeRequest, form: BaseForm, heading: str, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "deals/form.html", {"form": form, "heading": heading, **more}, status=status)


def _acted(request: ProgrammeRequest, form: BaseForm, heading: str, act: Act, **more: Any) -> HttpResponse:
    """Runs the act of a valid form, says what it did and goes where it leads.

    A refusal is said above the form, which keeps what was typed; a stale write is left to the caller.
    """
    if not form.is_valid():
        return _shown(request, form, heading, 422, **more)
    try:
        said, url = act(form.cleaned_data)
    except Stale:
        raise
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _shown(request, form, heading, 422, **more)
    messages.success(request, said)
    return redirect(url)


def _deal_form(request: ProgrammeRequest, initial: dict[str, Any], back: str) -> DealForm:
    return DealForm(
        request.POST or None,
        initial=initial,
        person=request.person,
        teams=_teams(request),
        back=back,
        today=today_in(request.programme.time_zone, clock.now()),
    )


@roles_required(Role.ADMIN, Role.MANAGER)
@_form_view
def deal_add(request: ProgrammeRequest) -> HttpResponse:
    """One deal typed in; then its page."""
    initial = {"version": 0, "outcome": "open", "currency": request.programme.currency}
    form = _deal_form(request, initial, programme_url(request.programme, "deals:deal_list"))
    if request.method != "POST":
        return _shown(request, form, _("Add a deal"))

    def add(data: dict[str, Any]) -> tuple[str, str]:
        deal = actions.create_deal(programme=request.programme, facts=form.facts(), by=request.person, now=clock.now())
        return _("%(name)s was added.") % {"name": deal.name}, _page(request, deal)

    return _acted(request, form, _("Add a deal"), add)


@_form_view
def deal_edit(request: ProgrammeRequest, deal_id: UUID) -> HttpResponse:
    """The facts of a deal changed; 409 with both texts when somebody else changed it meanwhile."""
    deal = _changeable(request, deal_id)
    facts = vars(facts_of(deal))
    initial = facts | {"version": deal.version, "competitors": joined_names(facts["competitors"])}
    form, heading = _deal_form(request, initial, _page(request, deal)), _("Change %(name)s") % {"name": deal.name}
    if request.method != "POST":
        return _shown(request, form, heading, deal=deal)

    def change(data: dict[str, Any]) -> tuple[str, str]:
        new, base = form.facts(deal.stage), data["version"]
        actions.update_deal(deal=deal, facts=new, base_version=base, by=request.person, now=clock.now())
        return _("The deal was saved."), _page(request, deal)

    try:
        return _acted(request, form, heading, change, deal=deal)
    except DealIsStale as stale:
        return _stale(request, form, heading, stale)


def _stale(request: ProgrammeRequest, form: DealForm, heading: str, stale: DealIsStale) -> HttpResponse:
    """The typed form again, beside what is saved now; saving once more is then a decision."""
    saved = vars(facts_of(stale.current))
    typed = vars(form.facts(stale.current.stage))
    differences = [
        (FACT_NAMES[name], reads(saved[name]), reads(typed[name]))
        for name in FACT_NAMES
        if reads(saved[name]) != reads(typed[name])
    ]
    form.data = {**form.data.dict(), "version": str(stale.current.version)}  # type: ignore[attr-defined]
    return _shown(request, form, heading, 409, deal=stale.current, stale=stale.sentence, differences=differences)


@_form_view
def contact_add(request: ProgrammeRequest, deal_id: UUID) -> HttpResponse:
    """Somebody on the buyer's side, waiting for approval."""
    deal = queries.deal_visible_to(request.person, deal_id)
    if not permissions.can_add_to_record(request.person, deal):
        raise PermissionDenied(_("Only the deal team and those who manage it add contacts."))
    form = ContactForm(
        request.POST or None, initial={"language": request.programme.language}, back=_page(request, deal)
    )
    heading = _("Add a contact")
    if request.method != "POST":
        return _shown(request, form, heading, deal=deal)

    def add(data: dict[str, Any]) -> tuple[str, str]:
        actions.add_contact(deal=deal, by=request.person, now=clock.now(), **data)
        return _("%(name)s was added and waits for approval.") % {"name": data["name"]}, _people(request, deal)

    return _acted(request, form, heading, add, deal=deal)


@require_POST
def contact_approve(request: ProgrammeRequest, deal_contact_id: UUID) -> HttpResponse:
    """The contact may be asked."""
    deal_contact = _contact(request, deal_contact_id)
    try:
        actions.approve_contact(deal_contact=deal_contact, by=request.person, now=clock.now())
        messages.success(request, _("%(name)s may be asked.") % {"name": deal_contact.contact.name})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(_people(request, deal_contact.deal))


@_form_view
def contact_reject(request: ProgrammeRequest, deal_contact_id: UUID) -> HttpResponse:
    """The contact is not to be asked, with the reason."""
    deal_contact = _contact(request, deal_contact_id)
    deal = deal_contact.deal
    form = RejectForm(request.POST or None, back=_page(request, deal))
    heading = _("Leave %(name)s out") % {"name": deal_contact.contact.name}
    if request.method != "POST":
        return _shown(request, form, heading, deal=deal)

    def reject(data: dict[str, Any]) -> tuple[str, str]:
        actions.reject_contact(deal_contact=deal_contact, by=request.person, now=clock.now(), reason=data["reason"])
        return _("%(name)s is not asked.") % {"name": deal_contact.contact.name}, _people(request, deal)

    return _acted(request, form, heading, reject, deal=deal)


@require_POST
def contact_primary(request: ProgrammeRequest, deal_contact_id: UUID) -> HttpResponse:
    """The contact speaks for the deal in the statistics."""
    deal_contact = _contact(request, deal_contact_id)
    deal = deal_contact.deal
    actions.make_primary(deal_contact=deal_contact, by=request.person, now=clock.now())
    messages.success(request, _("%(name)s speaks for the deal now.") % {"name": deal_contact.contact.name})
    return redirect(_people(request, deal))


@_form_view
def party_add(request: ProgrammeRequest, deal_id: UUID) -> HttpResponse:
    """Somebody on the deal team, who then cannot interview."""
    deal = _changeable(request, deal_id)
    form = PartyForm(request.POST or None, deal=deal, back=_page(request, deal))
    heading = _("Add somebody to the deal team")
    if request.method != "POST":
        return _shown(request, form, heading, deal=deal)

    def add(data: dict[str, Any]) -> tuple[str, str]:
        actions.join_deal_team(deal=deal, by=request.person, now=clock.now(), **data)
        return _("%(name)s is on the deal team.") % {"name": data["person"].name}, _people(request, deal)

    return _acted(request, form, heading, add, deal=deal)


@require_POST
def party_end(request: ProgrammeRequest, party_id: UUID) -> HttpResponse:
    """The person is no longer on the deal team."""
    party = queries.party_visible_to(request.person, party_id)
    deal = _changeable(request, party.deal_id)
    actions.leave_deal_team(deal=deal, person=party.person, by=request.person, now=clock.now())
    messages.success(request, _("%(name)s is no longer on the deal team.") % {"name": party.person.name})
    return redirect(_people(request, deal))


@_form_view
def note_add(request: ProgrammeRequest, deal_id: UUID) -> HttpResponse:
    """A dated note in the sales record."""
    deal = queries.deal_visible_to(request.person, deal_id)
    if not permissions.can_add_to_record(request.person, deal):
        raise PermissionDenied(_("Only the deal team and those who manage it write notes."))
    now = clock.now()
    today = today_in(request.programme.time_zone, now)
    form = NoteForm(request.POST or None, initial={"written_on": today}, back=_page(request, deal))
    if request.method != "POST":
        return _shown(request, form, _("Add a note"), deal=deal)

    def add(data: dict[str, Any]) -> tuple[str, str]:
        actions.add_note(deal=deal, by=request.person, now=now, **data)
        return _("The note was saved."), _page(request, deal)

    return _acted(request, form, _("Add a note"), add, deal=deal)
