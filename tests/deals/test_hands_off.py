"""While a debrief runs the deal team is told, once each, also those who join later; afterwards nothing is sent any more."""

from datetime import timedelta

import pytest

from debriefs.deals.actions import join_deal_team, leave_deal_team, open_own_view, set_hands_off, set_owner
from debriefs.deals.notice_kinds import render, still_wanted
from debriefs.foundation.enums import NoticeState
from debriefs.foundation.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(world):
    made = factories.deal(world.programme, owner=world.rep, team=world.team)
    join_deal_team(deal=made, person=world.member, part="Pre-sales", by=world.manager, now=world.now)
    known_by_name = factories.person(world.programme, account=False)
    join_deal_team(deal=made, person=known_by_name, part="", by=world.manager, now=world.now)
    return made


def told() -> list[str]:
    return sorted(
        Notice.objects.filter(kind="deal_hands_off", state=NoticeState.QUEUED).values_list("recipient_name", flat=True)
    )


def test_owner_and_deal_team_are_told_once_and_whoever_joins_later_too(world, now, deal):
    assert told() == []
    for _ in range(2):
        set_hands_off(deal=deal, since=now, now=now)
    assert told() == sorted([world.rep.name, world.member.name])
    later = now + timedelta(days=1)
    join_deal_team(deal=deal, person=world.other_member, part="", by=world.manager, now=later)
    set_owner(deal=deal, person=world.manager, by=world.admin, now=later)
    assert told() == sorted([world.rep.name, world.member.name, world.other_member.name, world.manager.name])


def test_an_owner_asked_for_an_own_view_reads_it_there_and_gets_no_second_mail(world, now, deal):
    open_own_view(deal=deal, now=now)
    set_hands_off(deal=deal, since=now, now=now)
    assert told() == [world.member.name]


def test_what_was_not_sent_when_the_debrief_is_over_is_taken_back(world, now, deal):
    set_hands_off(deal=deal, since=now, now=now)
    set_hands_off(deal=deal, since=None, now=now)
    assert told() == []
    again = now + timedelta(days=3)
    set_hands_off(deal=deal, since=again, now=again)
    assert len(told()) == 2


def test_the_mail_is_checked_again_before_it_goes(world, now, deal):
    set_hands_off(deal=deal, since=now, now=now)
    notice = Notice.objects.get(recipient_id=world.member.pk)
    assert still_wanted(notice, now) is None
    leave_deal_team(deal=deal, person=world.member, by=world.manager, now=now)
    assert still_wanted(notice, now) == "This person is no longer on the deal team."
    set_hands_off(deal=deal, since=None, now=now)
    assert still_wanted(notice, now) == "No debrief of this deal is under way any more."


def test_the_mail_names_the_company_and_neither_interviewer_nor_contact(world, now, deal):
    contact = factories.deal_contact(deal).contact
    factories.debrief(deal, world.interviewer, contact_=contact)
    set_hands_off(deal=deal, since=now, now=now)
    draft = render(Notice.objects.get(recipient_id=world.rep.pk), now)
    for text in (draft.text, draft.html):
        assert deal.company.name in text
        assert f"/deals/{deal.pk}/" in text
        assert world.interviewer.name not in text
        assert contact.name not in text
