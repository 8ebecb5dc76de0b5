"""Mails of other people's programs, where the samples are at hand: what each turns out to be (tabled in docs/incoming-mail.md)."""

import re
from pathlib import Path

import pytest

from debriefs.calls import actions
from debriefs.foundation import clock, outbox
from debriefs.foundation.models import Notice, ReceivedMail

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here"),
]

BOUNCES = {
    "bounces-flanker/broken-mime.eml": "bounce_soft",
    "bounces-flanker/delayed-broken.eml": "bounce_soft",
    "bounces-flanker/delayed.eml": "bounce_soft",
    "bounces-flanker/disposition-notification.eml": "receipt",
    "bounces-flanker/gmail-invalid-address.eml": "bounce",
    "bounces-flanker/gmail-no-dns.eml": "bounce",
    "bounces-flanker/mailbox-full.eml": "bounce_soft",
    "bounces-flanker/no-mx.eml": "delayed",
    "bounces-flanker/office365.eml": "bounce",
    "bounces-flanker/zed.eml": "bounce",
    "bounces-mimekit/bounce.txt": "bounce",
    "bounces-mimekit/delivery-status-multiple-blank-lines.txt": "bounce",
    "bounces-mimekit/delivery-status-no-blank-line.txt": "bounce",
    "bounces-mimekit/delivery-status.anonymized.eml": "bounce_soft",
    "bounces-mimekit/delivery-status.txt": "bounce",
    "bounces-mimekit/delivery-status2.txt": "bounce",
}
KINDS_OF_METHOD = {"REPLY": "calendar_reply", "COUNTER": "calendar_counter"}


def came(raw):
    return actions.receive_mail(raw=raw, size=len(raw), now=clock.now())


@pytest.mark.parametrize("name", BOUNCES)
def test_reports_of_mail_servers(name):
    assert came((SAMPLES / name).read_bytes()).kind == BOUNCES[name]
    assert Notice.objects.count() == 0


def test_every_sample_of_a_report_is_tabled():
    there = {f"{path.parent.name}/{path.name}" for folder in SAMPLES.glob("bounces-*") for path in folder.iterdir()}
    assert {name for name in there if name.endswith((".eml", ".txt"))} == set(BOUNCES)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("imip-thunderbird/*.eml")), ids=lambda path: path.name)
def test_invitations_of_others_are_kept_and_dropped(path):
    assert came(path.read_bytes()).kind == "calendar_other"
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("ics-itip-rfc/*.ics")), ids=lambda path: path.name)
def test_calendar_objects_of_the_standards_change_nothing(path):
    text = path.read_text(errors="replace")
    objects = re.findall(r"BEGIN:VCALENDAR.*?END:VCALENDAR", text, re.DOTALL)
    assert objects
    for number, one in enumerate(objects):
        method = (re.search(r"^METHOD:(\w+)\s*$", one, re.MULTILINE) or ["", ""])[1]
        head = f"From: a@b.example\r\nSubject: {number}\r\nContent-Type: text/calendar; charset=utf-8\r\n\r\n"
        row = came(head.encode() + one.encode())
        expected = {KINDS_OF_METHOD.get(method, "calendar_other"), "calendar_other"}
        assert row.kind in expected
        assert row.subject_id is None
    assert Notice.objects.count() == 0


@pytest.mark.parametrize(
    "path",
    sorted(path for path in SAMPLES.glob("replies-talon/*.*") if path.suffix != ".md"),
    ids=lambda path: path.name,
)
def test_what_is_new_stands_above_the_quote(path):
    raw = path.read_bytes()
    if path.suffix == ".html":
        raw = b"From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + raw
    row = came(raw)
    words = row.text.split()
    assert row.kind == "message"
    assert words in (["Hello"], ["Hello", "Sent", "from", "my", "iPhone"], "Hi. I am fine. Thanks, Alex".split())


def test_a_decline_with_a_wish_stops_mail():
    row = came((SAMPLES / "written-from-docs/google_declined_with_note.eml").read_bytes())
    assert (row.kind, row.facts["partstat"], row.facts["stops"]) == ("calendar_reply", "DECLINED", True)
    assert outbox.is_suppressed("sam@buyer.example", None)
    assert ReceivedMail.objects.count() == 1
