"""Addresses of this room, below /p/<slug>/interviews/."""

from django.urls import path

from debriefs.interviews.views import answers, briefing, kept, own_work, questionnaire, transcripts, write_up, written

app_name = "interviews"
urlpatterns = [
    path("", own_work.assignment_list, name="assignment_list"),
    path("keys/", kept.keys, name="keys"),
    path("worker.js", kept.worker, name="worker"),
    path("<uuid:debrief_id>/", questionnaire.questionnaire, name="questionnaire"),
    path("<uuid:debrief_id>/begin/", questionnaire.begin, name="begin"),
    path("<uuid:debrief_id>/briefing/", briefing.briefing, name="briefing"),
    path("<uuid:debrief_id>/answers/", briefing.answers, name="answers"),
    path("<uuid:debrief_id>/written/", written.written, name="written"),
    path("<uuid:debrief_id>/written/alone/", written.written_alone, name="written_alone"),
    path("<uuid:debrief_id>/delivery/", own_work.delivery, name="delivery"),
    path("<uuid:debrief_id>/transcript/", transcripts.transcript, name="transcript"),
    path("<uuid:debrief_id>/transcript/add/", transcripts.transcript_add, name="transcript_add"),
    path("<uuid:debrief_id>/transcript/remove/", transcripts.transcript_remove, name="transcript_remove"),
    path("<uuid:debrief_id>/transcript/align/", transcripts.transcript_align, name="transcript_align"),
    path("<uuid:debrief_id>/transcript/mark/", transcripts.passage_mark, name="passage_mark"),
    path("<uuid:debrief_id>/permissions/", write_up.permissions, name="permissions"),
    path("<uuid:debrief_id>/write-up/", write_up.write_up, name="write_up"),
    path("<uuid:debrief_id>/submit/", write_up.submit, name="submit"),
    path("<uuid:debrief_id>/correct/", write_up.correct, name="correct"),
    path("write-ups/<uuid:write_up_id>/parts/<str:part>/save/", write_up.part_save, name="part_save"),
    path("write-ups/<uuid:write_up_id>/<slug:row_kind>/add/", write_up.row_add, name="row_add"),
    path("write-ups/<uuid:write_up_id>/discard/", write_up.discard, name="discard"),
    path("write-ups/rows/<slug:row_kind>/<uuid:row_id>/remove/", write_up.row_remove, name="row_remove"),
    path("sheets/<uuid:sheet_id>/consent/", answers.consent, name="consent"),
    path("answers/<uuid:answer_id>/save/", answers.answer_save, name="answer_save"),
    path("answers/<uuid:answer_id>/probes/", answers.probe_note, name="probe_note"),
    path("answers/<uuid:answer_id>/marks/add/", answers.mark_add, name="mark_add"),
    path("verbatims/<uuid:verbatim_id>/remove/", answers.verbatim_remove, name="verbatim_remove"),
    path("tags/<uuid:tag_id>/remove/", answers.tag_remove, name="tag_remove"),
    path("guides/<uuid:version_id>/rehearse/", questionnaire.rehearse, name="rehearse"),
    path("rehearsals/<uuid:rehearsal_id>/", questionnaire.rehearsal, name="rehearsal"),
]
