"""The programme's own words for its mails: checked when saved, filled in without running anything, versioned, taken back."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from debriefs.calls import actions, notice_texts
from debriefs.calls.models import NoticeText
from debriefs.calls.notice_texts import Text
from debriefs.calls.refusals import TextChanged
from debriefs.foundation import clock, outbox
from debriefs.foundation.models import AuditEntry, Notice
from tests.calls.test_mails import book, debrief, sent_to, text_of  # noqa: F401 - debrief is a fixture

pytestmark = pytest.mark.django_db
OURS = "Hello {name},\n\n30 minutes? Here: {place}\n\nYours, <b>{our_company}</b>"


def page(world, kind="prospect_invited", audience="contact", language="en", name="calls:text_page"):
    return reverse(
        name,
        kwargs={
            "programme_slug": world.programme.slug,
            "text_kind": kind,
            "audience": audience,
            "text_language": language,
        },
    )


def choose(world, text=None, *, kind="prospect_nudge_1", audience="contact", language="en", base=0):
    return actions.save_notice_text(
        kind=kind, audience=audience, language=language, text=text, base=base, by=world.admin, now=clock.now()
    )


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_delivered_text_passes_the_check_and_holds_no_trace_of_its_making(language):
    for kind, audience in notice_texts.editable():
        text = notice_texts.delivered(kind, audience, language)
        names = notice_texts.names_for(kind, audience)
        for part in (text.subject, text.body, text.button):
            assert notice_texts.mistakes(part, names) == [], (kind, audience)
        assert "2001" not in text.subject + text.body
        assert text.subject and "{name}" in text.body
        assert bool(text.button) == (kind not in ("call_handed_over", "debrief_unassigned")), kind


def test_saved_unchanged_a_mail_reads_as_delivered(debrief, smtp, world):  # noqa: F811
    for kind, audience in (("call_booked", "contact"), ("call_booked", "person")):
        text = notice_texts.delivered(kind, audience, "en")
        call_mail = Text(text.subject, text.body, text.button)
        choose(world, call_mail, kind=kind, audience=audience)
    own_words = []
    book(debrief)
    for notice in Notice.objects.filter(kind="call_booked"):
        own_words.append(outbox.draft_of(notice, clock.now()))
    NoticeText.objects.all().delete()
    for notice, own in zip(Notice.objects.filter(kind="call_booked"), own_words, strict=True):
        made = outbox.draft_of(notice, clock.now())
        assert (made.subject, made.text.strip()) == (own.subject, own.text.strip())
        plain = [" ".join(re.sub(r"<[^>]*>", " ", html).split()) for html in (made.html, own.html)]
        assert plain[0] == plain[1]


def test_own_words_go_out_escaped_with_the_link_the_foot_and_their_version(debrief, smtp, world):  # noqa: F811
    debrief.place = ""
    debrief.save(update_fields=["place"])
    choose(world, Text("Talk, {name}?", OURS, "Pick {minutes}"), kind="prospect_invited")
    (mail,) = sent_to(smtp, debrief.contact.email)
    text, html = text_of(mail).replace("\r\n", "\n"), mail.get_body(("html",)).get_content()
    assert mail["Subject"] == 'Talk, Zoë "Q" Müller; CFO?'
    assert text.startswith('Hello Zoë "Q" Müller; CFO,')
    assert "Here:" not in text
    assert "Pick 30:\nhttp" in text
    assert "Stop these mails" in text
    assert "&lt;b&gt;" in html and "<b>" not in html
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["X-Debriefs-Text"] == "en 1"


def test_a_bracket_in_somebodys_name_is_a_bracket_and_nothing_is_run(world):
    values = {"name": "{place}{{ 7|add:1 }}%(x)s", "place": "Room 1"}
    filled = notice_texts.filled(Text("{name}", "{name} {{x}} {% now %}\n\n{place}"), values)
    assert filled.subject == "{place}{{ 7|add:1 }}%(x)s"
    assert filled.paragraphs == ["{place}{{ 7|add:1 }}%(x)s {{x}} {% now %}", "Room 1"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Hello {nmae}", "{nmae} is no name"),
        ("Hello {company}", "{company} is no name"),
        ("Hello {name.__class__}", "{name.__class__} is no name"),
        ("Hello {{ name }}", "stands alone"),
        ("Hello {", "stands alone"),
    ],
)
def test_an_unknown_name_is_refused_with_those_one_can_use(world, sign_in, body, said):
    client = sign_in(world.admin)
    typed = {"subject": "S", "body": body, "button": "B", "base": 0}
    answer = client.post(page(world), typed)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert said in shown
    assert "{name}, {our_company}, {minutes}" in shown
    assert body in shown
    assert not NoticeText.objects.exists()


def test_versions_count_up_a_double_save_is_one_and_a_stale_page_is_told(world, sign_in):
    client = sign_in(world.admin)
    typed = {"subject": "Ours", "body": "Hello {name}\r\n\r\nBye", "button": "Go", "base": 0}
    assert client.post(page(world), typed).status_code == 302
    stale = client.post(page(world), typed | {"body": "Other words"})
    assert stale.status_code == 409
    assert "Other words" in stale.content.decode()
    assert choose(world, Text("Ours", "Hello {name}\n\nBye", "Go"), kind="prospect_invited", base=1) is None
    client.post(page(world), typed | {"body": "Second", "base": 1})
    assert list(NoticeText.objects.values_list("version", "body")) == [(2, "Second"), (1, "Hello {name}\n\nBye")]
    client.post(page(world, name="calls:text_reset"), {"base": 2})
    latest = NoticeText.objects.first()
    assert (latest.version, latest.is_delivered) == (3, True)
    assert notice_texts.current(world.programme, "prospect_invited", "contact", "en") is None
    assert list(AuditEntry.objects.filter(subject_kind="notice_text").values_list("action", flat=True).order_by("pk")) == [
        "notice_text.saved", "notice_text.saved", "notice_text.reset",
    ]  # fmt: skip
    with pytest.raises(TextChanged):
        choose(world, None, kind="prospect_invited", base=2)
    shown = client.get(page(world)).content.decode()
    assert "A short conversation about your decision" in shown
    assert "Second" in shown


def test_a_mail_that_was_sent_keeps_its_words(debrief, smtp, world):  # noqa: F811
    choose(world, Text("First", "First words for {name}", "Go"), kind="prospect_invited")
    outbox.drain()
    choose(world, Text("Second", "Second words", "Go"), kind="prospect_invited", base=1)
    notice = Notice.objects.get(kind="prospect_invited")
    assert notice.subject_line == "First"
    assert b"X-Debriefs-Text: en 1" in bytes(notice.message)


def test_the_preview_shows_a_real_debrief_in_text_and_html_and_no_personal_link(debrief, world, sign_in):  # noqa: F811
    client = sign_in(world.admin)
    typed = {"subject": "For {name}", "body": OURS.replace("{place}", "x"), "button": "Go", "base": 0}
    shown = client.post(page(world), typed | {"preview": "1"}).content.decode()
    assert "For Zoë &quot;Q&quot; Müller; CFO" in shown
    assert not NoticeText.objects.exists()
    html = client.post(page(world, name="calls:text_html"), typed)
    assert "sandbox" in html["Content-Security-Policy"]
    assert "Hello Zoë" in html.content.decode()
    assert "/d/" not in shown + html.content.decode()


def test_words_of_one_programme_are_not_anothers(debrief, smtp, world):  # noqa: F811
    other = world.other_admin
    actions.save_notice_text(
        kind="prospect_invited", audience="contact", language="en", text=Text("Theirs", "Theirs", "Go"), base=0, by=other,
        now=clock.now(),
    )  # fmt: skip
    (mail,) = sent_to(smtp, debrief.contact.email)
    assert mail["Subject"] == "A short conversation about your decision"


def test_the_briefing_keeps_the_invitation_in_the_words_that_were_sent(debrief, smtp, world, sign_in):  # noqa: F811
    briefing = reverse("interviews:briefing", kwargs={"programme_slug": world.programme.slug, "debrief_id": debrief.pk})
    client = sign_in(world.interviewer)
    assert "as the buyer read it" not in client.get(briefing).content.decode()
    choose(world, Text("A talk", "Hello {name},\n\nwe promise cake.\n\n{place}", "Choose"), kind="prospect_invited")
    actions.send_invitation(debrief=debrief, by=world.manager, now=clock.now())
    Notice.objects.filter(kind="prospect_invited").update(due_at=clock.now())
    outbox.drain()
    choose(
        world, Text("A talk", "Hello {name},\n\nwe promise tea.\n\n{place}", "Choose"), kind="prospect_invited", base=1
    )
    page = client.get(briefing).content.decode()
    assert "as the buyer read it" in page and "we promise cake" in page and "we promise tea" not in page
    assert "[the personal link]" in page and "/open/" not in page and ".invalid" not in page
