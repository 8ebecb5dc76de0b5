"""Addresses of this room, below /p/<slug>/debriefs/."""

from django.urls import path

from debriefs.calls import notice_views, views, wish_views

app_name = "calls"
urlpatterns = [
    path("", views.debrief_list, name="debrief_list"),
    path("hours/", views.availability_page, name="availability"),
    path("notices/", notice_views.notice_list, name="notice_list"),
    path("<uuid:debrief_id>/notices/<uuid:notice_id>/", notice_views.notice_page, name="notice_page"),
    path("<uuid:debrief_id>/notices/<uuid:notice_id>/again/", notice_views.notice_again, name="notice_again"),
    path("plan/<uuid:deal_id>/", views.debrief_plan, name="debrief_plan"),
    path("wishes/", wish_views.wishes, name="wishes"),
    path("wishes/<uuid:wish_id>/", wish_views.wish_settle, name="wish_settle"),
    path("<uuid:debrief_id>/", views.debrief_page, name="debrief_page"),
    path("<uuid:debrief_id>/invite/", views.debrief_invite, name="debrief_invite"),
    path("<uuid:debrief_id>/close/", views.debrief_close, name="debrief_close"),
    path("<uuid:debrief_id>/newer-guide/", views.debrief_newer_guide, name="debrief_newer_guide"),
    path("<uuid:debrief_id>/held/", views.debrief_held, name="debrief_held"),
    path("<uuid:debrief_id>/missed/", views.debrief_no_show, name="debrief_no_show"),
    path("<uuid:debrief_id>/cancel-call/", views.call_cancel, name="call_cancel"),
]
