"""Quotes: nothing is used without the buyer's yes to the exact words, and a no, a term or a limit ends it everywhere."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from debriefs.calls import links
from debriefs.findings import actions, quotes
from debriefs.findings.models import Quote, QuoteUse, Release, Remark
from debriefs.findings.quote_queries import quotes_visible_to, usable_quotes
from debriefs.findings.refusals import NotReleasable, QuoteNotPossible, ReviewNotAllowed
from debriefs.foundation import clock, outbox
from debriefs.foundation.models import AuditEntry, Notice
from debriefs.interviews.models import PermissionGiven
from tests import factories
from tests.findings.conftest import permit
from tests.findings.test_release import released

WORDS = "They said no twice."


@pytest.fixture
def remark(world, debrief):
    """A remark of a release whose owner's day is over, at the level "anonymous"."""
    world.programme.owner_reads_first_hours = 0
    world.programme.save(update_fields=["owner_reads_first_hours"])
    debrief.programme.refresh_from_db()
    return released(world, debrief).remarks.get(verbatim=WORDS)


def proposed(world, remark, words=WORDS, level="anonymous"):
    return quotes.propose(remark=remark, words=words, level=level, by=world.reviewer, now=clock.now())


def asked(world, remark):
    return quotes.ask(quote=proposed(world, remark), by=world.reviewer, now=clock.now())


def approved(world, remark):
    return quotes.approve(quote=asked(world, remark), level="anonymous", words=WORDS, now=clock.now())


def usable(world, days=0):
    return list(usable_quotes(world.programme, clock.now() + timedelta(days=days)))


def ours(world, name, **values):
    return reverse(f"findings:{name}", kwargs={"programme_slug": world.programme.slug, **values})


def opened(client, debrief):
    """The buyer's browser after the link of the mail; the link of the page."""
    link = links.issue(debrief, clock.now())
    path = links.address(link).split("://", 1)[1].partition("/")[2]
    arrived = client.get("/" + path.replace("/open/", "/quotes/open/"))
    assert arrived.status_code == 302
    assert arrived["Location"] == reverse("quotes:page", kwargs={"link_id": link.pk})
    assert client.post(reverse("prospect:addressee", kwargs={"link_id": link.pk})).status_code == 302
    return link


def theirs(name, link, **values):
    return reverse(f"quotes:{name}", kwargs={"link_id": link.pk, **values})


@pytest.mark.django_db
def test_a_quote_repeats_the_released_words_and_stays_within_the_permission(world, remark):
    with pytest.raises(QuoteNotPossible, match="exactly"):
        proposed(world, remark, words="They said no three times.")
    with pytest.raises(QuoteNotPossible, match="so far"):
        proposed(world, remark, level="named")
    assert proposed(world, remark, words="said  no twice.").words == "said no twice."


@pytest.mark.django_db
def test_without_name_a_quote_carries_one_attribute_only(world, remark):
    made = proposed(world, remark)
    assert made.source == "a company in transport"
    assert "Pellworth" not in made.source and "Hathersby" not in made.source


@pytest.mark.django_db
def test_who_is_on_our_side_or_no_reviewer_keeps_no_quotes(world, remark):
    for person in (world.rep, world.member, world.manager, world.interviewer):
        with pytest.raises(ReviewNotAllowed):
            quotes.propose(remark=remark, words=WORDS, level="internal", by=person, now=clock.now())
    assert not Quote.objects.exists()


@pytest.mark.django_db
def test_nothing_is_used_before_the_buyer_says_yes(world, remark):
    made = asked(world, remark)
    assert usable(world) == []
    with pytest.raises(QuoteNotPossible, match="may not be used"):
        quotes.note_use(quote=made, place="Website", used_on=world.today, by=world.member, now=clock.now())
    quotes.approve(quote=made, level="internal", words="They said no.", now=clock.now())
    (found,) = usable(world)
    assert (found.words, found.proposed_words, found.level) == ("They said no.", WORDS, "internal")
    assert found.approver_name == "Corin Hathersby"


@pytest.mark.django_db
def test_the_buyer_narrows_and_never_widens(world, remark):
    made = asked(world, remark)
    with pytest.raises(QuoteNotPossible, match="how far"):
        quotes.approve(quote=made, level="named", words=WORDS, now=clock.now())
    assert usable(world) == []


@pytest.mark.django_db
def test_asked_once_at_a_time_and_never_after_a_no(world, remark, debrief):
    made = asked(world, remark)
    quotes.ask(quote=made, by=world.reviewer, now=clock.now())
    assert Notice.objects.filter(kind="quote_approval").count() == 1
    other = proposed(world, remark, words="They said no", level="internal")
    with pytest.raises(QuoteNotPossible, match="One question"):
        quotes.ask(quote=other, by=world.reviewer, now=clock.now())
    quotes.decline(quote=made, now=clock.now())
    with pytest.raises(QuoteNotPossible, match="Nobody asks again"):
        quotes.ask(quote=made, by=world.reviewer, now=clock.now())
    assert quotes.ask(quote=other, by=world.reviewer, now=clock.now()).asked_at


@pytest.mark.django_db
@pytest.mark.parametrize("ending", ["term", "withdrawn", "declined", "recalled", "narrowed", "forbidden"])
def test_whatever_ends_it_the_quote_is_gone_from_every_page_at_once(world, remark, debrief, client, ending):
    made = approved(world, remark)
    pages = [
        ours(world, "quote_list"),
        ours(world, "quote_page", quote_id=made.pk),
        ours(world, "release_page", release_id=remark.release_id),
    ]
    client.force_login(world.member.user)
    before = [client.get(page).content.decode() for page in pages]
    assert all("They said no twice" in text for text in before) and "Words the buyer approved" in before[2]
    if ending == "term":
        Quote.objects.update(expires_on=world.today)
    elif ending == "withdrawn":
        quotes.withdraw(quote=made, now=clock.now(), closes_words=True)
    elif ending == "declined":
        quotes.decline(quote=made, now=clock.now())
    elif ending == "recalled":
        actions.recall(release=remark.release, reason="Wrong deal", by=world.reviewer, now=clock.now())
    elif ending == "narrowed":
        permit(debrief, "internal")
    else:
        PermissionGiven.objects.filter(debrief=debrief).update(given=False)
    assert usable(world) == [] and not quotes_visible_to(world.member, clock.now()).exists()
    listed, one, story = (client.get(page) for page in pages)
    assert "They said no twice" not in listed.content.decode()
    assert one.status_code == 404
    assert "Words the buyer approved" not in story.content.decode()
    assert (
        client.post(ours(world, "quote_use", quote_id=made.pk), {"place": "x", "used_on": world.today}).status_code
        == 404
    )
    assert not QuoteUse.objects.exists()


@pytest.mark.django_db
def test_words_the_buyer_takes_back_leave_story_list_and_search_too(world, remark, client):
    made = approved(world, remark)
    client.force_login(world.member.user)
    search = ours(world, "remark_search") + "?q=twice"
    story = ours(world, "release_page", release_id=remark.release_id)
    assert "<mark>twice</mark>" in client.get(search).content.decode()
    assert "They said no twice" in client.get(story).content.decode()
    quotes.withdraw(quote=made, now=clock.now(), closes_words=True)
    quotes.withdraw(quote=made, now=clock.now(), closes_words=True)
    for page in (story, ours(world, "release_list"), search):
        assert "said no" not in client.get(page).content.decode()
    assert Remark.objects.get(pk=remark.pk).driver == remark.driver
    assert AuditEntry.objects.filter(action="quote.withdrawn").count() == 1


@pytest.mark.django_db
def test_a_late_yes_brings_back_what_the_buyer_took_back_but_not_what_we_withdrew(world, remark):
    made = approved(world, remark)
    quotes.withdraw(quote=made, now=clock.now(), closes_words=False)
    quotes.approve(quote=made, level="anonymous", words=WORDS, now=clock.now())
    assert usable(world) == [made]
    quotes.withdraw(
        quote=made, by=world.reviewer, reason="The study is out of print", now=clock.now(), closes_words=False
    )
    with pytest.raises(QuoteNotPossible, match="not asked any more"):
        quotes.approve(quote=made, level="anonymous", words=WORDS, now=clock.now())
    made.refresh_from_db()
    assert made.withdrawn_by == world.reviewer and made.withdraw_reason == "The study is out of print"
    assert usable(world) == []


@pytest.mark.django_db
def test_one_buyers_words_are_used_so_often_a_year_and_no_more(world, remark):
    made = approved(world, remark)
    world.programme.quote_uses_a_year = 2
    world.programme.save(update_fields=["quote_uses_a_year"])
    for place, days in (("Website", 400), ("Leaflet", 20), ("Talk", 0)):
        quotes.note_use(quote=made, place=place, used_on=world.today - timedelta(days=days), by=world.member, now=clock.now())  # fmt: skip
    with pytest.raises(QuoteNotPossible, match="2 times"):
        quotes.note_use(quote=made, place="Film", used_on=world.today, by=world.member, now=clock.now())
    with pytest.raises(QuoteNotPossible, match="once it happened"):
        quotes.note_use(quote=made, place="Film", used_on=world.today + timedelta(days=3), by=world.member, now=clock.now())  # fmt: skip
    assert list(made.uses.values_list("place", flat=True)) == ["Talk", "Leaflet", "Website"]


@pytest.mark.django_db
def test_an_expired_yes_is_asked_for_again(world, remark):
    made = approved(world, remark)
    assert made.expires_on - world.today in (timedelta(days=364), timedelta(days=365), timedelta(days=366))
    assert usable(world, days=300) and not usable(world, days=400)
    with pytest.raises(QuoteNotPossible, match="already"):
        quotes.ask(quote=made, by=world.reviewer, now=clock.now())
    again = quotes.ask(quote=made, by=world.reviewer, now=clock.now() + timedelta(days=400))
    assert (again.approved_at, again.expires_on) == (None, None)
    assert usable(world) == []


@pytest.mark.django_db
def test_the_buyer_answers_from_the_mail_without_an_account(world, remark, debrief, client):
    made = asked(world, remark)
    link = opened(client, debrief)
    page = client.get(theirs("page", link))
    assert "They said no twice" in page.content.decode()
    assert not re.search(r"<input[^>]*checked", page.content.decode())
    answer = theirs("answer", link, quote_id=made.pk)
    # What a scanner sends: the form as it stands.
    assert client.post(answer, {"words": ""}).status_code == 422
    assert client.post(answer, {"answer": "yes"}).status_code == 422
    kept = client.post(answer, {"answer": "changed", "words": "No, twice over"})
    assert kept.status_code == 422 and "No, twice over" in kept.content.decode()
    assert client.post(answer, {"answer": "yes", "level": "named"}).status_code == 422
    assert usable(world) == []
    assert (
        client.post(answer, {"answer": "changed", "words": "No, twice over", "level": "anonymous"}).status_code == 302
    )
    assert [quote.words for quote in usable(world)] == ["No, twice over"]
    withdraw = theirs("withdraw", link, quote_id=made.pk)
    assert client.post(withdraw).status_code == 422 and usable(world)
    assert client.post(withdraw, {"sure": "yes"}).status_code == 302
    assert usable(world) == [] and not Remark.objects.filter(verbatim=WORDS).exists()


@pytest.mark.django_db
def test_another_buyers_link_and_no_link_open_nothing(world, remark, debrief, client):
    made = asked(world, remark)
    stranger = factories.debrief(factories.deal(world.programme), world.interviewer)
    link = opened(client, stranger)
    assert "They said no" not in client.get(theirs("page", link)).content.decode()
    assert client.post(theirs("answer", link, quote_id=made.pk), {"answer": "no"}).status_code == 404
    own = links.issue(debrief, clock.now())
    assert client.get(theirs("page", own)).status_code == 404
    assert client.get(theirs("open", own, token="x" * 43)).status_code == 404
    made.refresh_from_db()
    assert made.declined_at is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("language", "subject"), [("en", "May we use"), ("de", "Dürfen wir"), ("fr", "Pouvons-nous"), ("es", "¿Podemos")])  # fmt: skip
def test_the_mail_asks_in_the_buyers_language_and_does_not_quote(world, remark, debrief, smtp, language, subject):
    debrief.contact.language = language
    debrief.contact.save(update_fields=["language"])
    made = asked(world, remark)
    with translation.override("en"):
        Notice.objects.filter(kind="quote_approval").update(due_at=clock.now())
        notice = Notice.objects.get(kind="quote_approval")
        draft = outbox.draft_of(notice, clock.now())
    assert draft.link is not None and "/quotes/open/" in draft.link()
    assert WORDS not in draft.text + draft.html and "said no" not in draft.text
    with translation.override(language):
        assert subject in outbox.draft_of(notice, clock.now()).subject
    quotes.decline(quote=made, now=clock.now())
    notice.refresh_from_db()
    assert notice.state == "superseded" or notice.reason


@pytest.mark.django_db
def test_a_quote_is_proposed_asked_and_its_use_noted_through_the_pages(world, remark, client):
    client.force_login(world.reviewer.user)
    propose = ours(world, "quote_propose", remark_id=remark.pk)
    refused = client.post(propose, {"words": "Something else", "level": "anonymous"})
    assert refused.status_code == 422 and "Something else" in refused.content.decode()
    assert client.post(propose, {"words": WORDS, "level": "anonymous"}).status_code == 302
    made = Quote.objects.get()
    client.post(ours(world, "quote_ask", quote_id=made.pk))
    quotes.approve(quote=made, level="anonymous", words=WORDS, now=clock.now())
    client.force_login(world.member.user)
    use = ours(world, "quote_use", quote_id=made.pk)
    assert client.post(use, {"place": "Leaflet", "used_on": ""}).status_code == 422
    assert client.post(use, {"place": "Leaflet", "used_on": world.today.isoformat()}).status_code == 302
    assert "Leaflet" in client.get(ours(world, "quote_page", quote_id=made.pk)).content.decode()
    assert client.get(ours(world, "quote_ledger")).status_code == 404
    client.force_login(world.reviewer.user)
    ledger = client.get(ours(world, "quote_ledger")).content.decode()
    assert "Corin Hathersby" in ledger and "They said no twice" in ledger


@pytest.mark.django_db
def test_words_the_buyer_took_back_do_not_come_again_with_another_release(world, remark, debrief):
    made = approved(world, remark)
    quotes.withdraw(quote=made, now=clock.now(), closes_words=True)
    actions.recall(release=remark.release, reason="A role was wrong", by=world.reviewer, now=clock.now())
    with pytest.raises(NotReleasable, match="they said no twice"):
        actions.release(debrief=debrief, summary="In short: they said no twice.", by=world.reviewer, now=clock.now())
    again = actions.release(debrief=debrief, summary="In short.", by=world.reviewer, now=clock.now())
    assert list(again.remarks.filter(driver=remark.driver).values_list("verbatim", flat=True)) == [""]
    assert again.remarks.exclude(verbatim="").exists()


@pytest.mark.django_db
def test_words_the_buyer_took_back_leave_our_own_sentences_of_the_release_too(world, remark):
    Remark.objects.filter(pk=remark.pk).update(note="Asked why: “they said  no twice”, and left.")
    Release.objects.filter(pk=remark.release_id).update(suggests="Listen when they said no\ntwice.")
    quotes.withdraw(quote=approved(world, remark), now=clock.now(), closes_words=True)
    remark.refresh_from_db()
    release = Release.objects.get(pk=remark.release_id)
    assert (remark.verbatim, remark.note) == ("", "Asked why: “…”, and left.")
    assert release.suggests == "Listen when …."


@pytest.mark.django_db
def test_a_late_yes_opens_the_words_again(world, remark, debrief):
    made = approved(world, remark)
    quotes.withdraw(quote=made, now=clock.now(), closes_words=True)
    quotes.approve(quote=made, level="anonymous", words=WORDS, now=clock.now())
    actions.recall(release=remark.release, reason="A role was wrong", by=world.reviewer, now=clock.now())
    again = actions.release(debrief=debrief, summary="", by=world.reviewer, now=clock.now())
    assert again.remarks.get(driver=remark.driver).verbatim == WORDS


@pytest.mark.django_db
def test_a_question_about_a_release_that_was_taken_back_holds_no_other_up(world, remark, debrief):
    asked(world, remark)
    actions.recall(release=remark.release, reason="A role was wrong", by=world.reviewer, now=clock.now())
    again = actions.release(debrief=debrief, summary="", by=world.reviewer, now=clock.now())
    made = asked(world, again.remarks.get(verbatim=WORDS))
    assert made.asked_at is not None


@pytest.mark.django_db
def test_a_yes_stands_while_the_owner_reads_alone_and_nobody_is_asked_twice(world, debrief):
    release = released(world, debrief)
    made = approved(world, release.remarks.get(verbatim=WORDS))
    mails = Notice.objects.filter(kind="quote_approval").count()
    with pytest.raises(QuoteNotPossible, match="already"):
        quotes.ask(quote=made, by=world.reviewer, now=clock.now())
    made.refresh_from_db()
    assert made.approved_at is not None
    assert Notice.objects.filter(kind="quote_approval").count() == mails


@pytest.mark.django_db
def test_the_buyer_is_not_asked_for_more_than_they_permit_now(world, remark, debrief):
    made = proposed(world, remark)
    permit(debrief, "internal")
    with pytest.raises(QuoteNotPossible, match="does not go so far"):
        quotes.ask(quote=made, by=world.reviewer, now=clock.now())
    assert not Notice.objects.filter(kind="quote_approval").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["Selling Person said no twice.", "We at Pellworth Freight said no twice."])
def test_words_the_buyer_writes_anew_carry_no_name_that_is_withheld(world, remark, debrief, client, words):
    made = asked(world, remark)
    link = opened(client, debrief)
    answer = theirs("answer", link, quote_id=made.pk)
    refused = client.post(answer, {"answer": "changed", "words": words, "level": "anonymous"})
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert usable(world) == []
    kept = client.post(answer, {"answer": "changed", "words": "We said no twice.", "level": "anonymous"})
    assert kept.status_code == 302
    assert [quote.words for quote in usable(world)] == ["We said no twice."]


@pytest.mark.django_db
def test_a_double_click_proposes_one_quote_and_notes_one_use(world, remark):
    first, second = proposed(world, remark), proposed(world, remark)
    assert first == second
    assert Quote.objects.count() == 1
    made = quotes.ask(quote=first, by=world.reviewer, now=clock.now())
    quotes.approve(quote=made, level="anonymous", words=WORDS, now=clock.now())
    for _click in range(2):
        quotes.note_use(quote=made, place="Website", used_on=world.today, by=world.member, now=clock.now())
    assert QuoteUse.objects.count() == 1
