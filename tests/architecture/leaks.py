"""What an answer, a mail, a log or a store tells that somebody may not know, found by the words planted in the scene."""

import base64
import io
import logging
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.sessions.models import Session
from django.db import connection

from tests.architecture import furnishing
from tests.architecture.hidden import HIDDEN, KNOW_HIDDEN, STATES

# Who reads what was noted raw, by the state of the debrief. Nobody on the deal's side, whatever their roles.
RAW_READERS = {
    "held": {"interviewer"},
    "written_up": {"interviewer", "reviewer", "admin"},
    "free_review": {"interviewer", "admin"},
    "sold_by_reviewer": {"interviewer", "admin"},
    "closed": {"reviewer", "admin"},
    **{state: {"interviewer", "reviewer", "admin"} for state in ("reviewed", *furnishing.RELEASED)},
    **{state: {"reviewer", "admin"} for state in STATES},
}
# What a buyer has written and not sent is read by nobody else.
UNSENT_READERS = {"invited": {"prospect"}}
_RAW = furnishing.RAW.encode()


def told_by(person: str, where: str, text: bytes) -> list[str]:
    """What the text tells that the standing person may not know, as sentences. A ZIP is looked into."""
    text = opened(text)
    found = []
    if person != "other_admin" and furnishing.ELSEWHERE.encode() in text.lower():
        found.append(f"{where} tells {person} of the other programme")
    if person == "other_admin" and furnishing.HERE.encode() in text.lower():
        found.append(f"{where} tells {person} of this programme")
    if person not in KNOW_HIDDEN and HIDDEN.encode() in text.lower():
        found.append(f"{where} tells {person} of a deal of another team, or who the buyer was")
    if _RAW not in text:
        return found
    for state, readers in (RAW_READERS | UNSENT_READERS).items():
        if furnishing.raw_word(state).encode() in text and person not in readers:
            found.append(f"{where} tells {person} what was noted raw ({state})")
    return found


def kept_in(where: str, text: bytes, *, told_to_its_person: bool = False) -> list[str]:
    """What a log, a queue or a session holds of the planted words. A session may hold what its own person was just told: "View X removed"."""
    words = [furnishing.RAW, HIDDEN, furnishing.ELSEWHERE] + ([] if told_to_its_person else [furnishing.HERE])
    return [f"{where} holds {word}" for word in words if word.encode() in text.lower()]


def opened(text: bytes) -> bytes:
    """The files of a ZIP one after the other; anything else as it is."""
    if not text.startswith(b"PK\x03\x04"):
        return text
    with zipfile.ZipFile(io.BytesIO(text)) as archive:
        return b"\n".join(name.encode() + b"\n" + archive.read(name) for name in archive.namelist())


class LogKeeper(logging.Handler):
    """Keeps every record as a production log would write it, with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter("%(name)s %(message)s").format(record))


@contextmanager
def logs_kept() -> Iterator[LogKeeper]:
    """All that is logged inside, from INFO on, whatever level was set."""
    keeper, root = LogKeeper(), logging.getLogger()
    loud = [root, logging.getLogger("django.request")]
    levels = [logger.level for logger in loud]
    for logger in loud:
        logger.addHandler(keeper)
        logger.setLevel(logging.INFO)
    yield keeper
    for logger, level in zip(loud, levels, strict=True):
        logger.removeHandler(keeper)
        logger.setLevel(level)


def stores() -> bytes:
    """What sessions and the cache hold now, decoded."""
    kept = [repr(session.get_decoded()).encode() for session in Session.objects.all()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM foundation_cache")
        kept += [key.encode() + base64.b64decode(value) for key, value in cursor.fetchall()]
    return b"\n".join(kept)
