"""Changes of debriefs and calls."""

from debriefs.calls.actions.booking import book, cancel_call, move_call
from debriefs.calls.actions.erasure import erase_contact
from debriefs.calls.actions.incoming import receive_mail
from debriefs.calls.actions.interviewers import reassign, stop_for
from debriefs.calls.actions.notice_texts import save_notice_text
from debriefs.calls.actions.offering import offer_again, replan, withdraw_link
from debriefs.calls.actions.pausing import pause, resume
from debriefs.calls.actions.planning import plan_debrief, plan_several, send_invitation, take_newer_version
from debriefs.calls.actions.preparation import set_hypothesis
from debriefs.calls.actions.prospect import decline, note_from_prospect, stop_mail, undo_decline, undo_stop
from debriefs.calls.actions.resending import send_again, send_mail_again
from debriefs.calls.actions.reviewing import give_review_back, set_second_coder, take_review
from debriefs.calls.actions.stages import (
    close_debrief,
    mark_held,
    mark_no_show,
    mark_recalled,
    mark_released,
    mark_reviewed,
    mark_written_up,
)
from debriefs.calls.actions.stops import lift_stop
from debriefs.calls.actions.wishes import (
    ask_for_data,
    choose_writing,
    settle_data_request,
    take_back_data_request,
    take_back_writing,
)
from debriefs.calls.actions.writing import mark_writing_begun, mark_written_sent, speak_too

__all__ = [
    "erase_contact",
    "ask_for_data",
    "book",
    "cancel_call",
    "choose_writing",
    "close_debrief",
    "decline",
    "give_review_back",
    "lift_stop",
    "mark_held",
    "mark_no_show",
    "mark_recalled",
    "mark_released",
    "mark_reviewed",
    "mark_writing_begun",
    "mark_written_sent",
    "mark_written_up",
    "move_call",
    "note_from_prospect",
    "offer_again",
    "pause",
    "plan_debrief",
    "plan_several",
    "reassign",
    "replan",
    "resume",
    "receive_mail",
    "save_notice_text",
    "send_again",
    "send_mail_again",
    "send_invitation",
    "set_hypothesis",
    "set_second_coder",
    "settle_data_request",
    "speak_too",
    "stop_for",
    "stop_mail",
    "take_back_data_request",
    "take_back_writing",
    "take_review",
    "take_newer_version",
    "undo_decline",
    "undo_stop",
    "withdraw_link",
]
