"""One programme's rules at one moment, ready to decide many deals; and the line in the audit log about what was decided."""

from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import Programme
from debriefs.deals.enums import Selection, SelectionRule
from debriefs.deals.models import SelectionExclusion
from debriefs.deals.rules import today_in
from debriefs.deals.selection_queries import as_rules, exclusions_by_thing, rules_in_force
from debriefs.deals.selection_rules import Candidate, Share, judge
from debriefs.deals.selection_words import reason_of
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind


class Decider:
    """Made of two queries; deciding takes none. The caller has locked the deals, or holds the programme's names."""

    def __init__(self, programme: Programme, now: datetime) -> None:
        self.stored = rules_in_force(programme)
        self.rules = as_rules(programme, self.stored)
        self.exclusions = exclusions_by_thing(programme)
        self.today = today_in(programme.time_zone, now)
        self._sentences: dict[tuple[str, Share | None, str, str], str] = {}

    def decide(self, candidate: Candidate, exclusion: SelectionExclusion | None) -> dict[str, Any]:
        """The decision as plain values of SelectionDecision's columns, without deal, programme and time.

        The sentence is in the language that is active: a stored one reads the same for everybody, so callers activate the
        programme's.
        """
        verdict = judge(candidate, self.rules)
        because = exclusion.reason if exclusion else ""
        said = (verdict.rule, verdict.share, candidate.outcome, because)
        if said not in self._sentences:
            self._sentences[said] = reason_of(verdict, self.rules, candidate.outcome, because)
        share = verdict.share
        return {
            "selection": Selection(verdict.selection).value,
            "rule": SelectionRule(verdict.rule).value,
            "reason": self._sentences[said],
            "outcome": candidate.outcome,
            "rules_id": self.stored.pk if self.stored else None,
            "exclusion_id": exclusion.pk if exclusion else None,
            "stratum_outcome": share.outcome if share else "",
            "stratum_segment": share.segment if share else "",
            "share": share.percent if share else None,
            "seed": self.rules.seed if share else None,
            "draw": verdict.draw,
        }


def note_decided(programme_id: UUID, *, chosen: int, passed_over: int, alone: UUID | None, now: datetime) -> None:
    """One entry for what the rules decided together; which deal went where stands in the decisions. `alone`: the only deal."""
    audit.record(
        action="selection.decided",
        now=now,
        actor_kind=ActorKind.RULE,
        actor_id=None,
        programme_id=programme_id,
        subject_kind="deal" if alone else "programme",
        subject_id=alone or programme_id,
        detail={"chosen": chosen, "passed_over": passed_over},
    )
