"""Addresses of this room, below /p/<slug>/."""

from typing import Any

app_name = "findings"
urlpatterns: list[Any] = []
