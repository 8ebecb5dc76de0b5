"""manage.py build_icons: the icon sprite, cut down to the icons in use."""

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from debriefs.core.icons import NAMES, SPRITE

_SYMBOL = re.compile(r'<symbol [^>]*?viewBox="(?P<box>[^"]+)"[^>]*? id="(?P<name>[^"]+)">(?P<shape>.*?)</symbol>', re.S)


class Command(BaseCommand):
    help = (
        "Writes the sprite of the icons named in debriefs/core/icons.py from bootstrap-icons' own sprite of all icons."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, help="bootstrap-icons.svg of the unpacked package")

    def handle(self, *args: Any, **options: Any) -> None:
        symbols = {found["name"]: found for found in _SYMBOL.finditer(options["source"].read_text())}
        if missing := sorted(NAMES - symbols.keys()):
            raise CommandError(f"The package has no icon named {', '.join(missing)}.")
        lines = [
            f'<symbol id="{name}" viewBox="{symbols[name]["box"]}">{symbols[name]["shape"]}</symbol>'
            for name in sorted(NAMES)
        ]
        target = Path(settings.BASE_DIR) / "static" / SPRITE
        target.write_text('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(lines) + "\n</svg>\n")
        self.stdout.write(f"{len(lines)} icons in {target}")
