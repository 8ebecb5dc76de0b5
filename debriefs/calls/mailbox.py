"""Reading the mailbox that answers come to."""

import logging

from django.conf import settings
from django.db import connection

from debriefs.calls.actions import receive_mail
from debriefs.foundation import clock, imap
from debriefs.foundation.models import MailboxPosition

logger = logging.getLogger(__name__)

_TIMEOUT_SECONDS = 20
MOST_AT_ONCE = 500


def poll(url: str, *, most: int = MOST_AT_ONCE) -> int:
    """Takes in what is new in the folder, at most `most`; how many. MailboxAway when it cannot be read.

    The position follows each mail: a poll that dies is taken up there, and a mail read twice is one row. The folder is only
    read. A folder that was numbered anew is read from its beginning; what is known is recognised by its bytes.
    """
    taken = 0
    with imap.opened(url, timeout=_TIMEOUT_SECONDS) as folder:
        name = imap.folder_name(url)
        MailboxPosition.objects.get_or_create(mailbox=name, defaults={"read_at": clock.now()})
        MailboxPosition.objects.filter(mailbox=name).exclude(uid_validity=folder.uid_validity).update(
            uid_validity=folder.uid_validity, last_uid=0
        )
        last = MailboxPosition.objects.get(mailbox=name).last_uid
        for uid in folder.uids_after(last)[:most]:
            fetched = folder.fetch(uid, settings.INCOMING_MAX_BYTES)
            now = clock.now()
            if fetched is not None:
                receive_mail(raw=fetched.raw, size=fetched.size, now=now)
            MailboxPosition.objects.filter(mailbox=name, uid_validity=folder.uid_validity, last_uid__lt=uid).update(
                last_uid=uid, read_at=now
            )
            taken += fetched is not None
        MailboxPosition.objects.filter(mailbox=name).update(read_at=clock.now())
    return taken


def poll_configured() -> int:
    """Polls settings.IMAP_URL, if one is set and nobody else does so at this moment; a mailbox that is away is logged and tried later."""
    if not settings.IMAP_URL:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('mailbox-poll', 0))")
        if not cursor.fetchone()[0]:
            return 0
    try:
        return poll(settings.IMAP_URL)
    except imap.MailboxAway as away:
        logger.warning("%s", away)
        return 0
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended('mailbox-poll', 0))")
