"""The buyer's own permissions on the personal page: shown as they are, changed at any time, with effect at once."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.requests import programme_url
from debriefs.calls import links
from debriefs.findings.models import Release
from debriefs.findings.quote_queries import usable_quotes
from debriefs.foundation import clock, outbox
from debriefs.foundation.models import AuditEntry, Notice
from debriefs.guides.enums import PermissionKind
from debriefs.interviews import actions as interviews
from debriefs.interviews.models import PermissionGiven, WriteUp
from tests.architecture.snapshot import fingerprint
from tests.findings.conftest import permit
from tests.findings.test_quotes import approved
from tests.findings.test_release import released

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(debrief):
    """The buyer's browser, and the address of their permissions."""
    link = links.issue(debrief, clock.now())
    client = Client()
    client.get("/" + links.address(link).split("://", 1)[1].partition("/")[2])
    client.post(reverse("prospect:addressee", kwargs={"link_id": link.pk}))
    return client, reverse("quotes:permissions", kwargs={"link_id": link.pk})


@pytest.fixture
def remark(world, debrief):
    world.programme.owner_reads_first_hours = 0
    world.programme.save(update_fields=["owner_reads_first_hours"])
    debrief.programme.refresh_from_db()
    return released(world, debrief).remarks.get(verbatim="They said no twice.")


def checked(page):
    return re.findall(r'<input[^>]*name="(\w+)"[^>]*value="(\w+)" checked', page)


def test_nothing_is_chosen_beforehand_and_the_form_as_it_stands_changes_nothing(buyer, debrief):
    client, address = buyer
    PermissionGiven.objects.all().delete()
    before = fingerprint()
    page = client.get(address).content.decode()
    assert checked(page) == []
    assert all(f'name="{kind}"' in page for kind in PermissionKind.values)
    answer = client.post(address, {})
    assert answer.status_code == 422 and "Answer at least one" in answer.content.decode()
    assert client.post(address, {"quote": "everything"}).status_code == 422
    assert fingerprint() == before


def test_what_was_said_stands_as_it_was_said_and_is_changed(buyer, debrief):
    client, address = buyer
    assert checked(client.get(address).content.decode()) == [("quote", "anonymous")]
    assert client.post(address, {"quote": "anonymous", "reference": "yes", "contact_needs": "no"}).status_code == 302
    page = client.get(address).content.decode()
    assert checked(page) == [("quote", "anonymous"), ("reference", "yes"), ("contact_needs", "no")]
    assert "Kept. It holds from now on." in page
    assert set(PermissionGiven.objects.filter(debrief=debrief).values_list("kind", "given", "recorded_by")) == {
        ("quote", True, None), ("reference", True, None), ("contact_needs", False, None),
    }  # fmt: skip
    client.post(address, {"reference": "no"})
    assert PermissionGiven.objects.get(debrief=debrief, kind="reference").given is False
    assert PermissionGiven.objects.get(debrief=debrief, kind="quote").quote_level == "anonymous"
    entry = AuditEntry.objects.filter(action="permissions.recorded").latest("id")
    assert (entry.actor_kind, entry.actor_id, entry.detail) == ("contact", debrief.contact_id, {"reference": False})
    assert debrief.events.filter(action="debrief.permissions_changed", is_by_prospect=True).count() == 2


def test_the_same_answers_again_are_no_change(buyer, debrief):
    client, address = buyer
    client.post(address, {"reference": "yes"})
    before = PermissionGiven.objects.get(kind="reference").said_at, AuditEntry.objects.count()
    client.post(address, {"reference": "yes"})
    assert (PermissionGiven.objects.get(kind="reference").said_at, AuditEntry.objects.count()) == before


@pytest.mark.parametrize("level", ["internal", "none"])
def test_a_quote_that_is_permitted_no_more_vanishes_at_once(world, buyer, remark, level):
    client, address = buyer
    made = approved(world, remark)
    page = reverse("findings:quote_page", kwargs={"programme_slug": world.programme.slug, "quote_id": made.pk})
    reader = Client()
    reader.force_login(world.member.user)
    assert reader.get(page).status_code == 200
    client.post(address, {"quote": level})
    assert list(usable_quotes(world.programme, clock.now())) == []
    assert reader.get(page).status_code == 404


@pytest.mark.parametrize(("before", "after", "ends"), [("named", "anonymous", True), ("anonymous", "none", True), ("named", "none", True), ("anonymous", "internal", False), ("anonymous", "named", False)])  # fmt: skip
def test_a_release_that_shows_more_than_is_permitted_now_ends_and_its_reviewer_is_told(
    world, debrief, buyer, before, after, ends
):
    client, address = buyer
    permit(debrief, before)
    made = released(world, debrief)
    client.post(address, {"quote": after})
    client.post(address, {"quote": after})
    made.refresh_from_db()
    debrief.refresh_from_db()
    assert (made.recalled_at is not None, debrief.state) == ((True, "reviewed") if ends else (False, "released"))
    owed = Notice.objects.filter(kind="release_ended")
    assert [notice.recipient_id for notice in owed] == ([made.released_by_id] if ends else [])
    if ends:
        draft = outbox.draft_of(owed.get(), clock.now())
        assert "permits less" in draft.text and "They said no" not in draft.text + draft.html
        # Released again as far as the buyer allows, the mail would say nothing that is true.
        again = released(world, debrief)
        assert again.quote_level == after and Release.objects.filter(recalled_at=None).count() == 1


def corrected(debrief, by):
    """A further version of the write-up is open: the interviewer puts something right after the release."""
    now = clock.now()
    first = interviews.open_write_up(debrief=debrief, by=None, now=now)
    WriteUp.objects.filter(pk=first.pk).update(submitted_at=now, submitted_by=by)
    return interviews.correct_write_up(debrief=debrief, reason="Heard again on the recording", by=by, now=now)


@pytest.mark.parametrize(("before", "after", "ends"), [("named", "anonymous", True), ("anonymous", "none", True), ("anonymous", "internal", False), ("anonymous", "named", False)])  # fmt: skip
def test_a_correction_that_says_the_buyer_permits_less_ends_the_release_as_the_buyer_would(
    world, debrief, before, after, ends
):
    permit(debrief, before)
    made = released(world, debrief)
    corrected(debrief, world.interviewer)
    for _time in range(2):
        interviews.set_permissions(
            debrief=debrief, given={"reference": True}, quote_level=after, by=world.interviewer, now=clock.now()
        )
    made.refresh_from_db()
    debrief.refresh_from_db()
    assert (made.recalled_at is not None, debrief.state) == ((True, "reviewed") if ends else (False, "released"))
    assert made.recall_reason == ("A correction of the write-up says that the buyer permits less." if ends else "")
    owed = Notice.objects.filter(kind="release_ended")
    assert [notice.recipient_id for notice in owed] == ([made.released_by_id] if ends else [])
    # Who permits what else is no reason to take anything back.
    assert PermissionGiven.objects.get(kind="reference").recorded_by == world.interviewer


def test_the_interviewer_is_told_that_the_release_was_taken_back(world, debrief, sign_in):
    made = released(world, debrief)
    corrected(debrief, world.interviewer)
    address = programme_url(world.programme, "interviews:permissions", debrief_id=debrief.pk)
    client = sign_in(world.interviewer)
    page = client.post(address, {"quote": "none", "back": "write_up"}, follow=True).content.decode()
    assert "The release showed more; it was taken back" in page
    made.refresh_from_db()
    assert made.recalled_at is not None


def test_whoever_got_the_mail_passed_on_neither_sees_nor_changes_anything(debrief, buyer):
    _client, address = buyer
    stranger = Client()
    link = debrief.prospect_link
    stranger.get("/" + links.address(link).split("://", 1)[1].partition("/")[2])
    page = stranger.get(address).content.decode()
    assert "Are you Corin H.?" in page and "Hathersby" not in page and 'name="quote"' not in page
    assert stranger.post(address, {"quote": "none"}).status_code == 403
    assert PermissionGiven.objects.get(kind="quote").quote_level == "anonymous"


@pytest.mark.parametrize(("language", "heading"), [("en", "What you allow"), ("de", "Was Sie erlauben"), ("fr", "Ce que vous autorisez"), ("es", "Lo que usted permite")])  # fmt: skip
def test_in_the_buyers_language(debrief, buyer, language, heading):
    client, address = buyer
    debrief.contact.language = language
    debrief.contact.save(update_fields=["language"])
    assert f"<h1>{heading}</h1>" in client.get(address).content.decode()
