"""What people changed on a chunk's deals since the last import, and the questions that arise where the file says otherwise."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from accounts.models import Person
from debriefs.deals.enums import ConflictChoice
from debriefs.deals.models import Deal, DealChange, DealImport, ImportConflict
from debriefs.deals.names import reads


class ChangedHere:
    """One chunk's knowledge: for each fact a person changed, what the CRM had said; and the conflicts found meanwhile.

    One query for deals that exist already, two more where people changed something; none for new deals.
    """

    def __init__(self, deal_import: DealImport, deals: Iterable[Deal], now: datetime) -> None:
        self._import, self._now = deal_import, now
        self._found: list[ImportConflict] = []
        self._settled: list[UUID] = []
        ids = [deal.pk for deal in deals]
        self._crm_said = self._since_the_last_import(ids) if ids else {}
        self._open: dict[tuple[UUID, str], ImportConflict] = {}
        if self._crm_said:
            self._learn_answers({deal_id for deal_id, _field in self._crm_said})

    def _since_the_last_import(self, ids: list[UUID]) -> dict[tuple[UUID, str], str]:
        crm_said: dict[tuple[UUID, str], str] = {}
        rows = DealChange.objects.filter(deal__in=ids).order_by("id")
        for change in rows.only("deal_id", "field", "before", "deal_import_id"):
            key = (change.deal_id, change.field)
            # A change of an import, or one that a person made by taking an import's value, is what the CRM says.
            if change.deal_import_id is not None:
                crm_said.pop(key, None)
            else:
                crm_said.setdefault(key, change.before)
        return crm_said

    def _learn_answers(self, ids: set[UUID]) -> None:
        """Whoever kept ours has seen what the CRM says: the same value does not raise the question again."""
        asked = ImportConflict.objects.filter(deal__in=ids, choice__in=(ConflictChoice.OPEN, ConflictChoice.OURS))
        for conflict in asked.order_by("resolved_at"):
            key = (conflict.deal_id, conflict.field)
            if conflict.choice == ConflictChoice.OPEN:
                self._open[key] = conflict
            elif key in self._crm_said:
                self._crm_said[key] = conflict.theirs

    @property
    def found(self) -> int:
        """How many questions this chunk raises."""
        return len(self._found)

    def keeps(self, deal: Deal, field: str, value: object, *, line: int, column: str) -> bool:
        """Whether the fact stays as a person made it; where the CRM has moved on as well, that is a question."""
        key = (deal.pk, field)
        crm_said = self._crm_said.get(key)
        if crm_said is None:
            return False
        if crm_said == reads(value):
            self.settle(deal, field)
            return True
        if key in self._open and self._open[key].deal_import_id == self._import.pk:
            return True
        self._ask(deal, field, value, line, column)
        return True

    def keeps_with_outcome(self, deal: Deal, field: str, value: object, *, line: int, column: str) -> bool:
        """True: a fact that belongs to the outcome stays with it, and is part of the question where that is asked now."""
        if self._found and (self._found[-1].deal_id, self._found[-1].line) == (deal.pk, line):
            self._ask(deal, field, value, line, column)
        return True

    def _ask(self, deal: Deal, field: str, value: object, line: int, column: str) -> None:
        self._found.append(
            ImportConflict(
                programme_id=self._import.programme_id,
                deal_import=self._import,
                deal=deal,
                line=line,
                column=column,
                field=field,
                ours=reads(getattr(deal, field)),
                theirs=reads(value),
                their_person=value if isinstance(value, Person) else None,
            )
        )

    def settle(self, deal: Deal, field: str) -> None:
        """The file no longer says otherwise: an open question about the fact is answered by itself."""
        if (deal.pk, field) in self._open:
            self._settled.append(self._open[deal.pk, field].pk)

    def write(self) -> None:
        """Closes what is settled or asked again, and opens what was found. No query when there is nothing."""
        again = [self._open[key].pk for one in self._found if (key := (one.deal_id, one.field)) in self._open]
        for ids, choice in ((self._settled, ConflictChoice.SETTLED), (again, ConflictChoice.ASKED_AGAIN)):
            if ids:
                ImportConflict.objects.filter(pk__in=ids).update(choice=choice, resolved_at=self._now)
        if self._found:
            ImportConflict.objects.bulk_create(self._found)
