"""What is kept raw of a debrief, from the answers to both codings, and who of a programme writes it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import resolve

from accounts import links as invitation_links
from accounts.enums import Role
from accounts.models import Invitation, Person, Programme, Team
from debriefs.calls import links as personal_links
from debriefs.calls.models import Debrief, ProspectLink
from debriefs.codebook.models import Driver
from debriefs.deals.models import Competitor
from debriefs.findings.changes import facts_of
from debriefs.findings.models import CodedUnit, Finding, FindingChange, SecondCoding
from debriefs.foundation import link_tokens
from debriefs.guides.models import GuideVersion
from debriefs.insights.digest import STOP_PURPOSE
from debriefs.interviews.enums import AnswerState, SheetKind
from debriefs.interviews.models import (
    Answer,
    AnswerRevision,
    AnswerSheet,
    PermissionGiven,
    StatedReason,
    Tag,
    Transcript,
    TranscriptPassage,
    Verbatim,
    WriteUp,
)

HERE, ELSEWHERE = "ofthisprogramme", "canaryelsewhere"
RAW = "rawcanary"


def raw_word(state: str) -> str:
    """The word in everything that is kept raw of the debrief in that state; no word is part of another."""
    return f"{RAW}-{state.replace('_', '-')}."


@dataclass
class Furnished:
    """One programme with one of everything: the values of the routes' parameters, those of a state over the common ones."""

    programme: Programme
    common: dict[str, Any] = field(default_factory=dict)
    of_state: dict[str, dict[str, Any]] = field(default_factory=dict)
    link: dict[str, ProspectLink] = field(default_factory=dict)
    invitation: Invitation | None = None
    driver: Driver | None = None
    version: GuideVersion | None = None

    def parameters(self, route: str = "", state: str = "") -> dict[str, Any]:
        """A value for every parameter of the resolver. `token` is that of the route, and a wrong one for routes without."""
        link = self.link.get(state, self.link["booked"])
        token = "no-token"
        if route == "invitation_open":
            token = resolve(path_of(invitation_links.address(self.invitation))).kwargs["token"]
        elif route in ("prospect:open", "quotes:open"):
            token = resolve(path_of(personal_links.address(link))).kwargs["token"]
        elif route == "digest_stop":
            token = link_tokens.token_for(STOP_PURPOSE, self.common["figure_view_id"], 1)
        elif route == "prospect:stop_at_once":
            token = resolve(path_of(personal_links.stop_address(link))).kwargs["token"]
        return self.common | self.of_state.get(state, {}) | {"link_id": link.id, "token": token}


def path_of(address: str) -> str:
    """The path of a whole address."""
    return "/" + address.split("://", 1)[1].partition("/")[2]


@dataclass
class NoteFurnisher:
    """Writes what is noted: `seller` sells, `asker` interviews, `checker` reviews, `leader` manages the team."""

    programme: Programme
    word: str
    now: datetime
    team: Team
    seller: Person
    asker: Person
    checker: Person
    leader: Person
    made: Furnished = field(init=False)
    driver: Driver = field(init=False)
    rival: Competitor = field(init=False)
    version: GuideVersion = field(init=False)

    def _words(self, state: str) -> str:
        return f"{raw_word(state)} {self.word}" if self.word == ELSEWHERE else raw_word(state)

    def _written(self, state: str, debrief: Debrief) -> None:
        """What the buyer wrote, sent where the debrief says so."""
        sheet = AnswerSheet.objects.create(
            programme=self.programme, debrief=debrief, kind=SheetKind.WRITTEN, opened_at=self.now
        )
        answers = self._answers(sheet, self._words(state))
        AnswerSheet.objects.filter(pk=sheet.pk).update(submitted_at=debrief.written_sent_at)
        self.made.of_state[state]["answer_id"] = answers[0].pk

    def _raw(self, state: str, debrief: Debrief) -> None:
        raw = self._words(state)
        sheet = AnswerSheet.objects.create(
            programme=self.programme,
            debrief=debrief,
            opened_at=self.now,
            consent_at=self.now,
            submitted_at=debrief.written_up_at,
        )
        answers = self._answers(sheet, raw)
        verbatim = Verbatim.objects.create(
            programme=self.programme,
            answer=answers[0],
            text=raw,
            ends=len(raw),
            marked_at=self.now,
            marked_by=self.asker,
        )
        tag = Tag.objects.create(
            programme=self.programme,
            answer=answers[0],
            driver=self.driver,
            direction="hurt",
            verbatim=verbatim,
            tagged_at=self.now,
            tagged_by=self.asker,
        )
        write_up = WriteUp.objects.create(programme=self.programme, debrief=debrief, opened_at=self.now)
        reason = StatedReason.objects.create(
            programme=self.programme,
            write_up=write_up,
            position=1,
            stated_driver=self.driver,
            root_driver=self.driver,
            note=raw,
        )
        PermissionGiven.objects.create(
            programme=self.programme,
            debrief=debrief,
            kind="quote",
            given=True,
            quote_level="anonymous",
            said_at=self.now,
        )
        self._transcript(debrief, answers[0], raw)
        # Handed in once everything stands: what was handed in takes no more rows.
        if debrief.written_up_at is not None:
            write_up.submitted_at, write_up.submitted_by = debrief.written_up_at, self.asker
            write_up.save(update_fields=["submitted_at", "submitted_by"])
        values = {"sheet_id": sheet.pk, "answer_id": answers[0].pk, "verbatim_id": verbatim.pk, "tag_id": tag.pk}
        self.made.of_state[state] |= values | {
            "row_id": reason.pk,
            "row_kind": "reasons",
            "write_up_id": write_up.pk,
            "part": "quality",
        }
        if debrief.written_up_at is not None:
            finding = self._finding(debrief, raw)
            self.made.of_state[state]["finding_id"] = finding.pk
            self._change(finding)
            self.made.of_state[state]["unit_id"] = self._second(state, debrief, raw).pk

    def _transcript(self, debrief: Debrief, answer: Answer, raw: str) -> None:
        made = Transcript.objects.create(
            programme=self.programme, debrief=debrief, file_name=f"{raw}.txt", uploaded_at=self.now
        )
        TranscriptPassage.objects.create(
            programme=self.programme, transcript=made, position=1, speaker=raw, text=raw, answer=answer
        )

    def _answers(self, sheet: AnswerSheet, text: str) -> list[Answer]:
        version = sheet.debrief.guide_version if sheet.debrief else self.version
        answers = [
            Answer.objects.create(
                programme=self.programme,
                sheet=sheet,
                question=question,
                question_key=question.key,
                question_text=question.text,
                text=text,
                state=AnswerState.NOTED,
                revision=1,
                saved_at=self.now,
                saved_by=self.asker,
            )
            for question in version.questions.all()
        ]
        AnswerRevision.objects.create(
            programme=self.programme,
            answer=answers[0],
            operation=answers[0].pk,
            base_revision=0,
            revision=1,
            text=text,
            state=AnswerState.NOTED,
            saved_at=self.now,
            saved_by=self.asker,
        )
        return answers

    def _finding(self, debrief: Debrief, raw: str) -> Finding:
        return Finding.objects.create(
            programme=self.programme,
            debrief=debrief,
            driver=self.driver,
            direction="hurt",
            strength=3,
            is_primary=True,
            competitor=self.rival,
            verbatim=raw,
            note=raw,
            masked_verbatim=f"Masked {self.word}",
            masked_note=f"Masked {self.word}",
            coded_at=self.now,
            coded_by=self.checker,
        )

    def _change(self, finding: Finding) -> None:
        """What the checker could undo: the finding as it was noted."""
        FindingChange.objects.create(
            programme=self.programme,
            debrief=finding.debrief,
            act=finding.pk,
            kind="added",
            finding_id=finding.pk,
            after=facts_of(finding),
            made_at=self.now,
            made_by=self.checker,
        )

    def _second(self, state: str, debrief: Debrief, raw: str) -> CodedUnit:
        """Chosen for a second coder; in the reviewed debrief both codings are closed."""
        leader = Person.objects.get(programme=self.programme, membership__roles__contains=[Role.ADMIN])
        coding = SecondCoding.objects.create(
            programme=self.programme, debrief=debrief, share_percent=20, chosen_at=self.now
        )
        if state == "reviewed":
            coding.coder, coding.begun_at = leader, self.now
            coding.handed_in_at = coding.first_kept_at = self.now
            coding.save()
            Debrief.objects.filter(pk=debrief.pk).update(second_coder=leader)
        return [
            CodedUnit.objects.create(
                programme=self.programme,
                coding=coding,
                side=side,
                driver=self.driver,
                direction="hurt",
                is_primary=True,
                verbatim=raw,
                coded_at=self.now,
                coded_by=leader,
            )
            for side in ("first", "second")
        ][1]
