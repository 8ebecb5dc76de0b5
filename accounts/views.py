"""Settings of a programme, its people and teams, its audit log; invitations; oneself."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm, Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions, links, logos, queries
from accounts.enums import Role
from accounts.forms import AcceptForm, AuditFilter, InviteForm, LogoForm, MeForm, ProgrammeForm, RolesForm, TeamForm
from accounts.models import Invitation, Person, ProgrammeLogo, Team, User
from accounts.permissions import roles_required
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.foundation import clock
from debriefs.foundation.refusals import Refusal

_form_view = require_http_methods(["GET", "HEAD", "POST"])
OPENED_INVITATION = "opened_invitation"


def _shown(request: HttpRequest, template: str, form: BaseForm, **more: object) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, f"accounts/{template}.html", {"form": form, **more}, status=status)


@roles_required(Role.ADMIN)
@_form_view
def programme(request: ProgrammeRequest) -> HttpResponse:
    """The settings of the programme."""
    form = ProgrammeForm(request.POST if request.method == "POST" else None, instance=request.programme)
    if request.method == "POST" and form.is_valid():
        fresh = queries.programme_again(request.programme)
        actions.update_programme(programme=fresh, changes=form.cleaned_data, by=request.person, now=clock.now())
        messages.success(request, _("The settings are saved."))
        return redirect(programme_url(request.programme, "accounts:programme"))
    return _programme(request, form)


def _programme(request: ProgrammeRequest, form: ProgrammeForm, logo_form: LogoForm | None = None) -> HttpResponse:
    action = programme_url(request.programme, "accounts:logo_put")
    return _shown(request, "programme", form, logo_form=logo_form or LogoForm(action=action))


@roles_required(Role.ADMIN)
@require_POST
def logo_put(request: ProgrammeRequest) -> HttpResponse:
    """The uploaded image is the programme's logo."""
    form = LogoForm(request.POST, request.FILES, action=request.path)
    if not form.is_valid():
        return _programme(request, ProgrammeForm(instance=request.programme), form)
    logos.put_logo(programme=request.programme, image=form.cleaned_data["logo"], by=request.person, now=clock.now())
    messages.success(request, _("Buyers see this logo from now on."))
    return redirect(programme_url(request.programme, "accounts:programme"))


@roles_required(Role.ADMIN)
@require_POST
def logo_remove(request: ProgrammeRequest) -> HttpResponse:
    """Buyers see the programme's name instead."""
    logos.remove_logo(programme=request.programme, by=request.person, now=clock.now())
    messages.success(request, _("Buyers see the programme’s name again."))
    return redirect(programme_url(request.programme, "accounts:programme"))


@login_not_required
@require_safe
@cache_control(public=True, max_age=31_536_000, immutable=True)
def logo(request: HttpRequest, sha256: str) -> HttpResponse:
    """The logo with this hash: it never changes, so that browsers keep it for a year, and it says of nobody whose it is."""
    found = ProgrammeLogo.objects.filter(sha256=sha256).first()
    if found is None:
        raise Http404
    return HttpResponse(bytes(found.content), content_type="image/png")


@roles_required(Role.ADMIN)
@require_safe
def people(request: ProgrammeRequest) -> HttpResponse:
    """Members with their roles, open invitations, and people known from deals."""
    return render(request, "accounts/people.html", queries.people_page(request.programme, clock.now()))


@roles_required(Role.ADMIN)
@_form_view
def person_invite(request: ProgrammeRequest) -> HttpResponse:
    """Invites somebody by mail with roles."""
    back = programme_url(request.programme, "accounts:people")
    form = InviteForm(request.POST or None, programme=request.programme, back=back)
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite_person(programme=request.programme, by=request.person, now=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect(back)
    return _shown(request, "form", form, heading=_("Invite somebody"), back=back)


@roles_required(Role.ADMIN)
@_form_view
def person_roles(request: ProgrammeRequest, person_id: UUID) -> HttpResponse:
    """Changes the roles of a member."""
    person = get_object_or_404(queries.members_of(request.programme), pk=person_id)
    back = programme_url(request.programme, "accounts:people")
    form = RolesForm(request.POST or None, initial={"roles": person.membership.roles}, back=back)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_roles(person=person, roles=form.cleaned_data["roles"], by=request.person, now=clock.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(back)
    return _shown(request, "form", form, heading=_("Roles of %(name)s") % {"name": person.name}, back=back)


@roles_required(Role.ADMIN)
@require_POST
def person_end(request: ProgrammeRequest, person_id: UUID) -> HttpResponse:
    """Ends a membership at once."""
    person = get_object_or_404(queries.members_of(request.programme), pk=person_id)
    try:
        actions.end_membership(person=person, by=request.person, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(programme_url(request.programme, "accounts:people"))


@roles_required(Role.ADMIN)
@require_POST
def invitation_revoke(request: ProgrammeRequest, invitation_id: UUID) -> HttpResponse:
    """Withdraws an open invitation."""
    invitation = get_object_or_404(Invitation, programme=request.programme, pk=invitation_id)
    actions.revoke_invitation(invitation=invitation, by=request.person, now=clock.now())
    return redirect(programme_url(request.programme, "accounts:people"))


@roles_required(Role.ADMIN)
@_form_view
def teams(request: ProgrammeRequest) -> HttpResponse:
    """The teams with their people; adds a team."""
    form = TeamForm(request.POST or None, programme=request.programme)
    if request.method == "POST" and form.is_valid():
        actions.create_team(
            programme=request.programme, name=form.cleaned_data["name"], by=request.person, now=clock.now()
        )
        return redirect(programme_url(request.programme, "accounts:teams"))
    return _shown(request, "teams", form, **queries.teams_page(request.programme))


@roles_required(Role.ADMIN)
@require_POST
def team_put(request: ProgrammeRequest, team_id: UUID, person_id: UUID) -> HttpResponse:
    """Puts somebody into a team, as its manager, or takes them out."""
    team = get_object_or_404(Team, programme=request.programme, pk=team_id)
    person = get_object_or_404(Person, programme=request.programme, pk=person_id)
    if request.POST.get("place") == "out":
        actions.take_from_team(team=team, person=person, by=request.person, now=clock.now())
    else:
        leads = request.POST.get("place") == "manager"
        actions.put_in_team(team=team, person=person, is_manager=leads, by=request.person, now=clock.now())
    return redirect(programme_url(request.programme, "accounts:teams"))


@roles_required(Role.ADMIN)
@require_safe
def audit_log(request: ProgrammeRequest) -> HttpResponse:
    """Who did what, when, from where: newest first, a hundred a page, filtered by the address."""
    filters = AuditFilter(request.GET, programme=request.programme)
    page = queries.audit_page(request.programme, **filters.wanted())
    asked = request.GET.copy()
    asked["before"] = str(page.older_than)
    shown = {
        "filters": filters,
        "entries": queries.with_names(request.programme, page.entries),
        "is_first": filters.cleaned_data.get("before") is None,
        "older": f"?{asked.urlencode()}" if page.older_than else "",
    }
    return render(request, "accounts/audit.html", shown)


@login_not_required
@require_safe
def invitation_open(request: HttpRequest, invitation_id: UUID, token: str) -> HttpResponse:
    """Exchanges the address of the mail for the session, and leads to the page without token."""
    invitation = Invitation.objects.filter(pk=invitation_id).first()
    if invitation is None or not links.opens(invitation, token):
        return render(request, "accounts/invitation_over.html", {}, status=404)
    request.session[OPENED_INVITATION] = str(invitation.id)
    return redirect("invitation")


@login_not_required
@_form_view
def invitation(request: HttpRequest) -> HttpResponse:
    """Joins a programme: with a new password, or with the account one is signed in with."""
    found = queries.open_invitation(request.session.get(OPENED_INVITATION, ""), clock.now())
    if found is None:
        return render(request, "accounts/invitation_over.html", {}, status=404)
    user = request.user if isinstance(request.user, User) else None
    form = Form(request.POST) if user else AcceptForm(request.POST or None, invitation=found)
    has_account = user is None and User.objects.filter(email=found.email).exists()
    if request.method == "POST" and form.is_valid() and not has_account:
        try:
            return _join(request, found, user, form)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return _shown(request, "invitation", form, invitation=found, programme=found.programme, has_account=has_account)


def _join(request: HttpRequest, found: Invitation, user: User | None, form: Form) -> HttpResponse:
    data = {"name": user.name, "password": ""} if user else form.cleaned_data
    joined = actions.accept_invitation(invitation=found, user=user, now=clock.now(), **data)
    del request.session[OPENED_INVITATION]
    if user is None:
        login(request, joined, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(programme_url(found.programme, "home:today"))


@_form_view
def me(request: HttpRequest) -> HttpResponse:
    """One's own name, zone and language, and the way to password, second factor and sessions."""
    form = MeForm(request.POST or None, instance=request.user, back=reverse("home"))
    if request.method == "POST" and form.is_valid():
        actions.change_own_settings(user=request.user, now=clock.now(), **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, _("Saved."))
        return redirect("me")
    return _shown(request, "me", form)
