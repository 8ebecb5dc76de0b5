"""Today and the assembled deal page, below /p/<slug>/."""

from django.urls import path

from debriefs.home import people_views, views

app_name = "home"
urlpatterns = [
    path("", views.today, name="today"),
    path("deals/<uuid:deal_id>/", views.deal_page, name="deal_page"),
    path("people/<uuid:contact_id>/erase/", people_views.erasure, name="erasure"),
    path("people/<uuid:contact_id>/data/", people_views.held_data, name="held_data"),
]
