"""Changes of deals: facts, people, contacts, own views, what higher rooms report, imports."""

from debriefs.deals.actions.conflicts import keep_all_ours, resolve_conflict, take_all_theirs
from debriefs.deals.actions.contacts import (
    add_contact,
    approve_contact,
    change_contact,
    make_primary,
    record_approach,
    reject_contact,
)
from debriefs.deals.actions.erasure import deals_around, erase_contact, spellings_of
from debriefs.deals.actions.facts import add_note, announce, create_deal, set_outcome, update_deal
from debriefs.deals.actions.imports import (
    cancel_import,
    go_on,
    queue_import,
    receive_upload,
    reread,
    run_import,
    set_mapping,
)
from debriefs.deals.actions.needs import add_need, change_need, move_need, remove_need
from debriefs.deals.actions.parties import (
    assign_interviewer,
    end_interviewer,
    join_deal_team,
    leave_deal_team,
    set_owner,
)
from debriefs.deals.actions.reasons import map_reason
from debriefs.deals.actions.reports import (
    close_own_view,
    mark_debrief_state,
    open_own_view,
    save_own_view,
    set_hands_off,
)
from debriefs.deals.actions.selection import (
    decide_deal,
    decide_due,
    draft_version,
    exclude,
    lift_exclusion,
    overrule,
    set_rules,
)
from debriefs.deals.actions.undo import ask_to_undo, undo_import
from debriefs.deals.actions.views import remove_view, save_view
from debriefs.deals.deal_facts import DealFacts
from debriefs.deals.selection_rules import RulesDraft

__all__ = [
    "spellings_of",
    "erase_contact",
    "deals_around",
    "undo_import",
    "take_all_theirs",
    "resolve_conflict",
    "keep_all_ours",
    "ask_to_undo",
    "DealFacts",
    "RulesDraft",
    "add_contact",
    "add_need",
    "add_note",
    "announce",
    "change_contact",
    "change_need",
    "move_need",
    "remove_need",
    "approve_contact",
    "assign_interviewer",
    "cancel_import",
    "close_own_view",
    "create_deal",
    "decide_deal",
    "decide_due",
    "draft_version",
    "end_interviewer",
    "exclude",
    "go_on",
    "join_deal_team",
    "leave_deal_team",
    "lift_exclusion",
    "make_primary",
    "map_reason",
    "mark_debrief_state",
    "open_own_view",
    "overrule",
    "queue_import",
    "receive_upload",
    "record_approach",
    "reject_contact",
    "reread",
    "run_import",
    "save_own_view",
    "set_hands_off",
    "set_mapping",
    "set_outcome",
    "remove_view",
    "save_view",
    "set_owner",
    "set_rules",
    "update_deal",
]
