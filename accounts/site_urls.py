"""Addresses about oneself and invitations: outside any programme."""

from django.urls import path, re_path

from accounts import views

urlpatterns = [
    re_path(r"^logo-(?P<sha256>[0-9a-f]{64})\.png$", views.logo, name="programme_logo"),
    path("me/", views.me, name="me"),
    path("invitation/", views.invitation, name="invitation"),
    path("invitation/<uuid:invitation_id>/<str:token>/", views.invitation_open, name="invitation_open"),
]
