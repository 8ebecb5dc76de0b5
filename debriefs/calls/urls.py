"""Addresses of this room, below /p/<slug>/."""

from typing import Any

app_name = "calls"
urlpatterns: list[Any] = []
