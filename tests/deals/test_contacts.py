"""The buyer's side: one contact per mailbox, approved before asked, left alone for a while afterwards."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection

from debriefs.deals import queries
from debriefs.deals.actions import add_contact, approve_contact, contacts, make_primary, record_approach, reject_contact
from debriefs.deals.actions.contacts import change_contact, contact_seen
from debriefs.deals.enums import Approval, DecisionPart
from debriefs.deals.models import Approach, Contact, DealChange, DealContact
from debriefs.deals.refusals import MissingFact, NoAddress, RecentlyApproached
from debriefs.foundation.database_role import as_owner
from debriefs.foundation.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db


def added(deal, by, now, email="ana@buyer.example", name="Ana Díaz", **fields):
    values = {"title": "", "part": DecisionPart.EVALUATOR, "time_zone": "", "language": "en"} | fields
    return add_contact(deal=deal, name=name, email=email, by=by, now=now, **values)


def test_two_spellings_of_one_mailbox_are_one_contact_with_what_was_missing_filled_in(world, now):
    first, second = (factories.deal(world.programme, owner=world.rep) for _ in range(2))
    one = added(first, world.rep, now)
    two = added(second, world.rep, now, email=" ANA@Buyer.Example ", name="A. Diaz", time_zone="Europe/Madrid")
    assert one.contact_id == two.contact_id
    contact = Contact.objects.get(pk=one.contact_id)
    assert (contact.name, contact.email_key, contact.time_zone) == ("Ana Díaz", "ana@buyer.example", "Europe/Madrid")


def test_the_first_contact_is_primary_and_there_is_only_one(world, now):
    deal = factories.deal(world.programme, owner=world.rep)
    first = added(deal, world.rep, now)
    second = added(deal, world.rep, now, email="bo@buyer.example", name="Bo Li")
    assert (first.is_primary, second.is_primary) == (True, False)
    make_primary(deal_contact=second, by=world.manager, now=now)
    assert list(DealContact.objects.filter(deal=deal, is_primary=True)) == [second]


def test_a_contact_without_address_is_kept_but_cannot_be_approved(world, now):
    deal = factories.deal(world.programme, owner=world.rep)
    deal_contact = added(deal, world.rep, now, email="")
    with pytest.raises(NoAddress):
        approve_contact(deal_contact=deal_contact, by=world.manager, now=now)
    assert DealContact.objects.get(pk=deal_contact.pk).approval == Approval.WAITING
    assert not queries.approved_contacts_of(deal).exists()


def test_approval_and_refusal_say_who_when_and_why(world, now):
    deal = factories.deal(world.programme, owner=world.rep)
    deal_contact = added(deal, world.rep, now)
    approve_contact(deal_contact=deal_contact, by=world.manager, now=now)
    assert list(queries.approved_contacts_of(deal)) == [deal_contact]
    with pytest.raises(MissingFact):
        reject_contact(deal_contact=deal_contact, by=world.manager, now=now, reason="  ")
    later = now + timedelta(hours=1)
    reject_contact(deal_contact=deal_contact, by=world.admin, now=later, reason="Left the company")
    kept = DealContact.objects.get(pk=deal_contact.pk)
    assert (kept.approval, kept.approval_reason, kept.approved_by, kept.approved_at) == (
        Approval.REJECTED,
        "Left the company",
        world.admin,
        later,
    )


def changed(deal_contact, by, now, **fields):
    contact = deal_contact.contact
    values = {name: getattr(contact, name) for name in ("name", "email", "title", "time_zone", "language")}
    values |= {"part": deal_contact.part, "seen": contact_seen(deal_contact)} | fields
    return change_contact(deal_contact=deal_contact, by=by, now=now, **values)


def test_a_new_address_waits_for_approval_in_every_deal_and_a_refusal_stays(world, now):
    parts = [added(factories.deal(world.programme, owner=world.rep), world.rep, now) for _ in range(3)]
    for part in parts[:2]:
        approve_contact(deal_contact=part, by=world.manager, now=now)
    reject_contact(deal_contact=parts[2], by=world.manager, now=now, reason="A customer's friend")
    same = changed(parts[0], world.manager, now, title="CFO", email=" Ana@Buyer.example")
    assert same.approval == Approval.APPROVED
    assert changed(same, world.manager, now, email="ana@elsewhere.example").approval == Approval.WAITING
    for part in parts[:2]:
        part.refresh_from_db()
        assert (part.approval, part.approved_by, part.approved_at) == (Approval.WAITING, None, None)
        assert AuditEntry.objects.filter(action="contact.waiting", subject_id=part.deal_id).count() == 1
        assert not queries.approved_contacts_of(part.deal).exists()
    parts[2].refresh_from_db()
    assert (parts[2].approval, parts[2].approval_reason) == (Approval.REJECTED, "A customer's friend")


def test_an_address_is_left_alone_for_the_programmes_days_across_deals(world, now):
    first, second = (factories.deal(world.programme, owner=world.rep) for _ in range(2))
    contact = factories.contact(world.programme, email="ana@buyer.example")
    debrief = uuid4()
    for _ in range(2):
        record_approach(deal=first, contact=contact, debrief_id=debrief, by=world.manager, now=now)
    assert Approach.objects.count() == 1
    with pytest.raises(RecentlyApproached) as refusal:
        record_approach(deal=second, contact=contact, debrief_id=uuid4(), by=world.manager, now=now)
    assert refusal.value.until == Approach.objects.get().protected.upper
    later = now + timedelta(days=world.programme.contact_protection_days + 1)
    record_approach(deal=second, contact=contact, debrief_id=uuid4(), by=world.manager, now=later)


def test_a_new_address_is_protected_like_the_one_before(world, now):
    deal, debrief = factories.deal(world.programme, owner=world.rep), uuid4()
    part = added(deal, world.rep, now)
    for email in ("ana@buyer.example", "ana@elsewhere.example"):
        part = changed(part, world.manager, now, email=email)
        for _again in range(2):
            record_approach(deal=deal, contact=part.contact, debrief_id=debrief, by=None, now=now)
    keys = Approach.objects.filter(debrief_id=debrief).order_by("address_key").values_list("address_key", flat=True)
    assert list(keys) == ["ana@buyer.example", "ana@elsewhere.example"]


def test_an_overruled_approach_keeps_its_reason_and_does_not_block_the_rule(world, now):
    deal = factories.deal(world.programme, owner=world.rep)
    contact = factories.contact(world.programme)
    record_approach(deal=deal, contact=contact, debrief_id=uuid4(), by=world.manager, now=now)
    overruled = record_approach(
        deal=deal,
        contact=contact,
        debrief_id=uuid4(),
        by=world.admin,
        now=now,
        overruled_reason="She asked us to call again",
    )
    assert (overruled.overruled_reason, overruled.overruled_by) == ("She asked us to call again", world.admin)


def test_the_other_programme_may_ask_the_same_address(world, now):
    mine = factories.contact(world.programme, email="ana@buyer.example")
    theirs = factories.contact(world.other_programme, email="ana@buyer.example")
    for programme, contact in ((world.programme, mine), (world.other_programme, theirs)):
        deal = factories.deal(programme)
        record_approach(deal=deal, contact=contact, debrief_id=uuid4(), by=None, now=now)
    assert Approach.objects.count() == 2


def two_approaches_at_once(world) -> list[str]:
    """What became of two approaches to one address, for two deals, that both looked before either wrote."""
    contact = factories.contact(world.programme)
    deals = [factories.deal(world.programme) for _ in range(2)]
    barrier, results = threading.Barrier(2), []

    def approach(deal):
        try:
            barrier.wait()
            record_approach(deal=deal, contact=contact, debrief_id=uuid4(), by=None, now=world.now)
            results.append("asked")
        except RecentlyApproached:
            results.append("left alone")
        except OperationalError:
            # Two that wait for each other inside the constraint: Postgres ends one of them.
            results.append("ended")
        finally:
            connection.close()

    threads = [threading.Thread(target=approach, args=(deal,)) for deal in deals]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return sorted(results)


@contextmanager
def without_the_constraint():
    """The protection by the database switched off, and on again with what it lets through taken away."""
    constraint = next(one for one in Approach._meta.constraints if one.name == "approach_protected")
    with as_owner(), connection.schema_editor() as editor:
        editor.remove_constraint(Approach, constraint)
    try:
        yield
    finally:
        Approach.objects.all().delete()
        with as_owner(), connection.schema_editor() as editor:
            editor.add_constraint(Approach, constraint)


@pytest.mark.django_db(transaction=True)
def test_two_approaches_at_the_same_moment_are_one():
    assert two_approaches_at_once(factories.world()) == ["asked", "left alone"]
    assert Approach.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_taking_turns_the_database_still_lets_one_approach_through(monkeypatch):
    monkeypatch.setattr(contacts, "_take_turns", lambda contact: None)
    assert two_approaches_at_once(factories.world()).count("asked") == 1
    assert Approach.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_databases_protection_the_same_person_is_asked_twice():
    """The control: what the two tests above would show if nothing but the page protected people."""
    with without_the_constraint():
        assert two_approaches_at_once(factories.world()) == ["asked", "asked"]
        assert Approach.objects.count() == 2


def test_a_checked_address_says_by_whom_and_a_new_one_is_to_be_checked_again(world, now):
    deal = factories.deal(world.programme, team=world.team)
    given = {
        "name": "Solveig Thun", "title": "", "part": "champion", "time_zone": "", "language": "en", "by": world.admin, "now": now,
    }  # fmt: skip
    row = add_contact(deal=deal, email="solveig@buyer.example", is_checked=True, **given)
    assert (row.contact.email_checked_by, row.contact.email_checked_at) == (world.admin, now)
    change = {"deal_contact": row, "by": world.manager, "now": now} | {
        k: v for k, v in given.items() if k not in ("by", "now")
    }
    row = change_contact(email="solveig@buyer.example", is_checked=True, seen=contact_seen(row), **change)
    assert row.contact.email_checked_by == world.admin
    row = change_contact(email="other@buyer.example", seen=contact_seen(row), **change)
    assert (row.contact.email_checked_by, row.contact.email_checked_at) == (None, None)
    row = change_contact(email="other@buyer.example", is_checked=True, seen=contact_seen(row), **change)
    assert row.contact.email_checked_by == world.manager
    unread = add_contact(deal=deal, email="", is_checked=True, **given | {"name": "Nobody yet"})
    assert unread.contact.email_checked_at is None


def test_the_history_says_who_was_added_approved_and_refused(world, now):
    deal = factories.deal(world.programme, team=world.team)
    row = add_contact(
        deal=deal, name="Solveig Thun", email="solveig@buyer.example", title="", part="champion", time_zone="", language="en",
        by=world.rep, now=now,
    )  # fmt: skip
    approve_contact(deal_contact=row, by=world.manager, now=now)
    approve_contact(deal_contact=row, by=world.manager, now=now)
    reject_contact(deal_contact=row, by=world.admin, now=now, reason="Left the company")
    lines = DealChange.objects.filter(deal=deal, field="people").order_by("pk")
    assert list(lines.values_list("by__name", "before", "after")) == [
        (world.rep.name, "", "Solveig Thun: Waiting for approval"),
        (world.manager.name, "Solveig Thun: Waiting for approval", "Solveig Thun: Approved"),
        (world.admin.name, "Solveig Thun: Approved", "Solveig Thun: Not to be asked (Left the company)"),
    ]
