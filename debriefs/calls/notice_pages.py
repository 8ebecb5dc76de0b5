"""What the pages of notices show."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Person
from debriefs.calls.incoming_words import sentence
from debriefs.calls.models import Debrief
from debriefs.calls.queries import debriefs_scheduled_by
from debriefs.foundation import outbox
from debriefs.foundation.enums import NoticeState, RecipientKind
from debriefs.foundation.mail import STOP_PLACEHOLDER
from debriefs.foundation.models import Notice, ReceivedMail
from debriefs.foundation.notice_kinds import LINK_PLACEHOLDER

# What a person has to look at: it did not arrive, and nothing will try again.
STUCK = (NoticeState.FAILED, NoticeState.UNKNOWN, NoticeState.MISSED)
_SHOWN = 100


@dataclass(frozen=True)
class Came:
    """A mail that came in, in a sentence; `text` is "" for a reader who may not read the buyer's words."""

    at: datetime
    sentence: str
    text: str
    is_urgent: bool


def notices_for(person: Person, state: str) -> QuerySet[Notice]:
    """The mails the person answers for, latest due first; one state, "stuck" or all. No query by itself.

    A programme manager all of the programme's; a sales manager those about debriefs they schedule; everybody those to themselves.
    """
    met = Q(subject_kind="debrief", subject_id__in=debriefs_scheduled_by(person).values("pk"))
    if person.has_role(Role.ADMIN):
        met |= ~Q(subject_kind="debrief")
    met |= Q(recipient_kind=RecipientKind.PERSON, recipient_id=person.pk)
    rows = Notice.objects.filter(met, programme_id=person.programme_id).defer("message")
    if state == "stuck":
        rows = rows.filter(state__in=STUCK)
    elif state in NoticeState.values:
        rows = rows.filter(state=state)
    return rows.order_by("-due_at", "id")


def views_of(person: Person, state: str) -> list[dict[str, Any]]:
    """The views of the list with their counts: all, stuck, and each state that occurs. One query."""
    counts = dict(notices_for(person, "").order_by().values_list("state").annotate(Count("id")))
    stuck = sum(counts.get(one, 0) for one in STUCK)
    rows = [("", _("All"), sum(counts.values())), ("stuck", _("Wants a look"), stuck)]
    rows += [(one.value, str(one.label), counts[one]) for one in NoticeState if counts.get(one)]
    return [{"state": value, "label": label, "count": n, "is_current": value == state} for value, label, n in rows]


def with_debriefs(person: Person, notices: list[Notice]) -> list[Notice]:
    """The notices with `debrief` set, deal and company joined: None where they are about none that the person schedules. One query."""
    asked = [notice.subject_id for notice in notices if notice.subject_kind == "debrief"]
    debriefs = debriefs_scheduled_by(person).select_related("deal__company").in_bulk(asked)
    for notice in notices:
        notice.debrief = debriefs.get(notice.subject_id)  # type: ignore[attr-defined]
    return notices


def mail_of(person: Person, notice_id: UUID) -> Notice:
    """A mail the person answers for that is about no debrief they schedule, `debrief` None; 404 for every other. Two queries."""
    found = notices_for(person, "").filter(pk=notice_id).first()
    if found is None or with_debriefs(person, [found])[0].debrief is not None:  # type: ignore[attr-defined]
        raise Http404
    return found


def notice_of(debrief: Debrief, notice_id: UUID) -> Notice:
    """The notice of this debrief, or 404. One query."""
    found = Notice.objects.filter(pk=notice_id, subject_kind="debrief", subject_id=debrief.pk).first()
    if found is None:
        raise Http404
    return found


def preview(notice: Notice, now: datetime) -> dict[str, str]:
    """Subject, sender and text of the mail as it would go out now; what was sent already keeps its own words elsewhere.

    Personal links are not shown: whoever has one can act as the buyer. Writes nothing, whatever rendering needs.
    """
    with transaction.atomic():
        try:
            draft = outbox.draft_of(notice, now)
        except Exception as error:
            # Whatever keeps the mail from being made is what the page has to say.
            return {"error": _("This mail cannot be made: %(what)s.") % {"what": type(error).__name__}}
        finally:
            transaction.set_rollback(True)
    text = _without_links(draft.text)
    method = draft.calendar.method if draft.calendar else ""
    return {"subject": draft.subject, "text": text.strip(), "from_name": draft.from_name, "calendar": method}


def invitation_of(debrief: Debrief) -> tuple[str, str]:
    """The words and the language of the invitation that the buyer got last, as it was sent; empty before, and once its bytes are gone.

    What was promised stands in it, whatever the programme writes by now. One query.
    """
    invited = Notice.objects.filter(kind="prospect_invited", subject_kind="debrief", subject_id=debrief.pk)
    sent = invited.filter(state=NoticeState.SENT, message__isnull=False).order_by("-sent_at").first()
    if sent is None or sent.message is None:
        return "", ""
    body = message_from_bytes(bytes(sent.message), policy=policy.default).get_body(("plain",))
    return (_without_links(body.get_content()).strip() if body else ""), sent.recipient_language


def _without_links(text: str) -> str:
    """The text of a mail with words where personal links stand: whoever has one can act as the buyer."""
    return text.replace(LINK_PLACEHOLDER, _("[the personal link]")).replace(
        STOP_PLACEHOLDER, _("[the link that stops mail]")
    )


def came_in(debrief: Debrief, *, with_text: bool) -> list[Came]:
    """The mails that came in about a debrief, latest first. One query."""
    names = {"contact": debrief.contact.name, "interviewer": debrief.interviewer.name}
    rows = ReceivedMail.objects.filter(subject_kind="debrief", subject_id=debrief.pk).defer("raw")
    return [
        Came(
            row.received_at,
            sentence(row, names),
            (row.text or str(row.facts.get("comment", "")))
            if with_text and row.kind in ("message", "stop", "auto_reply", "calendar_reply", "calendar_counter")
            else "",
            row.facts.get("partstat") == "DECLINED" or row.kind in ("bounce", "stop", "complaint", "calendar_counter"),
        )
        for row in rows.order_by("-received_at")[:_SHOWN]
    ]
