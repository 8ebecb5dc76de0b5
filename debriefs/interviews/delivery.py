"""What an interviewer delivered, gathered for a document that stands alone."""

from datetime import datetime
from typing import Any

from accounts.models import Person
from debriefs.calls.models import Debrief
from debriefs.interviews.models import WriteUp
from debriefs.interviews.queries import answers_of, permissions_given, sheet_of, stated_reasons_of, written_sheet_of
from debriefs.interviews.reading import record_reading
from debriefs.interviews.write_up_parts import REASONS, parts_of


def delivery_of(person: Person, write_up: WriteUp, now: datetime) -> dict[str, Any]:
    """Answers, verbatims, drivers, reasons, the write-up and the permissions of a version that was handed in.

    That it was downloaded is recorded. About twenty queries.
    """
    debrief = Debrief.objects.select_related(
        "deal__company", "contact", "interviewer", "guide_version__guide", "programme"
    ).get(pk=write_up.debrief_id)
    write_up.debrief = debrief
    sheet, written = sheet_of(debrief), written_sheet_of(debrief)
    record_reading("write_up.downloaded", person, debrief, now)
    return {
        "debrief": debrief,
        "write_up": write_up,
        "sheet": sheet,
        "answers": answers_of(sheet) if sheet else [],
        "written": answers_of(written) if written and written.submitted_at else [],
        "reasons": stated_reasons_of(debrief),
        "parts": [part for part in parts_of(write_up) if part.group != REASONS and (part.is_filled or part.text)],
        "permissions": permissions_given(debrief).values(),
        "made_at": now,
    }
