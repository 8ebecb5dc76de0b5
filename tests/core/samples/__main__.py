"""Writes the sample pages: `DEBRIEFS_LOCAL=1 python -m tests.core.samples DIRECTORY`, then serve that folder over HTTP."""

import os
import sys
from pathlib import Path

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "debriefs.settings")
django.setup()

from debriefs.core.colour import stylesheet  # noqa: E402 - needs the settings above
from tests.core import samples  # noqa: E402

folder = Path(sys.argv[1])
(folder / "look").mkdir(parents=True, exist_ok=True)
(folder / "look" / "colour-4b3b8f.css").write_text(stylesheet("#4b3b8f"))
if not (folder / "static").exists():
    (folder / "static").symlink_to(Path(settings.BASE_DIR) / "static")
for name in samples.NAMES:
    (folder / f"{name}.html").write_text(samples.render(name))
