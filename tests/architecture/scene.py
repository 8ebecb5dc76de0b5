"""The world of the access table: both programmes hold one of everything, and every text says whose it is.

A debrief stands in each state, on a deal of its own that `rep` of team North sells, to be held by `interviewer`. Routes are asked
about the written-up one, unless a row names another: `interviews:answers@held`. What our programme keeps raw says
`raw_word(state)`; everything of the other programme says `ELSEWHERE`.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Programme, User
from debriefs.calls import links as personal_links
from debriefs.calls.actions.availability import open_feed
from debriefs.calls.models import AvailabilityException, BusyCalendar
from tests import factories
from tests.architecture.furnishing import ELSEWHERE, HERE, MAIL, Furnished, Furnisher, path_of
from tests.architecture.hidden import hide


@dataclass
class Scene:
    """The standing people with a client each, ours furnished, and the other programme furnished."""

    world: factories.World
    here: Furnished
    elsewhere: Furnished
    clients: dict[str, Client]

    def address(self, route: str, parameters: list[str], state: str = "", **instead: Any) -> str:
        """The route's address with our values, but for those given instead."""
        values = self.here.parameters(route, state) | instead
        return reverse(route, kwargs={name: values[name] for name in parameters})


def build(mailbox: Path, people: list[str]) -> Scene:
    """Writes everything, keeps one mail in the mailbox, and signs the people in; `prospect` has opened the personal links."""
    world = factories.world()
    Programme.objects.filter(pk=world.other_programme.pk).update(
        name=f"Programme {ELSEWHERE}", company_name=f"Company {ELSEWHERE}", contact_name=f"Office {ELSEWHERE}"
    )
    north = Furnisher(
        world.programme, HERE, world.now, world.team, world.rep, world.interviewer, world.reviewer, world.manager
    )
    here = north.furnish()
    hide(world, here, north.rival)
    there = world.other_programme
    seller, asker, checker, leader = (
        factories.person(there, role, name=f"{role} {ELSEWHERE}")
        for role in (Role.MEMBER, Role.INTERVIEWER, Role.REVIEWER, Role.MANAGER)
    )
    team = factories.team(there, f"Team {ELSEWHERE}", manager=leader, members=(seller,))
    elsewhere = Furnisher(there, ELSEWHERE, world.now, team, seller, asker, checker, leader).furnish()
    # What the agency's interviewer set up for signing in is nobody else's; whoever asks for it is not them.
    key = Authenticator.objects.create(
        user=world.agency_interviewer.user, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": {}}
    )
    here.common |= {"person_id": world.other_member.pk, "pk": key.pk, **_reset_key(world.other_member.user)}
    elsewhere.common |= {"person_id": seller.pk, "pk": key.pk, **_reset_key(seller.user)}
    here.common |= _availability(world.interviewer.user, world)
    elsewhere.common |= _availability(seller.user, world)
    (mailbox / f"{MAIL}.eml").write_text(_MAIL)
    return Scene(world, here, elsewhere, {name: _client(name, world, here) for name in people})


def _availability(user: User, world: factories.World) -> dict[str, Any]:
    day = world.today
    exception = AvailabilityException.objects.create(user=user, kind="away", starts_on=day, ends_on=day)
    calendar = BusyCalendar.objects.create(
        user=user, url="https://calendar.example/private.ics", added_at=world.now, due_at=world.now
    )
    return {
        "exception_id": exception.pk,
        "calendar_id": calendar.pk,
        "feed_id": open_feed(user=user, now=world.now).pk,
    }


def _reset_key(user: User) -> dict[str, str]:
    return {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}


def _client(name: str, world: factories.World, here: Furnished) -> Client:
    client = Client(raise_request_exception=True)
    if name == "prospect":
        for link in here.link.values():
            assert client.get(path_of(personal_links.address(link))).status_code == 302
            assert client.post(reverse("prospect:addressee", kwargs={"link_id": link.pk})).status_code == 302
    elif name != "anonymous":
        client.force_login(getattr(world, name).user)
        # As the sign-in page leaves it: a password was given just now.
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session.save()
    return client


_MAIL = """X-Envelope-From: debriefs@debriefs.example
X-Envelope-To: buyer@buyer.example
From: debriefs@debriefs.example
To: buyer@buyer.example
Subject: A conversation
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="part"

--part
Content-Type: text/plain; charset=utf-8

Words.
--part
Content-Type: text/html; charset=utf-8

<p>Words.</p>
--part
Content-Type: text/calendar; charset=utf-8; method=REQUEST

BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//debriefs.example//
METHOD:REQUEST
BEGIN:VEVENT
UID:1@debriefs.example
DTSTAMP:20260101T080000Z
DTSTART:20260105T080000Z
DTEND:20260105T083000Z
SUMMARY:A conversation
END:VEVENT
END:VCALENDAR
--part--
"""
