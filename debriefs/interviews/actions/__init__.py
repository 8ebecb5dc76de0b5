"""Changes of sheets and what is noted in them."""

from debriefs.interviews.actions.answers import Saved, save_answer
from debriefs.interviews.actions.erasure import erase_contact
from debriefs.interviews.actions.marks import (
    mark_verbatim,
    remove_tag,
    remove_verbatim,
    tag_driver,
)
from debriefs.interviews.actions.parts import SavedPart, save_part
from debriefs.interviews.actions.probes import note_probe
from debriefs.interviews.actions.sheets import begin_interview, open_sheet, record_consent, start_rehearsal
from debriefs.interviews.actions.transcripts import (
    add_transcript,
    align_passages,
    mark_passage,
    remove_transcript,
)
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
from debriefs.interviews.actions.written import begin_written, go_on_without_call, send_written, share_written

__all__ = [
    "erase_contact",
    "note_probe",
    "remove_transcript",
    "mark_passage",
    "align_passages",
    "add_transcript",
    "Saved",
    "SavedPart",
    "add_competitor",
    "add_disclosure",
    "add_need",
    "begin_interview",
    "begin_written",
    "checklist",
    "correct_write_up",
    "discard_correction",
    "go_on_without_call",
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
    "send_written",
    "set_permissions",
    "set_stated_reason",
    "share_written",
    "start_rehearsal",
    "submit_write_up",
    "tag_driver",
]
