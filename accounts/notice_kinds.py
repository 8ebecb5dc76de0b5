"""The mails of this room. Their links are secrets and are made while sending; no row holds them."""

from datetime import datetime
from urllib.parse import urljoin

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import links
from accounts.models import Invitation, User
from debriefs.foundation.models import Notice
from debriefs.foundation.notice_kinds import LINK_PLACEHOLDER, Draft, NoticeKind, register


def register_all() -> None:
    """Registers the kinds of notice that accounts sends."""
    register(
        NoticeKind(
            "person_invited",
            gettext_lazy("Invitation to join"),
            _invitation,
            _invitation_wanted,
            heeds_suppression=False,
        )
    )
    register(NoticeKind("password_reset", gettext_lazy("New password"), _reset, _reset_wanted, heeds_suppression=False))


def _invitation_of(notice: Notice) -> Invitation | None:
    return Invitation.objects.select_related("programme", "invited_by").filter(pk=notice.subject_id).first()


def _invitation_wanted(notice: Notice, now: datetime) -> str | None:
    invitation = _invitation_of(notice)
    if invitation is None or not invitation.is_open(now):
        return _("The invitation was used, withdrawn or has expired.")
    return None


def _invitation(notice: Notice, now: datetime) -> Draft:
    invitation = _invitation_of(notice)
    if invitation is None:
        raise ValueError("the invitation no longer exists")
    programme = invitation.programme
    context = {"notice": notice, "programme": programme, "invitation": invitation, "link": LINK_PLACEHOLDER}
    return Draft(
        subject=_("You are invited to the debriefs of %(company)s") % {"company": programme.company_name},
        text=render_to_string("emails/accounts/person_invited.txt", context),
        html=render_to_string("emails/accounts/person_invited.html", context),
        from_name=programme.company_name,
        reply_to=programme.contact_email,
        link=lambda: links.address(invitation),
    )


def _reset_wanted(notice: Notice, now: datetime) -> str | None:
    return (
        None
        if User.objects.filter(pk=notice.subject_id, is_active=True).exists()
        else _("The account was deactivated.")
    )


def _reset(notice: Notice, now: datetime) -> Draft:
    user = User.objects.get(pk=notice.subject_id)

    def link() -> str:
        key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
        return urljoin(settings.BASE_URL, reverse("account_reset_password_from_key", kwargs=key))

    context = {"notice": notice, "programme": None, "link": LINK_PLACEHOLDER}
    return Draft(
        subject=_("Choose a new password"),
        text=render_to_string("emails/accounts/password_reset.txt", context),
        html=render_to_string("emails/accounts/password_reset.html", context),
        from_name="Debriefs",
        link=link,
    )
