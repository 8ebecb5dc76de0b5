"""The manager's pages of notices: states with reasons, previews without secrets, once more by hand; and what came in."""

import pytest
from django.urls import reverse

from debriefs.calls import actions, links
from debriefs.deals.enums import Selection
from debriefs.deals.models import Deal
from debriefs.deals.notices import to_person
from debriefs.foundation import clock, outbox, suppression
from debriefs.foundation.models import AuditEntry, Notice, ReceivedMail
from tests import factories
from tests.calls import mails
from tests.calls.test_incoming import came, debrief, invitation_of, mailbox  # noqa: F401

pytestmark = pytest.mark.django_db


def address(debrief, name, **more):  # noqa: F811
    return reverse(f"calls:{name}", kwargs={"programme_slug": debrief.programme.slug, **more})


def page_of(debrief, notice, name="notice_page"):  # noqa: F811
    return address(debrief, name, debrief_id=debrief.pk, notice_id=notice.pk)


def test_the_list_shows_state_and_reason_and_what_wants_a_look(debrief, world, sign_in, django_assert_num_queries):  # noqa: F811
    client = sign_in(world.manager)
    invitation = invitation_of(debrief)
    Notice.objects.filter(pk=invitation.pk).update(state="failed", reason="The mail server said 550: no such user")
    url = address(debrief, "notice_list")
    stuck = client.get(url, {"state": "stuck"}).content.decode()
    assert "no such user" in stuck
    assert "First nudge" not in stuck
    assert "First nudge" in client.get(url).content.decode()
    assert "no such user" not in sign_in(world.other_manager).get(url).content.decode()


def digest_to(person, key="d"):
    return outbox.owe(
        kind="window_closing", programme_id=person.programme_id, subject_kind="programme", subject_id=person.programme_id,
        recipient=to_person(person), due_at=clock.now(), dedupe_key=key, now=clock.now(), context={"deals": []},
    )  # fmt: skip


def test_mails_to_oneself_and_for_a_programme_manager_all_others_stand_in_the_list(debrief, world, sign_in):  # noqa: F811
    """A digest is about no debrief: whom it went to reads it, and the programme manager, but no other manager."""
    digest = digest_to(world.manager)
    where = address(debrief, "mail_page", notice_id=digest.pk)
    theirs = sign_in(world.manager)
    listed = theirs.get(address(debrief, "notice_list")).content.decode()
    assert where in listed and "to you" in listed
    shown = theirs.get(where).content.decode()
    assert "Windows closing" in shown and "Windows are closing: 0" in shown
    programme_manager = sign_in(world.admin)
    listed = programme_manager.get(address(debrief, "notice_list")).content.decode()
    assert where in listed and "to you" not in listed
    assert programme_manager.get(where).status_code == 200
    stranger = sign_in(world.other_manager)
    assert where not in stranger.get(address(debrief, "notice_list")).content.decode()
    assert stranger.get(where).status_code == 404
    # What is about a debrief has its page there, where it can be sent once more.
    assert theirs.get(address(debrief, "mail_page", notice_id=invitation_of(debrief).pk)).status_code == 404
    other = digest_to(world.other_admin, "elsewhere")
    assert str(other.pk) not in listed
    assert programme_manager.get(address(debrief, "mail_page", notice_id=other.pk)).status_code == 404


def test_a_digest_is_sent_once_more_while_it_still_says_something(debrief, world, sign_in, smtp):  # noqa: F811
    """Twice pressed one mail; refused with its reason when every deal in it was planned."""
    closing = factories.deal(
        world.programme, owner=world.rep, team=world.team, selection=Selection.CHOSEN,
        decided_days_ago=world.programme.best_within_days - 2,
    )  # fmt: skip
    factories.deal_contact(closing)
    digest = digest_to(world.manager)
    Notice.objects.filter(pk=digest.pk).update(context={"deals": [str(closing.pk)]}, state="failed", reason="550")
    client, again = sign_in(world.manager), address(debrief, "mail_again", notice_id=digest.pk)
    assert again in client.get(address(debrief, "mail_page", notice_id=digest.pk)).content.decode()
    assert client.post(again).status_code == 302
    refused = client.post(again)
    assert refused.status_code == 422 and "on its way already" in refused.content.decode()
    outbox.drain()
    assert [mail["To"].addresses[0].addr_spec for mail in smtp.mails].count(world.manager.user.email) == 1
    Deal.objects.filter(pk=closing.pk).update(selection=Selection.PASSED_OVER, selection_reason="Not now")
    late = client.post(again)
    assert late.status_code == 422 and "Every deal in it was planned" in late.content.decode()
    assert sign_in(world.other_manager).post(again).status_code == 404
    assert AuditEntry.objects.filter(action="notice.sent_again", subject_kind="programme").count() == 1


def test_the_preview_reads_as_the_mail_and_holds_no_personal_link(debrief, world, sign_in):  # noqa: F811
    before = list(Notice.objects.order_by("pk").values())
    nudge = Notice.objects.get(kind="prospect_nudge_1")
    page = sign_in(world.manager).get(page_of(debrief, nudge)).content.decode()
    assert "asked you for a short conversation" in page
    assert "[the personal link]" in page
    assert links.address(debrief.prospect_link).rpartition("/open/")[2].strip("/") not in page
    assert list(Notice.objects.order_by("pk").values()) == before


def test_once_more_sends_one_mail_however_often_it_is_pressed(debrief, world, sign_in, smtp):  # noqa: F811
    client, invitation = sign_in(world.manager), invitation_of(debrief)
    first = client.post(page_of(debrief, invitation, "notice_again"))
    again = client.post(page_of(debrief, invitation, "notice_again"))
    assert (first.status_code, again.status_code) == (302, 422)
    assert "on its way already" in again.content.decode()
    sent = len(smtp.raw)
    outbox.drain()
    assert len(smtp.raw) == sent + 1
    assert smtp.mails[-1]["Message-ID"] != invitation.message_id


def test_once_more_is_refused_with_the_reason(debrief, world, sign_in):  # noqa: F811
    client, invitation = sign_in(world.manager), invitation_of(debrief)
    count = Notice.objects.count()
    suppression.suppress(address=debrief.contact.email, programme_id=None, reason="asked", now=clock.now())
    refused = client.post(page_of(debrief, invitation, "notice_again"))
    assert "asked not to be written to" in refused.content.decode()
    suppression.lift(address=debrief.contact.email, programme_id=None, reason="asked again", now=clock.now())
    actions.decline(debrief=debrief, reason="no", text="", now=clock.now())
    refused = client.post(page_of(debrief, invitation, "notice_again"))
    assert "The buyer declined." in refused.content.decode()
    assert Notice.objects.filter(kind="prospect_invited").count() == 1
    assert Notice.objects.count() == count + 1, "only the word to the planner that the buyer declined"


def test_what_came_in_stands_on_the_debrief_and_its_words_are_for_those_who_may_read_them(debrief, world, sign_in):  # noqa: F811
    came(mails.reply_to(invitation_of(debrief), "Your price was a riddle <b>"))
    came(mails.report(to="x", original=f"Message-ID: {invitation_of(debrief).message_id}\n"))
    url = address(debrief, "debrief_page", debrief_id=debrief.pk)
    page = sign_in(world.manager).get(url).content.decode()
    assert "Answered by mail." in page
    assert "riddle &lt;b&gt;" in page
    assert "no more is sent to this address" in page
    assert "Came back" in page
    assert "riddle" in sign_in(world.interviewer).get(url).content.decode()
    assert ReceivedMail.objects.count() == 2
