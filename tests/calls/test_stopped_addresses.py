"""Stopped addresses as managers meet them: what came back may be allowed again with a reason, a person's wish may not."""

import pytest
from django.urls import reverse

from debriefs.calls import actions
from debriefs.calls.refusals import AskedToStop, NoReason
from debriefs.foundation import clock, outbox, suppression
from debriefs.foundation.models import AuditEntry, Suppression
from tests.calls.test_mails import debrief  # noqa: F401

pytestmark = pytest.mark.django_db


def page(world, name="stop_list", **more):
    return reverse(f"calls:{name}", kwargs={"programme_slug": world.programme.slug, **more})


def stopped(debrief, reason=suppression.CAME_BACK, programme_id=...):  # noqa: F811
    where = debrief.programme_id if programme_id is ... else programme_id
    suppression.suppress(address=debrief.contact.email, programme_id=where, reason=reason, now=clock.now())
    return Suppression.objects.get(lifted_at=None, reason=reason)


def test_what_came_back_is_allowed_again_with_a_reason_once(debrief, world, sign_in):  # noqa: F811
    stop = stopped(debrief)
    client = sign_in(world.manager)
    shown = client.get(page(world)).content.decode()
    assert debrief.contact.email in shown
    assert "came back" in shown
    where = page(world, "stop_lift", stop_id=stop.pk)
    empty = client.post(where, {"reason": "  "})
    assert empty.status_code == 422
    assert outbox.is_suppressed(debrief.contact.email, debrief.programme_id)
    for _each in range(2):
        client.post(where, {"reason": "Their new mailbox works, they said by phone."})
    assert not outbox.is_suppressed(debrief.contact.email, debrief.programme_id)
    shown = client.get(page(world)).content.decode()
    assert "Their new mailbox works" in shown
    assert AuditEntry.objects.filter(action="mail.allowed", subject_id=stop.pk).count() == 1


@pytest.mark.parametrize("reason", ["asked through the link", "asked by mail", "an unknown reason"])
def test_a_persons_wish_stays_until_they_take_it_back(debrief, world, sign_in, reason):  # noqa: F811
    stop = stopped(debrief, reason)
    client = sign_in(world.admin)
    shown = client.get(page(world)).content.decode()
    assert "asked not to be written to" in shown
    assert "Allow mail again" not in shown
    forced = client.post(page(world, "stop_lift", stop_id=stop.pk), {"reason": "I know better."})
    assert forced.status_code == 422
    assert "I know better." not in Suppression.objects.get().lifted_reason
    assert outbox.is_suppressed(debrief.contact.email, debrief.programme_id)
    with pytest.raises(AskedToStop):
        actions.lift_stop(stop=stop, reason="Once more.", by=world.admin, now=clock.now())
    actions.undo_stop(debrief=debrief, now=clock.now())
    assert not outbox.is_suppressed(debrief.contact.email, debrief.programme_id)


def test_a_wish_for_all_programmes_is_shown_and_stays(debrief, world, sign_in):  # noqa: F811
    stop = stopped(debrief, "asked through the link", None)
    client = sign_in(world.manager)
    assert "nobody here writes to them" in client.get(page(world)).content.decode()
    client.post(page(world, "stop_lift", stop_id=stop.pk), {"reason": "Please."})
    assert outbox.is_suppressed(debrief.contact.email, debrief.programme_id)


def test_others_see_and_lift_nothing(debrief, world, sign_in):  # noqa: F811
    """Another team's manager and another programme: neither the address nor the act."""
    stop = stopped(debrief)
    other = sign_in(world.other_manager)
    assert debrief.contact.email not in other.get(page(world)).content.decode()
    other.post(page(world, "stop_lift", stop_id=stop.pk), {"reason": "Mine."})
    elsewhere = reverse("calls:stop_lift", kwargs={"programme_slug": world.other_programme.slug, "stop_id": stop.pk})
    sign_in(world.other_admin).post(elsewhere, {"reason": "Mine."})
    assert outbox.is_suppressed(debrief.contact.email, debrief.programme_id)


def test_an_act_without_a_reason_is_none(debrief, world):  # noqa: F811
    with pytest.raises(NoReason):
        actions.lift_stop(stop=stopped(debrief), reason=" ", by=world.admin, now=clock.now())


def test_a_notice_to_a_stopped_address_leads_there(debrief, world, sign_in):  # noqa: F811
    from debriefs.foundation.models import Notice

    notice = Notice.objects.get(kind="prospect_invited")
    where = page(world, "notice_page", debrief_id=debrief.pk, notice_id=notice.pk)
    client = sign_in(world.manager)
    assert page(world) not in client.get(where).content.decode()
    stopped(debrief)
    assert page(world) in client.get(where).content.decode()


def test_the_list_costs_the_same_for_one_and_for_three(debrief, world, sign_in, django_assert_num_queries):  # noqa: F811
    from debriefs.calls import stopped_pages

    stopped(debrief)
    person = type(world.admin).objects.select_related("membership", "programme").get(pk=world.admin.pk)
    with django_assert_num_queries(2):
        assert len(stopped_pages.listed(person)) == 1
    for number in range(2):
        suppression.suppress(
            address=f"b{number}@x.example", programme_id=debrief.programme_id, reason="asked by mail", now=clock.now()
        )
    with django_assert_num_queries(2):
        assert len(stopped_pages.listed(person)) == 3
