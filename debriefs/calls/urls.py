"""Addresses of this room, below /p/<slug>/debriefs/."""

from django.urls import path

from debriefs.calls.views import availability, board, notices, planning, stops, texts, wishes
from debriefs.calls.views import debriefs as views

app_name = "calls"
urlpatterns = [
    path("", views.debrief_list, name="debrief_list"),
    path("board/", board.debrief_board, name="debrief_board"),
    path("week/", board.call_week, name="call_week"),
    path("hours/", availability.availability_page, name="availability"),
    path("hours/days/", availability.exception_add, name="exception_add"),
    path("hours/days/<uuid:exception_id>/remove/", availability.exception_remove, name="exception_remove"),
    path("hours/calendars/", availability.calendar_add, name="calendar_add"),
    path("hours/calendars/<uuid:calendar_id>/remove/", availability.calendar_remove, name="calendar_remove"),
    path("hours/feed/", availability.feed_open, name="feed_open"),
    path("hours/feed/close/", availability.feed_close, name="feed_close"),
    path("plan/", planning.plan_several, name="plan_several"),
    path("plan/<uuid:deal_id>/", planning.debrief_plan, name="debrief_plan"),
    path("notices/", notices.notice_list, name="notice_list"),
    path("notices/<uuid:notice_id>/", notices.mail_page, name="mail_page"),
    path("notices/<uuid:notice_id>/again/", notices.mail_again, name="mail_again"),
    path("notices/stopped/", stops.stop_list, name="stop_list"),
    path("notices/stopped/<uuid:stop_id>/lift/", stops.stop_lift, name="stop_lift"),
    path("<uuid:debrief_id>/notices/<uuid:notice_id>/", notices.notice_page, name="notice_page"),
    path("<uuid:debrief_id>/notices/<uuid:notice_id>/again/", notices.notice_again, name="notice_again"),
    path("texts/", texts.text_list, name="text_list"),
    path("texts/<slug:text_kind>/<slug:audience>/<slug:text_language>/", texts.text_page, name="text_page"),
    path("texts/<slug:text_kind>/<slug:audience>/<slug:text_language>/html/", texts.text_html, name="text_html"),
    path("texts/<slug:text_kind>/<slug:audience>/<slug:text_language>/reset/", texts.text_reset, name="text_reset"),
    path("wishes/", wishes.wishes, name="wishes"),
    path("wishes/<uuid:wish_id>/", wishes.wish_settle, name="wish_settle"),
    path("<uuid:debrief_id>/", views.debrief_page, name="debrief_page"),
    path("<uuid:debrief_id>/invite/", views.debrief_invite, name="debrief_invite"),
    path("<uuid:debrief_id>/close/", views.debrief_close, name="debrief_close"),
    path("<uuid:debrief_id>/newer-guide/", views.debrief_newer_guide, name="debrief_newer_guide"),
    path("<uuid:debrief_id>/held/", views.debrief_held, name="debrief_held"),
    path("<uuid:debrief_id>/missed/", views.debrief_no_show, name="debrief_no_show"),
    path("<uuid:debrief_id>/cancel-call/", views.call_cancel, name="call_cancel"),
    path("<uuid:debrief_id>/frame/", views.debrief_replan, name="debrief_replan"),
    path("<uuid:debrief_id>/reassign/", views.debrief_reassign, name="debrief_reassign"),
    path("<uuid:debrief_id>/withdraw-link/", views.link_withdraw, name="link_withdraw"),
    path("<uuid:debrief_id>/pause/", views.debrief_pause, name="debrief_pause"),
    path("<uuid:debrief_id>/resume/", views.debrief_resume, name="debrief_resume"),
    path("<uuid:debrief_id>/offer-again/", views.debrief_offer_again, name="debrief_offer_again"),
    path("<uuid:debrief_id>/time/", views.call_place, name="call_place"),
]
