"""One of everything for a programme, every text of it saying whose it is."""

from datetime import timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Invitation
from debriefs.calls import links as personal_links
from debriefs.calls.models import Call, DataRequest, Debrief, ProspectNote
from debriefs.codebook.models import Category, Driver
from debriefs.deals.actions import add_need, receive_upload
from debriefs.deals.enums import DebriefState, ImportState, PartyKind
from debriefs.deals.models import (
    Deal,
    DealContact,
    DealImport,
    DealParty,
    ImportConflict,
    ImportRejection,
    OwnView,
    SalesNote,
    SavedView,
    SelectionExclusion,
)
from debriefs.findings.models import PreparedRelease, Quote, Release, Remark
from debriefs.foundation.models import Notice, Suppression
from debriefs.foundation.suppression import CAME_BACK
from debriefs.guides.models import GuideVersion, Question
from debriefs.insights.models import Annotation, FigureView
from debriefs.interviews.models import (
    AnswerSheet,
    Rehearsal,
)
from debriefs.lessons.models import Lesson, LessonEvidence
from tests import factories
from tests.architecture.furnishing_notes import ELSEWHERE, HERE, RAW, Furnished, NoteFurnisher, path_of, raw_word

__all__ = ["ELSEWHERE", "HERE", "RAW", "Furnished", "Furnisher", "path_of", "raw_word"]

DAY = timedelta(days=1)
MAIL = "20260101T080000.000000Z-0123abcd"
COLOUR = "0f766e"
# How far each debrief has come; the names are also the states that rows of the table may ask for.
STAGES: dict[str, tuple[str, ...]] = {
    "planned": (),
    "invited": ("invited_at",),
    "declined": ("invited_at", "declined_at"),
    "booked": ("invited_at", "booked_at"),
    "held": ("invited_at", "booked_at", "held_at"),
    "written_up": ("invited_at", "booked_at", "held_at", "written_up_at"),
    "free_review": ("invited_at", "booked_at", "held_at", "written_up_at"),
    "sold_by_reviewer": ("invited_at", "booked_at", "held_at", "written_up_at"),
    "closed": ("invited_at", "booked_at", "held_at", "written_up_at", "closed_at"),
    "reviewed": ("invited_at", "booked_at", "held_at", "written_up_at", "reviewed_at"),
}
RELEASED = ("released", "owners_day", "recalled")
LINKED = ("invited", "declined", "booked")


class Furnisher(NoteFurnisher):
    """Writes the rows of a programme, from its guide to its lessons."""

    def furnish(self) -> Furnished:
        """A debrief in each state, a release in each of its states, and one of everything else."""
        self.made = Furnished(self.programme)
        category = Category.objects.create(
            programme=self.programme, key=f"category-{self.word}", name=f"Category {self.word}", position=1
        )
        self.driver: Driver = factories.driver(self.programme, f"Driver {self.word}", category)
        self.rival = factories.competitor(self.programme, f"Rival {self.word}")
        self.version = self._version()
        for state, stages in STAGES.items():
            self._debrief(state, stages)
        for state in RELEASED:
            self._released(state)
        self._undecided_deal()
        self._imports()
        self._rest()
        common = self.made.of_state["written_up"] | self.made.common
        held = self.made.of_state["held"]
        common |= {name: held[name] for name in ("sheet_id", "answer_id", "verbatim_id", "tag_id")}
        common |= {"unit_id": self.made.of_state["reviewed"]["unit_id"]}
        common |= {"release_id": self.made.of_state["released"]["release_id"]}
        self.made.common, self.made.driver, self.made.version = common, self.driver, self.version
        return self.made

    def _version(self) -> GuideVersion:
        version = factories.guide_version(self.programme, published=False)
        version.guide.name = f"Guide {self.word}"
        version.guide.save(update_fields=["name"])
        Question.objects.filter(version=version).update(text=f"What happened {self.word}?")
        version.opening_script = f"Opening {self.word}."
        version.published_at = self.now
        version.save(update_fields=["opening_script", "published_at"])
        return version

    def _deal(self, state: str) -> Deal:
        known = {"programme": self.programme, "name": f"Company {state} {self.word}"}
        deal = factories.deal(
            known["programme"],
            owner=self.seller,
            team=self.team,
            company=factories.company(self.programme, known["name"]),
            name=f"Deal {state} {self.word}",
            search_text=f"deal {state} {self.word}",
            crm_reason=f"Reason {self.word}",
            decided_days_ago=10,
        )
        if state == "sold_by_reviewer":
            DealParty.objects.create(
                programme=self.programme, deal=deal, person=self.checker, kind=PartyKind.TEAM, joined_at=self.now
            )
        SalesNote.objects.create(
            programme=self.programme,
            deal=deal,
            written_on=self.now.date(),
            author=self.seller,
            text=f"Note {self.word}",
        )
        OwnView.objects.create(
            programme=self.programme, deal=deal, person=self.seller, why=f"Because {self.word}", asked_at=self.now
        )
        return deal

    def _contact(self, deal: Deal, **fields: Any) -> DealContact:
        contact = factories.contact(self.programme, f"Contact {self.word}", company=deal.company)
        return factories.deal_contact(deal, contact, **fields)

    def _debrief(self, state: str, stages: tuple[str, ...]) -> None:
        deal = self._deal(state)
        fields: dict[str, Any] = dict.fromkeys(stages, self.now - DAY)
        if "declined_at" in stages:
            fields["decline_reason"] = "no"
        if state == "invited":
            # They chose to answer in writing and have not sent anything yet.
            fields |= {"writing_chosen_at": self.now - DAY, "written_begun_at": self.now - DAY}
        if state == "held":
            fields |= {"written_begun_at": self.now - DAY, "written_sent_at": self.now - DAY}
        if "closed_at" in stages:
            fields["closed_reason"] = f"Closed {self.word}"
        if "written_up_at" in stages and state not in ("free_review", "sold_by_reviewer"):
            fields["reviewer"] = self.checker
        debrief = factories.debrief(
            deal,
            self.asker,
            contact_=self._contact(deal).contact,
            version=self.version,
            hypothesis=f"Hypothesis {self.word}",
            **fields,
        )
        Deal.objects.filter(pk=deal.pk).update(debrief_state=debrief_state(state))
        self._values(state, deal, debrief)
        if state in LINKED:
            self.made.link[state] = personal_links.issue(debrief, self.now)
            ProspectNote.objects.create(
                programme=self.programme,
                debrief=debrief,
                kind="colleague",
                text=f"Ask {self.word}",
                written_at=self.now,
            )
        if state == "booked":
            came_back = Suppression.objects.create(
                programme_id=self.programme.pk,
                address_key=debrief.contact.email_key,
                reason=CAME_BACK,
                created_at=self.now,
            )
            self.made.common["stop_id"] = came_back.pk
            wish = DataRequest.objects.create(
                programme=self.programme, debrief=debrief, contact=debrief.contact, kind="show", asked_at=self.now
            )
            self.made.common["wish_id"] = wish.pk
            self.made.common |= {"text_kind": "prospect_invited", "audience": "contact", "text_language": "de"}
            self._call(debrief)
        if "written_begun_at" in fields:
            self._written(state, debrief)
        if "held_at" in stages:
            self._raw(state, debrief)
        if state == "reviewed":
            PreparedRelease.objects.create(
                programme=self.programme,
                debrief=debrief,
                summary=f"Prepared {self.word}",
                prepared_at=self.now,
                prepared_by=self.checker,
            )

    def _released(self, state: str) -> None:
        deal = self._deal(state)
        # On its owner's day the release is hours old, the others two days and more.
        released = factories.release(
            deal, self.asker, (self.driver, "hurt", 3), days_ago=0 if state == "owners_day" else 3
        )
        fields = {"summary": f"Summary {state} {self.word}", "company_label": f"Company label {self.word}"}
        if state == "recalled":
            fields |= {"recalled_at": self.now, "recall_reason": f"Recalled {self.word}"}
        Release.objects.filter(pk=released.pk).update(**fields)
        Remark.objects.filter(release=released).update(verbatim=f"Words {self.word}", competitor=self.rival)
        Deal.objects.filter(pk=deal.pk).update(debrief_state=DebriefState.RELEASED)
        Debrief.objects.filter(pk=released.debrief_id).update(reviewer=self.checker)
        self._values(state, deal, released.debrief)
        if state == "released":
            self.made.link[state] = personal_links.issue(released.debrief, self.now)
            self._quote(released)
        self.made.of_state[state]["release_id"] = released.pk
        self._raw(state, released.debrief)

    def _values(self, state: str, deal: Deal, debrief: Debrief) -> None:
        notice = Notice.objects.create(
            programme_id=self.programme.pk,
            kind="debrief_assigned",
            subject_kind="debrief",
            subject_id=debrief.pk,
            recipient_kind="person",
            recipient_id=self.asker.pk,
            recipient_name=f"Told {self.word}",
            recipient_email=self.asker.user.email,
            dedupe_key=f"furnished:{debrief.pk}",
            created_at=self.now,
            due_at=self.now,
            state="failed",
            reason=f"Failed {self.word}",
            message_id=f"<{debrief.pk}@debriefs.example>",
        )
        self.made.of_state[state] = {
            "deal_id": deal.pk,
            "debrief_id": debrief.pk,
            "notice_id": notice.pk,
            "contact_id": debrief.contact_id,
        }

    def _call(self, debrief: Debrief) -> None:
        starts = self.now + 2 * DAY
        Call.objects.create(
            programme=self.programme,
            debrief=debrief,
            interviewer=self.asker,
            interviewer_user=self.asker.user,
            contact_address_key=debrief.contact.email_key,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=30),
            blocked=DateTimeTZRange(starts, starts + timedelta(minutes=30)),
            agreed_time_zone="Europe/London",
            agreed_wall_time=f"{starts:%Y-%m-%d %H:%M}",
            ics_uid=f"{debrief.pk}@debriefs.example",
            ics_stamp=self.now,
            booked_at=self.now,
        )

    def _quote(self, release: Release) -> None:
        """One the buyer approved, and one the buyer is asked about."""
        approved = {
            "approved_at": self.now,
            "approver_name": f"Approver {self.word}",
            "expires_on": self.now.date() + 300 * DAY,
        }
        made = [
            Quote.objects.create(
                programme=self.programme,
                debrief=release.debrief,
                release=release,
                contact=release.debrief.contact,
                words=f"Words {self.word}",
                proposed_words=f"Words {self.word}",
                source=f"Source {self.word}",
                level="anonymous",
                proposed_at=self.now,
                proposed_by=self.checker,
                asked_at=self.now,
                **fields,
            )
            for fields in (approved, {})
        ]
        self.made.common |= {"quote_id": made[0].pk, "remark_id": release.remarks.get().pk}
        self.made.of_state["asked_quote"] = {"quote_id": made[1].pk}

    def _undecided_deal(self) -> None:
        """A deal that no debrief was planned for: its contacts and people can still be changed."""
        deal = self._deal("none")
        waiting = self._contact(deal, approved=False)
        self._contact(deal)
        known = factories.person(self.programme, name=f"Presales {self.word}")
        party = DealParty.objects.create(
            programme=self.programme, deal=deal, person=known, kind=PartyKind.TEAM, joined_at=self.now
        )
        need = add_need(deal=deal, text=f"Need {self.word}", weight="must", by=self.seller, now=self.now)
        self.made.of_state["none"] = {"deal_id": deal.pk}
        self.made.common |= {
            "deal_id": deal.pk,
            "deal_contact_id": waiting.pk,
            "contact_id": waiting.contact_id,
            "party_id": party.pk,
            "need_id": need.pk,
        }

    def _imports(self) -> None:
        """One whose columns are to be matched, one that is done: the sales manager's own."""
        content = f"Deal name,Stage,Close date\nDeal {self.word},Closed Lost,2026-01-05\n".encode()
        made = [
            receive_upload(
                programme=self.programme,
                name=f"{number}-{self.word}.csv",
                content=content,
                by=self.leader,
                now=timezone.now(),
            )
            for number in (1, 2)
        ]
        DealImport.objects.filter(pk=made[1].pk).update(
            state=ImportState.DONE, rows_total=1, rows_done=1, rejected=1, finished_at=self.now
        )
        ImportRejection.objects.create(
            programme=self.programme,
            deal_import=made[1],
            line=2,
            column="Stage",
            value="Closed",
            reason=f"Unknown {self.word}",
            row=[f"Deal {self.word}", "Closed", "never"],
        )
        disputed = Deal.objects.filter(programme=self.programme, debrief_state=DebriefState.NONE).first()
        conflict = ImportConflict.objects.create(
            programme=self.programme,
            deal_import=made[1],
            deal=disputed,
            line=2,
            column=f"Stage {self.word}",
            field="stage",
            ours=disputed.stage,
            theirs=f"Lost {self.word}",
        )
        self.made.common["conflict_id"] = conflict.pk
        self.made.of_state["uploaded"] = {"import_id": made[0].pk}
        self.made.common["import_id"] = made[1].pk
        # Excluded by whom the rules allow it does not matter here.
        exclusion = SelectionExclusion.objects.create(
            programme=self.programme,
            kind="outreach",
            segment=f"Segment {self.word}",
            reason=f"Excluded {self.word}",
            excluded_by=self.leader,
            excluded_at=self.now,
        )
        self.made.common["exclusion_id"] = exclusion.pk
        digest = Notice.objects.create(
            programme_id=self.programme.pk,
            kind="window_closing",
            subject_kind="programme",
            subject_id=self.programme.pk,
            recipient_kind="person",
            recipient_id=self.leader.pk,
            recipient_name=f"Led {self.word}",
            recipient_email=self.leader.user.email,
            context={"deals": []},
            dedupe_key=f"furnished:{self.programme.pk}",
            created_at=self.now,
            due_at=self.now,
            state="missed",
            reason=f"Missed {self.word}",
            message_id=f"<{self.programme.pk}@debriefs.example>",
        )
        self.made.of_state["digest"] = {"notice_id": digest.pk}

    def _rest(self) -> None:
        draft = GuideVersion.objects.create(
            programme=self.programme,
            guide=self.version.guide,
            number=2,
            opening_script=f"Draft {self.word}",
            closing_script="Closing.",
            created_at=self.now,
        )
        Question.objects.create(
            programme=self.programme, version=draft, key="q1", position=1, text=f"What then {self.word}?"
        )
        rehearsal = Rehearsal.objects.create(
            programme=self.programme, person=self.asker, guide_version=self.version, started_at=self.now
        )
        sheet = AnswerSheet.objects.create(programme=self.programme, rehearsal=rehearsal, opened_at=self.now)
        self._answers(sheet, f"Rehearsed {self.word}")
        lesson = Lesson.objects.create(
            programme=self.programme,
            situation=f"Situation {self.word}",
            we_did=f"We did {self.word}",
            buyers_did=f"Buyers did {self.word}",
            owner=self.seller,
            written_at=self.now,
        )
        for remark in Remark.objects.filter(programme=self.programme):
            LessonEvidence.objects.create(programme=self.programme, lesson=lesson, remark=remark, added_at=self.now)
        invited = factories.person(self.programme, name=f"Invited {self.word}")
        self.made.invitation = Invitation.objects.create(
            programme=self.programme,
            person=invited,
            email=f"invited@{self.word}.example",
            roles=[Role.MEMBER],
            invited_at=self.now,
            expires_at=self.now + DAY,
        )
        self.made.of_state["published"] = {"version_id": self.version.pk}
        self.made.common |= {
            "programme_slug": self.programme.slug,
            "version_id": draft.pk,
            "guide_id": draft.guide_id,
            "rehearsal_id": rehearsal.pk,
            "lesson_id": lesson.pk,
            "view_id": SavedView.objects.create(
                programme=self.programme, person=self.leader, name=f"View {self.word}", saved_at=self.now
            ).pk,
            "figure_view_id": FigureView.objects.create(
                programme=self.programme,
                person=self.leader,
                name=f"Figures {self.word}",
                page="drivers",
                saved_at=self.now,
            ).pk,
            "note_id": Annotation.objects.create(
                programme=self.programme, on=self.now.date(), text=f"Note {self.word}", noted_at=self.now
            ).pk,
            "invitation_id": self.made.invitation.pk,
            "team_id": self.team.pk,
            "driver_id": self.driver.pk,
            "digits": COLOUR,
            "sha256": "0" * 64,
            "name": MAIL,
            "number": "1",
        }


def debrief_state(state: str) -> DebriefState:
    """What the deal says of a debrief in that state."""
    return DebriefState.WRITTEN_UP if state in ("free_review", "sold_by_reviewer", "hidden") else DebriefState(state)
