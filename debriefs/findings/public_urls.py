"""The buyer's pages about permissions and quotes, below /d/, behind the personal link."""

from django.urls import path

from debriefs.findings import public_views as views

app_name = "quotes"
urlpatterns = [
    path("<uuid:link_id>/permissions/", views.permissions, name="permissions"),
    path("<uuid:link_id>/quotes/", views.page, name="page"),
    path("<uuid:link_id>/quotes/<uuid:quote_id>/answer/", views.answer, name="answer"),
    path("<uuid:link_id>/quotes/<uuid:quote_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:link_id>/quotes/open/<str:token>/", views.open_link, name="open"),
]
