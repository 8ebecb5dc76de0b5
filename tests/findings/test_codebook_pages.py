"""The codebook in the browser: who sees what, the changes, and what the CRM's reasons mean."""

import pytest

from accounts.requests import programme_url
from debriefs.codebook import queries
from debriefs.codebook.actions import install_starter_codebook
from debriefs.codebook.models import CodebookVersion, Driver, ReasonMeaning
from debriefs.findings.codebook_queries import reasons_of, use_of
from tests import factories


@pytest.fixture
def book(world):
    install_starter_codebook(programme=world.programme)
    return lambda key: Driver.objects.get(programme=world.programme, key=key)


def at(world, name, **more):
    return programme_url(world.programme, f"findings:{name}", **more)


def test_the_page_lists_each_driver_with_its_use_for_who_sees_every_release(world, book, sign_in):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    factories.release(deal, world.interviewer, (book("trust"), "helped", 2), (book("chemistry"), "hurt", 1))
    seen = sign_in(world.admin).get(at(world, "codebook_page")).content.decode()
    assert seen.count("1 debrief<") == 2
    assert "Believing the people: candour" in seen
    assert "1 debrief<" not in sign_in(world.member).get(at(world, "codebook_page")).content.decode()


def test_the_page_costs_the_same_with_one_release_and_with_three(world, book, sign_in, django_assert_num_queries):
    client = sign_in(world.admin)
    client.get(at(world, "codebook_page"))
    for count in (1, 3):
        for _n in range(count):
            deal = factories.deal(world.programme, owner=world.rep, team=world.team)
            factories.release(deal, world.interviewer, (book("trust"), "helped", 2))
        with django_assert_num_queries(15):
            client.get(at(world, "codebook_page"))


def test_a_merge_moves_the_count_and_keeps_the_code(world, book, sign_in):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    made = factories.release(deal, world.interviewer, (book("chemistry"), "helped", 2))
    address = at(world, "driver_merge", driver_id=book("chemistry").pk)
    answer = sign_in(world.admin).post(address, {"into": book("trust").pk, "reason": "One thing."})
    assert answer["Location"] == at(world, "codebook_page")
    assert use_of(world.programme, world.now).debriefs == {book("trust").pk: 1}
    assert made.remarks.get().driver == book("chemistry")


def test_only_the_programme_manager_changes_the_codebook(world, book, sign_in):
    address = at(world, "driver_retire", driver_id=book("trust").pk)
    for person in (world.reviewer, world.manager, world.member, world.other_admin):
        assert sign_in(person).post(address, {"reason": "x"}).status_code == 404
    assert book("trust").retired_at is None


def test_a_form_that_rests_on_an_older_version_shows_both_texts_and_saves_on_the_second_try(world, book, sign_in):
    client, address = sign_in(world.admin), at(world, "driver_edit", driver_id=book("trust").pk)
    typed = {"number": 1, "name": "Trust", "definition": "Mine.", "in_picker": "on"}
    assert client.post(address, typed | {"definition": "Theirs."}).status_code == 302
    refused = client.post(address, typed)
    assert refused.status_code == 409
    shown = refused.content.decode()
    assert "Theirs." in shown
    assert "Mine." in shown
    assert book("trust").definition == "Theirs."
    assert client.post(address, typed | {"number": refused.context["form"].data["number"]}).status_code == 302
    assert book("trust").definition == "Mine."


def test_a_split_without_two_names_is_refused_and_keeps_what_was_typed(world, book, sign_in):
    address = at(world, "driver_split", driver_id=book("answers").pk)
    refused = sign_in(world.admin).post(address, {"name_1": "Answers on fit", "reason": "Two things."})
    assert refused.status_code == 422
    assert "Answers on fit" in refused.content.decode()
    assert book("answers").retired_at is None
    made = sign_in(world.admin).post(
        address, {"name_1": "Answers on fit", "name_2": "Answers on price", "counts_as": "0", "reason": "Two things."}
    )
    assert made.status_code == 302
    assert book("answers").counts_as == book("answers-on-fit")


def test_a_reason_gets_its_meaning_on_every_deal_that_carries_it_in_whatever_spelling(world, book, sign_in):
    same = [factories.deal(world.programme, crm_reason=text) for text in ("Lost the Champion", "lost  the champion.")]
    other = factories.deal(world.programme, crm_reason="Lost interest")
    elsewhere = factories.deal(world.other_programme, crm_reason="Lost the Champion")
    assert [(row.text, row.deals, row.meaning) for row in reasons_of(world.programme)] == [
        ("Lost the Champion", 2, ""),
        ("Lost interest", 1, ""),
    ]
    sign_in(world.admin).post(at(world, "reason_list"), {"reason": "Lost the Champion", "meaning": "d:champion-left"})
    for deal in (*same, other, elsewhere):
        deal.refresh_from_db()
    assert [deal.own_reason_driver for deal in same] == [book("champion-left")] * 2
    assert [deal.own_reason_category for deal in same] == [book("champion-left").category] * 2
    assert other.own_reason_driver is None
    assert elsewhere.own_reason_driver is None
    sign_in(world.admin).post(at(world, "reason_list"), {"reason": "Lost the Champion", "meaning": ""})
    same[0].refresh_from_db()
    assert same[0].own_reason_driver is None
    assert not ReasonMeaning.objects.filter(programme=world.programme, reason_key="lost the champion").exists()


def test_a_meaning_of_another_codebook_is_refused_with_a_sentence(world, book, sign_in):
    factories.deal(world.programme, crm_reason="Lost interest")
    refused = sign_in(world.admin).post(at(world, "reason_list"), {"reason": "Lost interest", "meaning": "d:no-such"})
    assert refused.status_code == 422
    assert "Choose a driver or a category of this codebook." in refused.content.decode()
    assert queries.version_of(world.programme) == 1


def test_the_history_says_what_stood_there_before(world, book, sign_in):
    client = sign_in(world.admin)
    client.post(
        at(world, "driver_edit", driver_id=book("trust").pk),
        {"number": 1, "name": "Trust in people", "definition": "x", "in_picker": "on", "reason": "Shorter."},
    )
    shown = client.get(at(world, "codebook_history")).content.decode()
    assert "<del>Trust and professionalism</del> <ins>Trust in people</ins>" in shown
    assert "Shorter." in shown
    assert "Version 2" in shown


def test_other_above_a_tenth_asks_for_a_review_of_the_codebook(world, book, sign_in):
    for number in range(10):
        deal = factories.deal(world.programme, owner=world.rep, team=world.team)
        key = "sales-other" if number < 2 else "trust"
        factories.release(deal, world.interviewer, (book(key), "helped", 2))
    assert (
        "2 of 10 findings are coded as something else"
        in sign_in(world.admin).get(at(world, "codebook_page")).content.decode()
    )


def test_the_codebook_is_linked_where_findings_are_read(world, book, sign_in):
    assert at(world, "codebook_page") in sign_in(world.member).get(at(world, "release_list")).content.decode()


@pytest.mark.django_db
def test_a_double_click_on_retire_does_not_offer_the_driver_again(world, book, sign_in):
    client, address = sign_in(world.admin), at(world, "driver_retire", driver_id=book("trust").pk)
    shown = client.get(address).content.decode()
    assert 'name="does" value="retire"' in shown
    for _click in range(2):
        client.post(address, {"does": "retire", "reason": "Never used"})
    assert book("trust").retired_at is not None
    assert CodebookVersion.objects.count() == 1


def test_a_meaning_given_meanwhile_is_not_overwritten_unseen(world, book, sign_in):
    factories.deal(world.programme, crm_reason="Lost interest")
    client, address = sign_in(world.admin), at(world, "reason_list")
    sent = {"reason": "Lost interest", "seen": ""}
    assert 'name="seen" value=""' in client.get(address).content.decode()
    for _click in range(2):
        assert client.post(address, sent | {"meaning": "d:champion-left"}).status_code == 302
    refused = client.post(address, sent | {"meaning": "d:trust"})
    assert refused.status_code == 409
    assert [row.meaning for row in reasons_of(world.programme)] == ["d:champion-left"]
    assert client.post(address, sent | {"meaning": "d:trust", "seen": "d:champion-left"}).status_code == 302
    assert [row.meaning for row in reasons_of(world.programme)] == ["d:trust"]
