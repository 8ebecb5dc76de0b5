"""Changes of sheets and what is noted in them."""

from debriefs.interviews.actions.answers import Saved, save_answer
from debriefs.interviews.actions.marks import (
    mark_verbatim,
    remove_tag,
    remove_verbatim,
    tag_driver,
)
from debriefs.interviews.actions.sheets import begin_interview, open_sheet, record_consent, start_rehearsal
from debriefs.interviews.actions.write_up import (
    checklist,
    remove_stated_reason,
    set_permissions,
    set_stated_reason,
    submit_write_up,
)

__all__ = [
    "Saved",
    "begin_interview",
    "checklist",
    "mark_verbatim",
    "open_sheet",
    "record_consent",
    "remove_stated_reason",
    "remove_tag",
    "remove_verbatim",
    "save_answer",
    "set_permissions",
    "set_stated_reason",
    "start_rehearsal",
    "submit_write_up",
    "tag_driver",
]
