"""Needs, contacts changed, the announcement, the timeline and the history: who may, what is kept, what two at once see."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction

from debriefs.deals.actions import add_need, approve_contact, change_need, move_need, remove_need
from debriefs.deals.actions.needs import MOST_NEEDS
from debriefs.deals.enums import Approval, Outcome
from debriefs.deals.models import Contact, Deal, DealChange, DealContact, Need, SalesNote
from debriefs.foundation import clock
from debriefs.foundation.suppression import suppress
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(world):
    return factories.deal(world.programme, owner=world.rep, team=world.team, name="Rota planning")


def at(world, path: str) -> str:
    return f"/p/{world.programme.slug}/deals/{path}"


def listed(deal) -> list[tuple[str, str]]:
    return [(need.text, need.weight) for need in Need.objects.filter(deal=deal)]


def history(deal) -> list[tuple[str, str, str]]:
    return list(DealChange.objects.filter(deal=deal).order_by("pk").values_list("field", "before", "after"))


def test_the_deal_team_notes_needs_in_order_and_the_history_keeps_every_word(world, deal, sign_in):
    client = sign_in(world.rep)
    for text, weight in (("Rotas on the  phone", "must"), ("Payroll export", "should"), ("Two depots", "must")):
        client.post(at(world, f"{deal.pk}/needs/add/"), {"text": text, "weight": weight})
    first, second, third = Need.objects.filter(deal=deal)
    assert listed(deal) == [("Rotas on the phone", "must"), ("Payroll export", "should"), ("Two depots", "must")]
    assert first.noted_by == world.rep
    client.post(at(world, f"needs/{third.pk}/up/"))
    client.post(at(world, f"needs/{third.pk}/up/"))
    client.post(at(world, f"needs/{third.pk}/up/"))
    client.post(at(world, f"needs/{second.pk}/down/"))
    assert [text for text, _weight in listed(deal)] == ["Two depots", "Rotas on the phone", "Payroll export"]
    client.post(at(world, f"needs/{second.pk}/change/"), {"text": "Payroll", "weight": "must", "revision": 1})
    client.post(at(world, f"needs/{first.pk}/remove/"))
    assert listed(deal) == [("Two depots", "must"), ("Payroll", "must")]
    assert list(Need.objects.filter(deal=deal).values_list("position", flat=True)) == [1, 2]
    assert history(deal) == [
        ("needs", "", "Must: Rotas on the phone"),
        ("needs", "", "Should: Payroll export"),
        ("needs", "", "Must: Two depots"),
        ("needs", "Should: Payroll export", "Must: Payroll"),
        ("needs", "Must: Rotas on the phone", ""),
    ]
    page = client.get(at(world, f"{deal.pk}/")).content.decode()
    assert page.index("Two depots") < page.index(">Payroll<")


def test_a_need_without_words_or_one_too_many_is_refused_and_the_text_kept(world, deal, sign_in):
    client, add = sign_in(world.rep), at(world, f"{deal.pk}/needs/add/")
    assert client.post(add, {"text": "  ", "weight": "must"}).status_code == 422
    assert "Kept words" in client.post(add, {"text": "Kept words", "weight": "maybe"}).content.decode()
    for number in range(MOST_NEEDS):
        add_need(deal=deal, text=f"Need {number}", weight="must", by=world.rep, now=world.now)
    refused = client.post(add, {"text": "One more", "weight": "must"})
    assert (refused.status_code, Need.objects.count()) == (422, MOST_NEEDS)
    assert "at most 40 needs" in refused.content.decode() and "One more" in refused.content.decode()


def test_a_need_changed_meanwhile_shows_both_and_is_saved_when_sent_again(world, deal, sign_in):
    need = add_need(deal=deal, text="Rotas", weight="must", by=world.rep, now=world.now)
    change_need(need=need, text="Theirs", weight="should", base_revision=1, by=world.admin, now=world.now)
    client, page = sign_in(world.rep), at(world, f"needs/{need.pk}/change/")
    stale = client.post(page, {"text": "Mine", "weight": "must", "revision": 1})
    assert stale.status_code == 409
    assert [(saved, typed) for _label, saved, typed in stale.context["differences"]] == [
        ("Theirs", "Mine"),
        ("Should", "Must"),
    ]
    assert listed(deal) == [("Theirs", "should")]
    again = {"text": "Mine", "weight": "must", "revision": stale.context["form"]["revision"].value()}
    assert client.post(page, again).status_code == 302
    assert listed(deal) == [("Mine", "must")]
    # Saved again as it is: nothing happened, and no line of history says so.
    lines = len(history(deal))
    client.post(page, again | {"revision": 3})
    assert len(history(deal)) == lines


def test_a_need_that_is_gone_keeps_what_was_typed(world, deal, sign_in, monkeypatch):
    need = add_need(deal=deal, text="Rotas", weight="must", by=world.rep, now=world.now)
    real = change_need

    def gone_first(**given):
        remove_need(need=need, by=world.admin, now=world.now)
        return real(**given)

    monkeypatch.setattr("debriefs.deals.actions.change_need", gone_first)
    data = {"text": "Typed words", "weight": "must", "revision": 1}
    said = sign_in(world.rep).post(at(world, f"needs/{need.pk}/change/"), data)
    assert said.status_code == 422
    assert "taken away meanwhile" in said.content.decode() and "Typed words" in said.content.decode()


def test_needs_of_records_one_does_not_read_do_not_exist(world, deal, sign_in):
    need = add_need(deal=deal, text="Rotas on the phone", weight="must", by=world.rep, now=world.now)
    assert sign_in(world.member).post(at(world, f"needs/{need.pk}/remove/")).status_code == 404
    assert sign_in(world.other_admin).post(at(world, f"needs/{need.pk}/remove/")).status_code == 404
    assert sign_in(world.reviewer).post(at(world, f"needs/{need.pk}/remove/")).status_code == 403
    assert "Rotas on the phone" not in sign_in(world.member).get(at(world, f"{deal.pk}/")).content.decode()
    assert "Rotas on the phone" in sign_in(world.reviewer).get(at(world, f"{deal.pk}/")).content.decode()
    assert listed(deal) == [("Rotas on the phone", "must")]


def test_two_needs_never_share_a_place(world, deal):
    add_need(deal=deal, text="One", weight="must", by=world.rep, now=world.now)
    two = add_need(deal=deal, text="Two", weight="must", by=world.rep, now=world.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Need.objects.filter(pk=two.pk).update(position=1)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db(transaction=True)
def test_needs_added_and_moved_at_once_keep_a_place_each(world, deal):
    first = add_need(deal=deal, text="First", weight="must", by=world.rep, now=world.now)
    failed = []

    def act(number: int) -> None:
        try:
            add_need(deal=deal, text=f"Need {number}", weight="must", by=world.rep, now=world.now)
            move_need(need=first, up=number % 2 == 0)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(Need.objects.values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6, 7]


CONTACT = {"name": "Ana Díaz", "title": "COO", "part": "champion", "time_zone": "Europe/Madrid", "language": "es"}


def form_of(client, page: str) -> dict[str, str]:
    form = client.get(page).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def test_a_contact_is_changed_found_by_the_new_name_and_the_history_says_who(world, deal, sign_in):
    row = factories.deal_contact(deal, factories.contact(world.programme, "Old Name", email="ana@buyer.example"))
    client, page = sign_in(world.manager), at(world, f"contacts/{row.pk}/change/")
    sent = form_of(client, page) | CONTACT
    assert client.post(page, sent).status_code == 302
    contact = Contact.objects.get(pk=row.contact_id)
    assert (contact.name, contact.title, contact.time_zone, contact.language) == (
        "Ana Díaz",
        "COO",
        "Europe/Madrid",
        "es",
    )
    assert DealContact.objects.get(pk=row.pk).part == "champion"
    assert DealContact.objects.get(pk=row.pk).approval == Approval.APPROVED
    assert "Ana Díaz" in Deal.objects.get(pk=deal.pk).contact_text
    (line,) = DealChange.objects.filter(deal=deal)
    assert (line.field, line.by) == ("contact", world.manager)
    assert line.before.startswith("Old Name") and line.after.startswith("Ana Díaz")
    shown = client.get(at(world, f"{deal.pk}/")).content.decode()
    assert "Europe/Madrid · Spanish" in shown


def test_a_new_address_waits_for_approval_again_and_a_taken_one_is_refused(world, deal, sign_in):
    row = factories.deal_contact(
        deal, factories.contact(world.programme, "Ana", email="ana@buyer.example"), approved=False
    )
    approve_contact(deal_contact=row, by=world.admin, now=clock.now())
    factories.contact(world.programme, "Other", email="taken@buyer.example")
    client, page = sign_in(world.manager), at(world, f"contacts/{row.pk}/change/")
    refused = client.post(page, form_of(client, page) | {"email": "Taken@buyer.example", "title": "Kept title"})
    assert refused.status_code == 422
    assert "Another contact has this address" in refused.content.decode() and "Kept title" in refused.content.decode()
    assert DealContact.objects.get(pk=row.pk).approval == Approval.APPROVED
    client.post(page, form_of(client, page) | {"email": "new@buyer.example"})
    changed = DealContact.objects.select_related("contact").get(pk=row.pk)
    assert (changed.contact.email_key, changed.approval, changed.approved_by) == (
        "new@buyer.example",
        Approval.WAITING,
        None,
    )


def test_a_contact_changed_meanwhile_shows_both_and_loses_nothing(world, deal, sign_in):
    row = factories.deal_contact(deal, factories.contact(world.programme, "Ana"))
    client, page = sign_in(world.manager), at(world, f"contacts/{row.pk}/change/")
    mine = form_of(client, page) | {"title": "My title"}
    Contact.objects.filter(pk=row.contact_id).update(title="Their title")
    stale = client.post(page, mine)
    assert stale.status_code == 409
    assert [(saved, typed) for _label, saved, typed in stale.context["differences"]] == [("Their title", "My title")]
    assert Contact.objects.get(pk=row.contact_id).title == "Their title"
    assert client.post(page, mine | {"seen": stale.context["form"]["seen"].value()}).status_code == 302
    assert Contact.objects.get(pk=row.contact_id).title == "My title"


def test_a_stopped_address_is_said_where_the_contact_stands(world, deal, sign_in):
    row = factories.deal_contact(deal)
    page = at(world, f"{deal.pk}/")
    assert "mail to this address is stopped" not in sign_in(world.manager).get(page).content.decode()
    suppress(address=row.contact.email, programme_id=None, reason="asked", now=world.now)
    assert "mail to this address is stopped" in sign_in(world.manager).get(page).content.decode()


def test_the_announcement_has_a_text_to_copy_a_day_and_a_name(world, deal, sign_in):
    open_deal = factories.deal(
        world.programme, owner=world.rep, team=world.team, outcome=Outcome.OPEN, decided_days_ago=None
    )
    client, page = sign_in(world.rep), at(world, f"{open_deal.pk}/announce/")
    text = client.get(page).content.decode()
    assert "Your decision stands" in text and world.programme.company_name in text
    assert Deal.objects.get(pk=open_deal.pk).announced_on is None
    later = (world.today + timedelta(days=3)).isoformat()
    assert client.post(page, {"on": later}).status_code == 422
    day = world.today - timedelta(days=1)
    client.post(page, {"on": day.isoformat()})
    told = Deal.objects.get(pk=open_deal.pk)
    assert (told.announced_on, told.announced_by) == (day, world.rep)
    assert ("announced_on", "", day.isoformat()) in history(open_deal)
    assert f"by {world.rep.name}" in client.get(at(world, f"{open_deal.pk}/")).content.decode()
    # What was said after the decision is no early announcement.
    refused = client.post(at(world, f"{deal.pk}/announce/"), {"on": world.today.isoformat()})
    assert refused.status_code == 422 and "before the decision" in refused.content.decode()
    assert Deal.objects.get(pk=deal.pk).announced_on is None


def test_the_timeline_tells_the_sale_by_day_and_names_the_winner_only_to_readers_of_the_record(world, deal, sign_in):
    rival = factories.competitor(world.programme, "Plenara")
    opened = deal.decided_on - timedelta(days=60)
    Deal.objects.filter(pk=deal.pk).update(opened_on=opened, announced_on=opened + timedelta(days=9), winner=rival)
    SalesNote.objects.create(
        programme=world.programme, deal=deal, written_on=opened + timedelta(days=30), author=world.rep, text="Trial in two\ndepots. " + "x" * 300
    )  # fmt: skip
    told = [
        (event.text, event.is_now) for event in sign_in(world.rep).get(at(world, f"{deal.pk}/")).context["timeline"]
    ]
    assert told[0] == ("Opened.", False)
    assert told[1] == ("The debrief was announced to the buyer.", False)
    assert told[2][0].startswith("Trial in two depots. ") and len(told[2][0]) == 140
    assert told[3] == ("Decided for Plenara.", False)
    assert told[4] == ("Today. The best time for a debrief is running.", True)
    member = sign_in(world.member).get(at(world, f"{deal.pk}/"))
    assert "Plenara" not in member.content.decode() and "Trial in two" not in member.content.decode()
    assert "Decided against us." in member.content.decode()


def test_the_history_goes_on_past_its_first_page(world, deal, sign_in):
    DealChange.objects.bulk_create(
        DealChange(
            programme=world.programme, deal=deal, at=world.now, by=world.rep, field="stage", after=f"Stage {n:03}"
        )
        for n in range(150)
    )
    client, page, seen = sign_in(world.manager), at(world, f"{deal.pk}/history/"), []
    query = ""
    while query is not None:
        response = client.get(page + query)
        seen += [change.after for change in response.context["changes"]]
        query = f"?before={response.context['older']}" if response.context["older"] else None
    assert seen == [f"Stage {n:03}" for n in reversed(range(150))]
    assert len(client.get(page + "?before=abc").context["changes"]) == 100
    # The owner reads the deal but not who changed what.
    assert b"Stage 149" not in sign_in(world.rep).get(page).content


def test_one_need_and_contact_cost_the_page_as_many_queries_as_three(world, deal, sign_in, django_assert_num_queries):
    from django.test.utils import CaptureQueriesContext

    client, page, costs = sign_in(world.manager), at(world, f"{deal.pk}/"), []
    for count in (1, 2):
        for number in range(count):
            add_need(deal=deal, text=f"Need {number}", weight="must", by=world.rep, now=world.now)
            factories.deal_contact(deal)
        client.get(page)
        with CaptureQueriesContext(connection) as captured:
            client.get(page)
        costs.append(len(captured))
    assert costs[0] == costs[1]
