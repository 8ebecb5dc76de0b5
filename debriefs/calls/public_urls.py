"""The prospect's pages."""

from typing import Any

app_name = "prospect"
urlpatterns: list[Any] = []
