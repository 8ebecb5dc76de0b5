"""Addresses of this room, below /p/<slug>/."""

from typing import Any

app_name = "insights"
urlpatterns: list[Any] = []
