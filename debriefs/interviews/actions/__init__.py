"""Changes of sheets and what is noted in them."""

from debriefs.interviews.actions.answers import Saved, save_answer
from debriefs.interviews.actions.marks import (
    mark_verbatim,
    remove_tag,
    remove_verbatim,
    tag_driver,
)
from debriefs.interviews.actions.parts import SavedPart, save_part
from debriefs.interviews.actions.sheets import begin_interview, open_sheet, record_consent, start_rehearsal
from debriefs.interviews.actions.write_up import (
    add_competitor,
    add_disclosure,
    add_need,
    checklist,
    correct_write_up,
    discard_correction,
    open_write_up,
    progress,
    remove_row,
    set_permissions,
    set_stated_reason,
    submit_write_up,
)

__all__ = [
    "Saved",
    "SavedPart",
    "add_competitor",
    "add_disclosure",
    "add_need",
    "begin_interview",
    "checklist",
    "correct_write_up",
    "discard_correction",
    "mark_verbatim",
    "open_sheet",
    "open_write_up",
    "progress",
    "record_consent",
    "remove_row",
    "remove_tag",
    "remove_verbatim",
    "save_answer",
    "save_part",
    "set_permissions",
    "set_stated_reason",
    "start_rehearsal",
    "submit_write_up",
    "tag_driver",
]
