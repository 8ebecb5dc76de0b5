"""New deals of an import decided as they arrive: written once with the answer, not written and then changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from debriefs.deals.enums import Selection, SelectionRule
from debriefs.deals.import_around import Written
from debriefs.deals.import_names import KnownNames
from debriefs.deals.models import Competitor, DealImport, SelectionDecision
from debriefs.deals.selection_decisions import Decider, note_decided
from debriefs.deals.selection_queries import TO_JUDGE
from debriefs.deals.selection_rules import Candidate
from debriefs.foundation.bulk_rows import BulkRows

_UNDECIDED = (Selection.UNDECIDED.value, "", False)


class Arrivals:
    """The decisions on the new deals of one chunk. The caller holds the programme's names, for which exclusions wait too."""

    def __init__(self, deal_import: DealImport, names: KnownNames, now: datetime) -> None:
        self._import, self._names, self._now = deal_import, names, now
        self._decider = Decider(deal_import.programme, now)
        self._rows = BulkRows(
            SelectionDecision, "deal_id", "selection", "rule", "reason", "outcome", "rules_id", "exclusion_id",
            "stratum_outcome", "stratum_segment", "share", "seed", "draw",
            programme_id=deal_import.programme_id, decided_at=now,
        )  # fmt: skip
        self._chosen = 0
        self._alone: UUID | None = None

    def decide(self, one: Written, facts: dict[str, Any], team_id: UUID | None) -> tuple[str, str, bool]:
        """(selection, its sentence, whether it is out of all statistics) of a new deal; undecided for an open one. No query.

        The language that is active is the sentence's.
        """
        read = one.read
        if read.outcome not in TO_JUDGE:
            return _UNDECIDED
        company_id = one.company.pk if one.company else None
        exclusion = self._decider.exclusions.covering(one.deal_id, company_id, read.segment)
        candidate = Candidate(
            outcome=read.outcome,
            decided_on=read.decided_on,
            arrived_on=self._decider.today,
            source=read.source,
            identity=read.external_id,
            amount=read.amount,
            currency=facts["currency"],
            segment=read.segment,
            team=team_id,
            competitors=self._met(one, facts) if self._decider.rules.competitors else (),
            excluded=exclusion.kind if exclusion else "",
        )
        said = self._decider.decide(candidate, exclusion)
        self._rows.add(one.deal_id, *said.values())
        self._chosen += said["selection"] == Selection.CHOSEN.value
        self._alone = one.deal_id
        return said["selection"], said["reason"], said["rule"] == SelectionRule.NO_STATISTICS.value

    def write(self) -> None:
        """The decisions, and one entry of the audit log about them. Two queries, none where nothing was decided."""
        count = len(self._rows)
        if count:
            self._rows.copy()
            note_decided(
                self._import.programme_id,
                chosen=self._chosen,
                passed_over=count - self._chosen,
                alone=self._alone if count == 1 else None,
                now=self._now,
            )

    def _met(self, one: Written, facts: dict[str, Any]) -> set[UUID]:
        things = [self._names.thing(Competitor, name) for name in one.read.competitors]
        return {thing.pk for thing in (*things, facts["winner"]) if thing}
