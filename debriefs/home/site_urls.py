"""Addresses outside any programme: the front door and the health pages."""

from django.urls import path

from debriefs.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
