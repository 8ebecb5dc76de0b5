"""Everybody asks for everything: what each standing person gets from each route, and what no request may do or tell."""

import re
from dataclasses import dataclass, field
from functools import cache
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.middleware import SignInRequiredMiddleware
from tests.architecture import access, furnishing, scene, snapshot
from tests.architecture.asking import ask, taken_back
from tests.architecture.hidden import HIDDEN, KNOW_HIDDEN, OPENED, STATES
from tests.architecture.leaks import RAW_READERS, kept_in, logs_kept, stores, told_by

pytestmark = pytest.mark.django_db
READING = ("GET", "HEAD", "OPTIONS")
METHODS = (*READING, "POST", "PUT", "PATCH", "DELETE")
# What stands in an address as text, and what a careless or hostile hand may write there.
MALFORMED = {
    "token": ("0", "%", "\x00", "ü" * 300, "..", "' OR 1=1 --"),
    "programme_slug": ("0", "-", "x" * 300),
    "digits": ("000000", "ffffff"),
    "sha256": ("f" * 64,),
    "pk": ("0", "9" * 40),
    "uidb36": ("0", "z" * 60),
    "key": ("0-0", "set-password", "%-\x00"),
    "name": ("20269999T999999.999999Z-00000000",),
    "number": ("9",),
}
NEEDS_NO_SIGN_IN = """
account_inactive account_login account_logout account_reset_password account_reset_password_done
account_reset_password_from_key account_reset_password_from_key_done account_signup
core:colour_stylesheet digest_stop healthz invitation invitation_open
programme_logo
mailbox:html mailbox:invitation mailbox:list mailbox:mail mailbox:source
mfa_authenticate mfa_login_webauthn
prospect:book prospect:call_feed prospect:cancel prospect:confirm prospect:decline prospect:note prospect:open prospect:page prospect:stop
written:answer_save written:begin written:keys written:page written:review written:send written:share written:speak
prospect:addressee quotes:answer quotes:open quotes:page quotes:permissions quotes:withdraw
held:file prospect:data prospect:stop_at_once prospect:undo_data prospect:undo_decline prospect:undo_stop prospect:undo_writing prospect:writing readyz
"""


# What an outside interviewer has of a programme without an assignment: lists that stay empty, their hours, what drivers mean.
THEIR_OWN = frozenset(
    """
home:today guides:guide_list calls:debrief_list calls:debrief_board calls:call_week calls:availability calls:exception_add
calls:calendar_add calls:feed_open calls:feed_close interviews:assignment_list interviews:keys interviews:worker
findings:release_list findings:remark_search findings:codebook_page
""".split()
)

NAMES_DRIVERS = ("findings:codebook_page", "findings:remark_search")


@dataclass
class Told:
    """What all requests of the table gave: statuses, and as sentences what was told or changed that must not be."""

    statuses: list[tuple[access.Row, str, int]] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    logged: int = 0


@cache
def routes() -> dict[str, list[str]]:
    return access.routes()


def rows() -> list[access.Row]:
    """The table's rows, without the mailbox where it is not routed."""
    return [row for row in access.rows() if settings.LOCAL or not row.route.startswith("mailbox:")]


@pytest.fixture(scope="module")
def told(staged) -> Told:
    """Every row of the table asked by every person. The reading methods are asked too, and all rows compared before and after.

    HEAD and OPTIONS are asked by one person of those whom the row answers alike.
    """
    told = Told()
    with logs_kept() as keeper:
        _ask_all(staged, told)
    told.kept += kept_in("The log", "\n".join(keeper.lines).encode())
    told.logged = len(keeper.lines)
    return told


def _ask_all(staged: scene.Scene, told: Told) -> None:
    before = snapshot.fingerprint()
    for row in rows():
        route, _, state = row.route.partition("@")
        address = staged.address(route, routes()[route], state)
        alike = {status: person for person, status in row.answers.items()}.values()
        asked = [("GET", person) for person in access.people()] if row.method == "GET" else [("GET", "admin")]
        asked += [
            (method, person)
            for method in ("HEAD", "OPTIONS")
            for person in (alike if row.method == "GET" else ["admin"])
        ]
        with taken_back():
            for method, person in asked:
                status, text = ask(staged, person, method, address)
                told.leaks += told_by(person, f"{method} {row.route}", text)
                if method == row.method:
                    told.statuses.append((row, person, status))
            after = snapshot.fingerprint()
            told.changed += [f"{row.route}: {table}" for table in before if before[table] != after[table]]
            told.kept += kept_in(f"A session or the cache after {row.route}", stores(), told_to_its_person=True)
        for person in access.people() if row.method != "GET" else []:
            with taken_back():
                status, text = ask(staged, person, row.method, address)
                told.kept += kept_in(
                    f"A session or the cache after {row.method} {row.route}", stores(), told_to_its_person=True
                )
            told.leaks += told_by(person, f"{row.method} {row.route}", text)
            told.statuses.append((row, person, status))


def test_every_route_has_a_row_and_every_row_a_route():
    named = {row.route.partition("@")[0] for row in access.rows()}
    gone = named - set(routes())
    assert set(routes()) - named == set()
    assert {route for route in gone if settings.LOCAL or not route.startswith("mailbox:")} == set()
    assert len({(row.route, row.method) for row in access.rows()}) == len(access.rows())


def test_every_parameter_has_a_value(staged):
    wanted = {name for names in routes().values() for name in names}
    assert wanted - set(staged.here.parameters()) == set()
    assert wanted - set(staged.elsewhere.parameters()) == set()
    states = {row.route.partition("@")[2] for row in access.rows()} - {""}
    assert states <= set(staged.here.of_state)


def test_everybody_gets_what_the_table_says(told):
    differences = [
        f"{row.route:38} {row.method:7} {person:18} table {row.answers[person]}, answer {status}"
        for row, person, status in told.statuses
        if row.answers[person] != status
    ]
    assert not differences, "\n".join(["", *differences])


def test_reading_changes_no_row(told):
    assert told.changed == []


def test_nobody_learns_of_another_programme_or_reads_raw_notes_unasked(told, staged):
    assert told.leaks == []
    # The canaries are there to be found: whoever may read them does.
    for state, readers in RAW_READERS.items():
        address = staged.address("interviews:answers", routes()["interviews:answers"], state)
        for person in readers:
            with taken_back():
                assert furnishing.raw_word(state).encode() in ask(staged, person, "GET", address)[1], (state, person)
    for state in STATES:
        deal = staged.address("home:deal_page", routes()["home:deal_page"], state)
        for person in KNOW_HIDDEN:
            with taken_back():
                assert HIDDEN.encode() in ask(staged, person, "GET", deal)[1].lower(), (state, person)
    release = staged.address("findings:release_page", routes()["findings:release_page"], "opened")
    with taken_back():
        assert OPENED.encode() in ask(staged, "member", "GET", release)[1]
    unsent = staged.address("written:page", routes()["written:page"], "invited")
    with taken_back():
        assert furnishing.raw_word("invited").encode() in ask(staged, "prospect", "GET", unsent)[1]
    elsewhere = staged.elsewhere.parameters()
    for route in ("deals:deal_list", "home:deal_page", "lessons:lesson_page", "guides:version_page", "findings:coding"):
        address = reverse(route, kwargs={name: elsewhere[name] for name in routes()[route]})
        with taken_back():
            assert furnishing.ELSEWHERE.encode() in ask(staged, "other_admin", "GET", address)[1], route


def test_no_log_session_or_cache_keeps_a_word_of_a_deal(told):
    assert told.kept == []
    # Refusals of all kinds were logged, so there was something to look through.
    assert told.logged > 100


def test_things_of_another_programme_do_not_exist_under_an_address_of_this_one(staged):
    """Also where they are named in a query: filters know only what the reader's programme holds."""
    foreign = staged.elsewhere.parameters()
    query = f"?team={foreign['team_id']}&driver={staged.elsewhere.driver.pk}&person={foreign['person_id']}&q=deal"
    told = []
    with taken_back():
        for person in ("member", "interviewer", "reviewer", "manager", "admin"):
            for route, method in sorted({(row.route.partition("@")[0], row.method) for row in rows()}):
                names = routes()[route]
                ids = {name: foreign[name] for name in names if name.endswith("_id")}
                if "programme_slug" not in names or not ids:
                    continue
                status, text = ask(staged, person, method, staged.address(route, names, **ids))
                told += told_by(person, route, text)
                if status != 404:
                    told.append(f"{method} {route} answers {person} {status} for something of the other programme")
            for route in ("deals:deal_list", "insights:overview", "insights:remarks", "accounts:audit"):
                address = staged.address(route, routes()[route]) + query
                told += told_by(person, route, ask(staged, person, "GET", address)[1])
    assert told == []


def test_no_method_and_no_address_breaks_a_page(staged):
    """Things that are another's or nobody's, and texts that are none, are asked with GET and POST."""
    broken = []
    foreign = staged.elsewhere.parameters()
    for route, names in routes().items():
        ids = [name for name in names if name.endswith("_id")]
        wrong = [{name: foreign[name] for name in ids}, {name: uuid4() for name in ids}] if ids else []
        wrong += [{name: text} for name in names for text in MALFORMED.get(name, ())]
        for person in ("admin", "anonymous"):
            for method in METHODS:
                for instead in [{}, *(wrong if method in ("GET", "POST") else [])]:
                    with taken_back():
                        status, _text = ask(staged, person, method, staged.address(route, names, **instead))
                    if status >= 500:
                        broken.append(f"{method} {route} {instead} as {person}: {status}")
    assert broken == []


@pytest.mark.parametrize(
    "route",
    [
        "home:deal_page",
        "deals:own_view",
        "calls:debrief_page",
        "interviews:answers",
        "findings:release_page",
        "lessons:lesson_page",
    ],
)
def test_what_is_not_yours_looks_like_what_is_not_there(staged, route):
    (name,) = set(routes()[route]) - {"programme_slug"}
    identifiers = {"foreign": staged.elsewhere.parameters()[name], "nonexistent": uuid4()}
    answers = {}
    for kind, identifier in identifiers.items():
        with taken_back():
            status, text = ask(staged, "member", "GET", staged.address(route, routes()[route], **{name: identifier}))
        assert status == 404
        answers[kind] = unlike_each_time(text.replace(str(identifier).encode(), b"<id>"))
    assert answers["foreign"] == answers["nonexistent"]


def unlike_each_time(text: bytes) -> bytes:
    """The text without what differs between any two answers: nonce, token of forms, number of the request."""
    return re.sub(rb"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9_-]{64}|nonce-[^']+", b"", text)


def test_only_these_pages_need_no_sign_in():
    open_to_all = set()

    def walk(resolver: URLResolver, namespaces: tuple[str, ...]) -> None:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                walk(entry, (*namespaces, entry.namespace) if entry.namespace else namespaces)
            elif isinstance(entry, URLPattern) and not getattr(entry.callback, "login_required", True):
                open_to_all.add(":".join((*namespaces, str(entry.name))))

    walk(get_resolver(), ())
    frozen = set(NEEDS_NO_SIGN_IN.split())
    if not settings.LOCAL:
        frozen = {route for route in frozen if not route.startswith("mailbox:")}
    assert open_to_all == frozen
    # The mark counts for something only while the middleware is there to ask for it.
    assert f"{SignInRequiredMiddleware.__module__}.{SignInRequiredMiddleware.__qualname__}" in settings.MIDDLEWARE


def test_an_outside_interviewer_meets_nothing_of_other_peoples_debriefs_before_during_or_after(staged):
    """Whoever works for an agency and holds nothing here: of every page that is about something of the programme, 404.

    What stays are the account, their own hours and practice, and the guides they ask with.
    """
    client = Client()
    client.force_login(staged.world.agency_interviewer.user)
    staged.clients["agency_interviewer"] = client
    met, told = [], []
    for row in rows():
        route, _, state = row.route.partition("@")
        if "programme_slug" not in routes()[route]:
            continue
        with taken_back():
            status, text = ask(staged, "agency_interviewer", row.method, staged.address(route, routes()[route], state))
        if status != 404 and route not in THEIR_OWN:
            met.append(f"{row.route} {row.method} {status}")
        if status == 200 and furnishing.HERE.encode() in text.lower() and route not in NAMES_DRIVERS:
            told.append(row.route)
    assert not met, "\n".join(met)
    assert told == []
