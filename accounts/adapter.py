"""How allauth's sign-in behaves here: nobody signs up by themselves, and its mails are notices like all others."""

from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from debriefs.foundation import clock, outbox
from debriefs.foundation.enums import RecipientKind
from debriefs.foundation.middleware import client_address
from debriefs.foundation.outbox import Recipient


class AccountAdapter(DefaultAccountAdapter):
    """People join by invitation only; a forgotten password owes a notice whose link is made while it is sent."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        if not user.is_active:
            return
        now = clock.now()
        outbox.owe(
            kind="password_reset",
            programme_id=None,
            subject_kind="user",
            subject_id=user.pk,
            recipient=Recipient(RecipientKind.PERSON, None, user.name, user.email, user.language, user.time_zone),
            due_at=now,
            dedupe_key=f"password_reset:{uuid4()}",
            now=now,
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "0.0.0.0"  # noqa: S104 - a key for the limiter, nothing is bound to it


class SecondFactorAdapter(DefaultMFAAdapter):
    """The name an authenticator app shows."""

    def get_totp_issuer(self) -> str:
        return "Debriefs"

    def get_user_display_name(self, user: Any) -> str:
        return str(user.name)
