"""Addresses of this room, below /p/<slug>/guides/."""

from django.urls import path

from debriefs.guides.views import bank, drafts, reading

app_name = "guides"
urlpatterns = [
    path("", reading.guide_list, name="guide_list"),
    path("add/", drafts.guide_add, name="guide_add"),
    path("import/", bank.guide_import, name="guide_import"),
    path("questions/", bank.question_bank, name="question_bank"),
    path("questions/retire/", bank.question_retire, name="question_retire"),
    path("about/<uuid:guide_id>/", drafts.guide_edit, name="guide_edit"),
    path("about/<uuid:guide_id>/retire/", drafts.guide_retire, name="guide_retire"),
    path("<uuid:version_id>/", reading.version_page, name="version_page"),
    path("<uuid:version_id>/written/", reading.version_written, name="version_written"),
    path("<uuid:version_id>/compare/", reading.version_compare, name="version_compare"),
    path("<uuid:version_id>/guide.json", reading.version_json, name="version_json"),
    path("<uuid:version_id>/guide.md", reading.version_markdown, name="version_markdown"),
    path("<uuid:version_id>/copy/", drafts.version_copy, name="version_copy"),
    path("<uuid:version_id>/change/", drafts.version_edit, name="version_edit"),
    path("<uuid:version_id>/undo/", drafts.version_undo, name="version_undo"),
    path("<uuid:version_id>/publish/", drafts.version_publish, name="version_publish"),
]
