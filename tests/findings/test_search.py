"""Search over released words: what is found, how it is shown, and that nothing hidden is told by it."""

from datetime import timedelta

import pytest

from accounts.requests import programme_url
from debriefs.findings.models import Remark
from debriefs.findings.search import asked, marked
from debriefs.findings.search_queries import Hit, Narrowed, search
from tests import factories

ANY = Narrowed()


@pytest.fixture
def said(world):
    """Releases a remark of the given words on a deal of the team, and returns it."""

    def release(verbatim, note="", *, language="en", team=world.team, outcome="lost", **fields):
        deal = factories.deal(world.programme, owner=world.rep, team=team, outcome=outcome)
        made = factories.release(deal, world.interviewer, (factories.driver(world.programme), "hurt", 2), **fields)
        remark = made.remarks.get()
        Remark.objects.filter(pk=remark.pk).update(verbatim=verbatim, note=note, language=language)
        remark.refresh_from_db()
        return remark

    return release


def found(person, text, now, narrowed=ANY):
    return list(search(person, text, narrowed, now)[0])


@pytest.mark.parametrize(
    ("language", "words", "asked_for"),
    [
        ("en", "The implementation plans were missing.", "plan"), ("de", "Die Einführungspläne fehlten uns.", "einführungsplan"),
        ("fr", "Les délais annoncés étaient trop longs.", "délai"), ("es", "Los plazos anunciados eran largos.", "plazo"),
        ("nl", "De planning ontbrak.", "planning"),
    ],
)  # fmt: skip
def test_words_are_found_in_every_form_of_the_debriefs_language(world, said, language, words, asked_for):
    remark = said(words, language=language)
    said("Something else altogether.")
    assert found(world.admin, asked_for, world.now) == [remark]


def test_quotation_marks_keep_words_together_and_a_minus_leaves_one_out(world, said):
    together, apart = said("The second year was dear."), said("The year after the second trial.")
    assert set(found(world.admin, "second year", world.now)) == {together, apart}
    assert found(world.admin, '"second year"', world.now) == [together]
    assert found(world.admin, "year -trial", world.now) == [together]


@pytest.mark.parametrize("slip", ["implmentation", "implementaton", "IMPLEMENTATOIN"])
def test_a_typing_error_is_forgiven_and_said(world, said, slip):
    remark = said("The implementation plan was an arrow.")
    rows, forgiven = search(world.admin, slip, ANY, world.now)
    assert list(rows) == [remark]
    assert forgiven


def test_a_rivals_name_and_a_label_are_found_within_a_typing_error(world, said):
    rival, label = said("It was late."), said("It was dear.", company_label="Corvalis Freight")
    Remark.objects.filter(pk=rival.pk).update(competitor=factories.competitor(world.programme, "Vizanta Systems"))
    factories.competitor(world.other_programme, "Vizanta Systems")
    assert found(world.admin, "Vizanta Sytems", world.now) == [rival]
    assert found(world.admin, "Corvallis", world.now) == [label]


def test_names_are_found_as_the_release_shows_them_and_never_by_what_it_keeps_back(world, said):
    remark = said("It was late.", company_label="a company in transport")
    deal = remark.deal
    deal.company.name = "Hiddenstone Freight"
    deal.company.save()
    assert found(world.admin, "a company in transport", world.now) == [remark]
    assert found(world.admin, "Hiddenstone", world.now) == []
    assert found(world.admin, deal.name, world.now) == []


def test_what_one_may_not_read_is_neither_found_nor_counted_nor_ranked(world, said, sign_in):
    mine = said("The plan was missing.")
    said("Plan, plan, plan.", team=world.other_team)
    said("The plan again.", days_ago=0, others_from=world.now + timedelta(days=1))
    recalled = said("The plan was recalled.").release
    recalled.recalled_at, recalled.recall_reason = world.now, "Wrong."
    recalled.save()
    assert found(world.member, "plan", world.now) == [mine]
    shown = sign_in(world.member).get(programme_url(world.programme, "findings:remark_search") + "?q=plan")
    assert "1 remark<" in shown.content.decode()
    assert "recalled" not in shown.content.decode()
    assert found(world.other_admin, "plan", world.now) == []


def test_filters_narrow_what_is_found(world, said):
    lost, won = said("The plan was missing."), said("The plan was clear.", outcome="won")
    assert set(found(world.admin, "plan", world.now)) == {lost, won}
    assert found(world.admin, "plan", world.now, Narrowed(outcome="won")) == [won]
    assert found(world.admin, "plan", world.now, Narrowed(direction="helped")) == []
    assert found(world.admin, "plan", world.now, Narrowed(category=lost.driver.category.key)) == [lost]


def test_a_hit_is_marked_and_nothing_in_it_is_markup(world, said):
    said('The <b onclick="x">plan</b> & the plans \ue000<script>', note="A plan.")
    hit = Hit.of(found(world.admin, "plan", world.now)[0])
    assert "<mark>plan</mark>" in hit.verbatim
    assert "<b" not in hit.verbatim
    assert "<script" not in hit.verbatim
    assert "&lt;b onclick=&quot;x&quot;&gt;" in hit.verbatim
    assert "A <mark>plan</mark>." in hit.note


def test_marks_that_somebody_typed_are_not_marks():
    assert asked("a\x00b\ue000  c\n" + "x" * 500) == ("a b c " + "x" * 500)[:200]
    assert marked("a \ue000hit\ue001 <i>") == "a <mark>hit</mark> &lt;i&gt;"


@pytest.mark.parametrize(
    "text", ["'", "!!!!", "<->", "\\", '"', "(", "%", "\x00", "a & | !", "ü" * 5_000, "wort " * 1_000, "-", "'' OR 1=1 --"]
)  # fmt: skip
def test_whatever_is_typed_the_page_answers(world, said, sign_in, text):
    said("The plan was missing.")
    address = programme_url(world.programme, "findings:remark_search")
    answer = sign_in(world.admin).get(address, {"q": text, "outcome": text, "category": "\x00", "page": text[:20]})
    assert answer.status_code == 200
    assert "Search what buyers said" in answer.content.decode()


def test_the_page_costs_the_same_with_one_hit_and_with_three(world, said, sign_in, django_assert_num_queries):
    client, address = sign_in(world.admin), programme_url(world.programme, "findings:remark_search") + "?q=plan"
    said("The plan was missing.")
    client.get(address)
    for _again in (1, 2):
        with django_assert_num_queries(14):
            client.get(address)
        said("The plan once more."), said("Plans.")
