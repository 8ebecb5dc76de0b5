"""The pages of figures through the client: what each reader sees, what leads where, what is taken along."""

import csv
import io
import re
import zipfile
from datetime import timedelta

import pytest

from accounts.requests import programme_url
from debriefs.calls.models import Debrief
from debriefs.deals.models import DealCompetitor, Need
from debriefs.findings.models import Release, Remark
from debriefs.foundation.models import AuditEntry
from debriefs.insights import write_up_queries
from debriefs.insights.actions import note_on_trend, take_snapshots
from debriefs.insights.dashboards import BUILDERS
from debriefs.insights.models import Annotation, FigureView
from debriefs.insights.rules import Quarter
from debriefs.interviews.models import NeedAssessment, RecordCheck, WriteUp
from debriefs.lessons.models import Lesson, LessonEvidence
from tests import factories

pytestmark = pytest.mark.django_db
SECRET = "CANARYname"


def url(world, name, query="", **kwargs):
    return programme_url(world.programme, f"insights:{name}", **kwargs) + (f"?{query}" if query else "")


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def filled(world):
    """Fourteen deals of a closed quarter, each company its own, hidden words in everything only some may read."""
    price, fit = factories.driver(world.programme, "Price"), factories.driver(world.programme, "Fit")
    rival = factories.competitor(world.programme, "Rival One")
    day = Quarter.of(world.today - timedelta(days=200)).starts_on + timedelta(days=3)
    for place in range(14):
        lost = place >= 6
        deal = factories.deal(
            world.programme,
            owner=world.rep,
            team=world.team,
            company=factories.company(world.programme, f"{SECRET} {place} Ltd"),
            decided_days_ago=(world.today - day).days,
            outcome="lost" if lost else "won",
            segment="Transport" if place % 2 else "Retail",
            winner=rival if lost and place < 10 else None,
            name=f"{SECRET} deal {place}",
        )
        DealCompetitor.objects.create(programme=world.programme, deal=deal, competitor=rival)
        said = (price, "hurt", 3) if lost else (fit, "helped", 2)
        factories.release(
            deal,
            world.interviewer,
            said,
            own_driver=price,
            own_category=price.category,
            stated_driver=price,
            company_label="A company",
        )
    return Quarter.of(day)


@pytest.mark.parametrize("key", [*BUILDERS, "report"])
def test_every_page_says_its_finding_with_counts_and_a_table(key, world, filled, sign_in):
    page = sign_in(world.admin).get(url(world, key, f"p={filled.key}"))
    assert page.status_code == 200
    html = page.content.decode()
    if key not in ("lessons", "overview", "needs", "sources"):
        assert "<table" in html
        assert "Remove every filter" in html
    expected = {
        "overview": "Fit helped in 6 of 14 debriefs; Price hurt in 8",
        "rates": "Won 6 of 14 deals, and 60,000 of 140,000 EUR",
        "drivers": "Price was decisive in 8 of 14 debriefs",
        "competitors": "Rival One was met most often: won 6, lost to them 4",
        "needs": "No needs were judged yet",
        "sources": "How buyers first heard of us",
        "record": "Our side named the buyer's main reason in 8 of 14 debriefs",
        "participation": "14 of 14 decided deals became released debriefs",
        "trend": "Win rate: 6 of 14 in %s, no trend before four quarters of five or more",
        "lessons": "No lessons yet",
        "report": "Rival One was met most often: won 6, lost to them 4",
    }[key]
    expected = expected.replace("%s", filled.label)
    assert expected.replace("'", "&#x27;") in html or expected in html


def test_needs_and_sources_count_the_chosen_fields_of_write_ups_and_show_no_word_typed_there(world, filled, sign_in):
    for place, release in enumerate(Release.objects.order_by("pk")):
        write_up = WriteUp.objects.create(
            programme=world.programme,
            debrief=release.debrief,
            opened_at=world.now,
            awareness_how="event" if place < 9 else "search",
            awareness_what=f"{SECRET} fair",
        )
        need = Need.objects.create(
            programme=world.programme, deal=release.deal, text="Rotas on the phone", position=1, noted_at=world.now
        )
        for position, of, outcome in ((1, need, "not_shown" if place < 4 else "met"), (2, None, "not_met")):
            NeedAssessment.objects.create(
                programme=world.programme,
                write_up=write_up,
                need=of,
                position=position,
                text="Rotas on the phone" if of else f"{SECRET} need",
                weight="must",
                outcome=outcome,
            )
        RecordCheck.objects.create(
            programme=world.programme,
            write_up=write_up,
            field="awareness_source",
            verdict="right" if place < 5 else "wrong",
        )
        if place < 13:
            WriteUp.objects.filter(pk=write_up.pk).update(submitted_at=world.now)
    client = sign_in(world.admin)
    needs, sources = client.get(url(world, "needs")), client.get(url(world, "sources"))
    # The fourteenth is a draft and counts nowhere.
    assert "17 of 26 needs raised were not fully met; 4 existed and were not shown" in text_of(needs)
    assert "Most gaps: Rotas on the phone, in 4 of 13 deals" in text_of(needs)
    assert "Event or fair came first: 9 of 13 buyers heard of us that way" in text_of(sources)
    assert "Our record had the source right in 5 of 13 debriefs" in text_of(sources)
    for page in (needs, sources, client.get(url(world, "record"))):
        assert SECRET not in page.content.decode()


def test_a_need_that_two_buyers_judged_counts_its_deal_once_as_the_primary_debrief_says(world, sign_in):
    price = factories.driver(world.programme, "Price")
    for outcomes in (("met", "not_met"), ("not_met", "met", "met"), ("met",)):
        deal = factories.deal(world.programme, owner=world.rep, team=world.team, outcome="lost")
        need = Need.objects.create(
            programme=world.programme, deal=deal, text="Rotas on the phone", position=1, noted_at=world.now
        )
        for place, outcome in enumerate(outcomes):
            if place:
                deal.debriefs.update(is_primary=False)
            release = factories.release(deal, world.interviewer, (price, "hurt", 3))
            write_up = WriteUp.objects.create(programme=world.programme, debrief=release.debrief, opened_at=world.now)
            NeedAssessment.objects.create(
                programme=world.programme, write_up=write_up, need=need, position=1, text=need.text, weight="must", outcome=outcome
            )  # fmt: skip
            WriteUp.objects.filter(pk=write_up.pk).update(submitted_at=world.now + timedelta(minutes=place))
    counted = write_up_queries.write_ups(Release.objects.all())
    assert write_up_queries.needs(counted) == {
        ("Rotas on the phone", "must", "met"): 2,
        ("Rotas on the phone", "must", "not_met"): 1,
    }
    # Without a primary one the buyer who was heard last says how it was.
    Debrief.objects.update(is_primary=False)
    assert write_up_queries.needs(counted) == {
        ("Rotas on the phone", "must", "met"): 2,
        ("Rotas on the phone", "must", "not_met"): 1,
    }
    primary = Debrief.objects.filter(deal=need.deal.programme.deals.order_by("created_at")[1]).order_by("pk")
    first = WriteUp.objects.filter(debrief__in=primary).order_by("submitted_at").first().debrief
    Debrief.objects.filter(pk=first.pk).update(is_primary=True)
    assert write_up_queries.needs(counted) == {
        ("Rotas on the phone", "must", "met"): 1,
        ("Rotas on the phone", "must", "not_met"): 2,
    }


def test_a_comparison_says_the_difference_and_its_interval(world, filled, sign_in):
    for place in range(12):
        factories.deal(
            world.programme,
            team=world.team,
            owner=world.rep,
            outcome="won" if place else "lost",
            decided_days_ago=(world.today - filled.starts_on).days + 20,
        )
    text = text_of(sign_in(world.admin).get(url(world, "overview", f"p={filled.key}&cmp=prev")))
    # 6 of 14 against 11 of 12: Newcombe's interval.
    assert "92 % (11 of 12), difference −49 points (−71 to −12)" in text
    assert "Compared with" in text


def test_the_overview_says_how_many_lessons_are_due_and_were_checked(world, filled, sign_in):
    def lesson(state, programme=world.programme, owner=world.rep, days=3):
        Lesson.objects.create(
            programme=programme, situation="S", we_did="W", buyers_did="B", owner=owner, state=state,
            written_at=world.now - timedelta(days=90), in_force_since=world.today - timedelta(days=60),
            check_on=world.today - timedelta(days=days),
        )  # fmt: skip

    client = sign_in(world.manager)
    assert "Lessons checked None yet nothing to count yet" in text_of(client.get(url(world, "overview")))
    for state in ("in_force", "in_force", "learned"):
        lesson(state)
    lesson("in_force", days=-3)
    lesson("in_force", world.other_programme, world.other_admin)
    text = text_of(client.get(url(world, "overview", f"p={filled.key}&o=lost")))
    assert "Lessons checked 1 of 3 1 of 3 whose day has come" in text
    assert "2 are due to be checked." in text
    assert "The same driver in" in text


def test_what_cannot_be_read_is_explained_and_filters_are_removed_one_by_one(world, filled, sign_in):
    page = sign_in(world.admin).get(url(world, "drivers", f"p={filled.key}&o=lost&size=giant&cmp=rest"))
    html = page.content.decode()
    assert "“giant” is none of small, medium, large, huge, unknown." in html
    assert f'href="{url(world, "drivers")}?p={filled.key}&amp;cmp=rest"' in html.replace("&cmp", "&amp;cmp")


def test_a_bar_leads_to_its_remarks_with_the_filters_kept_and_back(world, filled, sign_in):
    client = sign_in(world.manager)
    html = client.get(url(world, "drivers", f"p={filled.key}&o=lost")).content.decode()
    link = next(found for found in re.findall(r'href="([^"]*remarks/[^"]*)"', html) if "driver=" in found)
    assert f"p={filled.key}" in link
    assert "o=lost" in link
    remarks = client.get(link.replace("&amp;", "&"))
    text = text_of(remarks)
    assert "8 remarks you may read" in text
    assert "Words 0 of" in text
    assert f'href="{url(world, "drivers")}?p={filled.key}&amp;o=lost"' in remarks.content.decode()


def test_a_row_of_the_matrix_leads_to_its_debriefs(world, filled, sign_in):
    page = sign_in(world.manager).get(url(world, "debrief_list", f"p={filled.key}&own=nothing"))
    assert "No debriefs here that you may read" in text_of(page)
    found = text_of(sign_in(world.manager).get(url(world, "debrief_list", f"p={filled.key}")))
    assert "14 released debriefs you may read" in found


def member_pages(world, client, query=""):
    pages = [client.get(url(world, name, query)) for name in ("overview", "drivers", "remarks", "debrief_list")]
    pages += [client.get(url(world, "drivers", f"{query}&by={by}")) for by in ("segment", "team", "offering", "%00")]
    pages += [
        client.get(url(world, "export", f"page={key}&as={form}&chart=drivers&{query}"))
        for key in ("overview", "drivers")
        for form in ("csv", "svg", "zip", "list")
    ]
    return pages


def test_a_member_sees_the_closed_quarter_from_its_snapshot(world, filled, sign_in):
    take_snapshots(now=world.now, today=world.today)
    client = sign_in(world.member)
    text = text_of(client.get(url(world, "overview")))
    assert "Won 6 of 14 deals that were won or lost" in text
    assert "Fit helped in 6 of 14 debriefs; Price hurt in 8" in text
    for key in BUILDERS.keys() - {"overview", "drivers"}:
        assert client.get(url(world, key)).status_code == 404, key
        assert client.get(url(world, "export", f"page={key}")).status_code == 404, key
    # Filters that would narrow the quarter do nothing.
    narrowed = text_of(client.get(url(world, "overview", "o=lost&seg=Retail")))
    assert "Won 6 of 14" in narrowed


def test_no_page_or_export_of_figures_names_a_buyer_to_whom_it_was_withheld(world, filled, sign_in):
    take_snapshots(now=world.now, today=world.today)
    for reader in (world.member, world.other_member, world.other_manager):
        for response in member_pages(world, sign_in(reader), f"p={filled.key}"):
            if response.status_code != 200:
                continue
            content = response.content
            if response.headers["Content-Type"] == "application/zip":
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    content = b"".join(archive.read(name) for name in archive.namelist())
            if reader is world.member:
                # Of the same team: the released words are theirs to read, and carry the deal's name here.
                assert f"{SECRET} 1 Ltd".encode() not in content
            else:
                assert SECRET.encode() not in content


def test_another_programme_appears_nowhere(world, filled, sign_in):
    other = factories.deal(world.other_programme, decided_days_ago=60, segment="CANARYsegment", outcome="won")
    driver = factories.driver(world.other_programme, "CANARYdriver")
    factories.release(other, world.other_admin, (driver, "hurt", 3))
    factories.competitor(world.other_programme, "CANARYrival")
    client = sign_in(world.admin)
    for key in BUILDERS:
        assert b"CANARYsegment" not in client.get(url(world, key)).content
        assert b"CANARY" not in client.get(url(world, key)).content.replace(SECRET.encode(), b"")
    query = f"driver={driver.pk}&t={factories.team(world.other_programme).pk}&c={driver.pk}"
    assert b"CANARYdriver" not in client.get(url(world, "remarks", query)).content
    assert client.get(programme_url(world.other_programme, "insights:overview")).status_code == 404


def test_the_csv_holds_the_numbers_of_the_page_and_no_formula(world, filled, sign_in):
    factories.driver(world.programme, "=HYPERLINK(1)")
    evil = factories.driver(world.programme, "=1+1")
    deal = factories.deal(
        world.programme, team=world.team, owner=world.rep, decided_days_ago=(world.today - filled.starts_on).days
    )
    factories.release(deal, world.interviewer, (evil, "hurt", 1))
    response = sign_in(world.admin).get(url(world, "export", f"page=drivers&as=csv&chart=net&p={filled.key}"))
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    price = next(row for row in rows if row["item"] == "Price")
    assert price["counts"] == "Hurt 8; Helped 0; Debriefs 15"
    assert (price["value"], price["state"], price["filter"]) == ("-0.5333", "ok", f"p={filled.key}")
    assert not [cell for row in rows for cell in row.values() if cell.startswith("=")]
    entry = AuditEntry.objects.filter(action="figures.exported").latest("at")
    assert entry.detail == {"page": "drivers", "as": "csv"}


def test_the_zip_is_the_filtered_page(world, filled, sign_in):
    response = sign_in(world.manager).get(url(world, "export", f"page=competitors&p={filled.key}"))
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        names = archive.namelist()
        assert {"figures.csv", "debriefs.csv", "01-head-to-head.svg"} <= set(names)
        assert archive.read("debriefs.csv").decode().count("A company") == 14
        drawing = archive.read("01-head-to-head.svg").decode()
    assert "<title>Rival One was met most often: won 6, lost to them 4</title>" in drawing
    assert "60 %" in drawing


def test_a_view_is_kept_found_and_forgotten(world, filled, sign_in):
    client = sign_in(world.manager)
    for query in ("o=lost", f"o=won&p={filled.key}&nonsense=1"):
        client.post(url(world, "view_save"), {"name": "Losses", "page": "drivers", "query": query})
    view = FigureView.objects.get(person=world.manager)
    assert (view.page, view.query) == ("drivers", f"p={filled.key}&o=won")
    assert "Losses" in text_of(client.get(url(world, "overview")))
    assert "Losses" not in text_of(sign_in(world.admin).get(url(world, "overview")))
    sign_in(world.admin).post(url(world, "view_remove", figure_view_id=view.pk))
    assert FigureView.objects.exists()
    client.post(url(world, "view_remove", figure_view_id=view.pk))
    assert not FigureView.objects.exists()


def test_a_note_stands_at_its_quarter_of_the_trend(world, filled, sign_in):
    client = sign_in(world.manager)
    client.post(url(world, "note_add"), {"on": filled.starts_on.isoformat(), "text": "New price list"})
    assert text_of(client.get(url(world, "trend"))).count("New price list") >= 2
    assert sign_in(world.member).post(url(world, "note_add"), {"on": "2026-01-01", "text": "x"}).status_code == 404
    client.post(url(world, "note_add"), {"on": "0001-01-01", "text": "too old"})
    assert Annotation.objects.count() == 1
    client.post(url(world, "note_remove", note_id=Annotation.objects.get().pk))
    assert not Annotation.objects.exists()


@pytest.mark.parametrize("key", list(BUILDERS))
def test_the_queries_of_a_page_do_not_grow_with_deals(key, world, filled, sign_in, django_assert_max_num_queries):
    client = sign_in(world.admin)
    with django_assert_max_num_queries(40):
        client.get(url(world, key))


HOSTILE = ["p=%00", "p=9999q9", "seg=" + "x" * 5000, "t=%00", "c='--", "page=999999999", "own=%00", "driver=%FF", "cmp=rest", "cmp=prev", "d=%00", "from=/etc"]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_whatever_the_address_there_is_a_page(query, world, sign_in):
    for reader in (world.admin, world.member):
        client = sign_in(reader)
        for name in ("overview", "remarks", "debrief_list", "export"):
            response = client.get(url(world, name, query))
            assert response.status_code in (200, 404)
            assert response.content


def test_evidence_of_lessons_is_counted_among_the_debriefs_in_view(world, filled, sign_in):
    """A lesson that rests on two debriefs of Transport and one of Retail is no lesson of one that is in view."""
    lesson = Lesson.objects.create(
        programme=world.programme, situation="plans come late", we_did="W", buyers_did="B", owner=world.rep, written_at=world.now
    )  # fmt: skip
    said = Remark.objects.order_by("pk")
    cited = [*said.filter(deal__segment="Transport")[:2], said.filter(deal__segment="Retail").first()]
    for remark in cited:
        LessonEvidence.objects.create(programme=world.programme, lesson=lesson, remark=remark, added_at=world.now)
    client = sign_in(world.manager)

    def rests(query=""):
        exported = client.get(url(world, "export", f"page=lessons&as=csv&chart=evidence{query}"))
        return [row["counts"] for row in csv.DictReader(io.StringIO(exported.content.decode("utf-8-sig")))]

    assert rests() == ["Debriefs 3; Of 14"]
    assert rests("&seg=Retail") == ["Debriefs 1; Of 7"]


def test_what_is_counted_over_lessons_is_counted_over_all_of_them(world, filled, sign_in):
    Lesson.objects.bulk_create(
        Lesson(
            programme=world.programme, situation=f"S{n}", we_did="W", buyers_did="B", owner=world.rep, written_at=world.now,
            check_on=world.today if n < 2 else None,
        )
        for n in range(64)
    )  # fmt: skip
    text = text_of(sign_in(world.manager).get(url(world, "lessons")))
    assert "64 lessons: none in force, 2 due to be checked" in text
    assert "2 are due to be checked." in text_of(sign_in(world.manager).get(url(world, "overview")))


@pytest.mark.parametrize("page", ["remarks", "debrief_list"])
def test_a_filter_that_does_not_count_for_the_reader_is_said_to_be_left_out(world, filled, sign_in, page):
    client = sign_in(world.member)
    narrowed, plain = (text_of(client.get(url(world, page, query))) for query in ("seg=Retail", f"p={filled.key}"))
    assert "Only the period can be chosen here" in narrowed
    assert "Only the period can be chosen here" not in plain
    assert "Only the period" not in text_of(sign_in(world.manager).get(url(world, page, "seg=Retail")))


def test_a_note_sent_twice_is_one(world, filled):
    made = [note_on_trend(on=world.today, text="New prices", by=world.admin, now=world.now) for _click in range(2)]
    assert made[0] == made[1]
    assert Annotation.objects.count() == 1


def test_the_zip_of_a_closed_quarter_lists_the_debriefs_of_that_quarter(world, filled, sign_in):
    take_snapshots(now=world.now, today=world.today)
    fresh = factories.deal(world.programme, owner=world.rep, team=world.team, outcome="won", decided_days_ago=0)
    factories.release(fresh, world.interviewer, (factories.driver(world.programme, "Speed"), "helped", 2))
    client = sign_in(world.member)

    def listed(query):
        return len(list(csv.reader(io.StringIO(query.decode("utf-8-sig"))))) - 1

    kept = zipfile.ZipFile(io.BytesIO(client.get(url(world, "export", "as=zip")).content))
    assert listed(kept.read("debriefs.csv")) == 14
    assert listed(client.get(url(world, "export", "as=list")).content) == 15
