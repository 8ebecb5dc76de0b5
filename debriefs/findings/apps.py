"""Findings: coding, review and release."""

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    name = "debriefs.findings"
    label = "findings"

    def ready(self) -> None:
        from debriefs.findings import notice_kinds

        notice_kinds.register_all()
