"""Findings: coding, review and release."""

from django.apps import AppConfig


class FindingsConfig(AppConfig):
    name = "debriefs.findings"
    label = "findings"

    def ready(self) -> None:
        from debriefs.findings import buyer_permissions, notice_kinds, permissions
        from debriefs.interviews.permission_changes import register_follow
        from debriefs.interviews.reading import register_blind

        notice_kinds.register_all()
        register_follow(buyer_permissions.follow_correction)
        register_blind(permissions.codes_blind)
