"""An import in the browser: upload, columns, questions, progress, result, rejected rows mended."""

import csv
import hashlib
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from debriefs.deals import tasks
from debriefs.deals.actions import receive_upload, run_import, update_deal
from debriefs.deals.actions.facts import facts_of
from debriefs.deals.enums import ImportState, Outcome
from debriefs.deals.models import Deal, DealImport
from debriefs.deals.uploads import open_upload
from debriefs.foundation import clock
from debriefs.foundation.models import AuditEntry
from tests import factories
from tests.deals.workbook_files import workbook

pytestmark = pytest.mark.django_db

FILE = (
    "Deal id,Deal name,Company,Stage,Close date,Amount\n"
    "1,Rota planning,Aldermoor Clinics,Closed Lost,03/04/2026,184000\n"
    "2,=cmd,Castavera Foods,Closed Won,05/06/2026,96000\n"
    "3,Test deal do not use,,Lost,,\n"
    "4,Shift,Pellworth,Lost,,5\n"
)


def at(world, page: str) -> str:
    return f"/p/{world.programme.slug}/deals/import/{page}"


def uploaded(client, world, content=FILE, name="deals.csv"):
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    return client.post(at(world, ""), {"file": file})


def answers(response, **changes) -> dict:
    """The mapping form as the page shows it, with some answers changed."""
    form = response.context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value not in (None, False)}
    return data | {"step": "start"} | changes


def finished(client, world, content=FILE, **changes) -> DealImport:
    """Uploaded, mapped as proposed with the changes, started, and run as the worker would."""
    page = uploaded(client, world, content)["Location"]
    response = client.post(page, answers(client.get(page), **changes))
    assert response.status_code == 302, response.content.decode()
    made = DealImport.objects.latest("created_at")
    assert run_import(import_id=made.pk, clock=clock.now)
    return DealImport.objects.get(pk=made.pk)


def test_a_file_is_read_before_anything_is_written(world, sign_in):
    client = sign_in(world.admin)
    response = client.get(uploaded(client, world)["Location"])
    page = response.content.decode()
    assert [row["name"] for row in response.context["form"].column_rows()] == [
        "Deal id",
        "Deal name",
        "Company",
        "Stage",
        "Close date",
        "Amount",
    ]
    assert [row.deal.name if row.deal else row.problems[0].reason for row in response.context["preview"]] == [
        "Rota planning",
        "=cmd",
        "Test deal do not use",
        "is missing, and a decided deal needs its decision date",
    ]
    [question] = response.context["form"].questions()
    assert [(row["line"], row["text"], [read for _name, read in row["readings"]][:2]) for row in question["rows"]] == [
        (2, "03/04/2026", ["Fri 3 Apr 2026", "Wed 4 Mar 2026"]),
        (3, "05/06/2026", ["Fri 5 Jun 2026", "Wed 6 May 2026"]),
    ]
    assert "Wed 4 Mar 2026" in page
    assert not Deal.objects.exists()


def test_the_date_question_is_asked_once_and_nothing_starts_before_it_is_answered(world, sign_in):
    client = sign_in(world.admin)
    page = uploaded(client, world)["Location"]
    response = client.post(page, answers(client.get(page)))
    assert response.status_code == 422
    assert "in which order day and month stand" in response.content.decode()
    assert DealImport.objects.get().state == ImportState.UPLOADED
    shown = client.get(client.post(page, answers(client.get(page), step="show", date_order="MDY"))["Location"])
    assert shown.context["preview"][0].deal.decided_on.isoformat() == "2026-03-04"
    started = client.post(page, answers(shown))
    assert started["Location"] == at(world, f"{DealImport.objects.get().pk}/")
    assert DealImport.objects.get().state == ImportState.QUEUED


def test_an_answer_about_dates_counts_for_the_column_it_was_asked_about(world, sign_in):
    content = b"Deal id,Deal name,Stage,Close date,When\n1,A,Won,03/04/2026,03/05/2026\n2,B,Won,05/06/2026,12/31/2025\n"
    client = sign_in(world.admin)
    page = uploaded(client, world, content)["Location"]
    fields = ["external_id", "name", "stage", "", "closed_on"]
    chosen = {f"column_{position}": fact for position, fact in enumerate(fields)}
    client.post(page, chosen | {"stage_0": "won", "date_order": "DMY", "step": "show"})
    assert [str(row.deal.decided_on) for row in client.get(page).context["preview"]] == ["2026-03-05", "2025-12-31"]


@pytest.mark.parametrize(
    ("days", "offered"),
    [("03/04/2026", ["DMY", "MDY"]), ("03/04/05", ["DMY", "MDY", "YMD"])],
    ids=["year last", "two digits"],
)
def test_an_order_that_reads_the_file_as_another_does_is_not_offered(world, sign_in, days, offered):
    client = sign_in(world.admin)
    content = f"Deal id,Deal name,Stage,Close date\n1,A,Closed Won,{days}\n"
    shown = client.get(uploaded(client, world, content)["Location"])
    [question] = shown.context["form"].questions()
    assert [order for order, _name in shown.context["form"].fields["date_order"].choices] == offered
    assert len(question["choices"]) == len(question["rows"][0]["readings"]) == len(offered)


def test_the_decimal_question_is_asked_once_with_rows_of_the_file_as_they_would_be_read(world, sign_in):
    content = "Deal id,Deal name,Amount,Currency\n1,A,500,EUR\n2,B,1.234,EUR\n3,C,2.500,EUR\n"
    client = sign_in(world.admin)
    page = uploaded(client, world, content)["Location"]
    shown = client.get(page)
    [question] = shown.context["form"].questions()
    assert [(row["line"], row["text"]) for row in question["rows"]] == [(3, "1.234"), (4, "2.500")]
    assert [read for _name, read in question["rows"][0]["readings"]] == ["€1.23", "€1,234"]
    refused = client.post(page, answers(shown))
    assert refused.status_code == 422
    assert "whether a point or a comma is the decimal sign" in refused.content.decode()
    shown = client.get(client.post(page, answers(shown, step="show", decimal=","))["Location"])
    assert [row.deal.amount for row in shown.context["preview"]] == [500, 1234, 2500]
    client.post(page, answers(shown))
    made = DealImport.objects.get()
    assert made.state == ImportState.QUEUED
    run_import(import_id=made.pk, clock=clock.now)
    assert list(Deal.objects.order_by("external_id").values_list("amount", flat=True)) == [500, 1234, 2500]
    # Remembered: the same columns are not asked about before they can start.
    again = client.get(uploaded(client, world, content)["Location"])
    assert again.context["form"]["decimal"].value() == ","
    assert client.post(again.request["PATH_INFO"], answers(again)).status_code == 302


def test_from_upload_to_result(world, sign_in):
    client = sign_in(world.admin)
    done = finished(client, world, date_order="DMY")
    assert (done.created, done.rejected) == (3, 1)
    assert Deal.objects.get(external_id="1").decided_on.isoformat() == "2026-04-03"
    assert Deal.objects.get(external_id="3").outcome == Outcome.INVALID
    page = client.get(at(world, f"{done.pk}/")).content.decode()
    assert "is missing, and a decided deal needs its decision date" in page
    assert "Look at the deals" in page
    again = finished(client, world, date_order="DMY")
    assert (again.created, again.updated, again.unchanged, again.rejected) == (0, 0, 3, 1)


def test_progress_is_what_the_database_says_and_ends_with_the_page_anew(world, sign_in):
    client = sign_in(world.admin)
    page = uploaded(client, world)["Location"]
    client.post(page, answers(client.get(page), date_order="DMY"))
    made = DealImport.objects.get()
    DealImport.objects.filter(pk=made.pk).update(state=ImportState.RUNNING, rows_done=3)
    whole = client.get(at(world, f"{made.pk}/")).content.decode()
    assert "3 of 4" in whole
    assert "Stop the import" in whole
    part = client.get(at(world, f"{made.pk}/"), headers={"HX-Request": "true"})
    assert "3 of 4" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "HX-Refresh" not in part.headers
    DealImport.objects.filter(pk=made.pk).update(state=ImportState.DONE, rows_done=4)
    assert client.get(at(world, f"{made.pk}/"), headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_row_with_more_cells_than_the_header_is_shown_as_it_will_be_read(world, sign_in):
    content = b"Deal id,Deal name,Stage,Close date\n1,A,Won,2026-01-31\n2,B, Inc,Won,2026-01-31\n3,C,Won,2026-01-31\n"
    client = sign_in(world.admin)
    shown = client.get(uploaded(client, world, content)["Location"])
    assert [bool(row.deal) for row in shown.context["preview"]] == [True, False, True]
    assert "has more cells than the header" in shown.content.decode()


def test_a_person_says_whose_ids_they_are_where_no_header_tells(world, sign_in):
    known = factories.deal(world.programme, source="hubspot", external_id="77", name="Rota")
    client = sign_in(world.admin)
    page = uploaded(client, world, "Post-ID,Affärsnamn,Affärsfas\n77,Rota 2,Pågår\n".encode())["Location"]
    assert "Which CRM are the ids of?" not in client.get(page).content.decode()
    client.post(page, {"column_0": "external_id", "column_1": "name", "column_2": "stage", "step": "show"})
    shown = client.get(page)
    assert shown.context["form"]["source"].value() == "file"
    assert "Which CRM are the ids of?" in shown.content.decode()
    client.post(page, answers(shown, source="hubspot"))
    run_import(import_id=DealImport.objects.get().pk, clock=clock.now)
    assert Deal.objects.get() == known
    assert Deal.objects.get().name == "Rota 2"
    # It is remembered with the columns.
    again = client.get(uploaded(client, world, "Post-ID,Affärsnamn,Affärsfas\n78,Shift,Pågår\n".encode())["Location"])
    assert again.context["form"]["source"].value() == "hubspot"


def test_a_waiting_import_can_be_stopped(world, sign_in):
    client = sign_in(world.admin)
    page = uploaded(client, world)["Location"]
    client.post(page, answers(client.get(page), date_order="DMY"))
    made = DealImport.objects.get()
    client.post(at(world, f"{made.pk}/cancel/"))
    assert DealImport.objects.get().state == ImportState.CANCELLED
    assert not run_import(import_id=made.pk, clock=clock.now)
    assert not Deal.objects.exists()


def test_another_stage_column_is_asked_about_before_the_start(world, sign_in):
    content = "Deal id,Deal name,Stage,State,Close date\n1,A,x,Won,2026-01-31\n2,B,x,Lost,2026-01-31\n"
    client = sign_in(world.admin)
    page = uploaded(client, world, content)["Location"]
    shown = client.get(page)
    response = client.post(page, answers(shown, column_2="", column_3="stage"))
    assert response["Location"] == page
    assert DealImport.objects.get().state == ImportState.UPLOADED
    stages = client.get(page).context["form"].stage_rows()
    assert [(row["name"], row["count"], row["field"].value()) for row in stages] == [
        ("Won", 1, "won"),
        ("Lost", 1, "lost"),
    ]


def test_a_file_read_with_the_wrong_letters_is_read_again(world, sign_in):
    content = "Deal id;Deal name;Company\n1;A;Łódź\n".encode("cp1250")
    client = sign_in(world.admin)
    page = uploaded(client, world, content)["Location"]
    client.post(page, {"step": "layout", "encoding": "cp1250", "delimiter": "semicolon"})
    assert client.get(page).context["preview"][0].deal.company == "Łódź"
    refused = client.post(page, {"step": "layout", "encoding": "utf-8", "delimiter": "semicolon"})
    assert refused.status_code == 422
    assert "Choose another encoding" in refused.content.decode()
    assert client.get(page).context["preview"][0].deal.company == "Łódź"


def test_a_workbook_goes_in_sheet_by_choice(world, sign_in):
    header = ["Deal id", "Deal name", "Stage", "Close date", "Amount"]
    content = workbook(
        ("Open", [header, ["1", "Still open", "Proposal", None, 5]]),
        ("Closed", [header, ["2", "Rota", "Won", date(2026, 3, 31), 1234.5], ["3", "Shift", "Lost", "never", 0]]),
    )
    client = sign_in(world.admin)
    page = uploaded(client, world, content, name="deals.csv")["Location"]
    shown = client.get(page)
    assert [row.deal.name for row in shown.context["preview"]] == ["Still open"]
    assert list(shown.context["layout"].fields) == ["sheet"]
    assert client.post(page, {"step": "layout", "sheet": "No such sheet"}).status_code == 422
    client.post(page, {"step": "layout", "sheet": "Closed"})
    shown = client.get(page)
    assert client.post(page, answers(shown)).status_code == 302
    made = DealImport.objects.get()
    assert run_import(import_id=made.pk, clock=clock.now)
    made.refresh_from_db()
    assert (made.created, made.rejected, made.rejections.get().line) == (1, 1, 3)
    deal = Deal.objects.get()
    assert (deal.name, deal.decided_on, deal.amount) == ("Rota", date(2026, 3, 31), 1234.5)


def test_a_file_larger_than_one_part_comes_back_whole(world):
    content = ("Deal id,Deal name\n" + "".join(f"{n},{'x' * 90}\n" for n in range(12_000))).encode()
    made = receive_upload(
        programme=world.programme, name="x.csv", content=io.BytesIO(content), by=None, now=clock.now()
    )
    assert (made.file.size, made.file.parts.count(), made.rows_total) == (len(content), 3, 12_000)
    assert made.file.sha256 == hashlib.sha256(content).hexdigest()
    with open_upload(made.file) as file:
        assert file.read() == content


def test_rejected_rows_come_back_safe_mended_and_go_in(world, sign_in):
    client = sign_in(world.admin)
    content = (
        'Deal id,Deal name,Stage,Close date\n1,A,Won,2026-01-31\n2,"=HYPERLINK(""x"")",Lost,never\n3,\'-x,Lost,never\n'
    )
    done = finished(client, world, content)
    assert (done.created, done.rejected) == (1, 2)
    response = client.get(at(world, f"{done.pk}/rejected.csv"))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(text)))
    assert table[0] == ["Deal id", "Deal name", "Stage", "Close date", "Line in the file", "Rejected because"]
    assert table[1] == ["2", '\'=HYPERLINK("x")', "Lost", "never", "3", "Close date: is not a date"]
    assert AuditEntry.objects.filter(action="import.rejections_exported", subject_id=done.pk).exists()
    mended = finished(client, world, text.replace("never", "2026-02-28"))
    assert (mended.created, mended.rejected) == (2, 0)
    assert Deal.objects.get(external_id="2").name == '=HYPERLINK("x")'
    assert Deal.objects.get(external_id="3").name == "'-x"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"a,b\n", "no rows below it"),
        (b"PK\x03\x04 a workbook", "workbook is damaged"),
        (b'a,b\n1,"x\n', "never closed"),
    ],
)
def test_what_cannot_be_read_is_said_at_the_upload(world, sign_in, content, said):
    response = uploaded(sign_in(world.admin), world, content)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not DealImport.objects.exists()


def test_a_file_beyond_the_limit_is_refused_with_the_limit(world, sign_in, settings):
    settings.IMPORT_MAX_BYTES = 100_000
    response = uploaded(sign_in(world.admin), world, b"a,b\n" + b"1,2\n" * 50_000)
    assert response.status_code == 422
    assert "larger than 97.7" in response.content.decode().replace("\xa0", " ")
    assert not DealImport.objects.exists()


def test_who_may_import_and_who_may_see_whose_import(world, sign_in):
    for person in (world.member, world.reviewer, world.interviewer):
        assert uploaded(sign_in(person), world).status_code == 404
    mine = uploaded(sign_in(world.manager), world)["Location"]
    assert sign_in(world.admin).get(mine).status_code == 200
    assert sign_in(world.other_manager).get(mine).status_code == 404
    assert sign_in(world.other_admin).get(mine).status_code == 404
    assert DealImport.objects.count() == 1


def test_hostile_answers_to_the_mapping_form_start_nothing(world, sign_in):
    client = sign_in(world.admin)
    page = uploaded(client, world)["Location"]
    good = answers(client.get(page), date_order="DMY")
    for changes in ({"column_0": "owner__password"}, {"stage_0": "\x00"}, {"date_order": "XYZ"}, {"decimal": ";"}):
        response = client.post(page, good | changes)
        assert response.status_code == 422, changes
    assert client.post(page, {"step": "layout", "encoding": "rot13", "delimiter": "x"}).status_code == 422
    assert DealImport.objects.get().state == ImportState.UPLOADED


def disputed(client, world) -> DealImport:
    """Two deals edited here, and a later file that says otherwise about both."""
    finished(client, world, TWO)
    for deal in Deal.objects.all():
        facts = replace(facts_of(deal), amount=Decimal(1), name=f"Ours {deal.external_id}")
        update_deal(deal=deal, facts=facts, base_version=1, by=world.manager, now=clock.now())
    return finished(client, world, TWO.replace("Rota", "<b>Roster</b>").replace(",5", ",6"))


TWO = "Deal id,Deal name,Stage,Close date,Amount\n1,Rota one,Lost,2026-11-03,5\n2,Rota two,Won,2026-11-04,5\n"


def test_both_values_are_shown_and_one_is_chosen(world, sign_in):
    client = sign_in(world.admin)
    done = disputed(client, world)
    response = client.get(at(world, f"{done.pk}/"))
    page = response.content.decode()
    rows = [(row["conflict"].field, row["ours"], row["theirs"]) for row in response.context["conflicts"]]
    assert rows == [
        ("amount", "€1", "€6"),
        ("name", "Ours 1", "<b>Roster</b> one"),
        ("amount", "€1", "€6"),
        ("name", "Ours 2", "<b>Roster</b> two"),
    ]
    assert "&lt;b&gt;Roster&lt;/b&gt; one" in page
    assert "<b>Roster" not in page
    assert "4 values to decide" in page
    shown = response.context["conflicts"][0]
    address = at(world, f"{done.pk}/conflicts/{shown['conflict'].pk}/")
    assert client.post(address, {"choice": "theirs", "ours": shown["now"]}).status_code == 302
    assert Deal.objects.get(external_id="1").amount == 6
    again = client.post(address, {"choice": "theirs", "ours": shown["now"]})
    assert (again.status_code, "This was decided already" in again.content.decode()) == (422, True)
    page = client.get(at(world, f"{done.pk}/"))
    assert [one.get_choice_display() for one in page.context["answered"]] == ["Taken from the file"]
    assert page.context["open_count"] == 3


def test_a_stale_answer_is_told_and_changes_nothing(world, sign_in):
    client = sign_in(world.admin)
    done = disputed(client, world)
    shown = client.get(at(world, f"{done.pk}/")).context["conflicts"][0]
    Deal.objects.filter(external_id="1").update(amount=9)
    response = client.post(
        at(world, f"{done.pk}/conflicts/{shown['conflict'].pk}/"), {"choice": "theirs", "ours": shown["now"]}
    )
    assert response.status_code == 409
    assert "Somebody changed this deal" in response.content.decode()
    assert response.context["conflicts"][0]["ours"] == "€9"
    assert Deal.objects.get(external_id="1").amount == 9


@pytest.mark.parametrize(("choice", "amount"), [("ours", 1), ("theirs", 6)])
def test_all_are_answered_at_once(world, sign_in, choice, amount):
    client = sign_in(world.admin)
    done = disputed(client, world)
    assert client.post(at(world, f"{done.pk}/conflicts/"), {"choice": choice}).status_code == 302
    assert set(Deal.objects.values_list("amount", flat=True)) == {amount}
    assert client.get(at(world, f"{done.pk}/")).context["open_count"] == 0


def test_a_sales_manager_answers_only_for_deals_of_teams_they_manage(world, sign_in):
    done = disputed(sign_in(world.admin), world)
    DealImport.objects.filter(pk=done.pk).update(started_by=world.manager)
    Deal.objects.filter(external_id="1").update(team=world.team)
    client = sign_in(world.manager)
    page = client.get(at(world, f"{done.pk}/"))
    assert {row["conflict"].deal.external_id for row in page.context["conflicts"]} == {"1"}
    foreign = done.found_conflicts.filter(deal__external_id="2").first()
    address = at(world, f"{done.pk}/conflicts/{foreign.pk}/")
    assert client.post(address, {"choice": "theirs", "ours": foreign.ours}).status_code == 404
    client.post(at(world, f"{done.pk}/conflicts/"), {"choice": "theirs"})
    assert list(Deal.objects.order_by("external_id").values_list("amount", flat=True)) == [6, 1]


def test_an_import_is_undone_from_its_page_and_names_what_stays(world, sign_in, django_capture_on_commit_callbacks):
    client = sign_in(world.admin)
    done = finished(client, world, TWO)
    deal = Deal.objects.get(external_id="1")
    update_deal(
        deal=deal, facts=replace(facts_of(deal), name="Ours"), base_version=1, by=world.manager, now=clock.now()
    )
    page = client.get(at(world, f"{done.pk}/undo/"))
    assert (page.context["expected"].removes, page.context["expected"].kept_count) == (1, 1)
    assert "was changed here since" in page.content.decode()
    assert client.post(at(world, f"{done.pk}/undo/")).status_code == 302
    assert client.get(at(world, f"{done.pk}/")).context["is_live"]
    tasks.resume_imports()
    tasks.undo_import(str(done.pk))
    assert list(Deal.objects.values_list("name", flat=True)) == ["Ours"]
    page = client.get(at(world, f"{done.pk}/")).content.decode()
    assert "1 deals were taken away and 0 put back" in page


def test_the_list_says_how_far_each_import_is(world, sign_in):
    client = sign_in(world.admin)
    uploaded(client, world, TWO)
    DealImport.objects.update(state=ImportState.RUNNING, rows_total=80_000, rows_done=12_500)
    page = client.get(at(world, "")).content.decode()
    assert 'value="12500"' in page and 'max="80000"' in page
    part = client.get(at(world, ""), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<section") and 'hx-trigger="every 2s"' in part
    DealImport.objects.update(state=ImportState.DONE)
    part = client.get(at(world, ""), headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in part
