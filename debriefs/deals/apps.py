"""Deals in from the CRM, their people and facts, and which of them are debriefed."""

from django.apps import AppConfig


class DealsConfig(AppConfig):
    name = "debriefs.deals"
    label = "deals"

    def ready(self) -> None:
        from debriefs.deals import notice_kinds

        notice_kinds.register_all()
