"""Addresses about oneself and invitations: outside any programme."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("me/", views.me, name="me"),
    path("invitation/", views.invitation, name="invitation"),
    path("invitation/<uuid:invitation_id>/<str:token>/", views.invitation_open, name="invitation_open"),
]
