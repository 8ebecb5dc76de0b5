"""The digest of windows that close: to whom, when, once, and in which words."""

from datetime import timedelta

import pytest

from accounts.enums import Role
from debriefs.calls import actions, tasks, window_digest
from debriefs.calls.notice_texts import Text
from debriefs.deals.enums import DebriefState, Selection
from debriefs.deals.models import Deal
from debriefs.foundation import clock, outbox
from debriefs.foundation.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db


def closing(world, left, **fields):
    """A chosen deal of the manager's team whose window is open so many more days."""
    ago = world.programme.best_within_days - left
    values = {"owner": world.rep, "team": world.team, "selection": Selection.CHOSEN, "decided_days_ago": ago}
    return factories.deal(world.programme, **values | fields)


def digests_to(person):
    return Notice.objects.filter(kind="window_closing", recipient_id=person.pk)


def test_a_manager_hears_once_of_each_deal_whose_window_is_nearly_over(world, smtp):
    near = closing(world, 2)
    closing(world, 9)
    closing(world, 2, debrief_state=DebriefState.PLANNED)
    closing(world, 2, team=None)
    now = clock.now()
    tasks.owe_window_digests()
    tasks.owe_window_digests()
    assert digests_to(world.manager).get().context == {"deals": [str(near.pk)]}
    # The next day there is nothing new, so there is no mail; a further deal is told alone.
    assert window_digest.owe_digests(now + timedelta(days=1)) == 0
    other = closing(world, 3)
    window_digest.owe_digests(now + timedelta(days=1))
    assert [one.context["deals"] for one in digests_to(world.manager).order_by("created_at")] == [
        [str(near.pk)],
        [str(other.pk)],
    ]
    outbox.drain()
    mails = [mail for mail in smtp.mails if mail["To"].addresses[0].addr_spec == world.manager.user.email]
    text = mails[0].get_body(("plain",)).get_content()
    assert f"{near.company}: 2 days left" in text
    assert "/deals/windows" in text or "window" in text
    assert str(other.company) not in text


def test_a_deal_whose_team_has_no_manager_goes_to_the_programme_managers_and_no_other_programme_hears(world):
    orphan = closing(world, 1, team=None)
    managed = closing(world, 1)
    tasks.owe_window_digests()
    assert digests_to(world.admin).get().context == {"deals": [str(orphan.pk)]}
    assert digests_to(world.manager).get().context == {"deals": [str(managed.pk)]}
    assert set(Notice.objects.filter(kind="window_closing").values_list("programme_id", flat=True)) == {
        world.programme.pk
    }


def test_a_digest_whose_deals_were_planned_meanwhile_is_not_sent(world, smtp):
    first, second = closing(world, 2), closing(world, 2)
    tasks.owe_window_digests()
    Deal.objects.filter(pk=first.pk).update(debrief_state=DebriefState.PLANNED)
    notice = digests_to(world.manager).get()
    draft = outbox.draft_of(notice, clock.now())
    assert str(first.company) not in draft.text
    assert str(second.company) in draft.text
    Deal.objects.filter(pk=second.pk).update(debrief_state=DebriefState.PLANNED)
    outbox.drain()
    assert (digests_to(world.manager).get().state, smtp.raw) == ("skipped", [])


def test_whoever_left_the_programme_gets_none(world):
    closing(world, 2)
    world.manager.membership.ended_at = clock.now()
    world.manager.membership.save()
    tasks.owe_window_digests()
    assert not digests_to(world.manager).exists()


def test_a_programme_chooses_its_words(world, smtp, sign_in):
    assert world.admin.has_role(Role.ADMIN)
    deal = closing(world, 2)
    deal.company.name = "<b>Bold</b> & Co"
    deal.company.save()
    tasks.owe_window_digests()
    actions.save_notice_text(
        kind="window_closing", audience="person", language=world.manager.user.language, by=world.admin, base=0, now=clock.now(),
        text=Text("{count} to plan", "Look:\n\n{deals}", "Plan"),
    )  # fmt: skip
    draft = outbox.draft_of(digests_to(world.manager).get(), clock.now())
    assert draft.subject == "1 to plan"
    assert "<b>Bold</b> & Co: 2 days left" in draft.text
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; Co: 2 days left" in draft.html
