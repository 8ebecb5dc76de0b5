"""Where sample files lie that do not belong to the repository; tests that need them are skipped without them."""

import os
from pathlib import Path

SAMPLES = Path(os.environ.get("DEBRIEFS_SAMPLE_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
