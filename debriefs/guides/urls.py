"""Addresses of this room, below /p/<slug>/."""

from typing import Any

app_name = "guides"
urlpatterns: list[Any] = []
