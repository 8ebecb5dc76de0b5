"""Programme settings, people, teams and the audit log: below /p/<slug>/programme/."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.programme, name="programme"),
    path("logo/", views.logo_put, name="logo_put"),
    path("logo/remove/", views.logo_remove, name="logo_remove"),
    path("people/", views.people, name="people"),
    path("people/invite/", views.person_invite, name="person_invite"),
    path("people/<uuid:person_id>/roles/", views.person_roles, name="person_roles"),
    path("people/<uuid:person_id>/end/", views.person_end, name="person_end"),
    path("invitations/<uuid:invitation_id>/revoke/", views.invitation_revoke, name="invitation_revoke"),
    path("teams/", views.teams, name="teams"),
    path("teams/<uuid:team_id>/people/<uuid:person_id>/", views.team_put, name="team_put"),
    path("audit/", views.audit_log, name="audit"),
]
