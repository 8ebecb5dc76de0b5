"""The mails of this room: whether each still makes sense, and its words."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts import logos
from accounts.requests import programme_url
from debriefs.calls import links, notice_facts, notice_texts, window_digest
from debriefs.calls.models import Call, Debrief
from debriefs.calls.notice_words import LABELS, WORDS
from debriefs.calls.notices import ALWAYS_OWED, ASKING, ASKING_APART, NUDGES, PAUSED
from debriefs.core import words
from debriefs.foundation.calendar import Mailbox, calendar_object
from debriefs.foundation.enums import RecipientKind
from debriefs.foundation.mail import STOP_PLACEHOLDER
from debriefs.foundation.models import Notice
from debriefs.foundation.notice_kinds import LINK_PLACEHOLDER, CalendarPart, Draft, NoticeKind, register

# Nobody waits for these: they go out in the recipient's working hours.
UNHURRIED = (
    *ASKING,
    "prospect_thanks",
    "written_thanks",
    "written_sent",
    "own_view_wanted",
    "debrief_assigned",
    "write_up_due",
    "write_up_overdue",
    "briefing_ready",
)


def register_all() -> None:
    """Registers the kinds of notice that calls sends."""
    for kind in set(WORDS) - {window_digest.KIND}:
        # Who has a call must hear that it moved or is off, whatever they stopped.
        needed = kind in ("call_booked", "call_moved", "call_cancelled", "call_handed_over")
        register(
            NoticeKind(
                kind,
                LABELS[kind],
                render,
                still_wanted,
                heeds_suppression=not needed,
                waits_for_hours=kind in UNHURRIED,
                gather=notice_facts.gather,
            )
        )


def register_digest() -> None:
    """Registers the digest of windows that close, which is about no debrief."""
    register(
        NoticeKind(
            window_digest.KIND,
            LABELS[window_digest.KIND],
            window_digest.render,
            window_digest.still_wanted,
            waits_for_hours=True,
        )
    )


def still_wanted(notice: Notice, now: datetime) -> str | None:
    """None while the mail makes sense; else why it is not sent. Four queries at most, none for what was gathered."""
    debrief, call = notice_facts.debrief_of(notice), notice_facts.call_of(notice)
    if debrief is None:
        return _("The debrief no longer exists.")
    if notice.recipient_kind == RecipientKind.CONTACT and debrief.contact.email != notice.recipient_email:
        return _("The contact has another address now.")
    if notice.kind == "call_cancelled":
        return None if call is not None and call.cancelled_at else _("The call stands again.")
    if notice.kind == "call_handed_over":
        return _("They take this call again.") if _is_interviewer(notice, debrief) else None
    if notice.kind == "briefing_ready" and not _is_interviewer(notice, debrief):
        return _("Somebody else interviews now.")
    if notice.context.get("call"):
        return _call_reason(notice, call, now)
    if debrief.closed_at is not None and notice.kind not in ALWAYS_OWED:
        return _("The debrief was closed.")
    if notice.kind in ("debrief_assigned", "written_sent") and not _is_interviewer(notice, debrief):
        return _("Somebody else interviews now.")
    return _reason(notice, debrief, now)


def _is_interviewer(notice: Notice, debrief: Debrief) -> bool:
    return notice.recipient_id == debrief.interviewer_id and debrief.interviewer_ended_at is None


def _call_reason(notice: Notice, call: Call | None, now: datetime) -> str | None:
    if call is None or call.cancelled_at is not None:
        return _("The call was cancelled.")
    if call.ics_sequence != notice.context.get("sequence"):
        return _("The call was moved since.")
    if call.held_at is not None:
        return _("The call took place.")
    return _("The call has begun.") if notice.kind.startswith("call_reminder") and call.starts_at <= now else None


def _crowds(notice: Notice, now: datetime) -> str | None:
    """Why a nudge that was held up, by an outage or an absence, is left out: another mail that asks the same went or goes within days."""
    for asked in notice_facts.asking_of(notice):
        if asked.kind == "prospect_invited" and (asked.sent_at is None or asked.sent_at > now - ASKING_APART):
            return _("The invitation went out only now.")
        if asked.kind == NUDGES[1] != notice.kind and asked.due_at is not None and asked.due_at < now + ASKING_APART:
            return _("The second nudge follows within days.")
    return None


def _reason(notice: Notice, debrief: Debrief, now: datetime) -> str | None:
    kind = notice.kind
    if kind in ASKING:
        if debrief.paused_at is not None:
            return PAUSED
        if debrief.declined_at is not None:
            return _("The buyer declined.")
        if debrief.writing_chosen_at is not None or debrief.written_sent_at is not None:
            return _("The buyer answers in writing.")
        if not notice_facts.is_approved(notice, debrief):
            return _("The contact is no longer approved.")
        if debrief.booked_at is not None:
            return _("The buyer has booked.")
        return _crowds(notice, now) if kind in NUDGES else None
    if kind == "written_sent":
        return _("It was written up.") if debrief.written_up_at is not None else None
    if kind == "debrief_stopped":
        return None if debrief.interviewer_ended_at is not None else _("Another interviewer was chosen.")
    if kind == "own_view_wanted":
        own_view = getattr(debrief.deal, "own_view", None)
        return (
            _("The own view was given or is closed.")
            if own_view and (own_view.given_at or own_view.closed_at)
            else None
        )
    if kind == "written_thanks":
        return None if debrief.held_at is not None else _("The buyer would speak as well.")
    if kind in ("write_up_due", "write_up_overdue"):
        if debrief.held_at is None:
            return _("The buyer would speak as well.")
        return _("It was written up.") if debrief.written_up_at is not None else None
    return None


def render(notice: Notice, now: datetime) -> Draft:
    """The mail in the recipient's language and zone, which the outbox has activated."""
    kind, debrief, call = WORDS[notice.kind], notice_facts.debrief_of(notice), notice_facts.call_of(notice)
    if debrief is None:
        raise ValueError("the debrief no longer exists")
    is_prospect = notice.recipient_kind == RecipientKind.CONTACT
    programme = debrief.programme
    names = {
        "company": str(debrief.deal.company or debrief.deal.name),
        "when": words.at_time(call.starts_at) if call else "",
    }
    context: dict[str, Any] = {
        "notice": notice,
        "debrief": debrief,
        "deal": debrief.deal,
        "call": call,
        "programme": programme,
        "is_prospect": is_prospect,
        "link": LINK_PLACEHOLDER if is_prospect else _page(notice.kind, debrief),
        "stop_link": STOP_PLACEHOLDER,
        "is_stoppable": kind.stoppable,
        "base_url": settings.BASE_URL,
    }
    context["logo"] = logo = logos.mail_logo(programme) if is_prospect else None
    link = notice_facts.link_of(notice, debrief, now) if is_prospect else None
    own = notice_facts.own_words(notice, programme)
    if own is None:
        subject = str(kind.subject) % names
        text, html = notice_texts.text_and_html(f"emails/calls/{kind.template}", context)
    else:
        values = notice_texts.values_for(notice.recipient_name, debrief, names["when"])
        subject, text, html = notice_texts.in_own_words(own, values, context)
    return Draft(
        subject=subject,
        text=text,
        html=html,
        from_name=programme.company_name if is_prospect else "Debriefs",
        reply_to=programme.contact_email,
        calendar=_calendar(notice, debrief, call, kind.method, programme) if call and kind.method else None,
        logo=logo,
        link=(lambda: links.address(link)) if link else None,
        stop_link=(lambda: links.stop_address(link)) if link and kind.stoppable else None,
        thread=notice_facts.thread_of(notice),
        headers=notice_texts.version_header(own),
    )


def _page(kind: str, debrief: Debrief) -> str:
    """The page one of ours should open."""
    name, argument = {
        "own_view_wanted": ("deals:own_view", {"deal_id": debrief.deal_id}),
        "briefing_ready": ("interviews:briefing", {"debrief_id": debrief.pk}),
        "written_sent": ("interviews:written", {"debrief_id": debrief.pk}),
        "write_up_due": ("interviews:write_up", {"debrief_id": debrief.pk}),
        "write_up_overdue": ("interviews:write_up", {"debrief_id": debrief.pk}),
    }.get(kind, ("calls:debrief_page", {"debrief_id": debrief.pk}))
    return settings.BASE_URL + programme_url(debrief.programme, name, **argument)


def _calendar(notice: Notice, debrief: Debrief, call: Call, method: str, programme: Any) -> CalendarPart:
    """The calendar object for this one recipient; it says nothing of amounts, sellers or the briefing."""
    mine = notice.recipient_kind == RecipientKind.CONTACT
    summary = _("Conversation with %(name)s") % {
        "name": programme.company_name if mine else debrief.deal.company or debrief.deal.name
    }
    return CalendarPart(
        method,
        calendar_object(
            method=method,
            uid=call.ics_uid,
            sequence=call.ics_sequence,
            stamp=call.ics_stamp,
            starts_at=call.starts_at,
            ends_at=call.ends_at,
            summary=summary,
            description=words.at_time(call.starts_at) + (f"\n{debrief.place}" if debrief.place else ""),
            location=debrief.place,
            organizer=Mailbox(
                programme.contact_name or programme.company_name,
                # Answers of calendars go to the organizer: the mailbox that is read, if there is one.
                settings.INCOMING_ADDRESS or programme.contact_email or settings.DEFAULT_FROM_EMAIL,
            ),
            attendee=Mailbox(notice.recipient_name, notice.recipient_email),
        ),
    )
