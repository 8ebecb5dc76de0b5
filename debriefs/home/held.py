"""What is held about a person of the buyer's side, gathered for one file that they are given."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from debriefs.calls.models import Call, DataRequest, Debrief, ProspectNote
from debriefs.core.templatetags.ui import day, when
from debriefs.deals.models import Contact, DealContact
from debriefs.findings.models import Quote, Remark
from debriefs.foundation.enums import NoticeState, RecipientKind
from debriefs.foundation.models import Notice, ReceivedMail
from debriefs.interviews.models import AnswerSheet, PermissionGiven, TranscriptPassage, WriteUp
from debriefs.interviews.queries import answers_of
from debriefs.interviews.write_up_parts import parts_of

Row = tuple[Any, Any]


@dataclass(frozen=True)
class Section:
    """One kind of what is held: rows of what it is and what it says."""

    heading: str
    rows: list[Row]


def held_about(contact: Contact) -> list[Section]:
    """All that is held about the contact, in the active language and zone; kinds of which nothing is held are left out.

    What our people noted about the deal without them is not among it. About twenty queries, and eight for each of their debriefs.
    """
    debriefs = list(Debrief.objects.filter(contact=contact).order_by("planned_at"))
    sections = [
        Section(pgettext("your data", "You"), _who(contact)),
        Section(_("Your part in decisions"), _parts(contact)),
        Section(_("What you chose and wrote on these pages"), _chosen(contact, debriefs)),
        Section(pgettext("your data", "Calls"), _calls(debriefs)),
        Section(_("Mails we sent you"), _sent(contact)),
        Section(_("Mails from you"), _received(contact, debriefs)),
        Section(_("Your answers in writing"), _answers(debriefs, "written")),
        Section(_("The notes of our conversation"), _answers(debriefs, "call")),
        Section(_("The transcript of our conversation"), _transcript(debriefs)),
        Section(_("What was written up afterwards"), _written_up(debriefs)),
        Section(_("What you allow"), _permissions(debriefs)),
        Section(_("What our team reads of it"), _released(debriefs)),
        Section(_("Quotes of yours"), _quotes(contact)),
    ]
    return [section for section in sections if section.rows]


def _said(rows: Iterable[Row]) -> list[Row]:
    return [(label, value) for label, value in rows if value not in (None, "")]


def _who(contact: Contact) -> list[Row]:
    return _said(
        [
            (pgettext("your data", "Name"), contact.name),
            (pgettext("your data", "E-mail address"), contact.email),
            (pgettext("your data", "Position"), contact.title),
            (pgettext("your data", "Company"), str(contact.company or "")),
            (pgettext("your data", "Language"), contact.language_label),
            (pgettext("your data", "Time zone"), contact.time_zone),
            (_("Known since"), day(contact.created_at)),
        ]
    )


def _parts(contact: Contact) -> list[Row]:
    rows = DealContact.objects.filter(contact=contact).select_related("deal__company").order_by("deal__decided_on")
    return [
        (f"{row.deal.company or row.deal.name}, {day(row.deal.decided_on)}".removesuffix(", "), row.get_part_display())
        for row in rows
    ]


def _chosen(contact: Contact, debriefs: list[Debrief]) -> list[Row]:
    rows: list[Row] = []
    for debrief in debriefs:
        if debrief.declined_at:
            rows.append((when(debrief.declined_at), debrief.get_decline_reason_display()))
        if debrief.writing_chosen_at:
            rows.append((when(debrief.writing_chosen_at), _("You chose to answer in writing.")))
    notes = ProspectNote.objects.filter(debrief__in=debriefs).order_by("written_at")
    rows += [(when(note.written_at), f"{note.get_kind_display()}: {note.text}".removesuffix(": ")) for note in notes]
    wishes = DataRequest.objects.filter(contact=contact)
    return rows + [
        (when(wish.asked_at), f"{wish.get_kind_display()}. {wish.answer}".removesuffix(" ")) for wish in wishes
    ]


def _calls(debriefs: list[Debrief]) -> list[Row]:
    calls = Call.objects.filter(debrief__in=debriefs).order_by("starts_at")
    return [
        (
            when(call.starts_at),
            pgettext("your data", "Cancelled") if call.cancelled_at else pgettext("your data", "Booked"),
        )
        for call in calls
    ]


def _sent(contact: Contact) -> list[Row]:
    sent = Notice.objects.filter(recipient_kind=RecipientKind.CONTACT, recipient_id=contact.pk, state=NoticeState.SENT)
    return [(when(notice.sent_at), notice.subject_line) for notice in sent.defer("message").order_by("sent_at")]


def _received(contact: Contact, debriefs: list[Debrief]) -> list[Row]:
    came = ReceivedMail.objects.filter(programme_id=contact.programme_id, from_address=contact.email_key)
    came = came.exclude(from_address="").defer("raw").order_by("received_at")
    return [(when(mail.received_at), f"{mail.subject_line}\n{mail.text}".strip()) for mail in came]


def _answers(debriefs: list[Debrief], kind: str) -> list[Row]:
    rows: list[Row] = []
    for sheet in AnswerSheet.objects.filter(debrief__in=debriefs, kind=kind).order_by("opened_at"):
        rows += [(_("Who was on the call"), sheet.on_the_call), (_("Your consent to notes"), sheet.consent_words)]
        for answer in answers_of(sheet):
            chosen = " · ".join(str(one) for one in answer.chosen_words)
            rows.append((answer.question_text, "\n".join(filter(None, (chosen, answer.text)))))
    return _said(rows)


def _transcript(debriefs: list[Debrief]) -> list[Row]:
    passages = TranscriptPassage.objects.filter(transcript__debrief__in=debriefs).order_by("transcript", "position")
    return [(passage.speaker, passage.text) for passage in passages]


def _written_up(debriefs: list[Debrief]) -> list[Row]:
    rows: list[Row] = []
    for write_up in WriteUp.objects.filter(debrief__in=debriefs).select_related("debrief__deal"):
        rows += [
            (part.label, "\n".join(filter(None, (part.chosen_words, part.text))))
            for part in parts_of(write_up)
            if part.is_filled or part.text
        ]
    return _said(rows)


def _permissions(debriefs: list[Debrief]) -> list[Row]:
    given = PermissionGiven.objects.filter(debrief__in=debriefs)
    return [
        (
            one.get_kind_display(),
            one.get_quote_level_display()
            or (pgettext("your data", "Yes") if one.given else pgettext("your data", "No")),
        )
        for one in given
    ]


def _released(debriefs: list[Debrief]) -> list[Row]:
    remarks = Remark.objects.filter(release__debrief__in=debriefs, release__recalled_at=None).select_related("driver")
    return [
        (remark.driver.name, "\n".join(filter(None, (remark.verbatim, remark.note))) or remark.get_direction_display())
        for remark in remarks
    ]


def _quotes(contact: Contact) -> list[Row]:
    return [(quote.source, quote.words) for quote in Quote.objects.filter(contact=contact)]
