"""Debriefs and their calls: planned, invited, booked, held; and the prospect's personal link."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "debriefs.calls"
    label = "calls"

    def ready(self) -> None:
        from debriefs.calls import notice_kinds
        from debriefs.calls.actions import stop_for
        from debriefs.calls.queries import versions_interviewed_with
        from debriefs.deals.interviewing import register_stop
        from debriefs.guides.queries import let_outsiders_see

        notice_kinds.register_all()
        notice_kinds.register_digest()
        register_stop(stop_for)
        let_outsiders_see(versions_interviewed_with)
