"""Addresses of this room, below /p/<slug>/insights/."""

from django.urls import path

from debriefs.insights import views

app_name = "insights"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("remarks/", views.remarks, name="remarks"),
]
