"""People and programmes: who may enter, and as whom."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import notice_kinds, sign_in_log

        notice_kinds.register_all()
        sign_in_log.connect()
