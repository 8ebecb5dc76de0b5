"""Erasing a person of the buyer's side: nothing of them is left anywhere, what was counted stays, and nobody brings them back."""

import threading
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.urls import reverse

from accounts.requests import programme_url
from debriefs.calls import actions as calls
from debriefs.calls import links, notices
from debriefs.calls.models import Call, DataRequest, Debrief
from debriefs.codebook.actions import install_starter_codebook
from debriefs.codebook.models import Driver
from debriefs.deals import actions as deals
from debriefs.deals.actions.contacts import contact_seen
from debriefs.deals.models import Contact, DealContact, Need, OwnView, SalesNote, SavedView
from debriefs.deals.refusals import AskedToBeErased, ImportUnderWay
from debriefs.findings import actions as findings
from debriefs.findings import quotes
from debriefs.findings.models import Finding, Quote, Release, Remark
from debriefs.foundation import clock, outbox, suppression
from debriefs.foundation.models import AuditEntry, Notice, Suppression
from debriefs.home.erasure import erase_contact, reworder
from debriefs.insights.models import Annotation
from debriefs.interviews import actions as interviews
from debriefs.interviews.models import Answer, AnswerRevision, AnswerSheet, WriteUp
from debriefs.interviews.refusals import IsErased, SheetIsSubmitted
from debriefs.lessons.actions import write_lesson
from debriefs.lessons.models import Lesson
from tests import factories
from tests.calls import mails
from tests.deals.importing import imported, row, table
from tests.findings.conftest import permit, tag
from tests.findings.test_release import coded
from tests.home.canary import found

pytestmark = pytest.mark.django_db

NAME, ADDRESS = "Zanthe Quorvex", "zanthe@quorvex.example"
WORDS = "CANARYWORDS that nobody else says."
CANARY = "quorvex|zanthe|canarywords|kilnwhistle|mailedold"


@pytest.fixture
def contact(world):
    company = factories.company(world.programme, "Pellworth Freight")
    return factories.contact(
        world.programme,
        "Zanthe Kilnwhistle",
        email="z@kilnwhistle.example",
        title="Head of CANARYWORDS",
        company=company,
    )


@pytest.fixture
def colleague(world, contact):
    """Somebody else at the same company, whose words stay."""
    return factories.contact(world.programme, "Bram Ostler", company=contact.company)


def deal_with(world, contact, **fields):
    deal = factories.deal(
        world.programme, owner=world.rep, team=world.team, company=contact.company, segment="Transport", **fields
    )
    factories.deal_contact(deal, contact, is_primary=True, approval_reason=f"{NAME} decides")
    deals.add_note(
        deal=deal, text=f"Ms Quorvex ({ADDRESS}) wants a call.", written_on=world.today, by=world.rep, now=world.now
    )
    OwnView.objects.create(
        programme=world.programme, deal=deal, person=world.rep, why=f"{NAME} left", asked_at=world.now
    )
    Need.objects.create(
        programme=world.programme, deal=deal, text="Quorvex wants rotas", position=1, noted_at=world.now
    )
    return deal


def renamed(world, contact):
    """Called otherwise, and reached elsewhere, before."""
    deal = deal_with(world, contact)
    deals.add_note(deal=deal, text="Zanthe Kilnwhistle", written_on=world.today, by=world.rep, now=world.now)
    part = DealContact.objects.get(deal=deal)
    deals.change_contact(
        deal_contact=part, name=NAME, email=ADDRESS, title=contact.title, part=part.part, time_zone="Europe/London", language="en",
        seen=contact_seen(part), by=world.rep, now=clock.now(),
    )  # fmt: skip
    DealContact.objects.filter(deal=deal).update(approval="approved")
    contact.refresh_from_db()


def held(world, contact):
    """A debrief that went all the way: noted, transcribed, written up, coded, released, quoted, mailed about."""
    deal = deal_with(world, contact, name=f"Rota for {NAME}", search_text=f"rota for {NAME}")
    now = clock.now()
    made = factories.debrief(
        deal, world.interviewer, contact_=contact, invited_at=now, booked_at=now, held_at=now, place="+44 CANARYWORDS",
        hypothesis=f"{NAME} never wanted it", planned_by=world.manager,
    )  # fmt: skip
    sheet = interviews.open_sheet(debrief=made, by=world.interviewer, now=now)
    interviews.record_consent(sheet=sheet, agreed=True, words=WORDS, on_the_call=NAME, by=world.interviewer, now=now)
    answer = sheet.answers.order_by("question__position").first()
    for number, text in enumerate((f"First {WORDS}", f"Selling Person showed a chart. {WORDS}")):
        save(world, answer, text, number)
    transcript = interviews.add_transcript(
        debrief=made, file_name="canarywords.txt", data=f"{NAME}: {WORDS}".encode(), by=world.interviewer, now=now
    )
    assert transcript.passages.count() == 1
    tag(world, answer, "implementation-plan", "hurt", f"Selling Person showed us a chart. {WORDS}")
    tag(world, answer, "trust", "helped", f"They said no twice. {WORDS}")
    written = WriteUp.objects.get(debrief=made)
    interviews.save_part(
        write_up=written, key="quality", by=world.interviewer, now=now, base_revision=0, operation=uuid4(),
        text=WORDS, chosen=["quality:frank"],
    )  # fmt: skip
    interviews.add_disclosure(write_up=written, kind="politics", text=WORDS, by=world.interviewer, now=now)
    interviews.add_need(write_up=written, text=f"Unseen {WORDS}", by=world.interviewer, now=now)
    Answer.objects.filter(sheet=sheet).update(state="noted")
    WriteUp.objects.filter(debrief=made).update(submitted_at=now, submitted_by=world.interviewer)
    AnswerSheet.objects.filter(debrief=made).update(submitted_at=now)
    Debrief.objects.filter(pk=made.pk).update(written_up_at=now)
    made.refresh_from_db()
    return made


def save(world, answer, text, base):
    return interviews.save_answer(
        answer=answer, by=world.interviewer, now=clock.now(), base_revision=base, operation=uuid4(), text=text
    )


@pytest.fixture
def scene(world, contact, smtp):
    """One of everything that may hold a contact; returns the released and the booked debrief."""
    install_starter_codebook(programme=world.programme)
    world.programme.owner_reads_first_hours = 0
    world.programme.save()
    renamed(world, contact)
    first = held(world, contact)
    permit(first, "anonymous")
    coded(world, first)
    findings.save_finding(
        debrief=first, driver=Driver.objects.get(programme=world.programme, key="trust"), direction="hurt", strength=2,
        verbatim="", note=f"Our words on {WORDS}", by=world.reviewer, now=clock.now(),
    )  # fmt: skip
    findings.review(debrief=first, by=world.reviewer, now=clock.now())
    release = findings.release(debrief=first, summary=f"In short {WORDS}", by=world.reviewer, now=clock.now())
    remark = release.remarks.get(verbatim__startswith="They said")
    quote = quotes.propose(
        remark=remark, words=f"They said no twice. {WORDS}", level="anonymous", by=world.reviewer, now=clock.now()
    )
    quotes.ask(quote=quote, by=world.reviewer, now=clock.now())
    quotes.approve(quote=quote, level="anonymous", words=f"Said {WORDS}", now=clock.now())
    quotes.note_use(quote=quote, place="The website", used_on=world.today, by=world.reviewer, now=clock.now())
    lesson = write_lesson(
        programme=world.programme, situation="a buyer asks", we_did="We wait", buyers_did="They go", owner=world.rep,
        remarks=[remark], by=world.reviewer, now=clock.now(),
    )  # fmt: skip
    # As a lesson may read that was written before the contact was known.
    Lesson.objects.filter(pk=lesson.pk).update(situation=f"When {NAME} asks")
    Annotation.objects.create(programme=world.programme, on=world.today, text=f"{NAME} called", noted_at=world.now)
    SavedView.objects.create(
        programme=world.programme, person=world.rep, name="Quorvex", query="q=quorvex", saved_at=world.now
    )
    second = booked(world, contact)
    outbox.drain()
    assert Notice.objects.filter(state="sent", recipient_email=ADDRESS).exists()
    answered = Notice.objects.filter(recipient_id=contact.pk, state="sent").first()
    # An address that only the mails know any more, and that somebody put down.
    Notice.objects.filter(pk=answered.pk).update(recipient_email="me@mailedold.example")
    SalesNote.objects.filter(deal=first.deal).update(text="Wrote to me@mailedold.example")
    raw = mails.reply_to(answered, WORDS, sender=ADDRESS)
    calls.receive_mail(raw=raw, size=len(raw), now=clock.now())
    calls.stop_mail(debrief=second, everywhere=True, now=clock.now())
    imported(
        world.programme,
        table(row(1, contact=NAME, email=ADDRESS), row(2, contact=NAME, email=ADDRESS, date="31 Feb 2026")),
    )
    return first, second


def booked(world, contact):
    deal = deal_with(world, contact)
    made = factories.debrief(deal, world.interviewer, contact_=contact, invited_at=world.now, planned_by=world.manager)
    links.issue(made, clock.now())
    calls.note_from_prospect(debrief=made, kind="colleague", text=WORDS, now=clock.now())
    starts = (clock.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    calls.book(
        debrief=made,
        starts_at=starts,
        time_zone="Europe/London",
        now=clock.now(),
        by=world.manager,
        reason=f"{NAME} rang",
    )
    notices.assigned(made, now=clock.now())
    calls.ask_for_data(debrief=made, kind="show", now=clock.now())
    calls.settle_data_request(
        request=DataRequest.objects.get(), answer=f"Dear {NAME}, here it is.", by=world.admin, now=clock.now()
    )
    calls.ask_for_data(debrief=made, kind="erase", now=clock.now())
    made.refresh_from_db()
    return made


def test_no_column_of_any_table_holds_the_person_any_more(world, contact, scene):
    first, second = scene
    before = found(CANARY)
    # The scene is worth its name only if the person stands in most places.
    assert len(before) > 30, before
    assert {
        "deals_uploadedpart.content",
        "foundation_notice.message",
        "foundation_receivedmail.raw",
        "findings_remark",
    } <= set(before)
    assert erase_contact(contact=contact, by=world.admin, now=clock.now())
    assert found(CANARY) == []
    outbox.drain()
    assert found(CANARY) == []


def test_what_was_counted_stays_and_other_people_stay(world, contact, colleague, scene):
    first, second = scene
    other = held(world, colleague)
    permit(other, "named")
    codes = list(Remark.objects.order_by("pk").values_list("driver", "direction", "strength", "is_primary"))
    figures = list(Release.objects.values_list("primary_driver", "own_category", "released_at"))
    erase_contact(contact=contact, by=world.admin, now=clock.now())
    assert list(Remark.objects.order_by("pk").values_list("driver", "direction", "strength", "is_primary")) == codes
    assert list(Release.objects.values_list("primary_driver", "own_category", "released_at")) == figures
    assert set(Remark.objects.values_list("verbatim", "note")) == {("", "")}
    release = Release.objects.get()
    assert (release.summary, release.company_label) == ("", "a company in transport")
    assert not Quote.objects.exists()
    assert set(Finding.objects.filter(debrief=first).values_list("verbatim", flat=True)) == {"[…]"}
    colleague.refresh_from_db()
    assert (colleague.name, colleague.erased_at) == ("Bram Ostler", None)
    theirs = Answer.objects.filter(sheet__debrief=other).exclude(text="")
    assert theirs.exists() and AnswerRevision.objects.filter(answer__in=theirs).exists()
    notes = SalesNote.objects.filter(deal=other.deal).values_list("text", flat=True)
    assert list(notes) == ["Ms […] ([…]) wants a call."]
    states = dict(Debrief.objects.values_list("pk", "state"))
    assert (states[first.pk], states[second.pk], states[other.pk]) == ("released", "closed", "written_up")


def test_the_booked_call_is_off_the_interviewer_is_told_and_the_buyer_gets_no_mail(world, contact, scene, smtp):
    call = Call.objects.get()
    waiting = Notice.objects.filter(recipient_id=contact.pk, state="queued")
    assert waiting.exists()
    smtp.recipients.clear()
    erase_contact(contact=contact, by=world.admin, now=clock.now())
    call.refresh_from_db()
    assert call.cancelled_at is not None
    assert not Notice.objects.filter(recipient_id=contact.pk, state="queued").exists()
    outbox.drain()
    told = Notice.objects.filter(kind="call_cancelled", state="sent")
    assert [notice.recipient_id for notice in told] == [world.interviewer.pk]
    assert all(ADDRESS not in recipients for recipients in smtp.recipients)


def test_a_second_click_changes_nothing(world, contact, sign_in):
    deal_with(world, contact)
    page = programme_url(world.programme, "home:erasure", contact_id=contact.pk)
    client = sign_in(world.admin)
    assert client.post(page).status_code == 422
    contact.refresh_from_db()
    assert contact.erased_at is None
    for _click in range(2):
        assert client.post(page, {"sure": "yes"}).status_code == 302
    assert AuditEntry.objects.filter(action="contact.erased").count() == 1
    entry = AuditEntry.objects.get(action="contact.erased")
    assert (entry.actor_id, entry.subject_id, entry.detail) == (world.admin.pk, contact.pk, {"debriefs": 0})
    assert "Nothing is left to erase" in client.get(page).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_managers_at_once_erase_once(world, contact):
    deal_with(world, contact)
    done, start = [], threading.Barrier(2)

    def act():
        start.wait()
        try:
            done.append(erase_contact(contact=contact, by=world.admin, now=clock.now()))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, True]
    assert AuditEntry.objects.filter(action="contact.erased").count() == 1


def personal(debrief):
    """The buyer's browser after the link of the mail."""
    client = Client(headers={"accept": "text/html"})
    link = links.issue(debrief, clock.now())
    assert client.get("/" + links.address(link).split("://", 1)[1].partition("/")[2]).status_code == 302
    assert client.post(reverse("prospect:addressee", kwargs={"link_id": link.pk})).status_code == 302
    return client, link


def test_the_buyers_page_says_that_it_is_done_and_takes_nothing_in_any_more(world, contact, scene):
    _first, second = scene
    client, link = personal(second)
    erase_contact(contact=contact, by=world.admin, now=clock.now())
    wish = DataRequest.objects.get(kind="erase")
    assert (wish.settled_by, wish.answer) == (world.admin, "What we held about you was erased.")
    assert DataRequest.objects.get(kind="show").answer == "What we held about you was erased."
    for name in ("prospect:page", "prospect:data", "prospect:stop", "written:page", "quotes:page", "held:file"):
        answer = client.get(reverse(name, kwargs={"link_id": link.pk}))
        assert answer.status_code == 200, name
        assert "What we held about you was erased" in answer.content.decode(), name
    note = reverse("prospect:note", kwargs={"link_id": link.pk})
    assert client.post(note, {"kind": "colleague", "text": WORDS}).status_code == 410
    stop = links.stop_address(link).split("://", 1)[1].partition("/")[2]
    assert Client().post("/" + stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    german = client.get(reverse("prospect:page", kwargs={"link_id": link.pk}) + "?lang=de").content.decode()
    assert "gelöscht" in german
    assert found(CANARY) == []


def test_a_save_that_comes_late_is_kept_nowhere(world, contact, scene):
    first, _second = scene
    answer = Answer.objects.filter(sheet__debrief=first).first()
    written = WriteUp.objects.get(debrief=first)
    with pytest.raises(SheetIsSubmitted):
        save(world, answer, "kept as refused", 9)
    assert AnswerRevision.objects.filter(was_refused=True).exists()
    erase_contact(contact=contact, by=world.admin, now=clock.now())
    with pytest.raises(IsErased):
        save(world, answer, WORDS, 9)
    with pytest.raises(IsErased):
        interviews.save_part(
            write_up=written, key="quality", by=world.interviewer, now=clock.now(), base_revision=1, operation=uuid4(),
            text=WORDS,
        )  # fmt: skip
    assert found(CANARY) == []


def test_neither_an_import_nor_a_form_brings_the_person_back(world, contact, scene, settings):
    erase_contact(contact=contact, by=world.admin, now=clock.now())
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    settings.LINK_KEYS = ["a-newer-key-of-personal-links-0123456789", *settings.LINK_KEYS]
    person = {"name": NAME, "title": "", "part": "unknown", "time_zone": "", "language": "en", "by": world.rep}
    with pytest.raises(AskedToBeErased):
        deals.add_contact(deal=deal, email=ADDRESS.upper(), now=clock.now(), **person)
    part = DealContact.objects.filter(contact=contact).first()
    with pytest.raises(AskedToBeErased):
        deals.change_contact(deal_contact=part, email="new@buyer.example", seen="", now=clock.now(), **person)
    before = Contact.objects.count()
    done = imported(world.programme, table(row(1, contact=NAME, email=ADDRESS), row(5)))
    assert (done.rejected, Contact.objects.count()) == (0, before + 1)
    assert not Contact.objects.filter(name=NAME).exists()
    assert outbox.is_suppressed(ADDRESS, world.programme.pk) and outbox.is_suppressed(ADDRESS, None)
    assert suppression.stopped_among([ADDRESS], world.programme.pk) == {ADDRESS}


def test_a_file_without_addresses_does_not_name_the_person_again(world, contact, scene, settings):
    company = contact.company.name
    erase_contact(contact=contact, by=world.admin, now=clock.now())
    settings.LINK_KEYS = ["a-newer-key-of-personal-links-0123456789", *settings.LINK_KEYS]
    done = imported(
        world.programme,
        table(
            row(1, contact=NAME.upper(), email="", company=company),
            row(2, contact=NAME, email="", company=""),
            row(3, contact="Bram Ostler", email="", company=company),
        ),
    )
    assert done.rejected == 0
    assert not Contact.objects.filter(name__iexact=NAME).exists()
    assert Contact.objects.filter(name="Bram Ostler", email="", company=contact.company).count() == 1
    deal = factories.deal(world.programme, owner=world.rep, company=contact.company)
    person = {"name": NAME, "title": "", "part": "unknown", "time_zone": "", "language": "en", "by": world.rep}
    with pytest.raises(AskedToBeErased):
        deals.add_contact(deal=deal, email="", now=clock.now(), **person)
    # A namesake elsewhere is somebody else, and so is one with an address.
    imported(world.programme, table(row(4, contact=NAME, email="", company="Another Buyer")))
    namesake = Contact.objects.get(name=NAME)
    assert namesake.company.name == "Another Buyer"
    contact.refresh_from_db()
    assert contact.sealed_names and not any(NAME.lower() in kept.lower() for kept in contact.sealed_names)


def test_a_stop_for_all_stays_readable_where_another_programme_knows_the_address(world, contact, scene):
    factories.contact(world.other_programme, NAME, email=ADDRESS)
    erase_contact(contact=contact, by=world.admin, now=clock.now())
    assert sorted(found(CANARY)) == ["deals_contact", "foundation_suppression"]
    assert outbox.is_suppressed(ADDRESS, world.other_programme.pk)


def test_while_an_import_is_under_way_nobody_is_erased(world, contact):
    made = deals.receive_upload(
        programme=world.programme, name="deals.csv", content=table(row(1)), by=world.admin, now=clock.now()
    )
    deals.queue_import(deal_import=made, by=world.admin, now=clock.now())
    with pytest.raises(ImportUnderWay):
        erase_contact(contact=contact, by=world.admin, now=clock.now())
    contact.refresh_from_db()
    assert contact.erased_at is None
    deals.cancel_import(deal_import=made, by=world.admin, now=clock.now())
    assert erase_contact(contact=contact, by=world.admin, now=clock.now())


def test_a_text_loses_the_person_and_keeps_everybody_else():
    reword = reworder({"Anna Price"}, {"anna@price.example"})
    assert reword("Met Anna Price; price was high. ben@other.example, +44 20 1234 5678") == (
        "Met […]; price was high. ben@other.example, +44 20 1234 5678"
    )
    assert reword("ANNA@price.example wrote") == "[…] wrote"
    assert reword("Nobody is named.") == "Nobody is named."


# ── Shown ──


def test_the_file_holds_what_is_held_and_the_buyer_gets_it_once_the_wish_is_met(world, contact, scene, sign_in):
    _first, second = scene
    DataRequest.objects.filter(kind="show").update(settled_at=None, settled_by=None, answer="")
    client, link = personal(second)
    theirs = reverse("held:file", kwargs={"link_id": link.pk})
    assert client.get(theirs).status_code == 302
    page = programme_url(world.programme, "home:held_data", contact_id=contact.pk)
    text = sign_in(world.admin).get(page).content.decode()
    for said in (
        NAME,
        ADDRESS,
        "Head of CANARYWORDS",
        f"First {WORDS}"[-20:],
        "They said no twice",
        "Said CANARYWORDS",
        "What was written up afterwards",
    ):
        assert said in text, said
    calls.settle_data_request(
        request=DataRequest.objects.get(kind="show"), answer="It is ready.", by=world.admin, now=clock.now()
    )
    assert theirs in client.get(reverse("prospect:data", kwargs={"link_id": link.pk})).content.decode()
    answer = client.get(theirs)
    assert answer["Content-Disposition"].startswith("attachment") and WORDS in answer.content.decode()
    shown = AuditEntry.objects.filter(action="contact.data_shown", subject_id=contact.pk)
    assert list(shown.order_by("id").values_list("actor_kind", "actor_id")) == [
        ("person", world.admin.pk),
        ("contact", contact.pk),
    ]


def test_a_manager_who_sold_to_them_may_erase_and_reads_nothing(world, contact, sign_in):
    deal = deal_with(world, contact)
    factories.debrief(deal, world.interviewer, contact_=contact)
    deals.join_deal_team(deal=deal, person=world.admin, part="", by=world.manager, now=clock.now())
    client = sign_in(world.admin)
    assert client.get(programme_url(world.programme, "home:held_data", contact_id=contact.pk)).status_code == 404
    assert client.get(programme_url(world.programme, "home:erasure", contact_id=contact.pk)).status_code == 200


def test_the_page_tells_where_words_were_used_outside(world, contact, scene, sign_in):
    client = sign_in(world.admin)
    page = client.get(programme_url(world.programme, "home:erasure", contact_id=contact.pk)).content.decode()
    assert "The website" in page and NAME in page and "CANARYWORDS that" not in page
    wishes = client.get(programme_url(world.programme, "calls:wishes")).content.decode()
    assert programme_url(world.programme, "home:erasure", contact_id=contact.pk) in wishes


# ── After a restore ──


def test_who_was_erased_is_erased_again_after_a_restore(world, contact, colleague, tmp_path):
    deal_with(world, contact)
    erase_contact(contact=contact, by=world.admin, now=clock.now())
    kept = tmp_path / "erasures"
    with kept.open("w") as file:
        call_command("erasures", stdout=file)
    assert kept.read_text() == f"{contact.pk} {world.admin.pk}\n"
    # Yesterday's backup: the person is back, and nobody remembers.
    Contact.objects.filter(pk=contact.pk).update(name=NAME, email=ADDRESS, email_key=ADDRESS, erased_at=None)
    Suppression.objects.all().delete()
    for said in ("1 of 1 were back", "0 of 1 were back"):
        told = StringIO()
        call_command("erasures", apply=kept, stdout=told)
        assert said in told.getvalue()
    assert found(CANARY) == []
    colleague.refresh_from_db()
    assert colleague.erased_at is None
    kept.write_text("drop table\n")
    with pytest.raises(CommandError, match="Line 1 is not two ids"):
        call_command("erasures", apply=kept)
