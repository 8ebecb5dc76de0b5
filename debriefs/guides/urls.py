"""Addresses of this room, below /p/<slug>/guides/."""

from django.urls import path

from debriefs.guides import views

app_name = "guides"
urlpatterns = [
    path("", views.guide_list, name="guide_list"),
    path("<uuid:version_id>/", views.version_page, name="version_page"),
    path("<uuid:version_id>/copy/", views.version_copy, name="version_copy"),
    path("<uuid:version_id>/change/", views.version_edit, name="version_edit"),
    path("<uuid:version_id>/publish/", views.version_publish, name="version_publish"),
]
