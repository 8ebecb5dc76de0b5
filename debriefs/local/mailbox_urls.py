"""Addresses of the local mailbox, routed at /mailbox/ in local mode only."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
