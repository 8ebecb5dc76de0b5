"""What the write-up's page shows: its groups of parts with what our own record says beside them, what is missing, how far it is."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Max, Q
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Affiliation
from accounts.requests import ProgrammeRequest, programme_url
from debriefs.codebook.queries import drivers_of
from debriefs.core import words
from debriefs.deals.models import Competitor, Deal, OwnView
from debriefs.deals.queries import deal_contacts_of
from debriefs.interviews import actions, pages, queries
from debriefs.interviews.enums import RecordField
from debriefs.interviews.forms import PermissionsForm
from debriefs.interviews.models import Tag, WriteUp, WriteUpRevision
from debriefs.interviews.refusals import PartIsStale
from debriefs.interviews.rules import both_texts
from debriefs.interviews.write_up_forms import ADDING, Adding, NamedCompetitorForm
from debriefs.interviews.write_up_parts import (
    AWARENESS,
    BUYER,
    CAME_OUT,
    NEEDS,
    PROCESS,
    QUALITY,
    REASONS,
    RECORD,
    SECOND_LOOK,
    Part,
    parts_of,
)

# In which group the rows of a kind stand.
GROUP_OF = {"reasons": REASONS, "needs": NEEDS, "competitors": BUYER, "disclosures": CAME_OUT}
HEADINGS: dict[str, "str | Promise"] = {
    REASONS: _("What the buyer named, and what lay behind it"),
    BUYER: _("What the buyer did, and how we compared"),
    RECORD: _("Our record against the buyer’s words"),
    NEEDS: _("Needs met and not met"),
    CAME_OUT: _("What came out only now"),
    AWARENESS: _("How they heard of us"),
    PROCESS: _("How they decided, and how long it took"),
    SECOND_LOOK: _("A second look"),
    QUALITY: _("For whoever checks this"),
}


@dataclass(frozen=True)
class Typed:
    """What was typed in one part and refused: shown again, with what is saved beside it where somebody else saved it."""

    key: str
    text: str
    chosen: list[str]
    problem: str
    told: dict[str, Any]


@dataclass
class ShownPart:
    """One part as the page shows it, as saved or as typed."""

    part: Part
    revision: int
    text: str
    chosen: list[str]
    record: str = ""
    problem: str = ""
    theirs: str | None = None
    both: str = ""
    remove: str = ""
    operation: UUID = field(default_factory=uuid4)
    second_operation: UUID = field(default_factory=uuid4)


@dataclass
class Group:
    """A group of parts under one heading, with the form that adds to it."""

    key: str
    heading: "str | Promise"
    parts: list[ShownPart]
    adding: Adding | None = None


def page_of(
    request: ProgrammeRequest, write_up: WriteUp, forms: dict[str, Adding] | None = None, typed: Typed | None = None
) -> dict[str, Any]:
    """Everything the page shows. About thirty queries, whatever the number of parts."""
    debrief = write_up.debrief
    lacking, progress = actions.progress(write_up)
    sheet = queries.sheet_of(debrief)
    recorded = queries.permissions_given(debrief)
    last = WriteUpRevision.objects.filter(write_up=write_up, was_refused=False).aggregate(last=Max("saved_at"))["last"]
    return {
        "write_up": write_up,
        "debrief": debrief,
        "groups": _groups(request, write_up, forms or {}, typed),
        "missing": lacking,
        "is_blocked": any(one.blocks for one in lacking),
        "progress": progress,
        "tags": Tag.objects.filter(answer__sheet__debrief=debrief).select_related("driver", "verbatim"),
        "permissions": PermissionsForm(
            recorded=recorded,
            asked=debrief.guide_version.guide.permissions,
            action=programme_url(request.programme, "interviews:permissions", debrief_id=debrief.pk),
        ),
        "page": pages.page_of(sheet) if sheet else "",
        "sheet": sheet,
        "written": queries.written_sheet_of(debrief),
        "saved_at": pages.hour_of(last, request.user.time_zone),
    }


def adding_form(request: ProgrammeRequest, write_up: WriteUp, kind: str, data: Any = None) -> Adding:
    """The form that adds a row of the kind; 404 for a kind there is not."""
    if kind not in ADDING:
        raise Http404
    action = programme_url(request.programme, "interviews:row_add", write_up_id=write_up.pk, row_kind=kind)
    others = Competitor.objects.filter(programme=write_up.programme_id).exclude(
        Q(deals=write_up.debrief.deal_id) | Q(pk__in=write_up.standings.values("competitor"))
    )
    is_outside = request.person.affiliation == Affiliation.AGENCY
    form = NamedCompetitorForm if kind == "competitors" and is_outside else ADDING[kind].form
    return form(
        data,
        action=action,
        drivers=drivers_of(request.programme),
        competitors=others.order_by("name_key"),
        auto_id=f"id_{kind}_%s",
    )


def as_told(stale: PartIsStale, time_zone: str) -> dict[str, Any]:
    """What the script needs to know of a part as it is saved."""
    by = stale.last.saved_by if stale.last else None
    return {
        "revision": stale.revision,
        "text": stale.current.text,
        "state": "",
        "chosen": stale.current.chosen,
        "saved_at": pages.hour_of(stale.last.saved_at, time_zone) if stale.last else "",
        "saved_by": by.name if by else "",
    }


def _groups(request: ProgrammeRequest, write_up: WriteUp, forms: dict[str, Adding], typed: Typed | None) -> list[Group]:
    revisions = dict(
        WriteUpRevision.objects.filter(write_up=write_up, was_refused=False)
        .values("part")
        .annotate(last=Max("revision"))
        .values_list("part", "last")
    )
    record = record_of(write_up.debrief.deal)
    groups = {key: Group(key, heading, []) for key, heading in HEADINGS.items()}
    for part in parts_of(write_up):
        shown = ShownPart(part, revisions.get(part.key, 0), part.text, part.chosen, record.get(part.key, ""))
        if part.is_removable:
            kind = next(kind for kind, group in GROUP_OF.items() if group == part.group)
            shown.remove = (
                programme_url(request.programme, "interviews:row_remove", row_kind=kind, row_id=part.row.pk)
                if not part.row._state.adding
                else ""
            )
        if typed and typed.key == part.key:
            shown.text, shown.chosen, shown.problem = typed.text, typed.chosen, typed.problem
            if typed.told:
                shown.theirs, shown.both = part.text, both_texts(part.text, typed.text)
        groups[part.group].parts.append(shown)
    for kind, group in GROUP_OF.items():
        groups[group].adding = forms.get(kind) or adding_form(request, write_up, kind)
    return list(groups.values())


def record_of(deal: Deal) -> dict[str, str]:
    """What our own record says, by the key of the part that judges it. Four queries."""
    own_view = OwnView.objects.filter(deal=deal).select_related("driver").first()
    reasons = [deal.crm_reason, str(own_view.driver or own_view.why) if own_view and own_view.given_at else ""]
    contacts = [f"{one.contact} ({one.get_part_display()})" for one in deal_contacts_of(deal)]
    days = [words.on_day(one) for one in (deal.opened_on, deal.decided_on) if one]
    said = {
        RecordField.REASON: " · ".join(filter(None, reasons)),
        RecordField.COMPETITOR: ", ".join(str(one) for one in deal.competitors.order_by("name_key")),
        RecordField.DECIDING_ROLE: ", ".join(contacts),
        RecordField.TIMELINE: " – ".join(days),
        RecordField.NEEDS: ", ".join(deal.needs.values_list("text", flat=True)),
    }
    return {f"record.{field}": said.get(field) or str(_("Our record says nothing.")) for field in RecordField}
