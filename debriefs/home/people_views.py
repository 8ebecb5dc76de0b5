"""The wishes of people on the buyer's side about their own data, carried out: erased, or shown as one file."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import ProgrammeRequest, programme_url
from debriefs.calls.enums import DataRequestKind
from debriefs.calls.models import DataRequest, Debrief, ProspectLink
from debriefs.calls.notices import spoken_with
from debriefs.calls.public_access import prospect_page
from debriefs.deals.models import Contact
from debriefs.deals.permissions import is_on_our_side
from debriefs.foundation import audit, clock
from debriefs.foundation.enums import ActorKind
from debriefs.foundation.refusals import Refusal
from debriefs.home.erasure import contact_to_erase, erase_contact, outline_of
from debriefs.home.held import held_about


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request: ProgrammeRequest, contact_id: UUID) -> HttpResponse:
    """What erasing a contact would meet; POST with a ticked box erases them, once and for all."""
    contact = contact_to_erase(request.person, contact_id)
    problem = ""
    if request.method == "POST" and request.POST.get("sure") != "yes":
        problem = _("Say that you are sure: it cannot be undone.")
    elif request.method == "POST":
        try:
            erase_contact(contact=contact, by=request.person, now=clock.now())
        except Refusal as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("Erased. The buyer reads so on their page."))
            return redirect(programme_url(request.programme, "calls:wishes"))
    shown = {"outline": outline_of(contact), "contact": contact, "problem": problem}
    return render(request, "home/erasure.html", shown, status=422 if problem else 200)


@never_cache
@require_safe
def held_data(request: ProgrammeRequest, contact_id: UUID) -> HttpResponse:
    """What is held about a contact as one file, for the buyer. 404 for whoever sold to them: it holds what was said in confidence."""
    contact = contact_to_erase(request.person, contact_id)
    debriefs = Debrief.objects.filter(contact=contact).select_related("deal")
    if contact.erased_at is not None or any(is_on_our_side(request.person, one.deal) for one in debriefs):
        raise Http404
    _record(contact, ActorKind.PERSON, request.person.pk)
    return _file(request, contact)


@prospect_page
@require_safe
def held_file(request: HttpRequest, link: ProspectLink, debrief: Debrief) -> HttpResponse:
    """The same file for the buyer themselves, once the programme manager has met their wish to see it."""
    wishes = DataRequest.objects.filter(contact=debrief.contact, kind=DataRequestKind.SHOW, settled_at__isnull=False)
    if not wishes.exists():
        return redirect("prospect:data", link_id=link.pk)
    _record(debrief.contact, ActorKind.CONTACT, debrief.contact_id)
    return _file(request, debrief.contact)


def _file(request: HttpRequest, contact: Contact) -> HttpResponse:
    zone = contact.time_zone or contact.programme.time_zone
    with translation.override(spoken_with(contact, contact.programme)), timezone.override(zone):
        shown = {"contact": contact, "programme": contact.programme, "sections": held_about(contact)}
        page = render_to_string("home/held_data.html", shown | {"made_at": clock.now()}, request)
    return HttpResponse(page, headers={"Content-Disposition": 'attachment; filename="your-data.html"'})


def _record(contact: Contact, actor_kind: str, actor_id: UUID) -> None:
    audit.record(
        action="contact.data_shown",
        now=clock.now(),
        actor_kind=actor_kind,
        actor_id=actor_id,
        programme_id=contact.programme_id,
        subject_kind="contact",
        subject_id=contact.pk,
    )
