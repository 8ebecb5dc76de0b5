"""Programme settings, people and teams: below /p/<slug>/programme/."""

from typing import Any

app_name = "accounts"
urlpatterns: list[Any] = []
