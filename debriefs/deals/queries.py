"""Reads of deals, always for a person: what they may not know of does not exist."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Greatest, Least
from django.http import Http404

from accounts.enums import Role
from accounts.models import Person, Programme
from accounts.queries import teams_managed_by, teams_of
from debriefs.deals.enums import (
    DECIDED,
    HEARD,
    DebriefState,
    Outcome,
    PartyKind,
    Selection,
)
from debriefs.deals.list_rows import ListedDeal
from debriefs.deals.models import (
    Company,
    Competitor,
    Deal,
    DealChange,
    DealCompetitor,
    DealContact,
    DealParty,
    Need,
    Offering,
    SavedView,
)
from debriefs.deals.paging import PAGE_ROWS, Cursor
from debriefs.deals.rules import quarter_bounds
from debriefs.deals.search import MOST_WORDS, has_words


def deals_visible_to(person: Person) -> QuerySet[Deal]:
    """The deals the person may know of.

    Programme managers and reviewers: all of the programme. Sales managers: those of teams they manage. Members: those of
    their teams. Everybody: those they own or are on the deal team of. An interviewer as such: none. No query by itself.
    """
    deals = Deal.objects.filter(programme=person.programme)
    if person.has_role(Role.ADMIN, Role.REVIEWER):
        return deals
    mine = Exists(
        DealParty.objects.filter(
            deal=OuterRef("pk"), person=person, kind__in=(PartyKind.OWNER, PartyKind.TEAM), ended_at__isnull=True
        )
    )
    seen = Q(mine)
    if person.has_role(Role.MANAGER):
        seen |= Q(team__in=teams_managed_by(person).values("pk"))
    if person.has_role(Role.MEMBER):
        seen |= Q(team__in=teams_of(person).values("pk"))
    if not person.has_role(Role.MANAGER, Role.MEMBER):
        return deals.none()
    return deals.filter(seen)


def deal_visible_to(person: Person, deal_id: UUID) -> Deal:
    """The deal with programme, company, team, owner, offering and winner joined, or 404. One query."""
    deal = (
        deals_visible_to(person)
        .select_related(
            "programme", "company", "team", "owner", "offering", "winner", "own_reason_category", "announced_by"
        )
        .filter(pk=deal_id)
        .first()
    )
    if deal is None:
        raise Http404
    return deal


def filtered(
    deals: QuerySet[Deal],
    *,
    shown: str = "all",
    q: str = "",
    outcome: str = "",
    team_id: UUID | None = None,
    quarter: str = "",
    state: str = "",
    owner_id: UUID | None = None,
    segment: str = "",
    competitor_id: UUID | None = None,
    least: Decimal | None = None,
    most: Decimal | None = None,
    window: str = "",
    today: date | None = None,
    programme: Programme | None = None,
    record_of: Person | None = None,
    forgiving: bool = False,
) -> QuerySet[Deal]:
    """The deals of a view of the list (paging.SHOWN) under its filters. No query by itself, two at most where a competitor filters.

    The search (search.py) wants each word somewhere in name, company, offering or CRM id, without regard to accents and case;
    `forgiving` takes a typing error in each, and is for a search that found nothing. The names of contacts are searched, and
    competitors filter, only where `record_of` reads the sales record. `window` (rules.WINDOWS) is how
    the window of deals whose debrief may still come stands `today`, under the settings of `programme`.
    """
    deals = deals.filter(_VIEWS.get(shown, Q()))
    if outcome:
        deals = deals.filter(outcome=outcome)
    if team_id:
        deals = deals.filter(team=team_id)
    if quarter:
        first, next_first = quarter_bounds(quarter)
        deals = deals.filter(decided_on__gte=first, decided_on__lt=next_first)
    if state:
        deals = deals.filter(debrief_state=state)
    if owner_id:
        deals = deals.filter(owner=owner_id)
    if segment:
        deals = deals.filter(segment=segment)
    if competitor_id:
        readable = _reads_record(record_of) if record_of else Q()
        deals = deals.filter(_against(competitor_id), readable)
    if least is not None:
        deals = deals.filter(amount__gte=least)
    if most is not None:
        deals = deals.filter(amount__lte=most)
    if window and today and programme:
        deals = _in_window(deals.filter(_AWAITING), window, today, programme)
    return _searched(deals, q, record_of, forgiving) if q.strip() else deals


def closes_on(programme: Programme) -> Greatest:
    """The last good day of a decided deal's window, as `window_of` knows it, for the database. No query by itself."""
    best = _days_later("decided_on", programme.best_within_days)
    before_start = Case(
        When(
            outcome=Outcome.WON,
            implementation_starts_on__isnull=False,
            then=Least(best, _days_later("implementation_starts_on", -1)),
        ),
        default=best,
    )
    return Greatest(before_start, _days_later("decided_on", programme.cooling_off_days))


def _days_later(column: str, days: int) -> Func:
    return Func(F(column), Value(days), template="(%(expressions)s)", arg_joiner=" + ", output_field=DateField())


def _in_window(deals: QuerySet[Deal], window: str, today: date, programme: Programme) -> QuerySet[Deal]:
    """The decided deals whose window stands so, as the properties of `window.Window` say it.

    Each is bounded by the decision day too, so that the index is read and not the table.
    """
    opened = today - timedelta(days=programme.cooling_off_days)
    overdue_before = today - timedelta(days=programme.overdue_after_days)
    if window == "cooling_off":
        return deals.filter(decided_on__gt=opened)
    if window == "overdue":
        return deals.filter(decided_on__lt=overdue_before)
    deals = deals.alias(closes_on=closes_on(programme)).filter(decided_on__lte=opened)
    if window == "late":
        return deals.filter(closes_on__lt=today, decided_on__gte=overdue_before)
    longest = max(programme.best_within_days, programme.cooling_off_days)
    deals = deals.filter(closes_on__gte=today, decided_on__gte=today - timedelta(days=longest))
    return deals.filter(closes_on__lt=today + timedelta(days=7)) if window == "closing" else deals


# A competitor of so many deals is looked up by their ids; one of more by reading deals in the list's order.
_FEW = 1_000


def _against(competitor_id: UUID) -> Q:
    """The deals in which the competitor was met or won. Two queries at most.

    The database cannot tell how few an "or" over two tables finds, and would read every deal in search of a rare competitor's.
    Both sides are compared by id alone: ids stand in every index, so that no deal is read that is not shown.
    """
    met = DealCompetitor.objects.filter(competitor=competitor_id).order_by().values_list("deal_id", flat=True)
    won = Deal.objects.filter(winner=competitor_id).order_by().values_list("pk", flat=True)
    found = list(met[: _FEW + 1])
    if len(found) <= _FEW:
        found += won[: _FEW + 1]
    return Q(pk__in=found) if len(found) <= _FEW else Q(pk__in=won) | Q(pk__in=met)


def _searched(deals: QuerySet[Deal], q: str, record_of: Person | None, forgiving: bool) -> QuerySet[Deal]:
    words = q.split()[:MOST_WORDS]
    found, named = (has_words(column, words, forgiving=forgiving) for column in ("search_key", "contact_key"))
    if record_of is None:
        return deals.filter(found)
    return deals.filter(found | (named & _reads_record(record_of)))


def _reads_record(person: Person) -> Q:
    """The deals whose sales record and contacts the person sees: has_record_access of permissions.py, as a condition."""
    if person.has_role(Role.ADMIN, Role.REVIEWER):
        return Q()
    mine = DealParty.objects.filter(
        deal=OuterRef("pk"), person=person, kind__in=(PartyKind.OWNER, PartyKind.TEAM), ended_at__isnull=True
    )
    seen = Q(Exists(mine))
    if person.has_role(Role.MANAGER):
        seen |= Q(team__in=teams_managed_by(person).values("pk"))
    return seen


def deals_with_record_for(person: Person) -> QuerySet[Deal]:
    """The deals whose sales record and contacts the person sees. No query by itself."""
    return deals_visible_to(person).filter(_reads_record(person))


_LISTED = (
    "pk", "name", "company__name", "offering__name", "team__name", "outcome", "withdrawn_by", "decided_on",
    "implementation_starts_on", "selection", "selection_reason", "debrief_state", "amount", "currency",
)  # fmt: skip


def page_of(deals: QuerySet[Deal], *, order: str, after: Cursor | None, rows: int = PAGE_ROWS) -> list[ListedDeal]:
    """One page by keyset, one row more than `rows` where there is a next page. One query."""
    column = {"decided": "decided_on", "amount": "amount", "name": "name"}[order.removeprefix("-")]
    descending = order.startswith("-")
    # Newest first keeps open deals on top, as the index holds them; an unknown amount always comes last.
    nulls_first = descending and column == "decided_on"
    key = F(column).desc(nulls_first=nulls_first or None, nulls_last=not nulls_first or None)
    if not descending:
        key = F(column).asc(nulls_last=True)
    if after is not None:
        deals = deals.filter(_beyond(column, descending, nulls_first, after))
    # What a row shows is joined to the rows of this page only, not to all that are sorted for it.
    page = deals.order_by(key, "id").values("pk")[: rows + 1]
    found = Deal.objects.filter(pk__in=page).order_by(key, "id").values_list(*_LISTED)
    return [ListedDeal(*row) for row in found]


def interviewers_of(deal_ids: list[UUID]) -> dict[UUID, list[str]]:
    """The names of who interviews the buyers of the deals now, by deal. One query."""
    live = DealParty.objects.filter(deal__in=deal_ids, kind=PartyKind.INTERVIEWER, ended_at__isnull=True)
    names: dict[UUID, list[str]] = {}
    for deal_id, name in live.order_by("person__name").values_list("deal", "person__name"):
        names.setdefault(deal_id, []).append(name)
    return names


def count_up_to(deals: QuerySet[Deal], limit: int) -> int:
    """How many there are, counted no further than one beyond the limit. One query."""
    return deals.order_by().values("pk")[: limit + 1].count()


def _beyond(column: str, descending: bool, nulls_first: bool, after: Cursor) -> Q:
    """The rows after the cursor in the order of `page_of`."""
    same = Q(**{column: after.value}) if after.value is not None else Q(**{f"{column}__isnull": True})
    beyond = same & Q(pk__gt=after.deal_id)
    if after.value is None:
        return beyond | Q(**{f"{column}__isnull": False}) if nulls_first else beyond
    further = Q(**{f"{column}__{'lt' if descending else 'gt'}": after.value})
    if nulls_first:
        # Said again as one bound, so that the index scan starts there.
        return Q(**{f"{column}__lte": after.value}) & (beyond | further)
    return beyond | further | Q(**{f"{column}__isnull": True})


_AWAITING = (
    Q(outcome__in=DECIDED) & ~Q(selection=Selection.PASSED_OVER) & ~Q(debrief_state__in=(*HEARD, DebriefState.CLOSED))
)
# A decided deal has its day (deal_decided_has_date). Said again, the index by day is entered behind the open deals, which have
# none and stand first in it: otherwise every page reads past all of them.
_IS_DECIDED = Q(outcome__in=DECIDED, decided_on__isnull=False)
_VIEWS = {
    "decided": _IS_DECIDED,
    "waiting": _IS_DECIDED & Q(debrief_state=DebriefState.NONE) & ~Q(selection=Selection.PASSED_OVER),
    "running": Q(
        debrief_state__in=(
            DebriefState.PLANNED,
            DebriefState.INVITED,
            DebriefState.BOOKED,
            DebriefState.HELD,
            DebriefState.WRITTEN_UP,
            DebriefState.REVIEWED,
            DebriefState.DECLINED,
        )
    ),
    "released": Q(debrief_state=DebriefState.RELEASED),
    "passed_over": Q(selection=Selection.PASSED_OVER),
    "open": Q(outcome=Outcome.OPEN),
}


def parties_of(deal: Deal) -> QuerySet[DealParty]:
    """Everybody who was ever on the deal, owner first, then by when they joined. One query."""
    return (
        DealParty.objects.filter(deal=deal)
        .select_related("person", "person__user")
        .order_by("-ended_at", "kind", "joined_at", "id")
    )


def deal_contacts_of(deal: Deal) -> QuerySet[DealContact]:
    """The buyer's side of the deal, the primary contact first. One query."""
    return (
        DealContact.objects.filter(deal=deal)
        .select_related("contact__email_checked_by", "approved_by")
        .order_by("-is_primary", "contact__name", "id")
    )


def approved_contacts_of(deal: Deal) -> QuerySet[DealContact]:
    """The contacts who may be asked: approved and with an address. One query."""
    return deal_contacts_of(deal).filter(approval="approved").exclude(contact__email_key="")


def deal_contact_visible_to(person: Person, deal_contact_id: UUID) -> DealContact:
    """A contact's part in a deal the person may know of, deal and programme joined, or 404. One query."""
    found = (
        DealContact.objects.filter(pk=deal_contact_id, deal__in=deals_visible_to(person))
        .select_related("contact", "deal", "deal__programme", "deal__team")
        .first()
    )
    if found is None:
        raise Http404
    return found


def party_visible_to(person: Person, party_id: UUID) -> DealParty:
    """Somebody's part in a deal the person may know of, or 404. One query."""
    found = (
        DealParty.objects.filter(pk=party_id, deal__in=deals_visible_to(person))
        .select_related("person", "deal", "deal__programme", "deal__team")
        .first()
    )
    if found is None:
        raise Http404
    return found


def changes_of(deal: Deal) -> QuerySet[DealChange]:
    """What was changed on the deal, newest first. One query."""
    changes = DealChange.objects.filter(deal=deal).exclude(field="external_id")
    return changes.select_related("by", "deal_import__file").order_by("-at", "-id")


def stages_of(deal: Deal) -> QuerySet[DealChange]:
    """The stages the deal went through as far as the history knows them, oldest first, at most 50. One query."""
    return DealChange.objects.filter(deal=deal, field="stage", undone_at__isnull=True).order_by("at", "pk")[:50]


# Lines of history on a page of it.
HISTORY_ROWS = 100


def changes_before(deal: Deal, change_id: int | None) -> list[DealChange]:
    """A page of the history and one line more where it goes on: what was changed before that line, newest first. One query."""
    changes = changes_of(deal).order_by("-pk")
    return list((changes.filter(pk__lt=change_id) if change_id is not None else changes)[: HISTORY_ROWS + 1])


def need_visible_to(person: Person, need_id: UUID) -> Need:
    """A need of a deal whose record the person reads, deal, programme and team joined, or 404. One query."""
    read = deals_visible_to(person).filter(_reads_record(person))
    needs = Need.objects.filter(pk=need_id, deal__in=read.values("pk"))
    need = needs.select_related("deal__programme", "deal__team").first()
    if need is None:
        raise Http404
    return need


def segments_of(programme: Programme) -> list[str]:
    """The segments of the programme's deals, in order. One query that jumps from one to the next, however many deals."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE jump AS (
              (SELECT segment FROM deals_deal WHERE programme_id = %(programme)s AND segment > '' ORDER BY segment LIMIT 1)
              UNION ALL
              SELECT (SELECT d.segment FROM deals_deal d WHERE d.programme_id = %(programme)s AND d.segment > jump.segment
                      ORDER BY d.segment LIMIT 1)
              FROM jump WHERE jump.segment IS NOT NULL
            )
            SELECT segment FROM jump WHERE segment IS NOT NULL LIMIT 200
            """,
            {"programme": programme.pk},
        )
        return [segment for (segment,) in cursor.fetchall()]


def segments_for(person: Person) -> list[str]:
    """The segments of deals that the person may know of, in order, at most 200. One query."""
    if person.has_role(Role.ADMIN, Role.REVIEWER):
        return segments_of(person.programme)
    known = deals_visible_to(person).exclude(segment="").order_by("segment").values_list("segment", flat=True)
    return list(known.distinct()[:200])


def competitors_for(person: Person) -> list[Competitor]:
    """The competitors met or winning in deals whose sales record the person reads, by name, at most 500. One query."""
    rivals = competitors_of(person.programme)
    if not person.has_role(Role.ADMIN, Role.REVIEWER):
        read = deals_with_record_for(person)
        met = DealCompetitor.objects.filter(competitor=OuterRef("pk"), deal__in=read.values("pk"))
        rivals = rivals.filter(Exists(read.filter(winner=OuterRef("pk"))) | Exists(met))
    return list(rivals[:500])


def owners_for(person: Person) -> list[Person]:
    """Who owns deals that the person may know of, by name. One query."""
    owned = deals_visible_to(person).filter(owner=OuterRef("pk"))
    return list(Person.objects.filter(Exists(owned), programme=person.programme).order_by("name")[:500])


def saved_views_of(person: Person) -> QuerySet[SavedView]:
    """The views of the list that the person named, by name. One query."""
    return SavedView.objects.filter(person=person, programme=person.programme)


def exported(deals: QuerySet[Deal], person: Person) -> Iterator[Deal]:
    """The deals one after the other with what a row of the export shows, a thousand at a time, by id.

    `has_record` of each says whether the person reads its sales record.
    """
    after = None
    readable = _reads_record(person)
    has_record = ExpressionWrapper(readable, BooleanField()) if readable else Value(True)
    deals = deals.annotate(has_record=has_record)
    rows = deals.select_related("company", "offering", "team", "owner", "winner").prefetch_related("competitors")
    while True:
        part = list((rows.filter(pk__gt=after) if after else rows).order_by("pk")[:1000])
        yield from part
        if len(part) < 1000:
            return
        after = part[-1].pk


def companies_of(programme: Programme) -> QuerySet[Company]:
    """The programme's companies by name."""
    return Company.objects.filter(programme=programme).order_by("name_key")


def competitors_of(programme: Programme) -> QuerySet[Competitor]:
    """The programme's competitors by name."""
    return Competitor.objects.filter(programme=programme).order_by("name_key")


def offerings_of(programme: Programme) -> QuerySet[Offering]:
    """What the programme offers, by name."""
    return Offering.objects.filter(programme=programme).order_by("name_key")
