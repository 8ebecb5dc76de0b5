"""The pages of allauth that this product has: signing in and out, password, second factor, sessions.

Only what is named here exists. Left out are the pages on which one changes one's own address: an account is known by the address
it was invited under, and another one could take over what the CRM says of somebody else.
"""

from allauth.account.urls import urlpatterns as account_urls
from django.urls import include, path

PAGES = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}

urlpatterns = [
    *(page for page in account_urls if page.name in PAGES),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
