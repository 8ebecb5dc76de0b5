"""What the README tells a newcomer to type is run somewhere, and no document points to nowhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
# Each command of the README, and the place that runs it: a file and words that stand in it.
RUN_BY = {
    "make run": ("tests/local/test_run.py", 'copy.python = "make"'),
    "PORT=9000 make run": ("tests/local/test_run.py", "PORT=str(taken)"),
    "make test": ("Makefile", "@$(MAKE) --no-print-directory test"),
    "make check": (".ci/run", "make check"),
    "make browser": (".ci/run", "make browser"),
    # Runs itself; what it holds is listed there.
    "make slow": ("docs/testing.md", "`make slow`"),
    ".venv/bin/python manage.py import_deals FILE.csv --programme demo --json": (
        "tests/deals/test_import_command.py",
        'call_command("import_deals", str(file)',
    ),
    "gunicorn debriefs.wsgi": ("debriefs/local/supervisor.py", '"gunicorn", "debriefs.wsgi"'),
    "celery -A debriefs worker": ("tests/local/test_run.py", "celery -q -A debriefs worker"),
    "celery -A debriefs beat": ("tests/local/test_run.py", "celery -q -A debriefs beat"),
    "python manage.py migrate": ("tests/local/test_two_roles.py", '"migrate"'),
    'python manage.py create_programme --name "Our programme" --admin you@company.example': (
        "tests/home/test_pages.py",
        '"create_programme", "--name", "Our programme"',
    ),
}
COMMAND = re.compile(r"^(?:[A-Z]+=\S+ )?(?:make|python|celery|gunicorn|\.venv/bin/python) \S")


def commands(text: str) -> set[str]:
    blocks = [line for block in re.findall(r"```\w*\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    inline = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)
    return {found.strip() for found in [*blocks, *inline] if COMMAND.match(found.strip())}


def test_every_command_of_the_readme_is_run_by_a_test_or_by_ci():
    found = commands((ROOT / "README.md").read_text())
    assert found == set(RUN_BY)
    for command, (file, words) in RUN_BY.items():
        assert words in (ROOT / file).read_text(), f"{command}: {file} no longer holds {words!r}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_and_pictures_lead_somewhere(document):
    text = re.sub(r"```.*?```", "", document.read_text(), flags=re.DOTALL)
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    gone = [target for target in targets if target and "://" not in target and not (document.parent / target).exists()]
    assert gone == []
    named = re.findall(r"`((?:tests|debriefs|accounts|docs|templates|static|benchmarks)/[\w./-]+)`", text)
    assert [path for path in named if not (ROOT / path).exists()] == []
