"""`make run`: embedded servers, database, demonstration data, then web, worker, beat and mailbox as children.

The web child is gunicorn, the server of production, not `runserver`: one process to stop instead of a reloader and its child,
and the socket it inherits stays open while it starts again. Whitenoise finds static files where they stand in the source, so
nothing is collected. Changed code starts web, worker and beat again; `runserver` would leave the worker behind.
"""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import psycopg2

from debriefs.local import death, locks, places, ports
from debriefs.local.children import Child, python, say, stop
from debriefs.local.errors import LauncherError
from debriefs.local.keeper import lock_path
from debriefs.local.places import Profile
from debriefs.local.services import Services, ensure
from debriefs.local.watch import CodeWatch

# Together with the servers' own end this stays below the five seconds that Ctrl-C may take.
_GRACE_SECONDS = 1.5
_SERVERS_END_SECONDS = 5.0


class _Stopped(Exception):
    """Somebody asked us to stop while we were still starting."""


class Supervisor:
    """One run of the whole product from a checkout."""

    def __init__(self) -> None:
        self.profile = Profile("dev")
        self.signals = 0
        self.children: list[Child] = []
        self.services: Services | None = None
        self.sockets: list[socket.socket] = []

    def run(self) -> int:
        """Runs until it is told to stop (Ctrl-C, SIGTERM, closed terminal); the exit status."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        if os.environ.get("MAKELEVEL"):
            # Whoever kills `make` means us.
            death.follow_parent_now(signal.SIGTERM)
        lock = self._only_one()
        try:
            self._start()
            self._tend()
        except _Stopped:
            pass
        finally:
            self._stop()
            locks.release(lock)
        return 0

    def _on_signal(self, number: int, frame: object) -> None:
        # Only counted here: the loops look, so nothing is interrupted halfway.
        self.signals += 1

    # ── Start ──

    def _only_one(self) -> int:
        path = self.profile.directory / "run.lock"
        lock = locks.acquire(path, wait=False)
        if lock is None:
            raise LauncherError(
                f"Debriefs already runs from this checkout, at {path.read_text() or 'another terminal'}."
            )
        return lock

    def _start(self) -> None:
        port, web = self._listen()
        own_mail = not os.environ.get("EMAIL_URL")
        mail = self._listen_for_mail() if own_mail else None
        os.environ.setdefault("DEBRIEFS_LOCAL", "1")
        say("Starting Postgres and Valkey.")
        self.services = ensure("dev")
        address = os.environ["DEBRIEFS_BASE_URL"]
        (self.profile.directory / "run.lock").write_text(address)
        say("Bringing the database up to date.")
        self._step("migrate", "--noinput", "-v", "0")
        if self.services.all_embedded and self._has_no_programme():
            say("Filling the demonstration programme; only the first start does this.")
            self._step("demo")
        self.children = self._family(web, mail)
        for child in self.children:
            child.start()
        self._wait_for_pages(port)
        self._welcome(address, mail is not None)

    def _listen(self) -> tuple[int, list[socket.socket]]:
        wanted = ports.web_port_wanted(places.read_config(self.profile)["web_port"])
        port, web = ports.listen_from(wanted)
        if port != wanted:
            say(f"Port {wanted} is taken; using {port}.")
        places.change_config(self.profile, web_port=port)
        self.sockets += web
        return port, web

    def _listen_for_mail(self) -> socket.socket:
        listening = ports.listen_on(places.read_config(self.profile)["smtp_port"])
        if listening is None:
            listening = ports.listen_on(0)
        if listening is None:
            raise LauncherError("No port is free for the local mail server.")
        places.change_config(self.profile, smtp_port=listening.getsockname()[1])
        self.sockets.append(listening)
        return listening

    def _step(self, *command: str) -> str:
        """Runs a management command to its end and returns what it printed; a failure stops the start with its words."""
        process = subprocess.Popen(
            python("manage.py", *command),
            cwd=places.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=death.follow_parent(signal.SIGTERM),
        )
        while True:
            try:
                printed, complaints = process.communicate(timeout=0.2)
                break
            except subprocess.TimeoutExpired:
                if self.signals:
                    process.kill()
                    process.communicate()
                    raise _Stopped from None
        if process.returncode:
            raise LauncherError(
                f"{printed}{complaints}\nStopped: `manage.py {command[0]}` failed; its words stand above."
            )
        return printed

    def _has_no_programme(self) -> bool:
        connection = psycopg2.connect(os.environ["DATABASE_URL"])
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT NOT EXISTS (SELECT 1 FROM accounts_programme)")
                row = cursor.fetchone()
                return bool(row and row[0])
        finally:
            connection.close()

    def _family(self, web: list[socket.socket], mail: socket.socket | None) -> list[Child]:
        numbers = tuple(one.fileno() for one in web)
        gunicorn = [
            *("-m", "gunicorn", "debriefs.wsgi", "--worker-class", "gthread", "--workers", "1", "--threads", "8"),
            *("--graceful-timeout", "2", "--no-control-socket", "--log-level", "warning"),
            *(word for number in numbers for word in ("--bind", f"fd://{number}")),
        ]
        # Celery's banners and its warning about root say nothing to somebody who tries the product on their own machine.
        celery = ("-W", "ignore:::celery.platforms", "-m", "celery", "-q", "-A", "debriefs")
        schedule = str(self.profile.directory / "beat-schedule")
        family = [
            Child("web", python(*gunicorn), on_orphaned=signal.SIGQUIT, sockets=numbers),
            Child(
                "worker",
                python(*celery, "worker", "-c", "2", "-l", "WARNING", "--without-mingle", "--without-gossip"),
                # To Celery this means: stop now, the tasks will be delivered again.
                on_orphaned=signal.SIGQUIT,
            ),
            Child("beat", python(*celery, "beat", "-l", "WARNING", "-s", schedule, "--pidfile=")),
        ]
        if mail:
            mailbox = ("-m", "debriefs.local", "mailbox", str(mail.fileno()), os.environ["DEBRIEFS_MAILBOX_DIR"])
            family.insert(0, Child("mailbox", python(*mailbox), sockets=(mail.fileno(),)))
        return family

    def _wait_for_pages(self, port: int) -> None:
        while not self.signals:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                    return
            except urllib.error.HTTPError:
                # It answers; what it has to say stands in its own lines.
                return
            except OSError:
                self._tend_once()
                time.sleep(0.1)
        raise _Stopped

    def _welcome(self, address: str, own_mail: bool) -> None:
        lines = ["", f"  Debriefs is at  {address}"]
        if own_mail:
            lines.append(f"  Its mail is at  {address}/mailbox/")
        if self.services and self.services.all_embedded:
            lines += ["", "  Sign in as"]
            for row in json.loads(self._step("demo", "--sign-ins", "--json")):
                lines.append(f"    {row['email']:<34} {row['password']:<22} {row.get('who', '')}".rstrip())
        lines += ["", "  Stop with Ctrl-C.", ""]
        say("\n".join(lines))

    # ── Run ──

    def _tend(self) -> None:
        watch = CodeWatch() if os.environ.get("DEBRIEFS_RELOAD") != "0" else None
        while not self.signals:
            time.sleep(0.5)
            self._tend_once()
            if watch and watch.has_changed():
                say("Code changed: web, worker and beat start again.")
                self._start_again()

    def _tend_once(self) -> None:
        """Servers first: children that lost them would only die again."""
        if self.services and not self.services.are_up():
            say("A server has ended; starting it again.")
            if self.services.start():
                self._start_again()
        for child in self.children:
            if self.signals:
                return
            child.tend()

    def _start_again(self) -> None:
        product = [child for child in self.children if child.name != "mailbox"]
        stop(product, grace=_GRACE_SECONDS)
        for child in product:
            if self.signals:
                return
            child.forgive()
            child.start()

    # ── Stop ──

    def _stop(self) -> None:
        if self.signals:
            say("\nStopping.")
        stop(self.children, grace=_GRACE_SECONDS, at_once=lambda: self.signals > 1)
        for listening in self.sockets:
            listening.close()
        if self.services:
            self.services.leave()
            self._wait_for_servers(self.services)

    def _wait_for_servers(self, services: Services) -> None:
        """Until the keepers are gone, so that the shell's prompt means: nothing of ours runs any more."""
        deadline = time.monotonic() + _SERVERS_END_SECONDS
        while time.monotonic() < deadline:
            if not any(locks.is_held(lock_path(service, "keeper")) for service in services.kept):
                return
            if all(locks.is_shared(lock_path(service, "users")) for service in services.kept):
                say("Another command still uses the servers; they stay up until it has ended.")
                return
            time.sleep(0.1)
