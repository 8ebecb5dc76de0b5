"""The importer: chunk by chunk, each one transaction that moves `rows_done` with the data.

A killed worker leaves the last whole chunk; whoever takes over reads the file up to there without writing and goes on, so
nothing is done twice. Rows of one file, and files imported at the same time, meet under one lock per programme.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Membership
from accounts.queries import teams_managed_by
from debriefs.deals.enums import ImportState
from debriefs.deals.import_names import KnownNames
from debriefs.deals.import_rows import AllowedTeams, ChunkWriter
from debriefs.deals.mapping import Mapping
from debriefs.deals.models import DealImport, ImportRejection
from debriefs.deals.names import lock_names
from debriefs.deals.read_deals import Problem, ReadDeal, RejectedRow, read_deal, shown
from debriefs.deals.reader import Row, Shape
from debriefs.deals.rules import today_in
from debriefs.deals.uploads import rows_of

CHUNK_ROWS = 2_000
LEASE = timedelta(minutes=2)


def shape_of(deal_import: DealImport) -> Shape:
    """The layout as it was surveyed and confirmed."""
    header_at, sheet = deal_import.survey.get("header_at", 0), deal_import.survey.get("sheet", "")
    return Shape(deal_import.encoding, deal_import.delimiter, header_at, deal_import.columns, sheet)


def mapping_of(deal_import: DealImport) -> Mapping:
    """The mapping as it was confirmed."""
    stored = deal_import.mapping
    return Mapping(
        deal_import.source,
        stored.get("fields", [""] * len(deal_import.columns)),
        deal_import.outcomes,
        deal_import.date_order,
        stored.get("decimal", ""),
        stored.get("tests_are_invalid", True),
    )


@dataclass
class _Take:
    """One chunk as read: deals to write, rows refused already, and how many rows of the file that was."""

    count: int = 0
    deals: list[tuple[Row, ReadDeal]] = field(default_factory=list)
    refused: list[tuple[Row, list[Problem], bool]] = field(default_factory=list)
    repeated: int = 0


class ImportRun:
    """One worker's work on one import, from where it stands to its end. Make it only after claiming the lease."""

    def __init__(self, import_id: UUID, lease_until: datetime, now: datetime) -> None:
        self._import = DealImport.objects.select_related("programme", "file", "started_by").get(pk=import_id)
        self._lease = lease_until
        # First and last line of the chunk in work, for whoever has to say where it went wrong.
        self.lines = (0, 0)
        self._mapping = mapping_of(self._import)
        self._today = today_in(self._import.programme.time_zone, now)
        self._names = KnownNames(self._import)
        # By external id: a digest of what its row said, then its line. Packed, because a file may have a million of them.
        self._seen: dict[str, bytes] = {}
        self._rows = (row for row in rows_of(self._import.file, shape_of(self._import)) if row.is_data)
        self._teams = self._allowed_teams()
        # What an earlier worker has written is read again, so that an id repeated later in the file is still noticed.
        if self._import.rows_done:
            self._read(islice(self._rows, self._import.rows_done))

    def next_chunk(self, now: datetime) -> bool:
        """Writes the next chunk and renews the lease; False when the import is over or no longer ours.

        One transaction: the rows and the figures about them stand or fall together. About twenty queries per chunk.
        """
        self.lines = (0, 0)
        take = self._read(islice(self._rows, CHUNK_ROWS))
        with transaction.atomic():
            _forget_plans()
            lock_names(self._import.programme)
            held = self._held()
            if held.state != ImportState.RUNNING or held.lease_until != self._lease:
                return False
            if take.count == 0:
                return self._finish(now)
            writer = ChunkWriter(self._import, self._mapping, self._names, self._teams, self._today, now)
            result = writer.write([deal for _row, deal in take.deals])
            rows_by_line = {row.line: row for row, _deal in take.deals}
            refused = [(rows_by_line[line], problems, False) for line, problems in result.refused]
            self._note(take.refused + refused)
            self._lease = now + LEASE
            DealImport.objects.filter(pk=held.pk).update(
                rows_done=F("rows_done") + take.count,
                created=F("created") + result.created,
                updated=F("updated") + result.updated,
                unchanged=F("unchanged") + result.unchanged + take.repeated,
                rejected=F("rejected") + len(take.refused) + len(refused),
                conflicts=F("conflicts") + result.conflicts + sum(1 for *_r, twice in take.refused if twice),
                made_people=[*held.made_people, *self._names.made_people],
                made_teams=[*held.made_teams, *self._names.made_teams],
                lease_until=self._lease,
                tries=1,
            )
            self._names.made_people, self._names.made_teams = [], []
        return True

    def _held(self) -> DealImport:
        """The import's row, locked; without what it knows of the file, which is long and does not change."""
        told = ("state", "lease_until", "made_people", "made_teams")
        return DealImport.objects.select_for_update().only(*told).get(pk=self._import.pk)

    def _finish(self, now: datetime) -> bool:
        DealImport.objects.filter(pk=self._import.pk).update(
            state=ImportState.DONE, finished_at=now, lease_until=None, rows_total=F("rows_done")
        )
        return False

    def _read(self, chunk: Iterator[Row]) -> _Take:
        """Reads rows as deals; the same id again is left out when it says the same, refused when it says something else."""
        take = _Take()
        for row in chunk:
            take.count += 1
            self.lines = (self.lines[0] or row.line, row.line)
            try:
                deal = read_deal(row, self._import.columns, self._mapping, self._today)
            except RejectedRow as error:
                take.refused.append((row, error.problems, False))
                continue
            digest = deal.digest
            earlier = self._seen.setdefault("\x1f".join(deal.key), digest + row.line.to_bytes(4, "big"))
            if earlier[-4:] == row.line.to_bytes(4, "big"):
                take.deals.append((row, deal))
            elif earlier[:-4] == digest:
                take.repeated += 1
            else:
                take.refused.append((row, [self._said_twice(row, int.from_bytes(earlier[-4:], "big"))], True))
        take.deals = [(row, self._beside_its_earlier(deal)) for row, deal in take.deals]
        return take

    def _beside_its_earlier(self, deal: ReadDeal) -> ReadDeal:
        """Without ids a decided row goes on from the open deal of its name, unless that stands in the file beside it: then they are two."""
        if deal.earlier_key and "\x1f".join(deal.earlier) in self._seen:
            return deal._replace(earlier_key="")
        return deal

    def _said_twice(self, row: Row, line: int) -> Problem:
        positions = self._mapping.columns_of("external_id")
        if positions:
            return Problem(
                self._import.columns[positions[0]],
                shown(row.cells[positions[0]]),
                _("stands in line %(line)d too, with other facts; keep one of the two") % {"line": line},
            )
        return Problem(
            "", "", _("is the same deal as line %(line)d, with other facts; keep one of the two") % {"line": line}
        )

    def _note(self, refused: list[tuple[Row, list[Problem], bool]]) -> None:
        ImportRejection.objects.bulk_create([self._rejection(row, problems) for row, problems, _twice in refused])

    def _rejection(self, row: Row, problems: list[Problem]) -> ImportRejection:
        first = problems[0]
        reason = first.reason
        for more in problems[1:]:
            reason += f"; {more.column} {more.reason}" if more.column else f"; {more.reason}"
        return ImportRejection(
            programme=self._import.programme,
            deal_import=self._import,
            line=row.line,
            column=first.column,
            value=first.value,
            reason=reason if len(reason) <= 300 else reason[:299] + "…",
            row=[cell.replace("\x00", "␀") for cell in row.cells],
        )

    def _allowed_teams(self) -> AllowedTeams:
        """A sales manager's import touches only deals of teams they manage; a programme manager's, or a command's, all."""
        by = self._import.started_by
        if by is None or Role.ADMIN in _roles_of(by.pk):
            return AllowedTeams(None)
        return AllowedTeams({team.pk: team for team in teams_managed_by(by)})


def _forget_plans() -> None:
    """The database plans this chunk's checks of foreign keys by the size that its tables have now.

    It keeps those plans for the session. Made for empty tables, they read a whole index per row ever after: a first import took
    ten times as long, nearly all of it in its commits. Statistics would renew the plans, but only a table's owner may gather them.
    """
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")


def _roles_of(person_id: UUID) -> list[str]:
    membership = Membership.objects.filter(person_id=person_id, ended_at__isnull=True).first()
    return membership.roles if membership else []
