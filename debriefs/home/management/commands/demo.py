"""Fills the demonstration programme, or makes one of any size for benchmarks."""

import json
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from debriefs.foundation import clock
from debriefs.foundation.database_role import as_owner
from debriefs.home.demonstration import build, cast, scale


class Command(BaseCommand):
    """`demo` makes the programme once; `demo --scale N` makes one more with N deals; `demo --sign-ins` lists who can sign in."""

    help = "Fills the demonstration programme. Harmless if repeated; deterministic for a seed and a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--scale", type=int, metavar="N", help="make a programme of N deals in bulk")
        parser.add_argument("--sign-ins", action="store_true", help="list the sign-ins instead of filling anything")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["sign_ins"]:
            self._sign_ins(as_json=options["json"])
        elif options["scale"] is not None:
            self._scale(options["scale"], as_json=options["json"])
        else:
            programme = build.build(seed=options["seed"], now=clock.now())
            self._print(
                {"programme": programme.slug, "deals": programme.deals.count(), "debriefs": programme.debriefs.count()},
                options["json"],
            )

    def _sign_ins(self, *, as_json: bool) -> None:
        rows = [
            {"email": f"{key}@orbeline.example", "password": cast.PASSWORD, "who": who} for key, who in cast.SIGN_INS
        ]
        if as_json:
            self.stdout.write(json.dumps(rows))
        else:
            for row in rows:
                self.stdout.write(f"{row['email']:32} {row['password']:22} {row['who']}")

    def _scale(self, count: int, *, as_json: bool) -> None:
        if not 1 <= count <= 2_000_000:
            raise CommandError("--scale takes a number from 1 to 2,000,000.")
        started = monotonic()
        programme = scale.build_at_scale(count=count, now=clock.now())
        with as_owner():
            scale.analyse()
        self._print(
            {
                "programme": programme.slug,
                "deals": count,
                "debriefs": programme.debriefs.count(),
                "seconds": round(monotonic() - started, 1),
            },
            as_json,
        )

    def _print(self, figures: dict[str, Any], as_json: bool) -> None:
        self.stdout.write(
            json.dumps(figures) if as_json else ", ".join(f"{key} {value}" for key, value in figures.items())
        )
