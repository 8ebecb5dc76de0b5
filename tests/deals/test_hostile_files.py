"""Whatever is uploaded, memory stays far below 400 MB, and what cannot be read is said: each file in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deals.hostile_files import FILES

MOST_MB = 300
# Read to their end, which takes a while.
LONG = {
    "an ordinary large file",
    "shared texts of 300 MB",
    "millions of empty shared texts",
    "a million rows of numbers",
}


def looked_at(name: str, path: Path) -> dict:
    """What a process of its own says of the file."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.deals.hostile_files", name, str(path)],
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | {"DEBRIEFS_DEBUG": "1"},
        cwd=Path(__file__).resolve().parents[2],
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in LONG else name for name in FILES]
)
def test_memory_stays_small_and_what_is_wrong_is_said(name, tmp_path):
    expected = FILES[name][1]
    answer = looked_at(name, tmp_path / "upload")
    (tmp_path / "upload").unlink()
    assert answer["peak_mb"] < MOST_MB
    if expected:
        assert expected in answer["said"]
    else:
        assert (answer["said"], answer["rows"] > 0) == ("", True)


def test_a_gigabyte_is_refused_while_it_arrives(tmp_path):
    answer = looked_at("upload", tmp_path)
    said, on_disk = answer["said"].rsplit(" ", 1)
    assert said.startswith("The file is larger than 100.0")
    assert int(on_disk) <= 101
    assert answer["peak_mb"] < MOST_MB
    assert not list(tmp_path.iterdir())
