"""Templates: every one compiles, and none holds what the strict content security policy would block."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.html"))
BLOCKED = re.compile(r"\sstyle=[\"']|\son[a-z]+=[\"']|<script(?![^>]*\bsrc=)(?![^>]*application/json)|javascript:")


@pytest.mark.parametrize("name", TEMPLATES)
def test_compiles(name):
    assert get_template(name).template.nodelist is not None


@pytest.mark.parametrize("name", [name for name in TEMPLATES if not name.startswith("emails/")])
def test_holds_nothing_the_policy_blocks(name):
    text = (ROOT / "templates" / name).read_text()
    assert BLOCKED.search(text) is None


@pytest.mark.parametrize("name", [name for name in TEMPLATES if not name.startswith("emails/")])
def test_loads_nothing_from_elsewhere(name):
    text = (ROOT / "templates" / name).read_text()
    assert re.search(r"(?:src|href)=[\"']https?://", text) is None
