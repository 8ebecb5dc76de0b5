"""20,000 due notices by four workers, and bare smtplib beside them: `python -m benchmarks.notices`.

Both hand the same number of equally large mails to the same local sink from the same number of processes, over one connection each.
A worker does what the product does: claims, re-checks against the stopped addresses, renders text and HTML, keeps the bytes, puts the
personal links in, sends, records. smtplib sends bytes that were ready beforehand. All notices are due from the beginning; the two sides take
turns in slices, so that other load on the machine meets both, and the times of all slices are added up. The sink offers PIPELINING, as
common mail servers do; the product uses it, smtplib does not. The last line is JSON: `ratio_to_smtplib` is the rate of the notices over that of
smtplib, `duplicates` counts mails that arrived more than once and `lost` notices that never did.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import smtplib
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.serving import own_servers, say

TEXT = "We would like to understand how your decision looked from your side. It takes half an hour. " * 3
SPAWN = multiprocessing.get_context("spawn")


def main() -> None:
    """Measures, prints each round and the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notices", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--slices", type=int, default=10)
    parser.add_argument(
        "--profile", action="store_true", help="say where one worker spends its time, and measure nothing"
    )
    options = parser.parse_args()
    with own_servers("notices"), Sink() as sink:
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{sink.port}"
        if options.profile:
            _profiled(options.notices, sink)
            return
        expected = _owe(options.notices, 0)
        arrived: Counter[str] = Counter()
        ours = bare = 0.0
        share = -(-options.notices // (options.slices * options.workers))
        with _Crew(_drain, options.workers, sink.port) as drains, _Crew(_bare, options.workers, sink.port) as plain:
            for number in range(options.slices):
                took, sent = drains.work(share, b"")
                here = sink.taken()
                arrived += here
                alone, handed = plain.work(sent // options.workers, sink.sample())
                if sum(sink.taken().values()) != handed:
                    raise SystemExit("The sink lost mails of smtplib.")
                ours, bare = ours + took, bare + alone * sent / handed
                say(f"slice {number + 1}: notices {sent / took:7.0f} a second   smtplib {handed / alone:7.0f} a second")
    figures = {
        "notices": options.notices,
        "workers": options.workers,
        "ratio_to_smtplib": round(bare / ours, 3),
        "notices_per_second": round(options.notices / ours),
        "smtplib_per_second": round(options.notices / bare),
        "duplicates": sum(times - 1 for times in arrived.values()),
        "lost": len(expected - set(arrived)),
        "slices": options.slices,
    }
    say(json.dumps(figures))


def _register() -> None:
    """The benchmark's kind: words and links as an invitation has them, from the notice alone."""
    from debriefs.foundation import notice_kinds
    from debriefs.foundation.mail import STOP_PLACEHOLDER
    from debriefs.foundation.notice_kinds import LINK_PLACEHOLDER, Draft, NoticeKind

    def render(notice: Any, now: Any) -> Draft:
        words = f"Dear {notice.recipient_name},\n\n{TEXT}\n\n"
        return Draft(
            subject="A short conversation about your decision",
            text=f"{words}{LINK_PLACEHOLDER}\n\nStop: {STOP_PLACEHOLDER}",
            html=f'<html><body><p>{words}</p><a href="{LINK_PLACEHOLDER}">Open</a> <a href="{STOP_PLACEHOLDER}">Stop</a></body></html>',
            from_name="Aldermoor Clinics",
            reply_to="office@vendor.example",
            link=lambda: f"https://debriefs.example/d/{notice.pk}/open/{'x' * 43}/",
            stop_link=lambda: f"https://debriefs.example/d/{notice.pk}/stop/{'x' * 43}/",
        )

    notice_kinds.register(NoticeKind("benchmark", "Benchmark", render, lambda notice, now: None))


def _owe(count: int, number: int) -> set[str]:
    """So many due notices, and two thousand stopped addresses that none of them goes to; the Message-IDs."""
    from uuid import uuid4

    from django.db import connection

    from debriefs.foundation import clock, mail
    from debriefs.foundation.models import Notice, Suppression

    now = clock.now()
    rows = []
    for index in range(count):
        identifier = uuid4()
        rows.append(
            Notice(
                id=identifier, kind="benchmark", subject_kind="debrief", subject_id=uuid4(), recipient_kind="contact",
                recipient_name=f"Zoë Müller {index}", recipient_email=f"buyer-{index}@buyer.example", created_at=now, due_at=now,
                dedupe_key=f"{number}-{index}", message_id=mail.message_id_for(identifier),
            )
        )  # fmt: skip
    Notice.objects.bulk_create(rows, batch_size=2_000)
    Suppression.objects.bulk_create(
        [
            Suppression(address_key=f"stopped-{number}-{index}@buyer.example", reason="asked", created_at=now)
            for index in range(2_000)
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("ANALYZE foundation_notice")
    connection.close()
    return {row.message_id for row in rows}


class _Crew:
    """So many processes that stand ready, and work when they are told to."""

    def __init__(self, work: Any, workers: int, port: int) -> None:
        self._pipes, self._children = [], []
        for _each in range(workers):
            ours, theirs = SPAWN.Pipe()
            self._pipes.append(ours)
            self._children.append(SPAWN.Process(target=work, args=(theirs, port)))

    def __enter__(self) -> "_Crew":
        for child in self._children:
            child.start()
        for pipe in self._pipes:
            pipe.recv()
        return self

    def __exit__(self, *details: object) -> None:
        for pipe in self._pipes:
            pipe.send((0, b""))
        for child in self._children:
            child.join()

    def work(self, count: int, sample: bytes) -> tuple[float, int]:
        """Seconds from the signal until the last of the processes is done with its `count` mails, and how many they sent."""
        started = time.perf_counter()
        for pipe in self._pipes:
            pipe.send((count, sample))
        sent = sum(int(pipe.recv()) for pipe in self._pipes)
        return time.perf_counter() - started, sent


def _drain(pipe: Connection, port: int) -> None:
    import django

    django.setup()
    _register()
    from debriefs.foundation import clock, outbox

    clock.now()
    pipe.send(0)
    while count := pipe.recv()[0]:
        pipe.send(sum(outbox.drain(most=count).values()))


def _bare(pipe: Connection, port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.ehlo()
        pipe.send(0)
        while (told := pipe.recv())[0]:
            for index in range(told[0]):
                server.sendmail("debriefs@localhost", [f"buyer-{index}@buyer.example"], told[1])
            pipe.send(told[0])


class Sink:
    """A local SMTP server in a process of its own that takes everything at once and counts by Message-ID."""

    def __enter__(self) -> "Sink":
        self._ask, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(target=_serve, args=(theirs,))
        self._process.start()
        self.port = int(self._ask.recv())
        return self

    def __exit__(self, *details: object) -> None:
        self._process.terminate()
        self._process.join()

    def taken(self) -> Counter[str]:
        """How often each Message-ID arrived since the last question."""
        self._ask.send("taken")
        return Counter(self._ask.recv())

    def sample(self) -> bytes:
        """The bytes of one mail that arrived."""
        self._ask.send("sample")
        return bytes(self._ask.recv())


def _serve(pipe: Connection) -> None:
    asyncio.run(_listen(pipe))


async def _listen(pipe: Connection) -> None:
    arrived: Counter[str] = Counter()
    last = [b""]

    class Session(asyncio.Protocol):
        def connection_made(self, transport: Any) -> None:
            self.transport, self.kept, self.in_data = transport, b"", False
            transport.write(b"220 sink\r\n")

        def data_received(self, data: bytes) -> None:
            self.kept += data
            while True:
                if self.in_data:
                    mail, end, rest = self.kept.partition(b"\r\n.\r\n")
                    if not end:
                        return
                    self.kept, self.in_data = rest, False
                    start = mail.index(b"Message-ID: ") + 12
                    arrived[mail[start : mail.index(b"\r\n", start)].decode()] += 1
                    last[0] = mail
                    self.transport.write(b"250 taken\r\n")
                    continue
                line, end, rest = self.kept.partition(b"\r\n")
                if not end:
                    return
                self.kept = rest
                if line[:4].upper() == b"QUIT":
                    self.transport.write(b"221 bye\r\n")
                    self.transport.close()
                    return
                self.in_data = line[:4].upper() == b"DATA"
                said = b"250-sink\r\n250 PIPELINING\r\n" if line[:4].upper() == b"EHLO" else b"250 ok\r\n"
                self.transport.write(b"354 go\r\n" if self.in_data else said)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(Session, "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])

    def answer() -> None:
        if pipe.recv() == "taken":
            pipe.send(dict(arrived))
            arrived.clear()
        else:
            pipe.send(last[0])

    loop.add_reader(pipe.fileno(), answer)
    await server.serve_forever()


def _profiled(count: int, sink: Sink) -> None:
    import cProfile
    import io
    import pstats

    from django.conf import settings

    from debriefs.foundation import outbox

    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    _owe(count, 0)
    _register()
    profile = cProfile.Profile()
    profile.runcall(outbox.drain, most=count)
    with tempfile.TemporaryDirectory() as folder:
        profile.dump_stats(Path(folder) / "stats")
    out = io.StringIO()
    pstats.Stats(profile, stream=out).sort_stats("tottime").print_stats(35)
    say(out.getvalue())


if __name__ == "__main__":
    main()
