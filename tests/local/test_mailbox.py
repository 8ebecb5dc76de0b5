"""The local mailbox: real mails over real SMTP, kept as files, shown in the browser."""

import smtplib
import socket
import subprocess
import sys
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from django.urls import reverse

from debriefs.local import mailbox, places
from debriefs.local.smtp import KeepInDirectory

INVITATION = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Debriefs//test//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:call-7@debriefs.example
SEQUENCE:2
DTSTAMP:20261124T090000Z
DTSTART:20261201T140000Z
DTEND:20261201T143000Z
SUMMARY:Conversation with Nordlys
LOCATION:https://meet.example/nordlys
ORGANIZER;CN=Programme office:mailto:office@nordlys.example
ATTENDEE;CN=Ada Buyer:mailto:ada@buyer.example
ATTENDEE:mailto:ida@agency.example
STATUS:CONFIRMED
END:VEVENT
END:VCALENDAR
""".replace(b"\n", b"\r\n")


@pytest.fixture
def directory(tmp_path: Path, settings) -> Path:
    settings.MAILBOX_DIR = str(tmp_path / "mail box")
    (tmp_path / "mail box").mkdir()
    return tmp_path / "mail box"


@pytest.fixture
def post(directory: Path):
    """Sends a message over SMTP to the server the supervisor runs, on a socket made here as the supervisor makes it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = subprocess.Popen(
            [sys.executable, "-m", "debriefs.local", "mailbox", str(listening.fileno()), str(directory)],
            cwd=places.ROOT,
            pass_fds=[listening.fileno()],
        )
        try:

            def send(message: EmailMessage | bytes, to: str = "ada@buyer.example") -> str:
                before = {path.stem for path in directory.glob("*.eml")}
                with smtplib.SMTP("127.0.0.1", listening.getsockname()[1]) as client:
                    source = message if isinstance(message, bytes) else message.as_bytes(policy=SMTP)
                    client.sendmail("debriefs@localhost", [to], source)
                (name,) = {path.stem for path in directory.glob("*.eml")} - before
                return name

            yield send
        finally:
            server.terminate()
            server.wait()


def written(subject: str = "A time for a short conversation", html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Nordlys <debriefs@nordlys.example>"
    message["To"] = "Ada Buyer <ada@buyer.example>"
    message["Subject"] = subject
    message.set_content("Choose a time: http://localhost:8000/d/link/abc\n\nMore words, <b>not bold</b>.\n")
    if html:
        message.add_alternative(html, subtype="html")
    return message


def test_mails_are_listed_newest_first_and_open_with_their_words(post, client) -> None:
    post(written("Första mailet"))
    name = post(written("Second mail"))

    page = client.get(reverse("mailbox:list")).content.decode()

    assert page.index("Second mail") < page.index("Första mailet")
    assert "To Ada Buyer &lt;ada@buyer.example&gt;" in page
    opened = client.get(reverse("mailbox:mail", kwargs={"name": name})).content.decode()
    assert 'href="http://localhost:8000/d/link/abc"' in opened
    assert "&lt;b&gt;not bold&lt;/b&gt;" in opened


def test_the_html_part_is_caged_and_its_links_leave_the_cage(post, client) -> None:
    html = '<!doctype html><html><head><title>x</title></head><body><script>alert(1)</script><a href="http://localhost:8000/d/link/xyz">Choose <b>a time</b></a></body></html>'
    name = post(written(html=html))

    page = client.get(reverse("mailbox:mail", kwargs={"name": name})).content.decode()
    answer = client.get(reverse("mailbox:html", kwargs={"name": name}))

    assert "<script>alert" not in page
    assert "Choose a time" in page and 'href="http://localhost:8000/d/link/xyz"' in page
    assert f'<iframe class="mail-html" src="{reverse("mailbox:html", kwargs={"name": name})}"' in page
    policy = answer["Content-Security-Policy"]
    assert "script-src 'none'" in policy and "default-src 'none'" in policy and "form-action 'none'" in policy
    assert "sandbox allow-top-navigation-by-user-activation allow-popups" in policy
    assert "allow-scripts" not in policy and "allow-same-origin" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert '<head><base target="_top"><title>' in answer.content.decode()


def test_an_invitation_is_read_out_and_handed_on_unchanged(post, client) -> None:
    message = written()
    message.add_attachment(INVITATION, maintype="text", subtype="calendar", filename="call.ics")
    name = post(message)

    page = client.get(reverse("mailbox:mail", kwargs={"name": name})).content.decode()
    part = client.get(reverse("mailbox:invitation", kwargs={"name": name, "number": "1"}))

    for words in ("Conversation with Nordlys", "REQUEST", "CONFIRMED", "revision 2", "Tue 1 Dec 2026, 14:00"):
        assert words in page
    assert "Programme office &lt;office@nordlys.example&gt;" in page
    assert "Ada Buyer &lt;ada@buyer.example&gt;, ida@agency.example" in page
    assert part.content == INVITATION
    assert part["Content-Disposition"] == 'attachment; filename="invitation-1.ics"'
    assert client.get(reverse("mailbox:invitation", kwargs={"name": name, "number": "2"})).status_code == 404


def test_a_mail_broken_in_every_way_still_opens(post, client) -> None:
    broken = (
        b"From: =?no-such-charset?b?////?= <a@b.example>, ,,\r\nTo: <<>>\r\nSubject: \xff\xfe bytes\r\nDate: never\r\n"
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=klingon\r\n\r\nStill read\xff\r\n"
        b"--x\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:tomorrow\r\n--x--\r\n"
    )
    name = post(broken)

    page = client.get(reverse("mailbox:mail", kwargs={"name": name}))

    assert "Still read" in page.content.decode()
    assert "Download calendar part 1" in page.content.decode()
    assert client.get(reverse("mailbox:list")).status_code == 200


def test_the_source_is_the_mail_as_it_came(post, client) -> None:
    message = written()
    name = post(message)

    source = client.get(reverse("mailbox:source", kwargs={"name": name})).content

    assert source.endswith(message.as_bytes(policy=SMTP))
    assert b"X-Envelope-To: ada@buyer.example\r\n" in source


@pytest.mark.parametrize("name", ["../secret", "..%2fsecret", "secret", "20261124T101010.000000Z-0000000g"])
def test_only_names_of_kept_mails_are_ever_opened(name: str, directory: Path, client) -> None:
    (directory.parent / "secret.eml").write_text("Subject: the canary\n\nthe canary")
    (directory / "secret.eml").write_text("Subject: the canary\n\nthe canary")

    for ending in ("", "html/", "source/"):
        answer = client.get(f"/mailbox/{name}/{ending}")
        assert answer.status_code == 404
        assert "canary" not in answer.content.decode()
    assert mailbox.read(directory, name) is None
    assert mailbox.newest(directory) == []


def test_where_mail_really_leaves_the_page_says_so(client, settings) -> None:
    settings.MAILBOX_DIR = ""

    assert "EMAIL_URL names a mail server" in client.get(reverse("mailbox:list")).content.decode()


def test_the_mailbox_is_read_only(post, client, settings) -> None:
    name = post(written())

    for address in (reverse("mailbox:list"), reverse("mailbox:mail", kwargs={"name": name})):
        assert client.post(address).status_code == 405
        assert client.delete(address).status_code == 405
    assert [mail.name for mail in mailbox.newest(Path(settings.MAILBOX_DIR))] == [name]


def test_the_oldest_mails_are_forgotten_beyond_the_limit(directory: Path, monkeypatch) -> None:
    monkeypatch.setattr("debriefs.local.smtp.KEPT", 2)
    for second in range(4):
        (directory / f"20261124T10101{second}.000000Z-00000000.eml").write_text("Subject: x\n\nx")

    KeepInDirectory(directory)._forget_oldest()

    assert [mail.name[:15] for mail in mailbox.newest(directory)] == ["20261124T101013", "20261124T101012"]
