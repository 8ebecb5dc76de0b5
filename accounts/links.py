"""The invitation's personal link."""

from django.conf import settings
from django.urls import reverse

from accounts.models import Invitation
from debriefs.foundation import link_tokens

PURPOSE = "invitation"


def address(invitation: Invitation) -> str:
    """The address to put into the mail while sending."""
    token = link_tokens.token_for(PURPOSE, invitation.id, invitation.version)
    return settings.BASE_URL + reverse("invitation_open", kwargs={"invitation_id": invitation.id, "token": token})


def opens(invitation: Invitation, token: str) -> bool:
    """Whether the token is this invitation's. No query."""
    return link_tokens.is_token_for(token, PURPOSE, invitation.id, invitation.version)
