"""Addresses about oneself and invitations: outside any programme."""

from typing import Any

urlpatterns: list[Any] = []
