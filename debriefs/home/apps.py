"""Pages that show many rooms: Today and the assembled deal page."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "debriefs.home"
    label = "home"
