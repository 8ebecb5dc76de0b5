"""Small made-up mails: replies of calendars and people, reports of mail servers."""

from datetime import UTC, datetime

from debriefs.foundation import return_paths

STAMP = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def simple(text, *, sender="zoe@buyer.example", to="replies@debriefs.example", subject="Re: A conversation", **headers):
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", "MIME-Version: 1.0"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", text]
    return "\r\n".join(lines).encode()


def reply_to(notice, text, **more):
    return simple(text, to=return_paths.address_for("r", notice.pk), **more)


def calendar_mail(
    *,
    uid,
    attendee,
    method="REPLY",
    partstat="ACCEPTED",
    sequence=0,
    stamp=STAMP,
    starts=None,
    comment="",
    sender=None,
    organizer=True,
):
    starts = starts or datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
    lines = [
        "BEGIN:VCALENDAR",
        "PRODID:-//Some//Calendar//EN",
        "VERSION:2.0",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{uid}",
    ]
    lines += [f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}", f"DTSTART:{starts:%Y%m%dT%H%M%SZ}", f"DTEND:{starts:%Y%m%dT%H%M%SZ}"]
    lines += [f"SEQUENCE:{sequence}"] if sequence is not None else []
    lines += ["ORGANIZER:mailto:replies@debriefs.example"] if organizer else []
    lines += [f"COMMENT:{comment}"] if comment else []
    lines += [f"ATTENDEE;PARTSTAT={partstat};CN=Zoe:mailto:{attendee}", "END:VEVENT", "END:VCALENDAR", ""]
    head = [f"From: {sender or attendee}", "To: replies@debriefs.example", "Subject: Accepted", "MIME-Version: 1.0"]
    head += [
        "Content-Type: multipart/alternative; boundary=b1",
        "",
        "--b1",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "An answer.",
    ]
    head += ["--b1", f"Content-Type: TeXt/CaLeNdAr; method={method}; charset=UTF-8", "", *lines, "--b1--", ""]
    return "\r\n".join(head).encode()


def report(*, to, status="5.1.1", action="failed", said="smtp; 550 5.1.1 no such user", original=""):
    return f"""From: MAILER-DAEMON@mx.buyer.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you. Please do not write to me, I am a machine.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.buyer.example

Final-Recipient: rfc822; zoe@buyer.example
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--b1
Content-Type: text/rfc822-headers

{original}
--b1--
""".encode()
