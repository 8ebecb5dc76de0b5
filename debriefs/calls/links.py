"""The prospect's personal link: found by its token, made for a mail when it is sent."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from debriefs.calls.models import Debrief, ProspectLink
from debriefs.foundation import link_tokens

PURPOSE = "prospect"
STOP_PURPOSE = "prospect-stop"
# A link offers times this long; every invitation and every booking begins the term anew.
LIFETIME = timedelta(days=60)


def issue(debrief: Debrief, now: datetime) -> ProspectLink:
    """The debrief's link, made if missing; the same in every mail. One or two queries."""
    link = ProspectLink(programme_id=debrief.programme_id, debrief=debrief, issued_at=now, expires_at=now + LIFETIME)
    link.token_hash = link_tokens.hash_of(link_tokens.token_for(PURPOSE, link.id, link.version))
    found, _made = ProspectLink.objects.get_or_create(
        debrief=debrief,
        defaults={
            "id": link.id,
            "programme_id": link.programme_id,
            "token_hash": link.token_hash,
            "issued_at": now,
            "expires_at": link.expires_at,
        },
    )
    return found


def address(link: ProspectLink) -> str:
    """The personal address to put into a mail while sending: id and token, so that a change of keys breaks no old mail."""
    token = link_tokens.token_for(PURPOSE, link.id, link.version)
    return settings.BASE_URL + reverse("prospect:open", kwargs={"link_id": link.id, "token": token})


def stop_address(link: ProspectLink) -> str:
    """The one-click address that stops mail and does nothing else."""
    token = link_tokens.token_for(STOP_PURPOSE, link.id, link.version)
    return settings.BASE_URL + reverse("prospect:stop_at_once", kwargs={"link_id": link.id, "token": token})


def opens(link: ProspectLink, token: str, purpose: str = PURPOSE) -> bool:
    """Whether the token is this link's, of its present version; compared in constant time. No query."""
    return link.revoked_at is None and link_tokens.is_token_for(token, purpose, link.id, link.version)


def renew(debrief: Debrief, now: datetime) -> None:
    """The link offers times for another full term; the token stays as it is in every mail. One query."""
    ProspectLink.objects.filter(debrief=debrief).update(expires_at=now + LIFETIME)


def revoke(link: ProspectLink, now: datetime) -> None:
    """Every link sent so far stops opening; the next mail carries a new one. One query."""
    link.version += 1
    link.token_hash = link_tokens.hash_of(link_tokens.token_for(PURPOSE, link.id, link.version))
    link.issued_at, link.expires_at = now, now + LIFETIME
    link.save(update_fields=["version", "token_hash", "issued_at", "expires_at"])
