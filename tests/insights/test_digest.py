"""The digest of a saved view: opted in, once a period, in the body, as its reader may see it, turned off with one click."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import Membership
from accounts.requests import programme_url
from debriefs.foundation import outbox
from debriefs.foundation.models import Notice
from debriefs.insights import digest, tasks
from debriefs.insights.actions import save_view, set_digest, take_snapshots
from debriefs.insights.models import FigureView, SnapshotFigure
from tests import factories
from tests.insights.test_pages import SECRET, filled

pytestmark = pytest.mark.django_db
__all__ = ["filled"]


def kept(person, now, page="drivers", query="", often="weekly"):
    """A view of the person whose digest was turned on ten weeks ago."""
    view = save_view(name=f"My {page}", page=page, query=query, by=person, now=now)
    set_digest(view_id=view.pk, digest=often, by=person, now=now - timedelta(weeks=10))
    return view


def drained(smtp, person):
    outbox.drain()
    return [mail for mail in smtp.mails if mail["To"].addresses[0].addr_spec == person.user.email]


def both_parts(mail):
    return [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]


def test_a_period_begins_on_monday_or_on_the_first():
    wednesday = datetime(2026, 7, 1, tzinfo=UTC).date()
    assert digest.begins("weekly", wednesday).isoformat() == "2026-06-29"
    assert digest.begins("monthly", wednesday).isoformat() == "2026-07-01"


def test_it_is_turned_on_and_off_on_the_page_by_its_owner_only(world, filled, sign_in):
    client = sign_in(world.manager)
    client.post(
        programme_url(world.programme, "insights:view_save"), {"name": "Losses", "page": "drivers", "query": "o=lost"}
    )
    view = FigureView.objects.get()
    address = programme_url(world.programme, "insights:view_digest", figure_view_id=view.pk)
    assert "By mail" in client.get(programme_url(world.programme, "insights:drivers")).content.decode()
    for often in ("weekly", "monthly", ""):
        assert client.post(address, {"digest": often}).status_code == 302
        assert FigureView.objects.get().digest == often
    client.post(address, {"digest": "hourly"})
    assert FigureView.objects.get().digest == ""
    assert sign_in(world.admin).post(address, {"digest": "weekly"}).status_code == 404


@pytest.mark.parametrize("often", ["weekly", "monthly"])
def test_a_period_brings_one_mail_however_often_the_tick_comes(world, filled, often):
    view = kept(world.manager, world.now, often=often)
    tasks.owe_figure_digests()
    tasks.owe_figure_digests()
    assert Notice.objects.filter(kind="figures_digest").count() == 1
    later = world.now + timedelta(days=40)
    assert digest.owe_digests(later) == 1
    assert digest.owe_digests(later) == 0
    set_digest(view_id=view.pk, digest="", by=world.manager, now=later)
    assert digest.owe_digests(later + timedelta(days=40)) == 0


def test_what_is_turned_on_today_begins_with_the_next_period(world, filled):
    view = save_view(name="New", page="drivers", query="", by=world.manager, now=world.now)
    set_digest(view_id=view.pk, digest="weekly", by=world.manager, now=world.now)
    assert digest.owe_digests(world.now) == 0
    assert digest.owe_digests(world.now + timedelta(days=7)) == 1


def test_the_numbers_stand_in_both_parts_with_what_moved_and_no_word_of_a_buyer(world, filled, smtp):
    kept(world.manager, world.now, query="o=lost")
    digest.owe_digests(world.now)
    first = drained(smtp, world.manager)[0]
    for text in both_parts(first):
        assert "Price was decisive in 8 of 8 debriefs" in text or "Price: 8 of 8" in text
        assert SECRET not in text
        assert "Words 0" not in text
    assert "Nothing changed" not in first.get_body(("plain",)).get_content()
    assert not list(first.iter_attachments())
    deal = factories.deal(world.programme, owner=world.rep, team=world.team, outcome="lost")
    factories.release(deal, world.interviewer, (factories.driver(world.programme, "Trust"), "hurt", 3))
    digest.owe_digests(world.now + timedelta(days=7))
    Notice.objects.update(due_at=world.now, not_after=None)
    second = drained(smtp, world.manager)[1].get_body(("plain",)).get_content()
    assert "What moved since the last digest" in second
    assert "before: 8 of 8" in second or "before: −8 +0 of 8" in second
    told = Notice.objects.filter(kind="figures_digest").values_list("context", flat=True)
    assert "Price" not in str(list(told))


def test_nothing_changed_is_said(world, filled, smtp):
    kept(world.manager, world.now - timedelta(days=7))
    for at in (world.now - timedelta(days=7), world.now):
        digest.owe_digests(at)
        Notice.objects.update(due_at=world.now, not_after=None)
        outbox.drain()
    assert "Nothing changed since the last digest." in smtp.mails[1].get_body(("plain",)).get_content()


def test_a_reader_without_record_access_gets_the_closed_quarter_from_its_snapshot(world, filled, smtp):
    take_snapshots(now=world.now, today=world.today)
    kept(world.member, world.now)
    kept(world.member, world.now, page="competitors", query="o=lost&seg=Retail")
    digest.owe_digests(world.now)
    mails = drained(smtp, world.member)
    assert len(mails) == 2
    for mail in mails:
        for text in both_parts(mail):
            assert f"Closed quarter: {filled.label}" in text
            assert "Fit helped in 6 of 14 debriefs; Price hurt in 8" in text
            assert "Rival One" not in text
    # What the snapshot does not show, the mail does not either: a larger k puts it away.
    type(world.programme).objects.filter(pk=world.programme.pk).update(smallest_group=12)
    digest.owe_digests(world.now + timedelta(days=7))
    Notice.objects.update(due_at=world.now, not_after=None)
    hidden = drained(smtp, world.member)[2].get_body(("plain",)).get_content()
    assert "of 14" not in hidden
    assert "at least 12 companies" in hidden
    assert SnapshotFigure.objects.exists()


def test_rights_are_asked_when_it_is_sent(world, filled, smtp):
    """A manager who is a member by now gets what members get; whoever left or lacks the second factor gets nothing."""
    take_snapshots(now=world.now, today=world.today)
    kept(world.manager, world.now, page="competitors")
    kept(world.admin, world.now)
    kept(world.reviewer, world.now)
    digest.owe_digests(world.now)
    Membership.objects.filter(person=world.manager).update(roles=[Role.MEMBER])
    Membership.objects.filter(person=world.admin).update(ended_at=world.now)
    type(world.programme).objects.filter(pk=world.programme.pk).update(second_factor_roles=[Role.REVIEWER])
    text = drained(smtp, world.manager)[0].get_body(("plain",)).get_content()
    assert "Rival One" not in text
    assert "Closed quarter" in text
    assert len(smtp.mails) == 1
    skipped = Notice.objects.filter(kind="figures_digest", state="skipped").values_list("reason", flat=True)
    assert sorted(skipped) == [
        "The person may no longer read figures.",
        "The programme asks for a second factor, and the person has none.",
    ]


def test_one_click_turns_it_off_and_nothing_else(world, filled, smtp):
    view = kept(world.manager, world.now)
    digest.owe_digests(world.now)
    mail = drained(smtp, world.manager)[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = re.search(r"<(http[^>]+)>", str(mail["List-Unsubscribe"])).group(1)
    assert "mailto:" not in str(mail["List-Unsubscribe"])
    assert stop in mail.get_body(("plain",)).get_content()
    path, anybody = urlsplit(stop).path, Client(enforce_csrf_checks=True)
    page = anybody.get(path)
    assert page.status_code == 200
    assert view.name not in page.content.decode()
    assert FigureView.objects.get().digest == "weekly"
    assert anybody.post(path).status_code == 200
    assert FigureView.objects.get().digest == "weekly"
    assert anybody.post(path[:-3] + "xx/", {"List-Unsubscribe": "One-Click"}).status_code == 404
    other = save_view(name="Other", page="drivers", query="", by=world.manager, now=world.now)
    assert anybody.post(path.replace(str(view.pk), str(other.pk)), {"List-Unsubscribe": "One-Click"}).status_code == 404
    for _time in (1, 2):
        assert anybody.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert FigureView.objects.get(pk=view.pk).digest == ""
    assert digest.owe_digests(world.now + timedelta(days=7)) == 0
