"""From tags to a released copy: order, masking, who reads when, recall."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.urls import reverse

from accounts.enums import Role
from accounts.models import TeamMember
from debriefs.calls.refusals import WrongOrder
from debriefs.codebook.models import Driver
from debriefs.deals.enums import PartyKind
from debriefs.deals.models import DealParty
from debriefs.findings import actions, notice_kinds
from debriefs.findings.models import Finding, Release, Remark
from debriefs.findings.permissions import can_review
from debriefs.findings.plan import company_in, plan_release
from debriefs.findings.queries import counted_releases, releases_visible_to, remarks_visible_to
from debriefs.findings.refusals import AlreadyReleased, FindingIsStale, NamesRemain, NotReleasable, ReviewNotAllowed
from debriefs.foundation import clock, outbox
from debriefs.foundation.models import AuditEntry, Notice
from tests import factories
from tests.findings.conftest import permit


def coded(world, debrief):
    """Tags taken over, the first one decided, names masked."""
    actions.open_review(debrief=debrief, by=world.reviewer, now=clock.now())
    first = Finding.objects.get(debrief=debrief, driver__key="implementation-plan")
    actions.make_primary(finding=first, by=world.reviewer, now=clock.now())
    actions.mask_finding(
        finding=first,
        verbatim="The salesperson showed us a chart with arrows.",
        note="",
        by=world.reviewer,
        now=clock.now(),
    )
    return first


def released(world, debrief, summary=""):
    coded(world, debrief)
    actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    return actions.release(debrief=debrief, summary=summary, by=world.reviewer, now=clock.now())


@pytest.mark.parametrize(
    ("segment", "told"),
    [
        ("Transport", "a company in transport"), ("Public sector", "a company in the public sector"), ("IT", "a company in IT"),
        ("SaaS", "a company in SaaS"), ("Food  Industry", "a company in the Food Industry"), (" ", "a company"), ("", "a company"),
    ],
)  # fmt: skip
def test_a_company_is_told_by_its_segment_as_a_person_would_say_it(segment, told):
    assert company_in(segment) == told


@pytest.mark.django_db
def test_tags_are_taken_over_once_with_their_evidence(world, debrief):
    assert actions.open_review(debrief=debrief, by=world.reviewer, now=clock.now()) == 2
    assert actions.open_review(debrief=debrief, by=world.reviewer, now=clock.now()) == 0
    assert set(Finding.objects.values_list("verbatim", flat=True)) == {
        "Selling Person showed us a chart with arrows.", "They said no twice."
    }  # fmt: skip


@pytest.mark.django_db
def test_a_finding_without_evidence_is_refused(world, debrief):
    driver = Driver.objects.get(programme=world.programme, key="trust")
    with pytest.raises(NotReleasable, match="evidence"):
        actions.save_finding(
            debrief=debrief,
            driver=driver,
            direction="hurt",
            strength=1,
            by=world.reviewer,
            now=clock.now(),
            verbatim="  ",
        )
    assert Finding.objects.count() == 0


@pytest.mark.django_db
def test_exactly_one_finding_decides(world, debrief):
    coded(world, debrief)
    second = Finding.objects.get(debrief=debrief, driver__key="trust")
    actions.make_primary(finding=second, by=world.reviewer, now=clock.now())
    assert Finding.objects.get(debrief=debrief, is_primary=True) == second


@pytest.mark.django_db
def test_review_and_release_refuse_what_is_missing_and_the_wrong_order(world, debrief):
    with pytest.raises(NotReleasable):
        actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    actions.open_review(debrief=debrief, by=world.reviewer, now=clock.now())
    with pytest.raises(NotReleasable, match="decided"):
        actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    coded(world, debrief)
    with pytest.raises(WrongOrder):
        actions.release(debrief=debrief, summary="", by=world.reviewer, now=clock.now())
    assert Release.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "SELLING PERSON was rude.", "We asked selling person twice.", "Mail user@people.example", "Corin agreed.",
        "At Pellworth nobody knew.", "Neutral Interviewer asked.",
    ],
)  # fmt: skip
def test_a_known_name_refuses_the_release(world, debrief, text):
    coded(world, debrief)
    actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    with pytest.raises(NamesRemain):
        actions.release(debrief=debrief, summary=text, by=world.reviewer, now=clock.now())
    assert Release.objects.count() == 0
    debrief.refresh_from_db()
    assert debrief.released_at is None


@pytest.mark.django_db
def test_a_named_permission_lets_the_buyer_and_the_company_stand(world, debrief):
    permit(debrief, "named")
    release = released(world, debrief, summary="Corin at Pellworth Freight saw no plan.")
    assert (release.buyer_label, release.company_label) == ("Head of depots", "Pellworth Freight")


@pytest.mark.django_db
def test_without_permission_only_notes_are_released(world, debrief):
    permit(debrief, "none")
    release = released(world, debrief)
    assert set(release.remarks.values_list("verbatim", flat=True)) == {""}
    assert (release.buyer_label, release.company_label) == ("Evaluator", "a company in transport")


@pytest.mark.django_db
def test_the_owner_reads_first_then_the_team_and_nobody_else(world, debrief):
    release = released(world, debrief)
    now, later = clock.now(), clock.now() + timedelta(hours=25)

    def reads(person, at):
        return releases_visible_to(person, at).filter(pk=release.pk).exists()

    assert [reads(person, now) for person in (world.rep, world.member, world.manager)] == [True, False, False]
    assert [reads(person, later) for person in (world.rep, world.member, world.manager)] == [True, True, True]
    assert not any(
        reads(person, later)
        for person in (world.other_member, world.other_manager, world.other_interviewer, world.other_admin)
    )
    assert all(reads(person, now) for person in (world.admin, world.reviewer, world.interviewer))
    assert not counted_releases(world.programme, now).exists()
    assert counted_releases(world.programme, later).exists()
    due = {notice.kind: notice.due_at for notice in Notice.objects.filter(subject_id=release.pk)}
    assert due["debrief_released"] == release.others_from
    assert due["debrief_released_owner"] == release.released_at


@pytest.mark.django_db
def test_the_copy_holds_masked_words_and_never_the_raw_note(world, debrief, sign_in):
    release = released(world, debrief)
    Release.objects.update(others_from=release.released_at)
    for person in (world.rep, world.member, world.manager):
        page = sign_in(person).get(f"/p/{world.programme.slug}/findings/released/{release.pk}/").content.decode()
        assert "The salesperson showed us a chart with arrows." in page
        for hidden in ("RAWCANARY", "Selling Person showed", "Corin Hathersby", "Pellworth"):
            assert hidden not in page.replace(person.name, "")
    assert "RAWCANARY" not in "".join(Remark.objects.values_list("verbatim", flat=True))


@pytest.mark.django_db
def test_a_recall_takes_it_away_at_once_everywhere(world, debrief, smtp):
    release = released(world, debrief)
    later = clock.now() + timedelta(hours=25)
    outbox.drain()
    actions.recall(release=release, reason="A name was left in", by=world.admin, now=clock.now())
    assert not releases_visible_to(world.rep, later).exists()
    assert not remarks_visible_to(world.admin, later).exists()
    assert not counted_releases(world.programme, later).exists()
    assert set(Notice.objects.filter(kind="debrief_released").values_list("state", flat=True)) == {"superseded"}
    debrief.refresh_from_db()
    assert debrief.state == "reviewed"
    again = actions.release(debrief=debrief, summary="", by=world.reviewer, now=clock.now())
    assert again.pk != release.pk


@pytest.mark.django_db
def test_a_word_that_is_also_a_name_waits_for_a_persons_eye(world, debrief, sign_in):
    factories.person(world.programme, "member", name="Mark Winterbourne")
    first = coded(world, debrief)
    words = "Mark my words: the plan was thin."
    actions.mask_finding(finding=first, verbatim=words, note="", by=world.reviewer, now=clock.now())
    second = Finding.objects.get(debrief=debrief, driver__key="trust")
    save = {"debrief": debrief, "driver": second.driver, "direction": "helped", "strength": 2, "by": world.reviewer}
    actions.save_finding(finding=second, verbatim="Mark twain, they said.", now=clock.now(), **save)
    client, base = sign_in(world.reviewer), f"/p/{world.programme.slug}/findings"
    refused = client.post(f"{base}/review/{debrief.pk}/done/")
    assert refused.status_code == 422
    page = refused.content.decode()
    # What was looked at is not asked about again; what was not is.
    assert page.count("It may name somebody.") == 1
    assert "also names: Mark." in page
    client.post(f"{base}/{second.pk}/words/", {"masked_verbatim": "Mark twain, they said.", "version": "99"})
    with pytest.raises(NamesRemain):
        actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    second.refresh_from_db()
    client.post(f"{base}/{second.pk}/words/", {"masked_verbatim": second.verbatim, "version": second.version})
    assert client.post(f"{base}/review/{debrief.pk}/done/").status_code == 302
    # Changed words are new words.
    second.refresh_from_db()
    actions.save_finding(finding=second, verbatim="Mark left early.", now=clock.now(), **save)
    with pytest.raises(NamesRemain, match="Mark"):
        actions.release(debrief=debrief, summary="", by=world.reviewer, now=clock.now())
    second.refresh_from_db()
    actions.mask_finding(
        finding=second, verbatim="A colleague left early.", note="", by=world.reviewer, now=clock.now()
    )
    release = f"{base}/review/{debrief.pk}/release/"
    asked = client.post(release, {"summary": "Mark the date: two weeks were lost."})
    assert asked.status_code == 422
    assert 'name="words_confirmed"' in asked.content.decode()
    assert "Mark the date: two weeks were lost." in asked.content.decode()
    looked_at = re.search(r'name="looked_at" value="(\w+)"', asked.content.decode())[1]
    ticked = {"words_confirmed": "on", "looked_at": looked_at}
    # The tick is for the text that was looked at, not for what was added beside it.
    other = client.post(release, ticked | {"summary": "Mark the date: two weeks were lost. Mark said so."})
    assert other.status_code == 422
    assert not Release.objects.exists()
    assert "checked" not in re.search(r'<input[^>]*name="words_confirmed"[^>]*>', other.content.decode())[0]
    done = client.post(release, ticked | {"summary": " Mark the date: two weeks were lost.\r\n"})
    assert done.status_code == 302
    assert Release.objects.get().summary == "Mark the date: two weeks were lost."


@pytest.mark.django_db
def test_without_permission_no_text_repeats_the_buyers_words(world, debrief, sign_in):
    permit(debrief, "none")
    first = coded(world, debrief)
    actions.mask_finding(
        finding=first, verbatim="", note="They said the salesperson showed us a chart with arrows, and left.",
        by=world.reviewer, now=clock.now(),
    )  # fmt: skip
    with pytest.raises(NotReleasable, match="showed us a chart with arrows"):
        actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    page = sign_in(world.reviewer).get(f"/p/{world.programme.slug}/findings/review/{debrief.pk}/").content.decode()
    assert "It repeats the buyer’s words." in page
    actions.mask_finding(
        finding=first, verbatim="", note="A drawing was used.", by=world.reviewer, now=clock.now()
    )  # fmt: skip
    actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    with pytest.raises(NotReleasable, match="they said no, twice"):
        actions.release(debrief=debrief, summary="In short: they said no, twice!", by=world.reviewer, now=clock.now())
    assert not Release.objects.exists()
    actions.release(debrief=debrief, summary="They refused two times.", by=world.reviewer, now=clock.now())


@pytest.mark.django_db
def test_the_domain_of_the_buyers_mail_names_the_company(world, debrief):
    debrief.contact.email = "corin@pellfreight.example"
    debrief.contact.save()
    coded(world, debrief)
    actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    with pytest.raises(NamesRemain, match=r"pellfreight\.example"):
        actions.release(debrief=debrief, summary="See www.pellfreight.example.", by=world.reviewer, now=clock.now())


@pytest.mark.django_db
def test_a_stale_tab_overwrites_no_finding_and_keeps_what_was_typed(world, debrief, sign_in):
    first = coded(world, debrief)
    path = f"/p/{world.programme.slug}/findings/{first.pk}/"
    mine, theirs = sign_in(world.reviewer), sign_in(world.admin)
    first.refresh_from_db()
    fields = {"driver": first.driver_id, "direction": "hurt", "strength": 3, "version": first.version}
    assert f'name="version" value="{first.version}"' in mine.get(f"{path}change/").content.decode()
    assert theirs.post(f"{path}change/", fields | {"verbatim": "Their words."}).status_code == 302
    stale = mine.post(f"{path}change/", fields | {"verbatim": "My words.", "note": "My note."})
    assert stale.status_code == 409
    for said in ("Their words.", "My words.", "My note.", "Saving again replaces"):
        assert said in stale.content.decode()
    first.refresh_from_db()
    assert first.verbatim == "Their words."
    again = fields | {"verbatim": "My words.", "note": "My note.", "version": first.version}
    assert mine.post(f"{path}change/", again).status_code == 302
    first.refresh_from_db()
    assert (first.verbatim, first.note) == ("My words.", "My note.")
    masked = mine.post(f"{path}words/", {"masked_verbatim": "Typed mask.", "masked_note": "", "version": 1})
    assert masked.status_code == 409
    # Removed meanwhile: what was typed can still be saved, as a new finding.
    actions.remove_finding(finding=first, by=world.admin, now=clock.now())
    assert mine.post(f"{path}change/", again).status_code == 404
    with pytest.raises(FindingIsStale, match="removed"):
        actions.save_finding(
            debrief=debrief, finding=first, base_version=1, driver=first.driver, direction="hurt", strength=1,
            verbatim="x y", by=world.reviewer, now=clock.now(),
        )  # fmt: skip
    assert not Finding.objects.filter(pk=first.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_choosing_what_decided_at_once_leave_exactly_one(world, debrief):
    actions.open_review(debrief=debrief, by=world.reviewer, now=clock.now())
    both = list(Finding.objects.filter(debrief=debrief))
    barrier, refused = threading.Barrier(2), []

    def run(finding):
        try:
            barrier.wait()
            for _again in range(10):
                actions.make_primary(finding=finding, by=world.reviewer, now=clock.now())
        except Exception as error:
            refused.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(finding,)) for finding in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    assert Finding.objects.filter(debrief=debrief, is_primary=True).count() == 1


@pytest.mark.django_db
def test_whoever_is_on_our_side_reviews_releases_and_recalls_nothing(world, debrief):
    release = released(world, debrief)
    world.rep.membership.roles = ["admin", "reviewer"]
    world.rep.membership.save()
    seller = type(world.rep).objects.get(pk=world.rep.pk)
    for act in (
        lambda: actions.recall(release=release, reason="I do not like it", by=seller, now=clock.now()),
        lambda: actions.review(debrief=debrief, by=seller, now=clock.now()),
        lambda: actions.open_review(debrief=debrief, by=seller, now=clock.now()),
    ):
        with pytest.raises(ReviewNotAllowed):
            act()
    release.refresh_from_db()
    assert release.recalled_at is None
    actions.recall(release=release, reason="A name was left in", by=world.admin, now=clock.now())
    with pytest.raises(ReviewNotAllowed):
        actions.release(debrief=debrief, summary="", by=seller, now=clock.now())


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["{finding}/change/", "review/{debrief}/release/"])
def test_raw_words_shown_outside_the_workspace_are_recorded(world, debrief, sign_in, where):
    first = coded(world, debrief)
    path = f"/p/{world.programme.slug}/findings/" + where.format(finding=first.pk, debrief=debrief.pk)
    sign_in(world.reviewer).get(path)
    entry = AuditEntry.objects.get(action="findings.read")
    assert (entry.actor_id, entry.subject_id) == (world.reviewer.pk, debrief.pk)


@pytest.mark.django_db
def test_released_findings_do_not_change(world, debrief):
    released(world, debrief)
    finding = Finding.objects.filter(debrief=debrief).first()
    with pytest.raises(AlreadyReleased):
        actions.remove_finding(finding=finding, by=world.reviewer, now=clock.now())
    with pytest.raises(AlreadyReleased):
        actions.mask_finding(finding=finding, verbatim="Other words", note="", by=world.reviewer, now=clock.now())


@pytest.mark.django_db
def test_who_may_review(world, debrief):
    assert can_review(world.reviewer, debrief)
    assert can_review(world.admin, debrief)
    for person in (world.interviewer, world.rep, world.member, world.manager, world.other_admin):
        assert not can_review(person, debrief)
    # Being on our side of the deal beats every role.
    world.rep.membership.roles = ["admin", "reviewer"]
    world.rep.membership.save()
    assert not can_review(world.rep, debrief)


@pytest.mark.django_db
def test_reading_the_raw_answers_is_recorded_and_closed_to_others(world, debrief, sign_in):
    path = f"/p/{world.programme.slug}/findings/review/{debrief.pk}/"
    page = sign_in(world.reviewer).get(path)
    assert "RAWCANARY" in page.content.decode()
    assert (
        AuditEntry.objects.filter(action="answers.read", actor_id=world.reviewer.pk, subject_id=debrief.pk).count() == 1
    )
    for person in (
        world.rep,
        world.member,
        world.manager,
        world.interviewer,
        world.other_interviewer,
        world.other_admin,
    ):
        assert sign_in(person).get(path).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_releasing_at_once_make_one_release(world, debrief):
    coded(world, debrief)
    actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    barrier, made = threading.Barrier(2), []

    def run(person):
        try:
            barrier.wait()
            made.append(actions.release(debrief=debrief, summary="", by=person, now=clock.now()).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(person,)) for person in (world.reviewer, world.admin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1
    assert Release.objects.count() == 1
    assert Notice.objects.filter(kind="debrief_released_owner").count() == 1


@pytest.mark.django_db
def test_the_pages_of_a_review_lead_to_the_release(world, debrief, sign_in):
    client, base = sign_in(world.reviewer), f"/p/{world.programme.slug}/findings"
    assert debrief.deal.company.name in client.get(f"{base}/review/").content.decode()
    client.post(f"{base}/review/{debrief.pk}/open/")
    first = Finding.objects.get(driver__key="implementation-plan")
    page = client.get(f"{base}/review/{debrief.pk}/").content.decode()
    assert "A name stands in it." in page
    assert "The salesperson showed us a chart with arrows." in page
    refused = client.post(f"{base}/review/{debrief.pk}/done/")
    assert refused.status_code == 422
    assert "decided" in refused.content.decode()
    client.post(f"{base}/{first.pk}/decided/")
    client.post(
        f"{base}/{first.pk}/words/", {"masked_verbatim": "The salesperson showed us a chart.", "masked_note": ""}
    )
    client.post(f"{base}/review/{debrief.pk}/done/")
    done = client.post(f"{base}/review/{debrief.pk}/release/", {"summary": "No plan was shown."})
    release = Release.objects.get()
    assert done["Location"] == f"{base}/released/{release.pk}/"
    recalled = client.post(f"{base}/released/{release.pk}/recall/", {"reason": ""})
    assert recalled.status_code == 422
    client.post(f"{base}/released/{release.pk}/recall/", {"reason": "Too early"})
    release.refresh_from_db()
    assert release.recall_reason == "Too early"


@pytest.mark.django_db
def test_a_colleague_of_the_buyer_is_masked_even_when_the_buyer_may_be_named(world, debrief):
    factories.deal_contact(
        debrief.deal, factories.contact(world.programme, "Ilvara Quensel", company=debrief.deal.company)
    )
    permit(debrief, "named")
    coded(world, debrief)
    actions.review(debrief=debrief, by=world.reviewer, now=clock.now())
    with pytest.raises(NamesRemain, match="Ilvara"):
        actions.release(debrief=debrief, summary="Ilvara was against it.", by=world.reviewer, now=clock.now())
    assert not Release.objects.exists()
    made = actions.release(
        debrief=debrief,
        summary="Corin at Pellworth said a colleague was against it.",
        by=world.reviewer,
        now=clock.now(),
    )
    assert made.company_label == "Pellworth Freight"


@pytest.mark.django_db
def test_words_that_were_emptied_before_the_release_are_refused_instead_of_released_as_noted(world, debrief, sign_in):
    first = coded(world, debrief)
    Finding.objects.filter(pk=first.pk).update(note="Said by the window.", masked_note="Said in the room.")
    first.refresh_from_db()
    page = f"/p/{world.programme.slug}/findings/{first.pk}/words/"
    sent = {"masked_verbatim": "They showed a chart.", "masked_note": "Said in the room.", "version": first.version}
    for emptied in ("masked_verbatim", "masked_note"):
        refused = sign_in(world.reviewer).post(page, sent | {emptied: "  "})
        assert refused.status_code == 422
        assert "as they were noted" in refused.content.decode()
    first.refresh_from_db()
    assert first.masked_verbatim == "The salesperson showed us a chart with arrows."
    assert sign_in(world.reviewer).post(page, sent).status_code == 302


@pytest.mark.django_db
def test_words_nobody_was_shown_are_not_looked_at(world, debrief):
    """While the buyer keeps the words closed, clearing the note says nothing of the words."""
    permit(debrief, "none")
    coded(world, debrief)
    said = Finding.objects.get(debrief=debrief, driver__key="trust")
    Finding.objects.filter(pk=said.pk).update(verbatim="Rose said no twice.", note="They declined two times.")
    factories.person(world.programme, name="Rose Tremain")
    actions.mask_finding(finding=said, verbatim="", note="They declined two times.", by=world.reviewer, now=clock.now())
    permit(debrief, "anonymous")
    assert "Rose" in plan_release(debrief).doubtful + plan_release(debrief).names


@pytest.mark.django_db
def test_a_release_that_was_taken_back_is_closed_to_a_programme_manager_on_our_side(world, debrief):
    release = released(world, debrief)
    seller = factories.person(world.programme, Role.ADMIN, Role.MEMBER, name="Both Hats")
    DealParty.objects.create(
        programme=world.programme, deal=debrief.deal, person=seller, kind=PartyKind.TEAM, joined_at=clock.now()
    )
    assert release in releases_visible_to(seller, clock.now())
    actions.recall(release=release, reason="The buyer said more than they meant", by=world.reviewer, now=clock.now())
    assert release in releases_visible_to(world.admin, clock.now())
    assert release not in releases_visible_to(seller, clock.now())


@pytest.mark.django_db
def test_whoever_left_the_team_meanwhile_gets_no_mail_about_the_release(world, debrief):
    release = released(world, debrief)
    owed = Notice.objects.get(kind="debrief_released", recipient_id=world.member.pk)
    later = release.others_from + timedelta(minutes=1)
    assert notice_kinds.still_wanted(owed, later) is None
    TeamMember.objects.filter(person=world.member).delete()
    assert notice_kinds.still_wanted(owed, later)


@pytest.mark.django_db
def test_a_story_that_comes_after_another_release_is_refused_and_not_lost(world, debrief, sign_in):
    released(world, debrief, "The plan came late.")
    page = reverse(
        "findings:debrief_release", kwargs={"programme_slug": world.programme.slug, "debrief_id": debrief.pk}
    )
    refused = sign_in(world.admin).post(page, {"summary": "They doubted the start."})
    assert refused.status_code == 422
    assert "They doubted the start." in refused.content.decode()
    assert Release.objects.get().summary == "The plan came late."
    again = sign_in(world.admin).post(page, {"summary": "The plan came late."})
    assert again.status_code == 302


@pytest.mark.django_db
def test_a_finding_sent_twice_is_one(world, debrief):
    driver = Driver.objects.get(programme=world.programme, key="trust")
    facts = {"driver": driver, "direction": "hurt", "strength": 2, "verbatim": "They never called back."}
    made = [
        actions.save_finding(debrief=debrief, by=world.reviewer, now=clock.now(), **facts | {"note": note})
        for note in ("", "", "Said late.")
    ]
    assert made[0] == made[1] != made[2]
    assert Finding.objects.count() == 2
