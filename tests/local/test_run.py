"""`make run`, whole: the supervisor in a copy of the checkout, with everything it starts, and how it ends."""

import contextlib
import http.cookiejar
import json
import os
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from tests.local.checkout import PATIENCE, Copy, copy_of_checkout, wait_for

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked for in /proc")
READY = "Stop with Ctrl-C."
CHILDREN = ("gunicorn", "celery -q -A debriefs worker", "celery -q -A debriefs beat", "debriefs.local mailbox")


class Run:
    """A supervisor under way, with every line it prints."""

    def __init__(self, copy: Copy, process: subprocess.Popen[str] | None = None, **env: str) -> None:
        self.copy = copy
        # A session of its own, so that a signal to the group reaches it as Ctrl-C in a terminal does, and not us.
        self.process = process or copy.start("-m", "debriefs.local", "run", env=env, start_new_session=True)
        self.lines: list[str] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    @property
    def printed(self) -> str:
        return "".join(self.lines)

    @property
    def address(self) -> str:
        found = re.search(r"Debriefs is at  (\S+)", self.printed)
        assert found, self.printed
        return found.group(1)

    def wait_for(self, words: str, times: int = 1) -> None:
        wait_for(
            lambda: self.printed.count(words) >= times or self.process.poll() is not None,
            lambda: f"{words!r} was not printed:\n{self.printed}",
        )
        assert self.printed.count(words) >= times, f"it ended with {self.process.poll()}:\n{self.printed}"

    def ready(self) -> "Run":
        self.wait_for(READY)
        return self

    def end(self, number: signal.Signals = signal.SIGINT) -> None:
        os.killpg(self.process.pid, number)
        self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)

    def child(self, words: str) -> int:
        """The number of the supervisor's child with these words in its command line; 0 while there is none."""
        for pid, line in self.copy.processes().items():
            with contextlib.suppress(OSError):
                parent = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
                if parent == self.process.pid and words in line:
                    return pid
        return 0

    def _read(self) -> None:
        assert self.process.stdout
        self.lines.extend(iter(self.process.stdout.readline, ""))


@pytest.fixture(scope="module")
def shared() -> Iterator[Copy]:
    """One copy for all tests here: the first start, with its migrations and its demonstration, is paid once."""
    with copy_of_checkout() as made:
        yield made


@pytest.fixture
def copy(shared: Copy) -> Iterator[Copy]:
    """The shared copy, with nothing running before and after."""
    yield shared
    for process in shared.started:
        if process.poll() is None:
            process.kill()
            process.wait()
    shared.wait_until_nothing_runs()


def page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return answer.read().decode()


def signed_in_page(run: Run) -> str:
    """The page after signing in as the first person whose sign-in was printed."""
    found = re.search(r"^ {4}(\S+@\S+\.example) +(\S.*?)  ", run.printed, re.MULTILINE)
    assert found, run.printed
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    address = f"{run.address}/accounts/login/"
    form = opener.open(address, timeout=60).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert token, form
    typed = {"csrfmiddlewaretoken": token.group(1), "login": found.group(1), "password": found.group(2)}
    with opener.open(address, urllib.parse.urlencode(typed).encode(), timeout=60) as answer:
        return answer.read().decode()


def test_the_printed_sign_in_works_data_stay_a_taken_port_is_said_and_ctrl_c_leaves_nothing(copy: Copy) -> None:
    first = Run(copy).ready()
    assert "/accounts/logout/" in signed_in_page(first)
    assert "Mailbox" in page(f"{first.address}/mailbox/")
    first.end()
    assert first.process.returncode == 0, first.printed
    copy.wait_until_nothing_runs()

    with socket.create_server(("127.0.0.1", 0)) as stranger:
        taken = stranger.getsockname()[1]
        second = Run(copy, PORT=str(taken)).ready()

    assert "Filling" not in second.printed
    port = urlsplit(second.address).port
    assert port and port > taken
    assert f"Port {taken} is taken; using {port}." in second.printed
    assert "/accounts/logout/" in signed_in_page(second)
    third = copy.start("-m", "debriefs.local", "run")
    printed, _ = third.communicate(timeout=PATIENCE)
    assert third.returncode == 1
    assert f"already runs from this checkout, at {second.address}" in printed
    second.end(signal.SIGTERM)
    assert second.process.returncode == 0, second.printed
    copy.wait_until_nothing_runs()


def test_a_killed_supervisor_leaves_nothing_and_the_next_one_starts(copy: Copy) -> None:
    run = Run(copy).ready()
    assert all(run.child(words) for words in CHILDREN)

    os.kill(run.process.pid, signal.SIGKILL)

    copy.wait_until_nothing_runs()
    again = Run(copy).ready()
    assert "/accounts/logout/" in signed_in_page(again)
    again.end(signal.SIGHUP)
    copy.wait_until_nothing_runs()


def test_what_dies_is_started_again_and_mail_still_arrives(copy: Copy) -> None:
    run = Run(copy).ready()
    before = {words: run.child(words) for words in CHILDREN}
    assert all(before.values()), copy.processes()

    for pid in before.values():
        os.kill(pid, signal.SIGKILL)

    for words, pid in before.items():
        wait_for(lambda words=words, pid=pid: run.child(words) not in {0, pid}, f"{words} did not come back")
    port = json.loads((copy.data / "config.json").read_text())["smtp_port"]
    wait_for(lambda: posted(port), "the mailbox takes no mail")
    assert "A word after the fall" in page(f"{run.address}/mailbox/")
    assert run.printed.count("starting it again") == len(CHILDREN)
    run.end()
    copy.wait_until_nothing_runs()


def posted(port: int) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            client.sendmail("a@b.example", ["ada@buyer.example"], b"Subject: A word after the fall\r\n\r\nx\r\n")
    except (OSError, smtplib.SMTPException):
        return False
    return True


@pytest.mark.slow
def test_killed_servers_come_back_under_the_running_pages(copy: Copy) -> None:
    run = Run(copy).ready()
    for name in ("postgres", "valkey"):
        os.kill(int((copy.data / f"{name}.keeper").read_text()), signal.SIGKILL)

    run.wait_for("A server has ended")

    wait_for(lambda: ready_says(run), "the pages do not find their servers again")
    run.end()
    copy.wait_until_nothing_runs()


def ready_says(run: Run) -> bool:
    try:
        return bool(json.loads(page(f"{run.address}/readyz"))["ready"])
    except OSError:
        return False


def test_a_port_that_is_none_is_refused_in_a_sentence(copy: Copy) -> None:
    process = copy.start("-m", "debriefs.local", "run", env={"PORT": "eighty"})
    printed, _ = process.communicate(timeout=PATIENCE)

    assert process.returncode == 1
    assert printed == "PORT must be a number from 1 to 65535, not 'eighty'.\n"


@pytest.mark.slow
def test_changed_code_starts_web_worker_and_beat_again(copy: Copy) -> None:
    run = Run(copy).ready()
    before = {words: run.child(words) for words in CHILDREN}

    path = copy.root / "debriefs" / "wsgi.py"
    path.write_text(path.read_text() + "\n")

    run.wait_for("Code changed")
    for words, pid in before.items():
        if "mailbox" not in words:
            wait_for(lambda words=words, pid=pid: run.child(words) not in {0, pid}, f"{words} did not start again")
    assert run.child("debriefs.local mailbox") == before["debriefs.local mailbox"]
    assert "ok" in page(f"{run.address}/healthz")
    run.end()


@pytest.mark.slow
def test_make_run_is_all_an_ordinary_user_without_a_home_needs() -> None:
    python = shutil.which("python3", path="/usr/local/bin:/usr/bin")
    asked = [str(python), "-c", "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"]
    if not python or subprocess.run(asked, check=False, capture_output=True).returncode:
        pytest.fail("The system has no Python 3.11 with its venv module (on Debian: apt install python3-venv).")
    options = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    with copy_of_checkout() as copy:
        if options:
            for path in (copy.root, *copy.root.rglob("*")):
                shutil.chown(path, "nobody", "nogroup")
        copy.python = "make"
        started = copy.start("run", f"PYTHON={python}", env={"HOME": "/nonexistent"}, start_new_session=True, **options)

        run = Run(copy, started).ready()

        assert "/accounts/logout/" in signed_in_page(run)
        assert (copy.root / ".venv" / "bin" / "gunicorn").exists()
        run.end()
        copy.wait_until_nothing_runs()


@pytest.mark.slow
def test_two_checkouts_run_at_once(copy: Copy) -> None:
    with copy_of_checkout() as other:
        runs = [Run(copy), Run(other)]
        for run in runs:
            run.ready()

        assert runs[0].address != runs[1].address
        assert all("/accounts/logout/" in signed_in_page(run) for run in runs)
        runs[0].end()
        copy.wait_until_nothing_runs()
        assert "ok" in page(f"{runs[1].address}/healthz")
        runs[1].end()
        other.wait_until_nothing_runs()


@pytest.mark.slow
def test_with_servers_of_the_callers_nothing_embedded_starts() -> None:
    ours = os.environ["DATABASE_URL"]
    name = f"named_by_the_caller_{os.getpid()}"
    connection = psycopg2.connect(ours)
    connection.autocommit = True
    with copy_of_checkout() as copy, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            named = {
                "DATABASE_URL": urlsplit(ours)._replace(path=f"/{name}").geturl(),
                "REDIS_URL": urlsplit(os.environ["REDIS_URL"])._replace(path="/63").geturl(),
                "EMAIL_URL": "smtp://127.0.0.1:1",
            }

            run = Run(copy, **named).ready()

            assert "ok" in page(f"{run.address}/healthz")
            assert "Filling" not in run.printed and "Its mail is at" not in run.printed
            assert not any("keeper" in line or "mailbox" in line for line in copy.processes().values())
            assert not (copy.data / "postgres.log").exists()
            run.end()
            copy.wait_until_nothing_runs()
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
            cursor.execute(f"DROP ROLE IF EXISTS {name}_app")
            connection.close()
