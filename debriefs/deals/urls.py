"""Addresses of this room, below /p/<slug>/deals/. The deal page itself is assembled in `home`."""

from django.urls import path

from debriefs.deals.views import import_results, imports, lists, own_views, parts, records, selection

app_name = "deals"
urlpatterns = [
    path("", lists.deal_list, name="deal_list"),
    path("deals.csv", lists.deal_export, name="deal_export"),
    path("views/save/", lists.view_save, name="view_save"),
    path("views/<uuid:view_id>/remove/", lists.view_remove, name="view_remove"),
    path("add/", records.deal_add, name="deal_add"),
    path("import/", imports.import_upload, name="import_upload"),
    path("import/<uuid:import_id>/", import_results.import_page, name="import_page"),
    path("import/<uuid:import_id>/columns/", imports.import_mapping, name="import_mapping"),
    path("import/<uuid:import_id>/cancel/", imports.import_cancel, name="import_cancel"),
    path("import/<uuid:import_id>/go-on/", import_results.import_go_on, name="import_go_on"),
    path("import/<uuid:import_id>/undo/", import_results.import_undo, name="import_undo"),
    path("import/<uuid:import_id>/conflicts/", import_results.conflicts_resolve, name="conflicts_resolve"),
    path(
        "import/<uuid:import_id>/conflicts/<uuid:conflict_id>/",
        import_results.conflict_resolve,
        name="conflict_resolve",
    ),
    path("import/<uuid:import_id>/rejected.csv", import_results.import_rejections, name="import_rejections"),
    path("window-closing/", selection.window_closing, name="window_closing"),
    path("selection/", selection.selection, name="selection"),
    path("selection/rules/", selection.selection_rules, name="selection_rules"),
    path("selection/exclusions/add/", selection.exclusion_add, name="exclusion_add"),
    path("selection/exclusions/<uuid:exclusion_id>/lift/", selection.exclusion_lift, name="exclusion_lift"),
    path("<uuid:deal_id>/selection/", selection.deal_selection, name="deal_selection"),
    path("<uuid:deal_id>/change/", records.deal_edit, name="deal_edit"),
    path("<uuid:deal_id>/contacts/add/", records.contact_add, name="contact_add"),
    path("<uuid:deal_id>/people/add/", records.party_add, name="party_add"),
    path("<uuid:deal_id>/notes/add/", records.note_add, name="note_add"),
    path("<uuid:deal_id>/own-view/", own_views.own_view, name="own_view"),
    path("<uuid:deal_id>/needs/add/", parts.need_add, name="need_add"),
    path("<uuid:deal_id>/announce/", parts.announce, name="announce"),
    path("<uuid:deal_id>/history/", parts.deal_history, name="deal_history"),
    path("needs/<uuid:need_id>/change/", parts.need_edit, name="need_edit"),
    path("needs/<uuid:need_id>/remove/", parts.need_remove, name="need_remove"),
    path("needs/<uuid:need_id>/up/", parts.need_move, {"direction": "up"}, name="need_up"),
    path("needs/<uuid:need_id>/down/", parts.need_move, {"direction": "down"}, name="need_down"),
    path("contacts/<uuid:deal_contact_id>/change/", parts.contact_edit, name="contact_edit"),
    path("contacts/<uuid:deal_contact_id>/approve/", records.contact_approve, name="contact_approve"),
    path("contacts/<uuid:deal_contact_id>/reject/", records.contact_reject, name="contact_reject"),
    path("contacts/<uuid:deal_contact_id>/primary/", records.contact_primary, name="contact_primary"),
    path("people/<uuid:party_id>/end/", records.party_end, name="party_end"),
]
