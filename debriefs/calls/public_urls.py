"""The prospect's pages, below /d/. A link's id is an address; the token in the mail is the secret, and is exchanged at once."""

from django.urls import path

from debriefs.calls import public_views as views
from debriefs.calls.views.availability import call_feed

app_name = "prospect"
urlpatterns = [
    path("calendar/<uuid:feed_id>/<str:token>/calls.ics", call_feed, name="call_feed"),
    path("<uuid:link_id>/", views.page, name="page"),
    path("<uuid:link_id>/me/", views.addressee, name="addressee"),
    path("<uuid:link_id>/confirm/", views.confirm, name="confirm"),
    path("<uuid:link_id>/book/", views.book, name="book"),
    path("<uuid:link_id>/cancel/", views.cancel, name="cancel"),
    path("<uuid:link_id>/decline/", views.decline, name="decline"),
    path("<uuid:link_id>/undo-decline/", views.undo_decline, name="undo_decline"),
    path("<uuid:link_id>/note/", views.note, name="note"),
    path("<uuid:link_id>/writing/", views.writing, name="writing"),
    path("<uuid:link_id>/undo-writing/", views.undo_writing, name="undo_writing"),
    path("<uuid:link_id>/data/", views.data, name="data"),
    path("<uuid:link_id>/undo-data/", views.undo_data, name="undo_data"),
    path("<uuid:link_id>/stop/", views.stop, name="stop"),
    path("<uuid:link_id>/undo-stop/", views.undo_stop, name="undo_stop"),
    path("<uuid:link_id>/stop/<str:token>/", views.stop_at_once, name="stop_at_once"),
    path("<uuid:link_id>/open/<str:token>/", views.open_link, name="open"),
]
