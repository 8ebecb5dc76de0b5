"""Addresses of the local mailbox, routed at /mailbox/ in local mode only."""

from django.urls import path, re_path

from debriefs.local import mailbox_views as views
from debriefs.local.mailbox import NAME

app_name = "mailbox"
urlpatterns = [
    path("", views.mailbox, name="list"),
    re_path(rf"^(?P<name>{NAME})/$", views.mail, name="mail"),
    re_path(rf"^(?P<name>{NAME})/html/$", views.mail_html, name="html"),
    re_path(rf"^(?P<name>{NAME})/source/$", views.mail_source, name="source"),
    re_path(rf"^(?P<name>{NAME})/invitation-(?P<number>[1-9])\.ics$", views.mail_invitation, name="invitation"),
]
