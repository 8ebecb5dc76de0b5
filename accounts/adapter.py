"""How allauth's sign-in behaves here: nobody signs up by themselves, links come from the fixed base address."""

from typing import Any
from urllib.parse import urljoin

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """People join by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = super().get_reset_password_from_key_url(key)
        return urljoin(settings.BASE_URL + "/", "/" + path.split("://", 1)[-1].partition("/")[2])


class SecondFactorAdapter(DefaultMFAAdapter):
    """The name an authenticator app shows."""

    def get_totp_issuer(self) -> str:
        return "Debriefs"

    def get_user_display_name(self, user: Any) -> str:
        return str(user.name)
