"""Sign-ins, sign-outs and changes of secrets in the audit log; by the signals of the libraries that do them."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from accounts.models import User
from debriefs.foundation import audit, clock
from debriefs.foundation.enums import ActorKind


def _log(action: str, user: User | None) -> None:
    if user is None:
        return
    audit.record(
        action=action,
        now=clock.now(),
        actor_kind=ActorKind.USER,
        actor_id=user.pk,
        subject_kind="user",
        subject_id=user.pk,
    )


def connect() -> None:
    """Connects the log to the signals; called once when the room is ready."""
    user_logged_in.connect(lambda user, **more: _log("user.signed_in", user), weak=False, dispatch_uid="log.in")
    user_logged_out.connect(lambda user, **more: _log("user.signed_out", user), weak=False, dispatch_uid="log.out")
    user_login_failed.connect(_failed, weak=False, dispatch_uid="log.failed")
    for signal, action in (
        (password_changed, "user.password_changed"),
        (password_reset, "user.password_reset"),
        (password_set, "user.password_set"),
        (authenticator_added, "user.second_factor_added"),
        (authenticator_removed, "user.second_factor_removed"),
    ):
        signal.connect(_logger(action), weak=False, dispatch_uid=f"log.{action}")


def _logger(action: str) -> Any:
    return lambda user, **more: _log(action, user)


def _failed(credentials: dict[str, Any], **more: Any) -> None:
    """A failed sign-in is kept with the account if there is one, never with the password or the address typed."""
    email = str(credentials.get("email") or credentials.get("login") or "").strip().lower()
    user = User.objects.filter(email=email).first() if email else None
    audit.record(
        action="user.sign_in_failed",
        now=clock.now(),
        actor_kind=ActorKind.USER,
        subject_kind="user",
        subject_id=user.pk if user else None,
    )
