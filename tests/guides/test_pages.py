"""Pages of the guides: who reads them, who writes them, and that nothing typed is lost."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.requests import programme_url
from debriefs.guides.actions import create_guide, install_starter_guides, publish, start_draft
from debriefs.guides.models import Guide, GuideVersion
from debriefs.guides.queries import bank_of, guides_visible_to, offered, offers, texts_of
from debriefs.guides.rules import QuestionText
from debriefs.guides.starter import GUIDES
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(world):
    return factories.guide_version(world.programme)


@pytest.fixture
def draft(world, version):
    return start_draft(version=version, by=world.admin, now=world.now)


def at(name, version):
    return programme_url(version.programme, f"guides:{name}", version_id=version.pk)


def fields_of(html):
    """What the browser would send from the edit page unchanged."""
    found = {}
    for tag in re.findall(r"<input[^>]+>", html):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and name[1] != "csrfmiddlewaretoken" and ('type="checkbox"' not in tag or "checked" in tag):
            found[name[1]] = value[1] if value else "on" if "checkbox" in tag else ""
    for name, text in re.findall(r'<textarea[^>]+name="([^"]+)"[^>]*>\n?(.*?)</textarea>', html, re.S):
        found[name] = text
    for name, options in re.findall(r'<select[^>]+name="([^"]+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.findall(r'<option value="([^"]*)"[^>]* selected', options)
        if chosen:
            found[name] = chosen if name.endswith("feeds") else chosen[0]
    return found


@pytest.mark.parametrize("reader", ["admin", "manager", "reviewer", "interviewer"])
def test_those_who_work_with_guides_read_the_published_ones(world, sign_in, version, draft, reader):
    client = sign_in(getattr(world, reader))
    listed = client.get(programme_url(world.programme, "guides:guide_list")).content.decode()
    assert version.guide.name in listed
    shown = client.get(at("version_page", version)).content.decode()
    assert "What happened 1?" in shown and "Opening." in shown and "Closing." in shown
    assert client.get(at("version_page", draft)).status_code == (200 if reader == "admin" else 404)
    assert ("Draft under way" in listed) == (reader == "admin")


@pytest.mark.parametrize("stranger", ["member", "rep"])
def test_for_a_team_member_guides_do_not_exist(world, sign_in, version, stranger):
    client = sign_in(getattr(world, stranger))
    for address in (programme_url(world.programme, "guides:guide_list"), at("version_page", version)):
        response = client.get(address)
        assert response.status_code == 404
        assert version.guide.name not in response.content.decode()


def test_another_programmes_guide_does_not_exist(world, sign_in):
    elsewhere = factories.guide_version(world.other_programme)
    address = programme_url(world.programme, "guides:version_page", version_id=elsewhere.pk)
    response = sign_in(world.admin).get(address)
    assert response.status_code == 404
    assert elsewhere.guide.name not in response.content.decode()


@pytest.mark.parametrize("name", ["version_edit", "version_copy", "version_publish"])
def test_only_programme_managers_write_guides(world, sign_in, version, name):
    before = GuideVersion.objects.count()
    response = sign_in(world.reviewer).post(at(name, version), {"note": "Mine"})
    assert response.status_code == 403
    assert "programme manager" in response.content.decode()
    assert GuideVersion.objects.count() == before


def test_the_whole_way_from_copy_to_the_next_published_version(world, sign_in, version):
    client = sign_in(world.admin)
    edited = client.post(at("version_copy", version))
    draft = GuideVersion.objects.get(guide=version.guide, number=2)
    assert edited.url == at("version_edit", draft)
    typed = fields_of(client.get(edited.url).content.decode())
    # The first question goes last, the second loses its place, a new one joins with two probes.
    typed |= {
        "q-0-place": "9",
        "q-1-left_out": "on",
        "q-3-text": "What surprised you?",
        "q-3-place": "1",
        "q-3-probes": "Such as? | An event\nWhat then?",
        "q-3-planned_minutes": "4",
        "opening_script": "Good morning.",
    }
    assert client.post(edited.url, typed).url == at("version_page", draft)
    kept = texts_of(draft)
    assert [text.text for text in kept] == ["What surprised you?", "What happened 3?", "What happened 1?"]
    assert kept[0].probes == (("Such as?", "An event"), ("What then?", ""))
    assert [text.key for text in kept] == ["what-surprised-you", "q3", "q1"]
    assert client.post(at("version_publish", draft), {"note": "Shorter."}).url == at("version_page", draft)
    draft.refresh_from_db()
    assert (draft.note, draft.published_by, draft.opening_script) == ("Shorter.", world.admin, "Good morning.")
    assert [text.text for text in texts_of(version)] == [f"What happened {n}?" for n in (1, 2, 3)]
    refused = client.get(at("version_edit", draft))
    assert refused.status_code == 403 and "never changes" in refused.content.decode()


def test_a_refused_draft_keeps_what_was_typed(world, sign_in, draft):
    client = sign_in(world.admin)
    typed = fields_of(client.get(at("version_edit", draft)).content.decode())
    typed |= {"q-0-text": "What tipped it, in the end?", "q-0-planned_minutes": "900"}
    response = client.post(at("version_edit", draft), typed)
    assert response.status_code == 422
    assert "What tipped it, in the end?" in response.content.decode()
    assert texts_of(draft)[0].text == "What happened 1?"


def test_two_editors_do_not_overwrite_each_other_unseen(world, sign_in, draft):
    client = sign_in(world.admin)
    typed = fields_of(client.get(at("version_edit", draft)).content.decode())
    client.post(at("version_edit", draft), typed | {"q-0-text": "From the first window?"})
    late = client.post(at("version_edit", draft), typed | {"q-0-text": "From the second window?"})
    assert late.status_code == 409
    assert "From the second window?" in late.content.decode()
    assert texts_of(draft)[0].text == "From the first window?"
    again = fields_of(late.content.decode())
    assert client.post(at("version_edit", draft), again).status_code == 302
    assert texts_of(draft)[0].text == "From the second window?"


def test_a_hostile_key_makes_a_new_question_never_anothers(world, sign_in, draft):
    client = sign_in(world.admin)
    typed = fields_of(client.get(at("version_edit", draft)).content.decode())
    client.post(at("version_edit", draft), typed | {"q-1-key": "q1", "q-2-key": "../q9"})
    assert [text.key for text in texts_of(draft)] == ["q1", "what-happened-2", "what-happened-3"]


def test_publishing_without_a_reason_says_so(world, sign_in, draft):
    response = sign_in(world.admin).post(at("version_publish", draft), {"note": ""})
    assert response.status_code == 422
    assert "What this version changes" in response.content.decode()
    assert GuideVersion.objects.get(pk=draft.pk).published_at is None


def test_the_list_costs_the_same_however_many_guides(world, version, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert len(guides_visible_to(world.admin)) == 1
    install_starter_guides(programme=world.programme, by=world.admin, now=world.now)
    with django_assert_num_queries(2):
        assert len(guides_visible_to(world.admin)) == 1 + 2 * len(GUIDES)


def test_a_version_page_costs_the_same_however_many_questions(world, sign_in):
    client = sign_in(world.interviewer)
    client.get(programme_url(world.programme, "guides:guide_list"))  # the first request of a session writes more
    costs = []
    for questions in (1, 9):
        version = factories.guide_version(world.programme, questions=questions)
        with CaptureQueriesContext(connection) as spent:
            client.get(at("version_page", version))
        costs.append(len(spent))
    assert costs[0] == costs[1]


@pytest.fixture
def upload():
    def made(text, name="guide.json"):
        return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode(), "application/json")

    return made


def test_a_new_guide_begins_as_a_draft_with_the_promises(world, sign_in):
    client = sign_in(world.admin)
    add = programme_url(world.programme, "guides:guide_add")
    fields = {
        "name": "Lost in the south", "outcome_groups": ["lost"], "language": "en", "expected_minutes": "25", "permissions": ["quote", "reference"]
    }  # fmt: skip
    made = client.post(add, fields)
    draft = GuideVersion.objects.get(guide__name="Lost in the south")
    assert made.url == at("version_edit", draft)
    assert "decision" in draft.opening_script
    again = client.post(add, fields | {"name": "LOST in the south"})
    assert again.status_code == 422 and "There is a guide called" in again.content.decode()
    assert "LOST in the south" in again.content.decode()
    edit = programme_url(world.programme, "guides:guide_edit", guide_id=draft.guide_id)
    assert client.post(edit, fields | {"outcome_groups": ["won", "rejected"]}).status_code == 302
    draft.guide.refresh_from_db()
    assert draft.guide.outcome_groups == ["won", "rejected"]
    retire = programme_url(world.programme, "guides:guide_retire", guide_id=draft.guide_id)
    said = client.post(retire, follow=True).content.decode()
    assert "Lost in the south is proposed no more" in said
    assert "Lost in the south" not in client.get(programme_url(world.programme, "guides:guide_list")).content.decode()


def test_buttons_move_a_question_and_the_last_save_can_be_taken_back(world, sign_in, draft):
    client = sign_in(world.admin)
    edit = at("version_edit", draft)
    typed = fields_of(client.get(edit).content.decode())
    moved = client.post(edit, typed | {"act": "down:0", "q-1-text": "Typed meanwhile?"})
    assert moved.url == edit + "#question-2"
    assert [text.text for text in texts_of(draft)] == ["Typed meanwhile?", "What happened 1?", "What happened 3?"]
    page = client.get(edit).content.decode()
    can_undo = re.compile(r'<form id="draft-undo"[^>]*action="[^"]+">')
    assert can_undo.search(page)
    client.post(at("version_undo", draft))
    assert [text.text for text in texts_of(draft)] == ["What happened 1?", "What happened 2?", "What happened 3?"]
    assert [text.key for text in texts_of(draft)] == ["q1", "q2", "q3"]
    assert not can_undo.search(client.get(edit).content.decode())
    nothing = client.post(at("version_undo", draft), follow=True).content.decode()
    assert "no earlier save" in nothing


def test_a_condition_is_typed_read_as_a_sentence_and_checked_when_publishing(world, sign_in, draft):
    client = sign_in(world.admin)
    edit = at("version_edit", draft)
    typed = fields_of(client.get(edit).content.decode())
    typed |= {
        "q-0-kind": "single",
        "q-0-choices": "Price\nFit",
        "q-2-when_on": "q1",
        "q-2-when_how": "is",
        "q-2-when_value": "Prise",
    }
    assert client.post(edit, typed).status_code == 302
    page = client.get(at("version_page", draft)).content.decode()
    assert "Cannot be published yet" in page
    assert "“Prise” is no answer to “What happened 1?”." in page
    refused = client.post(at("version_publish", draft), {"note": "Shorter."})
    assert refused.status_code == 422 and "“Prise” is no answer" in refused.content.decode()
    typed = fields_of(client.get(edit).content.decode())
    client.post(edit, typed | {"q-2-when_value": "Price"})
    page = client.get(at("version_page", draft)).content.decode()
    assert "Asked only if the answer to “What happened 1?” is “Price”." in page
    assert "One choice: Price · Fit" in page
    assert client.post(at("version_publish", draft), {"note": "Shorter."}).status_code == 302


def test_the_bank_offers_each_question_once_and_a_retired_one_no_more(world, sign_in, version, draft):
    client = sign_in(world.admin)
    edit, bank = at("version_edit", draft), programme_url(world.programme, "guides:question_bank")
    typed = fields_of(client.get(edit).content.decode())
    client.post(edit, typed | {"q-1-left_out": "on"})
    assert client.get(bank).content.decode().count("What happened 2?") >= 1
    typed = fields_of(client.get(edit).content.decode())
    took = client.post(edit, typed | {"act": "take", "bank": "q2"})
    assert took.url == edit + "#question-3"
    assert [text.key for text in texts_of(draft)] == ["q1", "q3", "q2"]
    typed = fields_of(client.get(edit).content.decode())
    client.post(edit, typed | {"q-2-left_out": "on"})
    retire = programme_url(world.programme, "guides:question_retire")
    client.post(retire, {"key": "q2"})
    typed = fields_of(client.get(edit).content.decode())
    client.post(edit, typed | {"act": "take", "bank": "q2"})
    assert [text.key for text in texts_of(draft)] == ["q1", "q3"]
    assert "Offer again" in client.get(bank).content.decode()
    client.post(retire, {"key": "q2", "again": "on"})
    assert "Offer again" not in client.get(bank).content.decode()
    assert "no such question" in client.post(retire, {"key": "q77"}, follow=True).content.decode()


def test_a_question_is_offered_in_the_language_of_the_draft(world, sign_in, version):
    """The German words are the later ones; an English draft still gets the English ones, and the other way round."""

    def written(name, language, key, text):
        draft = create_guide(
            programme=world.programme, name=name, outcome_groups=["won"], language=language, expected_minutes=20, by=world.admin,
            now=world.now, questions=[QuestionText(text=text, key=key)],
        )  # fmt: skip
        return publish(version=draft, by=world.admin, now=world.now, note="First")

    written("English", "en", "tipped", "What tipped it?")
    written("Deutsch", "de", "tipped", "Was gab den Ausschlag?")
    written("Nur deutsch", "de", "anders", "Was war anders?")
    by_key = {entry.text.key: (entry.text.text, entry.language) for entry in bank_of(world.programme)}
    assert by_key["tipped"] == ("What tipped it?", "en")
    # Asked in no other language, it stands in the one there is.
    assert by_key["anders"] == ("Was war anders?", "de")
    german = GuideVersion.objects.get(guide__name="Nur deutsch")
    assert offered(german, "tipped", []).text == "Was gab den Ausschlag?"
    assert offers(german, [])[-1].text.startswith("What happened")
    client = sign_in(world.admin)
    bank = client.get(programme_url(world.programme, "guides:question_bank")).content.decode()
    assert '<span lang="de">Was war anders?</span>' in bank and "Was gab den Ausschlag?" not in bank
    listed = client.get(programme_url(world.programme, "guides:guide_list")).content.decode()
    assert "Won · German" in listed and "Won · English" in listed


def test_a_question_dropped_on_another_takes_its_place(world, sign_in, draft):
    client = sign_in(world.admin)
    edit = at("version_edit", draft)
    typed = fields_of(client.get(edit).content.decode())
    assert client.post(edit, typed | {"act": "to:2:0"}).url == edit + "#question-1"
    assert [text.key for text in texts_of(draft)] == ["q3", "q1", "q2"]
    typed = fields_of(client.get(edit).content.decode())
    for hostile in ("to:9:0", "to:0", "to:0:1:2", "to:-1:0", "to:x:y", "to:4:0", "to:"):
        client.post(edit, typed | {"act": hostile})
        assert [text.key for text in texts_of(draft)] == ["q3", "q1", "q2"], hostile


def test_two_versions_are_compared_question_by_question(world, sign_in, version, draft):
    client = sign_in(world.admin)
    typed = fields_of(client.get(at("version_edit", draft)).content.decode())
    client.post(at("version_edit", draft), typed | {"q-0-text": "What came first?", "q-1-left_out": "on"})
    page = client.get(at("version_compare", draft)).content.decode()
    assert "<del>What happened 1?</del>" in page and "<ins>What came first?</ins>" in page
    assert "No longer asked" in page and "2 of 3 questions differ." in page
    assert client.get(at("version_compare", draft) + "?with=9").status_code == 404
    assert client.get(at("version_compare", version)).status_code == 404
    # An interviewer knows of no draft, so there is nothing to compare with.
    assert sign_in(world.interviewer).get(at("version_compare", draft)).status_code == 404


def test_in_writing_the_buyer_sees_only_what_is_fit_for_it_in_its_words(world, sign_in, draft):
    client = sign_in(world.admin)
    typed = fields_of(client.get(at("version_edit", draft)).content.decode())
    typed.pop("q-1-fit_for_writing")
    client.post(
        at("version_edit", draft), typed | {"q-0-written_text": "Please write what happened.", "q-0-intent": "Secret"}
    )
    page = client.get(at("version_written", draft)).content.decode()
    assert "Please write what happened." in page and "What happened 3?" in page
    for hidden in ("What happened 1?", "What happened 2?", "Secret"):
        assert hidden not in page


def test_a_guide_goes_out_as_a_file_and_comes_in_as_a_draft(world, sign_in, version, upload):
    client = sign_in(world.admin)
    sent = client.get(at("version_json", version))
    assert sent["Content-Disposition"] == 'attachment; filename="guide-version-1.json"'
    take = programme_url(world.programme, "guides:guide_import")
    same = client.post(take, {"file": upload(sent.content)})
    assert same.status_code == 422 and "There is a guide called" in same.content.decode()
    came = client.post(take, {"file": upload(sent.content), "name": "Taken in"})
    draft = GuideVersion.objects.get(guide__name="Taken in")
    assert came.url == at("version_page", draft) and draft.published_at is None
    assert texts_of(draft) == texts_of(version)
    assert "**What happened 1?**" in client.get(at("version_markdown", version)).content.decode()


@pytest.mark.parametrize("content", [b"", b"{", b"PK\x03\x04", b'{"format": "debriefs-guide/1"}', b"x" * 1_000_001])
def test_a_wrong_file_makes_nothing_and_says_why(world, sign_in, upload, content):
    before = Guide.objects.count()
    refused = sign_in(world.admin).post(
        programme_url(world.programme, "guides:guide_import"), {"file": upload(content)}
    )
    assert refused.status_code == 422
    assert "error-summary" in refused.content.decode()
    assert Guide.objects.count() == before


def test_the_lint_warns_while_writing_and_stops_only_what_sells_again(world, sign_in, draft):
    client = sign_in(world.admin)
    edit, publish_at = at("version_edit", draft), at("version_publish", draft)
    typed = fields_of(client.get(edit).content.decode())
    told = client.post(
        edit, typed | {"q-0-text": "Did our price play a role?"}, headers={"Accept": "application/json"}
    ).json()
    assert told["remarks"][0] == ["It can be answered with yes or no. Begin with what, how, or “tell me about”."]
    assert told["remarks"][1] == [] and any("Only 3 questions are open." in one for one in told["guide_remarks"])
    assert "It can be answered with yes or no." in client.get(edit).content.decode()
    page = client.get(at("version_page", draft)).content.decode()
    assert "It can be answered with yes or no." in page and "It does not ask at the end what else there is." in page
    typed = fields_of(client.get(edit).content.decode())
    client.post(edit, typed | {"q-1-text": "What would it take to win you back?"})
    refused = client.post(publish_at, {"note": "Shorter."})
    assert refused.status_code == 422 and "It opens the decision again." in refused.content.decode()
    typed = fields_of(client.get(edit).content.decode())
    client.post(edit, typed | {"q-1-text": "What decided it?"})
    # A warning is a warning.
    assert client.post(publish_at, {"note": "Shorter."}).status_code == 302
    published = client.get(at("version_page", draft)).content.decode()
    assert "It can be answered with yes or no." not in published
