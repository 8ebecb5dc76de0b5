"""Why a decided deal stands still, and what would move it. Pure."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from debriefs.deals.enums import Approval, DebriefState


@dataclass(frozen=True)
class Standstill:
    """The reason in a sentence, and the one act that helps: its words and the URL name, both empty when nothing is to do."""

    reason: str
    act: str = ""
    url_name: str = ""


def standstill(*, debrief_state: str, approvals: set[str], is_cooling_off: bool) -> Standstill:
    """What keeps a decided deal from its debrief. `approvals` are the approval states of its contacts who have an address."""
    if debrief_state == DebriefState.DECLINED:
        return Standstill(
            _("The buyer declined. Ask another contact, or close the debrief with a reason."),
            _("Look at it"),
            "home:deal_page",
        )
    if debrief_state == DebriefState.INVITED:
        return Standstill(_("Invited, no answer yet."))
    if debrief_state == DebriefState.PLANNED:
        return Standstill(_("Planned, and the invitation has not gone out yet."), _("Look at it"), "home:deal_page")
    if not approvals:
        return Standstill(_("No contact with an address is known yet."), _("Add a contact"), "deals:contact_add")
    if Approval.APPROVED not in approvals:
        if Approval.WAITING in approvals:
            return Standstill(
                _("No invitation can go out: the contact still needs approval."),
                _("Review the contact"),
                "home:deal_page",
            )
        return Standstill(
            _("Every known contact was left out. Another one is needed."), _("Add a contact"), "deals:contact_add"
        )
    if is_cooling_off:
        return Standstill(
            _("Cooling off. It can be planned now and goes out afterwards."),
            _("Plan the debrief"),
            "calls:debrief_plan",
        )
    return Standstill(_("No interviewer yet."), _("Plan the debrief"), "calls:debrief_plan")
