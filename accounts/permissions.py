"""Who may: predicates over a Person, and the decorator that guards a view by role."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import Person
from accounts.requests import ProgrammeRequest

View = Callable[..., HttpResponse]


def roles_required(*roles: str, known_to_all: bool = False) -> Callable[[View], View]:
    """Lets through only a person who holds one of the roles.

    Others get 404, as for a page that does not exist; with `known_to_all` (the page is no secret, only not theirs) 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: ProgrammeRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.person.has_role(*roles):
                if known_to_all:
                    raise PermissionDenied(_("Your role in this programme does not allow this."))
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def manages_team(person: Person, team_id: UUID | None) -> bool:
    """Whether the person is manager of the team. One query."""
    return team_id is not None and person.team_places.filter(team_id=team_id, is_manager=True).exists()


def needs_second_factor(person: Person) -> bool:
    """Whether the programme wants a second factor of one of the person's roles and they have none. At most one query."""
    if person.user is None or person.roles.isdisjoint(person.programme.second_factor_roles):
        return False
    return not Authenticator.objects.filter(
        user=person.user, type__in=(Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    ).exists()
