"""Addresses of this room, below /p/<slug>/findings/."""

from django.urls import path

from debriefs.findings import views

app_name = "findings"
urlpatterns = [
    path("", views.release_list, name="release_list"),
    path("review/", views.review_list, name="review_list"),
    path("review/<uuid:debrief_id>/", views.coding, name="coding"),
    path("review/<uuid:debrief_id>/open/", views.review_open, name="review_open"),
    path("review/<uuid:debrief_id>/add/", views.finding_add, name="finding_add"),
    path("review/<uuid:debrief_id>/done/", views.debrief_review, name="debrief_review"),
    path("review/<uuid:debrief_id>/release/", views.debrief_release, name="debrief_release"),
    path("<uuid:finding_id>/change/", views.finding_edit, name="finding_edit"),
    path("<uuid:finding_id>/remove/", views.finding_remove, name="finding_remove"),
    path("<uuid:finding_id>/decided/", views.finding_primary, name="finding_primary"),
    path("<uuid:finding_id>/words/", views.finding_mask, name="finding_mask"),
    path("released/<uuid:release_id>/", views.release_page, name="release_page"),
    path("released/<uuid:release_id>/recall/", views.release_recall, name="release_recall"),
]
