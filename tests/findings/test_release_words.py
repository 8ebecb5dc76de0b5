"""The mail about a release in the programme's own words: what the owner is told, and no more to the team."""

import pytest

from accounts.requests import programme_url
from debriefs.calls import actions, notice_texts
from debriefs.calls.models import NoticeText
from debriefs.calls.notice_texts import Text
from debriefs.foundation import clock, outbox
from debriefs.foundation.models import Notice
from tests.findings.conftest import permit
from tests.findings.test_release import released

pytestmark = pytest.mark.django_db
KINDS = ("debrief_released_owner", "debrief_released")


def page(world, kind, name="text_page"):
    return programme_url(world.programme, f"calls:{name}", text_kind=kind, audience="person", text_language="en")


def choose(world, kind, text, base=0):
    actions.save_notice_text(
        kind=kind, audience="person", language="en", text=text, base=base, by=world.admin, now=clock.now()
    )


def drafts():
    return {kind: outbox.draft_of(Notice.objects.filter(kind=kind).first(), clock.now()) for kind in KINDS}


def test_saved_unchanged_both_mails_read_as_delivered(world, debrief):
    released(world, debrief)
    before = drafts()
    for kind in KINDS:
        choose(world, kind, notice_texts.delivered(kind, "person", "en"))
    for kind, own in drafts().items():
        assert (own.subject, own.text.strip()) == (before[kind].subject, before[kind].text.strip())
        assert own.headers == {"X-Debriefs-Text": "en 1"} and before[kind].headers == {}


def test_own_words_go_out_and_only_the_owner_reads_the_company(world, debrief):
    permit(debrief, "anonymous")
    released(world, debrief)
    for kind in KINDS:
        choose(world, kind, Text("Read {company}", "Hello {name}, {our_company} heard {company}.", "Open it"))
    own, team = drafts().values()
    assert own.subject == "Read Pellworth Freight" and "heard Pellworth Freight." in own.html
    assert "Open it:\nhttp" in team.text and "Stop these mails" not in team.text
    assert "Pellworth" not in team.subject + team.text + team.html
    for kind in KINDS:
        choose(world, kind, None, base=1)
    assert "Open it" not in drafts()["debrief_released"].text


def test_names_are_checked_the_preview_is_of_a_real_release_and_it_is_taken_back(world, debrief, sign_in):
    client = sign_in(world.admin)
    assert "Released, for the team" in client.get(programme_url(world.programme, "calls:text_list")).content.decode()
    typed = {"subject": "Read it", "body": "{company}: from {when}", "button": "Open", "base": 0}
    refused = client.post(page(world, "debrief_released"), typed)
    assert refused.status_code == 422 and "{when} is no name" in refused.content.decode()
    nothing = client.post(page(world, "debrief_released_owner"), typed | {"preview": "1"}).content.decode()
    assert "There is no debrief yet" in nothing
    made = released(world, debrief)
    shown = client.post(page(world, "debrief_released_owner"), typed | {"preview": "1"}).content.decode()
    assert "Pellworth Freight: from" in shown and f"{made.others_from:%Y}, " in shown
    html = client.post(page(world, "debrief_released_owner", "text_html"), typed)
    assert "Pellworth Freight: from" in html.content.decode() and "sandbox" in html["Content-Security-Policy"]
    assert client.post(page(world, "debrief_released_owner"), typed).status_code == 302
    assert NoticeText.objects.get().body == "{company}: from {when}"
    client.post(page(world, "debrief_released_owner", "text_reset"), {"base": 1})
    assert notice_texts.current(world.programme, "debrief_released_owner", "person", "en") is None
