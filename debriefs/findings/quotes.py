"""The life of a quote: proposed, shown to the buyer, approved word by word, used, withdrawn."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.calls.notices import to_contact
from debriefs.deals.rules import today_in
from debriefs.findings.closed_words import without
from debriefs.findings.models import Quote, QuoteState, QuoteUse, Release, Remark
from debriefs.findings.permissions import may_keep_quotes
from debriefs.findings.plan import Story, company_in, holds
from debriefs.findings.quote_queries import COVERS, usable_quotes, uses_within_a_year
from debriefs.findings.refusals import QuoteNotPossible, ReviewNotAllowed
from debriefs.findings.roster import roster_of
from debriefs.foundation import audit, outbox
from debriefs.foundation.enums import ActorKind
from debriefs.interviews.enums import QuoteLevel
from debriefs.interviews.queries import quote_level

ASKED_AGAIN_AFTER = timedelta(days=90)
SENT_TWICE_WITHIN = timedelta(minutes=1)


@transaction.atomic
def propose(*, remark: Remark, words: str, level: str, by: Person, now: datetime) -> Quote:
    """Words out of a released remark as a quote; nobody may use them before the buyer approved them.

    Refuses words that do not stand in the remark, and a level beyond the permission given.
    """
    release = Release.objects.select_related("debrief__contact", "deal", "programme").get(pk=remark.release_id)
    _may_keep(release, by)
    said = " ".join(words.split())
    if not said or said not in " ".join(remark.verbatim.split()):
        raise QuoteNotPossible(
            _("A quote repeats the released words exactly; leave out what is not needed at either end.")
        )
    if QuoteLevel(level) not in COVERS.get(quote_level(release.debrief), ()):
        raise QuoteNotPossible(_("The buyer’s permission does not go so far."))
    # Sent twice, it is proposed once.
    Release.objects.select_for_update(of=("self",)).get(pk=release.pk)
    same = Quote.objects.filter(
        release=release, words=said, level=level, asked_at__isnull=True, withdrawn_at__isnull=True, proposed_by=by
    ).first()
    if same is not None:
        return same
    made = Quote.objects.create(
        programme_id=release.programme_id,
        debrief=release.debrief,
        release=release,
        contact=release.debrief.contact,
        words=said,
        proposed_words=said,
        source=source_of(release, level),
        level=level,
        proposed_at=now,
        proposed_by=by,
    )
    _note("quote.proposed", made, by, now, level=level)
    return made


def source_of(release: Release, level: str) -> str:
    """Who said it, as far as the level goes: without name one attribute only, because two or three together name somebody."""
    if level == QuoteLevel.NAMED:
        return f"{release.buyer_label}, {release.company_label}"[:200]
    return company_in(release.deal.segment)[:200]


@transaction.atomic
def ask(*, quote: Quote, by: Person, now: datetime) -> Quote:
    """The buyer is shown the exact words and asked, by mail with the personal link. Harmless while an answer is awaited.

    Refuses a quote that was declined or withdrawn or goes beyond what the buyer permits now, and another question to a buyer who
    has not answered the last one.
    """
    locked = _locked(quote)
    _may_keep(locked.release, by)
    if locked.asked_at is not None and locked.approved_at is None and locked.declined_at is None:
        return locked
    if locked.declined_at is not None or locked.withdrawn_at is not None:
        raise QuoteNotPossible(_("The buyer said no to this quote, or it was withdrawn. Nobody asks again."))
    if locked.state(today_in(locked.programme.time_zone, now)) == QuoteState.APPROVED:
        raise QuoteNotPossible(_("The buyer approved this quote already."))
    if locked.level not in COVERS.get(quote_level(locked.debrief), ()):
        raise QuoteNotPossible(_("The buyer’s permission does not go so far."))
    waiting = Quote.objects.filter(
        contact=locked.contact,
        release__recalled_at__isnull=True,
        asked_at__gt=now - ASKED_AGAIN_AFTER,
        approved_at__isnull=True,
        declined_at__isnull=True,
        withdrawn_at__isnull=True,
    )
    if waiting.exclude(pk=locked.pk).exists():
        raise QuoteNotPossible(
            _("This buyer is asked about another quote and has not answered yet. One question at a time.")
        )
    locked.asked_at, locked.asked_by = now, by
    locked.approved_at, locked.approver_name, locked.expires_on = None, "", None
    locked.save(update_fields=["asked_at", "asked_by", "approved_at", "approver_name", "expires_on"])
    outbox.owe(
        kind="quote_approval",
        programme_id=locked.programme_id,
        subject_kind="quote",
        subject_id=locked.pk,
        recipient=to_contact(locked.contact),
        due_at=now,
        dedupe_key=f"quote_approval:{locked.pk}:{now.isoformat()}",
        now=now,
    )
    _note("quote.asked", locked, by, now)
    return locked


@transaction.atomic
def approve(*, quote: Quote, level: str, words: str, now: datetime) -> Quote:
    """The buyer allows exactly these words at this level, for the programme's term. Harmless if repeated.

    The buyer may change the words and narrow the level, never widen it; also after a no, or after taking it back, and then the
    words are open again. What our side withdrew stays withdrawn. Refuses words written anew that carry a withheld name.
    """
    locked = _asked(quote)
    if locked.withdrawn_at is not None and locked.withdrawn_by_id is not None:
        raise QuoteNotPossible(_("This is not asked any more. Nothing was changed."))
    said = words.strip()
    if not said:
        raise QuoteNotPossible(_("Write the words you allow."))
    if QuoteLevel(level) not in COVERS.get(QuoteLevel(locked.level), ()):
        raise QuoteNotPossible(_("Choose how far the words may go."))
    if said != locked.proposed_words:
        _refuse_names(locked, said, level)
    if level != locked.level:
        locked.level, locked.source = level, source_of(locked.release, level)
    locked.words, locked.approved_at, locked.approver_name = said, now, locked.contact.name[:200]
    locked.declined_at = locked.withdrawn_at = locked.withdrawn_by = locked.words_closed_at = None
    locked.withdraw_reason = ""
    locked.expires_on = _in_months(today_in(locked.programme.time_zone, now), locked.programme.quote_valid_months)
    locked.save()
    outbox.supersede(subject_kind="quote", subject_id=locked.pk, now=now, reason=_("The buyer answered."))
    _note("quote.approved", locked, None, now, level=level, changed=said != locked.proposed_words)
    return locked


@transaction.atomic
def decline(*, quote: Quote, now: datetime) -> Quote:
    """The buyer does not want these words used; a yes given before ends with it. Harmless if repeated."""
    locked = _asked(quote)
    if locked.declined_at is not None:
        return locked
    locked.declined_at, locked.approved_at, locked.approver_name, locked.expires_on = now, None, "", None
    locked.save(update_fields=["declined_at", "approved_at", "approver_name", "expires_on"])
    outbox.supersede(subject_kind="quote", subject_id=locked.pk, now=now, reason=_("The buyer answered."))
    _note("quote.declined", locked, None, now)
    return locked


@transaction.atomic
def withdraw(*, quote: Quote, now: datetime, by: Person | None = None, reason: str = "", closes_words: bool) -> Quote:
    """The quote is used nowhere from now on. Harmless if repeated. `by` is None when the buyer does it on the personal page.

    With `closes_words` the buyer's wish reaches further: the words leave the released copy too, and with it every page, search
    and list, and no later release shows them. What was noted raw stays with the answers.
    """
    locked = _locked(quote)
    if by is not None:
        _may_keep(locked.release, by)
    if locked.withdrawn_at is None:
        locked.withdrawn_at, locked.withdrawn_by, locked.withdraw_reason = now, by, reason[:300]
        locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdraw_reason"])
        outbox.supersede(subject_kind="quote", subject_id=locked.pk, now=now, reason=_("The quote was withdrawn."))
        _note("quote.withdrawn", locked, by, now, closes_words=closes_words)
    if closes_words:
        _close_words(locked, now)
    return locked


@transaction.atomic
def note_use(*, quote: Quote, place: str, used_on: date, by: Person, now: datetime) -> QuoteUse:
    """Where the quote was used. Refuses one that may not be used, and more uses of one buyer's words in a year than the limit."""
    locked = _locked(quote)
    if not usable_quotes(locked.programme, now).filter(pk=locked.pk).exists():
        raise QuoteNotPossible(_("This quote may not be used now."))
    if used_on > today_in(locked.programme.time_zone, now):
        raise QuoteNotPossible(_("Note a use once it happened."))
    # Sent twice, it is one use.
    same = QuoteUse.objects.filter(
        quote=locked, place=place[:300], used_on=used_on, noted_by=by, noted_at__gt=now - SENT_TWICE_WITHIN
    ).first()
    if same is not None:
        return same
    most = locked.programme.quote_uses_a_year
    if uses_within_a_year(locked.contact, used_on) >= most:
        raise QuoteNotPossible(
            _("Words of this buyer were used %(n)s times within a year, as often as the programme allows.")
            % {"n": most}
        )
    made = QuoteUse.objects.create(
        programme_id=locked.programme_id, quote=locked, place=place[:300], used_on=used_on, noted_at=now, noted_by=by
    )
    _note("quote.used", locked, by, now)
    return made


def _close_words(quote: Quote, now: datetime) -> None:
    """Out of the released copies, our own sentences included, and out of every release to come."""
    if quote.words_closed_at is None:
        quote.words_closed_at = now
        quote.save(update_fields=["words_closed_at"])
    words = quote.proposed_words
    for release in Release.objects.select_for_update().filter(debrief_id=quote.debrief_id):
        ours = {name: without(getattr(release, name), words) for name in Story._fields}
        Release.objects.filter(pk=release.pk).update(**ours)
    for remark in Remark.objects.select_for_update().filter(release__debrief_id=quote.debrief_id):
        said = "" if holds(words, remark.verbatim) else remark.verbatim
        Remark.objects.filter(pk=remark.pk).update(verbatim=said, note=without(remark.note, words))


def _refuse_names(quote: Quote, words: str, level: str) -> None:
    """What the buyer writes anew is read by everybody the quote is for: it names nobody whom a release would not name."""
    names = list(
        dict.fromkeys(hit.found for hit in roster_of(quote.debrief, QuoteLevel(level)).find(words) if hit.is_certain)
    )
    if names:
        raise QuoteNotPossible(
            _(
                "These words name somebody: %(names)s. Write them without the name, so that nobody is told more than you allow."
            )
            % {"names": ", ".join(names)}
        )


def _in_months(day: date, months: int) -> date:
    return day + timedelta(days=round(months * 365.25 / 12))


def _locked(quote: Quote) -> Quote:
    """The row, taken; one buyer's quotes come one after the other, so that no limit is passed by two at once."""
    type(quote.contact).objects.select_for_update().get(pk=quote.contact_id)
    return (
        Quote.objects.select_for_update(of=("self",))
        .select_related(
            "programme",
            "release__deal",
            "release__programme",
            "contact__programme",
            "debrief__deal__company",
            "debrief__contact",
            "debrief__programme",
        )
        .get(pk=quote.pk)
    )


def _asked(quote: Quote) -> Quote:
    locked = _locked(quote)
    if locked.asked_at is None or locked.release.recalled_at is not None:
        raise QuoteNotPossible(_("This is not asked any more. Nothing was changed."))
    return locked


def _may_keep(release: Release, by: Person) -> None:
    if not may_keep_quotes(by, release):
        raise ReviewNotAllowed(
            _(
                "Quotes are kept by reviewers and programme managers who are not on our side of the deal, while the release stands."
            )
        )


def _note(action: str, quote: Quote, by: Person | None, now: datetime, **detail: Any) -> None:
    audit.record(
        action=action,
        now=now,
        actor_kind=ActorKind.PERSON if by else ActorKind.CONTACT,
        actor_id=by.pk if by else quote.contact_id,
        programme_id=quote.programme_id,
        subject_kind="quote",
        subject_id=quote.pk,
        detail=detail,
    )
