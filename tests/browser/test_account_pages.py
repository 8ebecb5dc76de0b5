"""Second factor and sessions in a real browser: the library's scripts under our content security policy."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse

from accounts.enums import Role
from debriefs.foundation.models import AuditEntry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a quiet meeting room"


@pytest.fixture
def user(world):
    """A team member whose programme wants a second factor of team members."""
    world.programme.second_factor_roles = [Role.MEMBER]
    world.programme.save()
    world.member.user.set_password(PASSWORD)
    world.member.user.save()
    return world.member.user


def fill_sign_in(page, user):
    page.goto(reverse("account_login"))
    page.locator("#id_login").fill(user.email)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def confirm_with_password(page):
    page.wait_for_url("**/reauthenticate/**")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def with_a_fingerprint_reader(page):
    """A virtual authenticator in the browser, always touched and always recognised."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                     "isUserVerified": True, "automaticPresenceSimulation": True}},
    )  # fmt: skip


def test_led_to_a_second_factor_one_adds_a_passkey_and_signs_in_with_it_alone(open_page, violations, user, world):
    page = open_page()
    with_a_fingerprint_reader(page)
    fill_sign_in(page, user)
    page.wait_for_url("**/accounts/2fa/")
    assert "asks for a second factor" in page.locator("#messages").inner_text()
    assert violations(page) == []
    page.goto(reverse("mfa_add_webauthn"))
    confirm_with_password(page)
    page.wait_for_url("**/webauthn/add/")
    assert violations(page) == []
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/recovery-codes/**")
    assert violations(page) == []
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count() == 1
    assert AuditEntry.objects.filter(action="user.second_factor_added", subject_id=user.pk).exists()
    page.goto(reverse("home"))
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login/**")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"**/p/{world.programme.slug}/")
    # With the password, the passkey is asked for as the second factor.
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login/**")
    fill_sign_in(page, user)
    page.wait_for_url("**/2fa/authenticate/")
    assert violations(page) == []
    page.get_by_role("button", name="Use a security key").click()
    page.wait_for_url(f"**/p/{world.programme.slug}/")


def test_an_authenticator_app_without_scripts_and_a_recovery_code_when_the_phone_is_lost(open_page, user, world):
    page = open_page(javascript=False)
    fill_sign_in(page, user)
    page.goto(reverse("mfa_activate_totp"))
    confirm_with_password(page)
    page.wait_for_url("**/totp/activate/")
    secret = page.locator("#authenticator_secret").input_value()
    now = next(totp.yield_hotp_counters_from_time())
    page.locator("#id_code").fill(totp.format_hotp_value(totp.hotp_value(secret, now)))
    page.get_by_role("button", name="Activate").click()
    page.wait_for_url("**/recovery-codes/")
    code = page.locator("#recovery_codes").input_value().split()[0]
    page.goto(reverse("home"))
    page.wait_for_url(f"**/p/{world.programme.slug}/")
    other = open_page(javascript=False)
    fill_sign_in(other, user)
    other.wait_for_url("**/2fa/authenticate/")
    other.locator("#id_code").fill(code)
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url(f"**/p/{world.programme.slug}/")


def test_sessions_elsewhere_are_seen_and_ended(open_page, violations, user, world):
    world.programme.second_factor_roles = []
    world.programme.save()
    here, elsewhere = open_page(), open_page(width=390, dark=True)
    for page in (here, elsewhere):
        fill_sign_in(page, user)
        page.wait_for_url(f"**/p/{world.programme.slug}/")
    elsewhere.goto(reverse("usersessions_list"))
    assert violations(elsewhere) == []
    assert elsewhere.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    here.goto(reverse("usersessions_list"))
    assert here.get_by_role("heading", name="Another browser").count() == 1
    here.get_by_role("button", name="End all others").click()
    here.wait_for_load_state()
    assert here.get_by_role("heading", name="Another browser").count() == 0
    elsewhere.goto(f"/p/{world.programme.slug}/")
    elsewhere.wait_for_url("**/login/**")


@pytest.mark.parametrize(
    "name", ["account_reset_password", "account_signup", "account_inactive", "account_reset_password_done"]
)
def test_pages_around_sign_in_are_accessible(open_page, violations, name):
    page = open_page(width=390)
    page.goto(reverse(name))
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize(
    "name", ["account_change_password", "account_reauthenticate", "account_logout", "mfa_index", "me"]
)
def test_pages_of_the_account_are_accessible(open_page, violations, user, name):
    page = open_page(user, width=390, dark=True)
    page.goto(reverse(name))
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
