"""Which debrief a page is about, and what is answered to whoever it is not for."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.requests import ProgrammeRequest
from debriefs.calls.models import Debrief
from debriefs.calls.permissions import can_interview, can_read_raw
from debriefs.calls.queries import debrief_visible_to
from debriefs.deals.permissions import is_on_our_side
from debriefs.interviews.models import AnswerSheet
from debriefs.interviews.queries import sheet_of


def debrief_held_by(request: ProgrammeRequest, debrief_id: UUID) -> Debrief:
    """The debrief that the person interviews for. Readers of its raw notes get 403 with a sentence, everybody else 404."""
    debrief = debrief_visible_to(request.person, debrief_id)
    if is_on_our_side(request.person, debrief.deal):
        raise Http404
    if can_interview(request.person, debrief):
        return debrief
    if can_read_raw(request.person, debrief):
        raise PermissionDenied(_("Only the interviewer of this debrief writes here."))
    raise Http404


def sheet_held_by(request: ProgrammeRequest, debrief_id: UUID) -> AnswerSheet:
    """The open or submitted sheet of a debrief that the person interviews for; 404 before the interview was begun."""
    debrief = debrief_held_by(request, debrief_id)
    sheet = sheet_of(debrief)
    if sheet is None:
        raise Http404
    sheet.debrief = debrief
    return sheet
