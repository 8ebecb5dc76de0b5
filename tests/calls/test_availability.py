"""When an interviewer can be booked: days that differ, calendars read from elsewhere, the feed, and what hostile files do not do."""

import socket
import threading
from datetime import UTC, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from icalendar import Calendar

from accounts.requests import programme_url
from debriefs.calls import actions, links
from debriefs.calls.actions import availability, booking
from debriefs.calls.busy_times import UnreadableCalendar, busy_times, read
from debriefs.calls.models import AvailabilityException, BusyCalendar, BusySpan, CallFeed, WeeklyHours
from debriefs.calls.queries import busy_of, hours_of
from debriefs.calls.rules import free_slots
from debriefs.calls.tasks import read_calendars
from debriefs.foundation import clock
from debriefs.foundation.web_fetch import NotFetched, _is_public, checked_address, fetch
from tests import factories

OSLO = ZoneInfo("Europe/Oslo")
FIRST, LAST = datetime(2026, 11, 20, tzinfo=UTC), datetime(2027, 3, 20, tzinfo=UTC)


def calendar(*events, head=""):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *head.splitlines()]
    for number, event in enumerate(events):
        body = event.strip().splitlines()
        uid = [] if any(line.startswith("UID") for line in body) else [f"UID:{number}@x.example"]
        lines += ["BEGIN:VEVENT", *uid, *body, "END:VEVENT"]
    return ("\r\n".join([*lines, "END:VCALENDAR"]) + "\r\n").encode()


def spans(*events, zone=OSLO, holidays=False, head=""):
    found = read(calendar(*events, head=head), zone, first=FIRST, last=LAST, holidays=holidays)
    return [(f"{a.astimezone(zone):%m-%d %H:%M}", f"{b.astimezone(zone):%m-%d %H:%M}") for a, b in found.spans]


class Calendars(BaseHTTPRequestHandler):
    """A calendar server: what it answers is what `answers` says for the path."""

    answers: dict = {}

    def do_GET(self):
        status, headers, body = self.answers.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            for piece in [body] if isinstance(body, bytes) else body:
                self.wfile.write(piece)
        except OSError:
            pass

    def log_message(self, *args):
        pass


@pytest.fixture
def server(settings):
    settings.LOCAL = True
    Calendars.answers = {}
    running = ThreadingHTTPServer(("127.0.0.1", 0), Calendars)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


# ── what a calendar file says ──
def test_a_meeting_is_busy_and_a_free_or_cancelled_one_is_not():
    meeting = "DTSTART:20261201T090000Z\nDTEND:20261201T100000Z"
    assert spans(meeting) == [("12-01 10:00", "12-01 11:00")]
    assert spans(meeting + "\nTRANSP:TRANSPARENT") == []
    assert spans(meeting + "\nSTATUS:CANCELLED") == []
    assert spans(meeting + "\nX-MICROSOFT-CDO-BUSYSTATUS:FREE") == []


def test_a_weekly_meeting_keeps_its_wall_time_over_the_change_of_clocks():
    weekly = "DTSTART;TZID=America/New_York:20250106T090000\nDURATION:PT30M\nRRULE:FREQ=WEEKLY;BYDAY=MO"
    found = read(
        calendar(weekly), OSLO, first=datetime(2026, 10, 19, tzinfo=UTC), last=datetime(2026, 11, 10, tzinfo=UTC)
    )
    assert [f"{start:%m-%d %H:%M}" for start, _end in found.spans] == [
        "10-19 13:00", "10-26 13:00", "11-02 14:00", "11-09 14:00",
    ]  # fmt: skip


def test_a_series_with_an_exception_a_moved_one_and_an_end():
    series = (
        "UID:series@x.example\nDTSTART;TZID=Europe/Oslo:20261201T090000\nDTEND;TZID=Europe/Oslo:20261201T100000\n"
        "RRULE:FREQ=DAILY;UNTIL=20261205T080000Z\nEXDATE;TZID=Europe/Oslo:20261202T090000"
    )
    moved = (
        "UID:series@x.example\nRECURRENCE-ID;TZID=Europe/Oslo:20261203T090000\n"
        "DTSTART;TZID=Europe/Oslo:20261203T140000\nDTEND;TZID=Europe/Oslo:20261203T150000"
    )
    assert spans(series, moved) == [
        ("12-01 09:00", "12-01 10:00"),
        ("12-03 14:00", "12-03 15:00"),
        ("12-04 09:00", "12-04 10:00"),
        ("12-05 09:00", "12-05 10:00"),
    ]


def test_whole_days_are_days_where_the_owner_lives_and_holidays_count_though_marked_free():
    christmas = "DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227\nTRANSP:TRANSPARENT"
    assert spans(christmas) == []
    assert spans(christmas, holidays=True) == [("12-25 00:00", "12-27 00:00")]
    assert spans("DTSTART;VALUE=DATE:20261225", zone=ZoneInfo("America/New_York")) == [("12-25 00:00", "12-26 00:00")]


def test_a_time_without_zone_is_meant_where_the_owner_is():
    assert spans("DTSTART:20261201T090000\nDTEND:20261201T100000") == [("12-01 09:00", "12-01 10:00")]


def test_what_cannot_be_understood_is_counted_and_the_rest_is_read():
    good = "DTSTART:20261201T090000Z\nDTEND:20261201T100000Z"
    found = read(
        calendar(good, "SUMMARY:No beginning", "DTSTART:20261202T090000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY"),
        OSLO, first=FIRST, last=LAST,
    )  # fmt: skip
    assert (len(found.spans), found.left_out) == (1, 2)


@pytest.mark.parametrize("raw", [b"", b"<html>Sign in</html>", b"\x00\xff\xfe", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n"])
def test_what_is_no_calendar_is_refused(raw):
    with pytest.raises(UnreadableCalendar) as refused:
        busy_times(raw, time_zone="UTC", first=FIRST, last=LAST)
    assert not refused.value.too_much


def test_a_rule_that_never_comes_true_ends_with_the_child_and_not_with_the_worker(monkeypatch):
    from debriefs.calls import busy_times as module

    never = "DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    monkeypatch.setattr(module, "_PROCESSOR_SECONDS", 10)
    with pytest.raises(UnreadableCalendar) as refused:
        busy_times(calendar(*[never] * 40), time_zone="UTC", first=FIRST, last=LAST)
    assert refused.value.too_much


def test_more_events_than_anybody_has_are_refused():
    with pytest.raises(MemoryError):
        read(calendar(*["DTSTART:20261201T090000Z"] * 10_001), OSLO, first=FIRST, last=LAST)


# ── what is fetched ──
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "::1",
        "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::",
    ],
)  # fmt: skip
def test_no_address_of_our_own_network_is_public(address):
    assert not _is_public(address)


def test_addresses_of_the_open_internet_are_public():
    assert _is_public("8.8.8.8")
    assert _is_public("2606:4700::1111")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "gopher://x.example/", "http://x.example/", "https://", "https://user:pw@x.example/", "x",
        "https://x.example:22/", "https://x.example/a b", "https://[::1", "https://x.example/\r\nHost: y", "ftp://x.example",
    ],
)  # fmt: skip
def test_what_is_no_plain_https_address_is_refused_without_asking_the_network(url, settings):
    settings.LOCAL = False
    with pytest.raises(NotFetched):
        checked_address(url)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "169.254.169.254", "0x7f000001", "2130706433"])
def test_a_name_that_leads_inside_is_refused(host, settings):
    settings.LOCAL = False
    with pytest.raises(NotFetched):
        fetch(f"https://{host}/secret.ics", most_bytes=1000)


def test_a_redirect_is_checked_like_the_first_address(server, settings, monkeypatch):
    Calendars.answers = {"/a": (302, {"Location": "http://10.0.0.1/b"}, b"")}
    asked = []
    real = socket.create_connection

    def connect(address, **kwargs):
        asked.append(address[0])
        return real(address, **kwargs)

    monkeypatch.setattr(socket, "create_connection", connect)
    monkeypatch.setattr("debriefs.foundation.web_fetch._is_public", lambda address: address == "127.0.0.1")
    from debriefs.foundation import web_fetch

    allowed = web_fetch._parts_of
    parts = {f"{server}/a": allowed(f"{server}/a"), "http://10.0.0.1/b": allowed("http://10.0.0.1/b")}
    monkeypatch.setattr(web_fetch, "_parts_of", lambda url: parts[url])
    settings.LOCAL = False
    with pytest.raises(NotFetched, match="private network"):
        fetch(f"{server}/a", most_bytes=1000)
    assert asked == ["127.0.0.1"]


def test_too_large_too_slow_endless_and_broken_answers_are_refused(server):
    import gzip

    bomb = gzip.compress(b"x" * 3_000_000)
    Calendars.answers = {
        "/large": (200, {}, b"x" * 5000),
        "/bomb": (200, {"Content-Encoding": "gzip"}, bomb),
        "/round": (302, {"Location": "/round"}, b""),
        "/broken": (200, {"Content-Encoding": "gzip"}, b"not gzip"),
        "/slow": (200, {}, _slowly()),
        "/fine": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"fine")),
    }
    for path, word in (
        ("/large", "larger"),
        ("/bomb", "larger"),
        ("/round", "without end"),
        ("/broken", "unpacked"),
        ("/missing", "404"),
    ):
        with pytest.raises(NotFetched, match=word):
            fetch(server + path, most_bytes=1000)
    with pytest.raises(NotFetched, match="too long"):
        fetch(server + "/slow", most_bytes=1000, seconds=0.5)
    assert fetch(server + "/fine", most_bytes=1000) == b"fine"


def _slowly():
    import time as clock_of_the_machine

    for _number in range(40):
        clock_of_the_machine.sleep(0.1)
        yield b"x"


# ── what is offered ──
@pytest.fixture
def debrief(world):
    deal = factories.deal(world.programme, owner=world.rep, team=world.team)
    made = factories.debrief(deal, world.interviewer, invited_at=world.now, planned_by=world.manager)
    links.issue(made, world.now)
    return made


@pytest.mark.django_db
def test_a_busy_time_of_another_calendar_is_not_offered_and_read_twice_is_the_same(world, debrief, server):
    offered = booking.open_slots(debrief, clock.now())
    first = offered[3]
    event = f"DTSTART:{first:%Y%m%dT%H%M%SZ}\nDURATION:PT30M\nSUMMARY:Secret merger"
    Calendars.answers = {"/mine.ics": (200, {}, calendar(event))}
    availability.add_calendar(user=world.interviewer.user, url=f"{server}/mine.ics", kind="busy", now=clock.now())
    assert (read_calendars(), read_calendars()) == (1, 0)
    assert first not in booking.open_slots(debrief, clock.now())
    assert offered[0] in booking.open_slots(debrief, clock.now())
    BusyCalendar.objects.update(due_at=clock.now())
    assert read_calendars() == 1
    assert BusySpan.objects.count() == 1
    assert not BusySpan.objects.filter(starts_at=None).exists()
    assert "Secret" not in str(list(BusySpan.objects.values())) + str(list(BusyCalendar.objects.values()))


@pytest.mark.django_db
def test_a_calendar_that_fails_keeps_what_it_said_and_says_why(world, debrief, server):
    slot = booking.open_slots(debrief, clock.now())[3]
    Calendars.answers = {"/mine.ics": (200, {}, calendar(f"DTSTART:{slot:%Y%m%dT%H%M%SZ}\nDURATION:PT30M"))}
    row = availability.add_calendar(user=world.interviewer.user, url=f"{server}/mine.ics", kind="busy", now=clock.now())
    read_calendars()
    Calendars.answers = {"/mine.ics": (200, {}, b"<html>sign in</html>")}
    waits = []
    for _again in range(3):
        BusyCalendar.objects.update(due_at=clock.now())
        read_calendars()
        row.refresh_from_db()
        waits.append(row.due_at - row.failed_at)
    assert "no calendar file" in row.failure
    assert waits == sorted(set(waits))
    assert slot not in booking.open_slots(debrief, clock.now())


@pytest.mark.django_db
def test_days_off_part_days_and_extra_hours(world):
    user = world.interviewer.user
    WeeklyHours.objects.bulk_create(
        WeeklyHours(user=user, weekday=day, starts=time(9), ends=time(12)) for day in range(5)
    )
    now = datetime(2026, 11, 26, 8, tzinfo=UTC)

    def of(day):
        found = free_slots(hours=hours_of(user), busy=[], minutes=60, now=now)
        return [f"{slot.astimezone(OSLO):%H:%M}" for slot in found if f"{slot.astimezone(OSLO):%m-%d}" == day]

    assert of("12-01") == ["09:00", "10:00", "11:00"]
    day = datetime(2026, 12, 1).date()
    availability.add_exception(
        user=user, now=now, kind="away", starts_on=day, ends_on=day, starts=time(10), ends=time(11)
    )
    assert of("12-01") == []
    AvailabilityException.objects.update(starts=time(11), ends=time(12))
    assert of("12-01") == ["09:00"]
    availability.add_exception(
        user=user, now=now, kind="extra", starts_on=day, ends_on=day, starts=time(14), ends=time(15)
    )
    assert of("12-01") == ["09:00", "14:00"]
    availability.add_exception(
        user=user, now=now, kind="holiday", starts_on=day, ends_on=day + timedelta(days=1), starts=None, ends=None
    )
    assert (of("12-01"), of("12-02"), of("12-03")) == ([], [], ["09:00", "10:00", "11:00"])


@pytest.mark.django_db
def test_another_programmes_call_takes_time_and_tells_nothing_but_that(world, debrief):
    call = actions.book(
        debrief=debrief, starts_at=booking.open_slots(debrief, clock.now())[0], time_zone="UTC", now=clock.now()
    )
    (busy,) = busy_of(world.interviewer.user, "", clock.now())
    assert (busy.starts_at, busy.ends_at) == (call.blocked.lower, call.blocked.upper)
    assert set(vars(busy)) == {"starts_at", "ends_at", "counts"}


# ── pages ──
def page(world, name="availability", **kwargs):
    return programme_url(world.programme, f"calls:{name}", **kwargs)


@pytest.mark.django_db
def test_the_page_keeps_a_break_of_the_day_and_refuses_what_is_no_span(world, sign_in):
    client = sign_in(world.interviewer)
    limits = {"buffer_before_minutes": 5, "buffer_after_minutes": 10, "minimum_notice_hours": 4, "most_calls_a_day": 2}
    day = {"day_0_from": "09:00", "day_0_until": "12:00", "day_0_from_2": "13:00", "day_0_until_2": "15:00"}
    client.post(page(world), limits | day | {"languages": ["en", "de"]})
    assert [(row.starts, row.ends) for row in WeeklyHours.objects.all()] == [(time(9), time(12)), (time(13), time(15))]
    shown = client.get(page(world)).content.decode()
    assert all(f'value="{clock_time}"' in shown for clock_time in ("09:00", "12:00", "13:00", "15:00"))
    refused = client.post(page(world), limits | day | {"day_0_from_2": "11:00"})
    assert (refused.status_code, WeeklyHours.objects.count()) == (422, 2)
    assert 'value="11:00"' in refused.content.decode()


@pytest.mark.django_db
def test_calls_booked_on_days_off_are_named_and_stay(world, sign_in):
    """An interviewer goes on leave with calls ahead: they read which, and nothing is cancelled by itself."""
    debrief = factories.debrief(factories.deal(world.programme), world.interviewer, invited_at=world.now)
    zone = ZoneInfo(world.interviewer.user.time_zone)
    ten = datetime.combine((clock.now() + timedelta(days=5)).astimezone(zone).date(), time(10), tzinfo=zone)
    actions.book(debrief=debrief, starts_at=ten.astimezone(UTC), time_zone="UTC", now=clock.now(), by=world.manager)
    client, day = sign_in(world.interviewer), ten.date()
    said = "Calls that were booked stay"
    for span, is_named in (((time(8), time(9)), False), ((time(10, 15), time(12)), True), ((None, None), True)):
        AvailabilityException.objects.all().delete()
        AvailabilityException.objects.create(
            user=world.interviewer.user, kind="away", starts_on=day, ends_on=day, starts=span[0], ends=span[1]
        )
        assert (said in client.get(page(world)).content.decode()) == is_named
    AvailabilityException.objects.update(kind="extra", starts=time(9), ends=time(12))
    assert said not in client.get(page(world)).content.decode()
    assert debrief.calls.get().cancelled_at is None


@pytest.mark.django_db
def test_days_and_calendars_are_added_and_removed_by_their_owner_alone(world, sign_in):
    client, other = sign_in(world.interviewer), sign_in(world.other_interviewer)
    days = {"exception-kind": "away", "exception-starts_on": "2027-01-04", "exception-ends_on": "2027-01-08"}
    client.post(page(world, "exception_add"), days)
    client.post(page(world, "exception_add"), days)
    (row,) = AvailabilityException.objects.all()
    calendar_address = {"calendar-url": "webcal://calendar.example/private-4711/basic.ics", "calendar-kind": "busy"}
    client.post(page(world, "calendar_add"), calendar_address)
    again = client.post(page(world, "calendar_add"), calendar_address)
    assert (again.status_code, BusyCalendar.objects.count()) == (422, 1)
    assert BusyCalendar.objects.get().url.startswith("https://calendar.example/")
    shown = client.get(page(world)).content.decode()
    assert "calendar.example/…" in shown
    assert "private-4711" not in shown
    other.post(page(world, "exception_remove", exception_id=row.pk))
    other.post(page(world, "calendar_remove", calendar_id=BusyCalendar.objects.get().pk))
    assert (AvailabilityException.objects.count(), BusyCalendar.objects.count()) == (1, 1)
    client.post(page(world, "exception_remove", exception_id=row.pk))
    client.post(page(world, "calendar_remove", calendar_id=BusyCalendar.objects.get().pk))
    assert (AvailabilityException.objects.count(), BusyCalendar.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_the_feed_shows_own_calls_to_whoever_has_the_address_until_it_is_closed(world, debrief, sign_in, client):
    owner = sign_in(world.interviewer)
    owner.post(page(world, "feed_open"))
    address = availability.feed_address(world.interviewer.user)
    path = address.split("://", 1)[1].split("/", 1)[1]
    call = actions.book(
        debrief=debrief, starts_at=booking.open_slots(debrief, clock.now())[0], time_zone="UTC", now=clock.now()
    )
    answer = client.get(f"/{path}")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["DTSTART"].dt == call.starts_at
    assert debrief.contact.name.encode() not in answer.content
    assert debrief.contact.email.encode() not in answer.content
    assert answer["Cache-Control"] == "no-store"
    feed = CallFeed.objects.get()
    assert path.split("/")[-2] not in str(CallFeed.objects.values().get())
    assert client.get(reverse("prospect:call_feed", kwargs={"feed_id": feed.pk, "token": "x" * 43})).status_code == 404
    owner.post(page(world, "feed_open"))
    assert client.get(f"/{path}").status_code == 404
    renewed = "/" + availability.feed_address(world.interviewer.user).split("://", 1)[1].split("/", 1)[1]
    assert client.get(renewed).status_code == 200
    owner.post(page(world, "feed_close"))
    assert client.get(renewed).status_code == 404
