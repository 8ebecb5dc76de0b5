"""Planted words of raw notes, hidden deals, withheld names and another programme: in no search, export, mail, queue or snapshot of anybody who may not know."""

import json
from base64 import b64decode
from itertools import product
from urllib.parse import urlencode

import pytest
import redis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from accounts.requests import programme_url
from debriefs.calls import window_digest
from debriefs.calls.models import Debrief
from debriefs.deals.enums import Selection
from debriefs.deals.models import Deal, DealImport
from debriefs.findings import actions
from debriefs.findings.models import CodedUnit, Finding, Release
from debriefs.foundation import notice_kinds, outbox
from debriefs.foundation.models import Notice
from debriefs.insights.dashboards import BUILDERS
from tests import factories
from tests.architecture import access, furnishing
from tests.architecture.asking import ask, taken_back
from tests.architecture.hidden import HIDDEN, KNOW_HIDDEN, OPENED
from tests.architecture.leaks import kept_in, told_by

pytestmark = pytest.mark.django_db
# Says nothing anywhere, and is as long as the planted word.
NOTHING = "zqxwvbnmkjhgfdsp"
# Where something is looked for by a text: route, and the name of the parameter.
SEARCHES = (
    ("findings:remark_search", "q"),
    ("deals:deal_list", "q"),
    ("deals:deal_list", "segment"),
    ("deals:deal_export", "q"),
    *((f"insights:{key}", "seg") for key in (*BUILDERS, "report", "remarks", "debrief_list")),
)


def address(staged, route, query=None, **instead):
    return staged.address(route, access.routes()[route], **instead) + (f"?{urlencode(query)}" if query else "")


def without(text, word):
    return text.lower().replace(word.encode(), b"<word>")


def plain(text):
    """An answer without what differs between any two of them."""
    kept = [line for line in text.splitlines() if b"csrf" not in line and b"nonce" not in line]
    return b"\n".join(kept).partition(b"{'content-type'")[0]


@pytest.mark.parametrize("word", [HIDDEN, furnishing.ELSEWHERE, furnishing.raw_word("hidden")])
def test_looking_for_a_planted_word_answers_as_looking_for_nothing_does(staged, word):
    """Also by its count, its order and its suggestions: the whole page is the same but for the word that was typed."""
    differ = []
    nothing = (NOTHING * 2)[: len(word)]
    for (route, name), person in product(SEARCHES, access.people()):
        if (word == HIDDEN and person in KNOW_HIDDEN) or (word == furnishing.ELSEWHERE and person == "other_admin"):
            continue
        with taken_back():
            pages = [
                without(plain(ask(staged, person, "GET", address(staged, route, {name: sought}))[1]), sought)
                for sought in (word, nothing)
            ]
        if pages[0] != pages[1]:
            differ.append(f"{route}?{name}= tells {person} of {word}")
    assert differ == []


def test_whoever_may_know_a_hidden_deal_finds_it(staged):
    """The control of the test above: it would see a difference."""
    for route, name in (("deals:deal_list", "q"), ("deals:deal_export", "q")):
        with taken_back():
            found, nothing = (
                ask(staged, "other_manager", "GET", address(staged, route, {name: sought}))[1]
                for sought in (HIDDEN, NOTHING)
            )
        assert found.lower().count(HIDDEN.encode()) > nothing.lower().count(HIDDEN.encode())
        assert b"deal hidden" in found.lower()
    with taken_back():
        assert (
            OPENED.split()[-2].encode()
            in ask(staged, "member", "GET", address(staged, "findings:remark_search", {"q": "opened"}))[1]
        )


def test_no_export_tells_more_than_its_reader_may_know(staged):
    told, got = [], set()
    queries = [
        {"page": page, "as": form} | ({"chart": chart} if chart else {})
        for page, form in product(BUILDERS, ("zip", "csv", "list", "svg"))
        for chart in (("drivers", "net", "funnel", "rates", "head-to-head") if form == "svg" else ("",))
    ]
    wanted = [("insights:export", query) for query in queries]
    wanted += [("deals:deal_export", {}), ("deals:deal_export", {"o": "lost"}), ("accounts:audit", {"as": "csv"})]
    for (route, query), person in product(wanted, access.people()):
        with taken_back():
            status, text = ask(staged, person, "GET", address(staged, route, query))
        told += told_by(person, f"{route} {query}", text)
        got |= {(person, query.get("as"))} if status == 200 else set()
    assert told == []
    assert {("admin", "zip"), ("manager", "list"), ("other_manager", "svg"), ("reviewer", "csv")} <= got


# ── Mails ──


def test_no_kind_of_mail_quotes_what_was_noted_raw(staged):
    """Every kind is rendered about everything the scene has, to the person it would go to."""
    world, told, rendered = staged.world, [], set()
    subjects = [("debrief", pk) for pk in Debrief.objects.values_list("pk", flat=True)]
    subjects += [("release", pk) for pk in Release.objects.values_list("pk", flat=True)]
    subjects += [("deal", pk) for pk in Deal.objects.values_list("pk", flat=True)]
    subjects += [("programme", world.programme.pk), ("quote", staged.here.common["quote_id"])]
    for kind in notice_kinds._kinds:
        for subject_kind, subject in subjects:
            notice = Notice(
                kind=kind, programme_id=world.programme.pk, subject_kind=subject_kind, subject_id=subject, context={"deals": []},
                recipient_kind="person", recipient_id=world.manager.pk, recipient_name="Reader", recipient_email="reader@people.example",
                message_id="<1@debriefs.example>", created_at=world.now, due_at=world.now,
            )  # fmt: skip
            try:
                with transaction.atomic():
                    draft = outbox.draft_of(notice, world.now)
                    transaction.set_rollback(True)
            except Exception:
                continue
            rendered.add(kind)
            if furnishing.RAW in (draft.subject + draft.text + draft.html).lower():
                told.append(f"{kind} about a {subject_kind}")
    assert told == []
    assert {
        "debrief_assigned",
        "debrief_released",
        "own_view_wanted",
        "quote_approval",
        "write_up_due",
    } <= rendered


def test_no_mail_of_a_release_or_a_digest_names_a_hidden_deal_to_anybody_else(staged, smtp):
    """A debrief of South is released and recalled, and a deal's window closes; all that is sent is read, byte by byte."""
    world = staged.world
    with taken_back():
        Notice.objects.all().delete()
        debrief = Debrief.objects.get(pk=staged.here.of_state["hidden"]["debrief_id"])
        factories.deal(
            world.programme, team=world.other_team, name=f"Closing {HIDDEN}", selection=Selection.CHOSEN,
            company=factories.company(world.programme, f"Closing {HIDDEN}"), decided_days_ago=world.programme.best_within_days - 1,
        )  # fmt: skip
        window_digest.owe_digests(world.now)
        for finding in Finding.objects.filter(debrief=debrief):
            actions.mask_finding(finding=finding, verbatim="They said it.", note="", by=world.reviewer, now=world.now)
        CodedUnit.objects.filter(coding__debrief=debrief).delete()
        actions.review(debrief=debrief, by=world.reviewer, now=world.now)
        # Whoever is told may read it by then: the owner's hours are over.
        debrief.programme.owner_reads_first_hours = 0
        debrief.programme.save()
        made = actions.release(debrief=debrief, summary="What happened.", by=world.reviewer, now=world.now)
        Notice.objects.update(due_at=world.now)
        outbox.drain()
        actions.recall(release=made, reason="Too early.", by=world.admin, now=world.now)
        outbox.drain()
        assert Notice.objects.filter(state="sent").count() == len(smtp.mails)
    may_know = {getattr(world, name).user.email for name in KNOW_HIDDEN} | {debrief.interviewer.user.email}
    may_know.add(owner_of(debrief).user.email)
    told, named = [], set()
    for mail in smtp.mails:
        address = mail["To"].addresses[0].addr_spec
        parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
        text = "\n".join([*(str(value) for value in mail.values()), *parts]).lower()
        told += [f"{address}: {mail['Subject']}" for word in (furnishing.RAW, furnishing.ELSEWHERE) if word in text]
        if HIDDEN in text:
            named.add(address)
    assert told == []
    assert named - may_know == set()
    # The owner and whoever plans are told; the rest of South is told of a debrief without its buyer.
    assert named
    assert world.other_member.user.email in {mail["To"].addresses[0].addr_spec for mail in smtp.mails}


def owner_of(debrief):
    return Debrief.objects.select_related("deal__owner__user").get(pk=debrief.pk).deal.owner


# ── Queues ──


def test_a_message_to_a_worker_names_a_row_and_nothing_else(staged, settings, django_capture_on_commit_callbacks):
    """An import is uploaded and started through the pages; all that Redis then holds is looked at, key by key."""
    store = redis.Redis.from_url(settings.REDIS_URL)
    store.flushdb()
    world, content = (
        staged.world,
        f"Deal id,Deal name,Company,Stage,Close date\n1,{HIDDEN},{HIDDEN} Ltd,Lost,2026-03-31\n",
    )
    with taken_back(), django_capture_on_commit_callbacks(execute=True):
        client = staged.clients["admin"]
        file = SimpleUploadedFile(f"{HIDDEN}.csv", content.encode(), content_type="text/csv")
        page = client.post(programme_url(world.programme, "deals:import_upload"), {"file": file})["Location"]
        form = client.get(page).context["form"]
        chosen = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
        started = client.post(page, chosen | {"step": "start"})
        assert started.status_code == 302, started.content.decode()
        identifier = str(DealImport.objects.latest("created_at").pk)
    held = {key: everything_of(store, key) for key in store.scan_iter()}
    store.flushdb()
    assert identifier.encode() in b"".join(held.values())
    assert [found for key, value in held.items() for found in kept_in(key.decode(), key + value)] == []


def everything_of(store, key):
    """The value of a key whatever its type; bodies of messages decoded."""
    kind = store.type(key)
    values = {
        b"string": lambda: [store.get(key)],
        b"list": lambda: store.lrange(key, 0, -1),
        b"set": lambda: list(store.smembers(key)),
        b"hash": lambda: [part for pair in store.hgetall(key).items() for part in pair],
        b"zset": lambda: store.zrange(key, 0, -1),
    }[kind]()
    bodies = [b64decode(json.loads(value)["body"]) for value in values if value.startswith(b"{") and b'"body"' in value]
    return b"\n".join([*values, *bodies])
