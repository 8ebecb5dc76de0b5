"""What the frame of every signed-in page shows: rooms, programmes, role."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.queries import programmes_of
from accounts.requests import programme_url


@dataclass(frozen=True)
class Room:
    """One entry of the side column."""

    key: str
    label: str
    icon: str
    url: str
    current: bool
    count: int | None = None


ALL = frozenset(Role.values)
# key, label, icon, URL name, roles that see it: a person sees only what is theirs to see, no greyed-out rooms.
_ROOMS = (
    ("today", _("Today"), "sun", "home:today", ALL),
    ("deals", _("Deals"), "briefcase", "deals:deal_list", ALL - {Role.INTERVIEWER}),
    ("assignments", _("Assignments"), "mic", "interviews:assignment_list", frozenset({Role.INTERVIEWER})),
    ("debriefs", _("Debriefs"), "chat-square-text", "calls:debrief_list", ALL),
    ("guides", _("Guides"), "card-checklist", "guides:guide_list", ALL - {Role.MEMBER}),
    ("findings", _("Findings"), "tags", "findings:release_list", ALL - {Role.INTERVIEWER}),
    ("lessons", _("Lessons"), "lightbulb", "lessons:lesson_list", ALL - {Role.INTERVIEWER}),
    ("insights", _("Insights"), "bar-chart", "insights:overview", ALL - {Role.INTERVIEWER}),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """`frame` for base templates; costs nothing until a template reads it, then one query (the switcher's)."""
    return {"frame": SimpleLazyObject(lambda: _frame(request))}


def _frame(request: HttpRequest) -> dict[str, Any]:
    person = getattr(request, "person", None)
    if person is None:
        return {"rooms": [], "programmes": [], "settings_url": None, "is_settings": False, "role_label": ""}
    match = request.resolver_match
    here = _room_of(match.view_name if match else "", is_admin=person.has_role(Role.ADMIN))
    rooms = [
        Room(key, str(label), icon, programme_url(person.programme, name), here == key)
        for key, label, icon, name, roles in _ROOMS
        if person.has_role(*roles)
    ]
    programmes = [
        {
            "name": programme.name,
            "url": programme_url(programme, "home:today"),
            "current": programme == person.programme,
        }
        for programme in programmes_of(request.user)  # type: ignore[arg-type]
    ]
    return {
        "rooms": rooms,
        "programmes": programmes,
        "settings_url": programme_url(person.programme, "accounts:programme") if person.has_role(Role.ADMIN) else None,
        "is_settings": here == "accounts",
        "role_label": ", ".join(str(Role(role).label) for role in Role.values if role in person.roles),
    }


# Pages of other rooms that stand among the programme's own.
_SETTINGS = ("calls:text_", "calls:wish")
# The rules of selection too, for the programme's manager; others come to them from the deals.
_RULES = ("deals:selection", "deals:selection_rules", "deals:exclusion_add")


def _room_of(view_name: str, *, is_admin: bool) -> str:
    """The room whose entry is lit for a page; "accounts" for the programme's own pages."""
    if view_name.startswith(_SETTINGS) or (is_admin and view_name in _RULES):
        return "accounts"
    if view_name in ("home:today", "home:deal_page"):
        return "today" if view_name == "home:today" else "deals"
    if view_name == "interviews:assignment_list":
        return "assignments"
    namespace = view_name.partition(":")[0]
    return {"calls": "debriefs", "interviews": "debriefs"}.get(namespace, namespace)
