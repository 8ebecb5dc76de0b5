"""Addresses of this room, below /p/<slug>/insights/."""

from django.urls import path

from debriefs.insights import coder_views, views

app_name = "insights"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("coders/", coder_views.coder_agreement_page, name="coder_agreement"),
    path("remarks/", views.remarks, name="remarks"),
]
