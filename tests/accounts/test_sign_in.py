"""Signing in: throttled, rotated, ended; with a second factor where the programme wants one."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.enums import Role
from debriefs.foundation import clock, outbox
from debriefs.foundation.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "a quiet meeting room"


@pytest.fixture
def user(world):
    world.member.user.set_password(PASSWORD)
    world.member.user.save()
    return world.member.user


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": email, "password": password}, **more)


def test_signing_in_however_the_address_is_spelt_and_with_a_new_session(user, world):
    client = Client()
    client.get(reverse("account_login"))
    client.session["seen"] = True
    before = client.session.session_key
    assert sign_in(client, user.email.upper())["Location"] == reverse("home")
    assert client.session.session_key != before
    assert client.get(reverse("home"))["Location"] == f"/p/{world.programme.slug}/"
    assert AuditEntry.objects.filter(action="user.signed_in", subject_id=user.pk).count() == 1


def test_wrong_passwords_are_slowed_down_by_account_and_the_right_one_waits_too(user, settings):
    settings.REDIS_URL = settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    answers = [sign_in(Client(), user.email, "wrong") for _try in range(7)]
    assert "Too many" in answers[-1].content.decode()
    assert "Too many" in sign_in(Client(), user.email).content.decode()
    assert AuditEntry.objects.filter(action="user.sign_in_failed", subject_id=user.pk).exists()


def test_guessing_from_one_address_is_slowed_down_whatever_the_account_and_the_header(user, settings):
    settings.REDIS_URL = settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    guesses = [
        sign_in(Client(), f"user-{n}@guessed.example", "wrong", headers={"X-Forwarded-For": f"10.0.0.{n}"})
        for n in range(12)
    ]
    assert "Too many" not in guesses[0].content.decode()
    assert "Too many" in guesses[-1].content.decode()
    # The right password from there waits; from elsewhere it opens.
    assert "Too many" in sign_in(Client(), user.email).content.decode()
    assert sign_in(Client(), user.email, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_an_unknown_address_and_a_wrong_password_answer_alike(user):
    unknown = sign_in(Client(), "nobody@people.example", "wrong").content.decode()
    wrong = sign_in(Client(), user.email, "wrong").content.decode()
    strip = lambda page: re.sub(r'value="[^"]*"', "", page)  # noqa: E731
    assert strip(unknown) == strip(wrong)


def test_a_deactivated_account_is_out_with_its_next_request(user, world):
    client = Client()
    sign_in(client, user.email)
    assert client.get(f"/p/{world.programme.slug}/").status_code == 200
    actions.deactivate_user(user=user, now=clock.now())
    assert client.get(f"/p/{world.programme.slug}/")["Location"].startswith(reverse("account_login"))
    assert sign_in(Client(), user.email).status_code != 302 or "inactive" in sign_in(Client(), user.email)["Location"]


def test_nobody_signs_up_by_themselves():
    page = Client().get(reverse("account_signup")).content.decode()
    assert "by invitation" in page
    assert "password1" not in page


def test_a_forgotten_password_is_chosen_anew_by_mail_and_ends_other_sessions(user, smtp, world):
    other = Client()
    sign_in(other, user.email)
    client = Client()
    client.post(reverse("account_reset_password"), {"email": user.email})
    client.post(reverse("account_reset_password"), {"email": "nobody@people.example"})
    outbox.drain()
    (mail,) = smtp.mails
    path = re.search(r"https?://[^/]+(/\S+)", mail.get_body(("plain",)).get_content())[1]
    form = client.get(path, follow=True)
    changed = client.post(
        form.redirect_chain[-1][0], {"password1": "another quiet room", "password2": "another quiet room"}
    )
    assert changed.status_code == 302
    assert sign_in(Client(), user.email, "another quiet room").status_code == 302
    assert other.get(f"/p/{world.programme.slug}/")["Location"].startswith(reverse("account_login"))
    assert AuditEntry.objects.filter(action="user.password_reset").count() == 1


def test_a_programme_may_want_a_second_factor_of_a_role(user, world):
    world.programme.second_factor_roles = [Role.MEMBER]
    world.programme.save()
    same_human = factories.person(world.other_programme, Role.MEMBER, user=user)
    client = Client()
    sign_in(client, user.email)
    assert client.get(f"/p/{world.programme.slug}/")["Location"] == reverse("mfa_index")
    assert client.get(f"/p/{same_human.programme.slug}/").status_code == 200
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(user, generate_totp_secret())
    assert client.get(f"/p/{world.programme.slug}/").status_code == 200
    # From now on the password alone signs nobody in.
    fresh = Client()
    assert sign_in(fresh, user.email)["Location"].startswith(reverse("mfa_authenticate"))
    assert fresh.get(f"/p/{world.programme.slug}/")["Location"].startswith(reverse("account_login"))


def test_a_partial_request_without_sign_in_is_told_so_instead_of_being_led_away(world):
    response = Client().get(f"/p/{world.programme.slug}/", headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert "Location" not in response
    assert world.programme.name not in response.content.decode()


def test_pages_are_in_ones_own_zone(user, world):
    user.time_zone = "Pacific/Auckland"
    user.save()
    client = Client()
    sign_in(client, user.email)
    assert "Pacific/Auckland" in client.get(reverse("me")).content.decode()


def test_a_new_password_ends_every_other_session_and_keeps_this_one(user, world):
    here, elsewhere = Client(), Client()
    sign_in(here, user.email)
    sign_in(elsewhere, user.email)
    changed = here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "another quiet room", "password2": "another quiet room"},
    )
    assert changed.status_code == 302
    home = f"/p/{world.programme.slug}/"
    assert here.get(home).status_code == 200
    assert elsewhere.get(home)["Location"].startswith(reverse("account_login"))
    assert AuditEntry.objects.filter(action="user.password_changed", subject_id=user.pk).count() == 1


def test_a_second_factor_is_not_changed_on_the_session_alone(user):
    client = Client()
    sign_in(client, user.email)
    page = reverse("mfa_activate_totp")
    assert client.get(page)["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": "wrong"})
    assert client.get(page)["Location"].startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert "authenticator_secret" in client.get(page).content.decode()


def test_nobody_changes_the_address_they_were_invited_under(user):
    client = Client()
    sign_in(client, user.email)
    invited_under = user.email
    assert client.post("/accounts/email/", {"email": "boss@company.example", "action_add": ""}).status_code == 404
    user.refresh_from_db()
    assert user.email == invited_under
    assert not user.emailaddress_set.filter(email="boss@company.example").exists()


def test_a_partial_request_without_the_wanted_second_factor_is_told_so(user, world):
    world.programme.second_factor_roles = [Role.MEMBER]
    world.programme.save()
    client = Client()
    sign_in(client, user.email)
    assert client.get(f"/p/{world.programme.slug}/", headers={"HX-Request": "true"}).status_code == 401
    led = client.get(f"/p/{world.programme.slug}/", follow=True).content.decode()
    assert f"{world.programme.name} asks for a second factor of your role" in led


def test_ones_own_name_and_zone_change_and_the_name_on_deals_stays(user, world):
    client = Client()
    sign_in(client, user.email)
    refused = client.post(reverse("me"), {"name": "", "time_zone": "Mars/Olympus", "language": "en"})
    assert refused.status_code == 422
    client.post(reverse("me"), {"name": "New Name", "time_zone": "Asia/Kathmandu", "language": "en"})
    user.refresh_from_db()
    assert (user.name, user.time_zone) == ("New Name", "Asia/Kathmandu")
    world.member.refresh_from_db()
    assert world.member.name == "Team Member"
    assert AuditEntry.objects.filter(action="user.settings_changed", actor_id=user.pk).count() == 1


def test_the_operator_stops_an_account_and_hears_which_programme_lost_its_manager(world, sign_in, capsys):
    client = sign_in(world.admin)
    call_command("deactivate_user", world.admin.user.email.upper())
    assert f"Programme {world.programme.slug} has no programme manager left" in capsys.readouterr().out
    assert client.get(f"/p/{world.programme.slug}/")["Location"].startswith(reverse("account_login"))
    assert AuditEntry.objects.filter(action="user.deactivated", subject_id=world.admin.user.pk).count() == 1
    call_command("deactivate_user", world.admin.user.email)
    assert AuditEntry.objects.filter(action="user.deactivated").count() == 1
    with pytest.raises(CommandError, match="no account"):
        call_command("deactivate_user", "nobody@people.example")
