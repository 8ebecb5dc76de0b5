"""What the mails of this room are made from, fetched for a whole batch in eight queries, or for one notice when nobody gathered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import Programme
from debriefs.calls import links, notice_texts
from debriefs.calls.models import Call, Debrief, NoticeText, ProspectLink
from debriefs.calls.notices import ASKING, NUDGES
from debriefs.deals.enums import Approval
from debriefs.deals.models import DealContact
from debriefs.deals.queries import approved_contacts_of
from debriefs.foundation.enums import NoticeState
from debriefs.foundation.models import Notice

_JOINED = (
    "programme__logo",
    "deal__company",
    "deal__owner",
    "deal__own_view",
    "contact",
    "interviewer__user",
    "guide_version__guide",
)


@dataclass(frozen=True)
class Asked:
    """One mail that asks the buyer for the conversation: when it is due, and when it was sent; neither once it is settled otherwise."""

    kind: str
    due_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True)
class Facts:
    """What stood in the database when the batch was gathered. Good for a moment only: a later re-check fetches anew."""

    debrief: Debrief | None
    call: Call | None
    is_approved: bool
    link: ProspectLink | None
    own: NoticeText | None
    thread: str
    asking: tuple[Asked, ...]


def gather(notices: list[Notice]) -> None:
    """Leaves its Facts in each notice. Eight queries at most, whatever their number."""
    ids = {notice.subject_id for notice in notices}
    debriefs = Debrief.objects.select_related(*_JOINED).in_bulk(ids)
    calls = Call.objects.in_bulk({call for notice in notices if (call := _call_id(notice))})
    asked = {(debrief.deal_id, debrief.contact_id) for debrief in debriefs.values()}
    approved = set(
        DealContact.objects.filter(deal__in={deal for deal, _contact in asked}, approval=Approval.APPROVED)
        .exclude(contact__email_key="")
        .values_list("deal_id", "contact_id")
    )
    found = {link.debrief_id: link for link in ProspectLink.objects.filter(debrief__in=ids)}
    own = _own_words(notices)
    threads = _threads(notices, ids)
    asking = _asking({notice.subject_id for notice in notices if notice.kind in NUDGES})
    for notice in notices:
        debrief = debriefs.get(notice.subject_id)
        call = _call_id(notice)
        notice.gathered = Facts(
            debrief,
            calls.get(call) if call else None,
            debrief is not None and (debrief.deal_id, debrief.contact_id) in approved,
            found.get(notice.subject_id),
            own.get((notice.programme_id, notice.kind, notice.recipient_kind, notice.recipient_language)),
            threads.get((notice.subject_id, notice.recipient_id), ""),
            tuple(asking.get(notice.subject_id, ())),
        )


def _own_words(notices: list[Notice]) -> dict[tuple[UUID | None, str, str, str], NoticeText]:
    """The latest own words of each mail that these notices may need; those that returned to the delivered ones left out. One query."""
    latest = (
        NoticeText.objects.filter(
            programme__in={notice.programme_id for notice in notices}, kind__in={notice.kind for notice in notices}
        )
        .order_by("programme", "kind", "audience", "language", "-version")
        .distinct("programme", "kind", "audience", "language")
    )
    return {
        (text.programme_id, text.kind, text.audience, text.language): text for text in latest if not text.is_delivered
    }


def _threads(notices: list[Notice], ids: set[UUID]) -> dict[tuple[UUID, UUID | None], str]:
    """The Message-ID of the first mail about each subject to each person. One query."""
    first = (
        Notice.objects.filter(
            subject_kind=notices[0].subject_kind,
            subject_id__in=ids,
            recipient_id__in={notice.recipient_id for notice in notices},
        )
        .order_by("subject_id", "recipient_id", "created_at", "id")
        .distinct("subject_id", "recipient_id")
    )
    return {
        (subject, to): message_id
        for subject, to, message_id in first.values_list("subject_id", "recipient_id", "message_id")
    }


def _asking(debriefs: set[UUID]) -> dict[UUID, list[Asked]]:
    """What asks the buyers of these debriefs and is on its way or was sent. One query, none without debriefs."""
    found: dict[UUID, list[Asked]] = {}
    if not debriefs:
        return found
    alive = (NoticeState.QUEUED, NoticeState.SENDING, NoticeState.SENT)
    rows = Notice.objects.filter(subject_kind="debrief", subject_id__in=debriefs, kind__in=ASKING, state__in=alive)
    for subject, kind, state, due_at, sent_at in rows.values_list("subject_id", "kind", "state", "due_at", "sent_at"):
        is_sent = state == NoticeState.SENT
        asked = Asked(kind, None if is_sent else due_at, sent_at if is_sent else None)
        found.setdefault(subject, []).append(asked)
    return found


def _facts(notice: Notice) -> Facts | None:
    return notice.gathered if isinstance(notice.gathered, Facts) else None


def _call_id(notice: Notice) -> UUID | None:
    return UUID(notice.context["call"]) if notice.context.get("call") else None


def debrief_of(notice: Notice) -> Debrief | None:
    """The debrief with all its mail names joined. One query, none when gathered."""
    if facts := _facts(notice):
        return facts.debrief
    return Debrief.objects.select_related(*_JOINED).filter(pk=notice.subject_id).first()


def call_of(notice: Notice) -> Call | None:
    """The call the mail is about, if any. One query, none when gathered."""
    if facts := _facts(notice):
        return facts.call
    call = _call_id(notice)
    return Call.objects.filter(pk=call).first() if call else None


def is_approved(notice: Notice, debrief: Debrief) -> bool:
    """Whether the buyer may be asked still. One query, none when gathered."""
    if facts := _facts(notice):
        return facts.is_approved
    return approved_contacts_of(debrief.deal).filter(contact=debrief.contact_id).exists()


def asking_of(notice: Notice) -> tuple[Asked, ...]:
    """Invitations and nudges of the notice's debrief that are on their way or were sent. One query, none when gathered."""
    if facts := _facts(notice):
        return facts.asking
    return tuple(_asking({notice.subject_id}).get(notice.subject_id, ()))


def link_of(notice: Notice, debrief: Debrief, now: datetime) -> ProspectLink:
    """The personal link, made if missing. One or two queries, none when gathered."""
    facts = _facts(notice)
    return facts.link if facts and facts.link else links.issue(debrief, now)


def own_words(notice: Notice, programme: Programme) -> NoticeText | None:
    """The programme's own words for this mail, or None while the delivered ones hold. One query, none when gathered."""
    if facts := _facts(notice):
        return facts.own
    return notice_texts.current(programme, notice.kind, notice.recipient_kind, notice.recipient_language)


def thread_of(notice: Notice) -> str:
    """The Message-ID of the first mail about this debrief to this person, so that all of them are one thread. One query, none when gathered."""
    if facts := _facts(notice):
        return facts.thread
    first = Notice.objects.filter(
        subject_kind=notice.subject_kind, subject_id=notice.subject_id, recipient_id=notice.recipient_id
    ).order_by("created_at", "id")
    return first.values_list("message_id", flat=True).first() or ""
