"""Addresses of this room, below /p/<slug>/insights/."""

from django.urls import path

from debriefs.insights import acts, coder_views, exports, views
from debriefs.insights.dashboards import BUILDERS

app_name = "insights"
urlpatterns = [
    path("", views.overview, name="overview"),
    *(path(f"{key}/", views.dashboard, {"key": key}, name=key) for key in BUILDERS if key != "overview"),
    path("coders/", coder_views.coder_agreement_page, name="coder_agreement"),
    path("report/", views.report, name="report"),
    path("remarks/", views.remarks, name="remarks"),
    path("debriefs/", views.debrief_list, name="debrief_list"),
    path("export/", exports.export, name="export"),
    path("views/", acts.view_save, name="view_save"),
    path("views/<uuid:figure_view_id>/remove/", acts.view_remove, name="view_remove"),
    path("views/<uuid:figure_view_id>/digest/", acts.view_digest, name="view_digest"),
    path("trend/notes/", acts.note_add, name="note_add"),
    path("trend/notes/<uuid:note_id>/remove/", acts.note_remove, name="note_remove"),
]
