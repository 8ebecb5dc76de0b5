"""Findings: coding, review and release."""

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    name = "debriefs.findings"
    label = "findings"

    def ready(self) -> None:
        from debriefs.findings import buyer_permissions, notice_kinds
        from debriefs.interviews.permission_changes import register_follow

        notice_kinds.register_all()
        register_follow(buyer_permissions.follow_correction)
