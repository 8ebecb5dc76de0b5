"""80,000 deals through the real importer, and a bare COPY beside it: `python -m benchmarks.import_deals`.

The engine runs as a worker runs it, in a process of its own, over a file with companies, owners, contacts, competitors and reasons.
The COPY writes the finished rows of the deals alone into an empty table with the same columns and indexes (LIKE … INCLUDING ALL).
Both are repeated in turn, and medians are compared. The last line is JSON: `ratio_to_copy` is the engine's rate in rows per second
over that of the COPY, `peak_mb` the most memory that the process of the engine ever held.
"""

import argparse
import csv
import io
import json
import multiprocessing
import random
import resource
import statistics
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.serving import own_servers, say

HEADER = ["Deal id", "Deal name", "Company", "Stage", "Close date", "Amount", "Owner", "Contact name", "Contact email", "Reason",
          "Competitors", "Segment", "Offering"]  # fmt: skip
STAGES = ["Closed Won", "Closed Lost", "Closed Lost", "Negotiation"]
REASONS = ["Price", "Missing feature", "Timing", "No decision", ""]


def main() -> None:
    """Measures, prints a table and the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=80_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--profile", action="store_true", help="say where the engine spends its time, and measure nothing"
    )
    options = parser.parse_args()
    content = _file(options.rows)
    with own_servers("import-deals"):
        if options.profile:
            _profiled(content)
            return
        engine, copy, again, peaks = [], [], [], []
        for number in range(options.rounds):
            first = _in_a_process(content, f"round-{number}")
            second = _in_a_process(content, f"round-{number}")
            if (first["created"], second["unchanged"]) != (options.rows, options.rows):
                raise SystemExit(f"Not everything went in: {first}, then {second}")
            took = _copy(f"round-{number}")
            say(
                f"round {number + 1}: engine {first['seconds']:6.1f} s   the same file again {second['seconds']:6.1f} s   "
                f"COPY {took:6.1f} s   peak {first['peak_mb']:.0f} MB"
            )
            engine.append(first["seconds"])
            again.append(second["seconds"])
            copy.append(took)
            peaks += [first["peak_mb"], second["peak_mb"]]
    figures = {
        "rows": options.rows,
        "ratio_to_copy": round(statistics.median(copy) / statistics.median(engine), 3),
        "rows_per_second": round(options.rows / statistics.median(engine)),
        "copy_rows_per_second": round(options.rows / statistics.median(copy)),
        "again_rows_per_second": round(options.rows / statistics.median(again)),
        "peak_mb": round(max(peaks)),
        "rounds": options.rounds,
    }
    say(json.dumps(figures))


def _file(rows: int) -> bytes:
    """A CSV export with so many deals of a quarter as many companies, 200 owners and a contact each."""
    chance = random.Random(1)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    first = date(2023, 1, 2)
    for number in range(rows):
        company = chance.randrange(rows // 4)
        rivals = chance.sample(["Plenara", "Tamsill", "Ordway", "Kestrel", "Novaline"], chance.randrange(3))
        writer.writerow(
            [f"D-{number:06}", f"Rota planning {number}", f"Aldermoor Clinics {company}", chance.choice(STAGES),
             (first + timedelta(days=chance.randrange(1000))).isoformat(), chance.randrange(1_000, 500_000),
             f"seller-{chance.randrange(200)}@vendor.example", f"Ana Lind {number}", f"ana-{number}@buyer-{company}.example",
             chance.choice(REASONS), "; ".join(rivals), chance.choice(["Retail", "Health", "Public"]),
             chance.choice(["Suite", "Core", "Plus"])]
        )  # fmt: skip
    return out.getvalue().encode()


def _queued(content: bytes, slug: str) -> Any:
    from accounts.models import Programme
    from debriefs.codebook.actions import install_starter_codebook
    from debriefs.deals.actions import queue_import, receive_upload
    from debriefs.foundation import clock

    programme = Programme.objects.filter(slug=slug).first()
    if programme is None:
        programme = Programme.objects.create(name=slug, slug=slug, company_name="Vendor", created_at=clock.now())
        install_starter_codebook(programme=programme)
    made = receive_upload(programme=programme, name="deals.csv", content=content, by=None, now=clock.now())
    queue_import(deal_import=made, by=None, now=clock.now())
    return made.pk


def _in_a_process(content: bytes, slug: str) -> dict[str, Any]:
    """The file imported by a fresh process: figures of the import, seconds and memory."""
    from django.db import connection

    import_id = _queued(content, slug)
    connection.close()
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        child = multiprocessing.get_context("spawn").Process(target=_work, args=(str(import_id), str(answer)))
        child.start()
        child.join()
        found: dict[str, Any] = json.loads(answer.read_text())
    return found


def _work(import_id: str, answer: str) -> None:
    import django

    django.setup()
    from debriefs.deals.actions import run_import
    from debriefs.deals.models import DealImport
    from debriefs.foundation import clock

    clock.now()
    started = time.perf_counter()
    run_import(import_id=import_id, clock=clock.now)
    took = time.perf_counter() - started
    done = DealImport.objects.get(pk=import_id)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    Path(answer).write_text(
        json.dumps({"seconds": took, "peak_mb": peak, "created": done.created, "unchanged": done.unchanged})
    )


def _copy(slug: str) -> float:
    """Seconds of a bare COPY of that programme's deals into an empty table with the same indexes."""
    from django.db import connection

    from accounts.models import Programme
    from debriefs.deals.models import Deal
    from debriefs.foundation.database_role import as_owner

    programme = Programme.objects.get(slug=slug)
    # The columns that the database derives are derived again.
    columns = ", ".join(str(field.column) for field in Deal._meta.concrete_fields if not field.generated)
    with as_owner(), connection.cursor() as cursor, tempfile.TemporaryFile() as kept:
        where = cursor.mogrify("WHERE programme_id = %s", [str(programme.pk)]).decode()
        cursor.copy_expert(f"COPY (SELECT {columns} FROM deals_deal {where}) TO STDOUT", kept)
        cursor.execute("CREATE TABLE copied_deal (LIKE deals_deal INCLUDING ALL)")
        kept.seek(0)
        started = time.perf_counter()
        cursor.copy_expert(f"COPY copied_deal ({columns}) FROM STDIN", kept)
        took = time.perf_counter() - started
        cursor.execute("DROP TABLE copied_deal")
    return took


def _profiled(content: bytes) -> None:
    import cProfile
    import pstats

    from debriefs.deals.actions import run_import
    from debriefs.foundation import clock

    import_id = _queued(content, "profiled")
    profile = cProfile.Profile()
    profile.runcall(run_import, import_id=import_id, clock=clock.now)
    out = io.StringIO()
    pstats.Stats(profile, stream=out).sort_stats("tottime").print_stats(45)
    pstats.Stats(profile, stream=out).sort_stats("cumtime").print_stats(45)
    say(out.getvalue())


if __name__ == "__main__":
    main()
