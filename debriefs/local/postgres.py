"""The embedded Postgres: a cluster of one checkout and profile, on TCP at 127.0.0.1 with a password."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg2
from psycopg2 import sql

from debriefs.local import binaries, death, places
from debriefs.local.errors import LauncherError
from debriefs.local.places import Profile

USER = DATABASE = "debriefs"
_RECOVERY_SECONDS = 600
# Test data may be lost in a power cut, so nothing waits for the disk.
_TEST_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class _Site:
    """Where the cluster stands and who runs it; `account` is None for "the user who started us"."""

    data: Path
    programs: Path
    account: pwd.struct_passwd | None


class Postgres:
    """Starts, asks and stops the cluster of a profile."""

    name = "postgres"

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def url(self) -> str:
        """The DATABASE_URL of the cluster's owner. Starts nothing."""
        config = places.read_config(self.profile)
        return f"postgres://{USER}:{config['postgres_password']}@127.0.0.1:{config['postgres_port']}/{DATABASE}"

    def is_answering(self) -> bool:
        """Whether a connection with our password reaches our database: a stranger on the port answers otherwise."""
        try:
            self._connect(DATABASE).close()
        except psycopg2.Error:
            return False
        return True

    def start(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """The running postmaster, answering and with its database made. Needs the keeper's lock. Makes the cluster first
        if there is none, and takes another port if ours is taken."""
        site = _site(self.profile)
        for leftover in site.data.parent.glob("pg.init-*"):
            shutil.rmtree(leftover)
        self._make_room(site)
        if not (site.data / "PG_VERSION").exists():
            self._init(site, log)
        _clear_stale_pid(site.data)
        for attempt in range(3):
            if attempt or not places.port_is_free(places.read_config(self.profile)["postgres_port"]):
                places.change_config(self.profile, postgres_port=places.free_port())
            server = self._spawn(site, log)
            try:
                if self._wait(server):
                    self._make_database()
                    return server
            except BaseException:
                self.stop(server)
                raise
        raise LauncherError(f"Postgres does not start; its own words are in {log.name}.")

    def stop(self, server: subprocess.Popen[bytes]) -> None:
        """Stops the postmaster within about three seconds: politely, then without a checkpoint, which is as safe."""
        for number, seconds in ((signal.SIGINT, 1.5), (signal.SIGQUIT, 1.0), (signal.SIGKILL, 5.0)):
            if server.poll() is not None:
                return
            server.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(seconds)

    def _connect(self, database: str) -> "psycopg2.extensions.connection":
        config = places.read_config(self.profile)
        return psycopg2.connect(
            host="127.0.0.1",
            port=config["postgres_port"],
            user=USER,
            password=config["postgres_password"],
            dbname=database,
            connect_timeout=2,
        )

    def _make_room(self, site: _Site) -> None:
        """Data of another major version are refused, except those of tests, which are thrown away."""
        version = site.data / "PG_VERSION"
        if not version.exists():
            return
        found, ours = version.read_text().strip(), str(binaries.postgres_major(site.programs))
        if found == ours:
            return
        if self.profile.is_test:
            shutil.rmtree(site.data)
            return
        raise LauncherError(
            f"The data in {site.data} were made by Postgres {found}, but this is Postgres {ours}. Move that directory "
            f"aside to begin afresh, or dump it with Postgres {found} and restore it here."
        )

    def _init(self, site: _Site, log: IO[bytes]) -> None:
        # Made under another name: a directory called `postgres` is always a whole cluster.
        fresh = site.data.parent / f"pg.init-{os.getpid()}"
        fresh.mkdir(mode=0o700)
        secret = fresh / "password"
        secret.touch(0o600)
        secret.write_text(places.read_config(self.profile)["postgres_password"] + "\n")
        cluster = fresh / "data"
        if site.account:
            os.chown(fresh, site.account.pw_uid, site.account.pw_gid)
            os.chown(secret, site.account.pw_uid, site.account.pw_gid)
        subprocess.run(
            [
                site.programs / "initdb",
                *("-D", cluster, "-U", USER, "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8"),
                *_locale(binaries.postgres_major(site.programs)),
                *(["--no-sync"] if self.profile.is_test else []),
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
            check=True,
            cwd=fresh,
            env=_environment(),
            **_as_account(site.account),
        )
        cluster.rename(site.data)
        shutil.rmtree(fresh)

    def _spawn(self, site: _Site, log: IO[bytes]) -> subprocess.Popen[bytes]:
        config = places.read_config(self.profile)
        options = [
            "listen_addresses=127.0.0.1",
            f"port={config['postgres_port']}",
            # A socket's path may hold 107 bytes; a checkout's may be longer.
            "unix_socket_directories=",
            "max_connections=200",
            "timezone=UTC",
            "log_timezone=UTC",
            *(_TEST_OPTIONS if self.profile.is_test else ()),
        ]
        return subprocess.Popen(
            [site.programs / "postgres", "-D", site.data, *(word for option in options for word in ("-c", option))],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=site.data,
            env=_environment(),
            start_new_session=True,
            preexec_fn=death.follow_parent(signal.SIGINT),
            **_as_account(site.account),
        )

    def _wait(self, server: subprocess.Popen[bytes]) -> bool:
        """Until the server answers. False if it ended; a recovery after a crash may take some minutes."""
        deadline = time.monotonic() + _RECOVERY_SECONDS
        while server.poll() is None and time.monotonic() < deadline:
            try:
                self._connect("postgres").close()
                return True
            except psycopg2.Error as error:
                if "password authentication failed" in str(error):
                    raise LauncherError(
                        f"The data of {self.profile.name} were made with another password than the one in "
                        f"{self.profile.directory / 'config.json'}. Bring that file back, or remove {self.profile.directory}."
                    ) from error
            time.sleep(0.03)
        self.stop(server)
        return False

    def _make_database(self) -> None:
        connection = self._connect("postgres")
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if not cursor.fetchone():
                    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        finally:
            connection.close()


def _locale(major: int) -> list[str]:
    """The same order of letters on every machine and in production: by code point."""
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def _environment() -> dict[str, str]:
    """Nothing of the caller's PG* variables or language reaches the server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _as_account(account: pwd.struct_passwd | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _site(profile: Profile) -> _Site:
    """Where and as whom to run. Postgres refuses to run as root: there it runs as whoever owns the data already, else as
    `postgres`, else as `nobody`; if that user cannot reach the checkout, in a directory of the system's own."""
    data, programs = profile.directory / "postgres", binaries.postgres_directory()
    if os.geteuid() != 0:
        return _Site(data, programs, None)
    account = _account(data)
    spare = profile.spare_directory / profile.name / "postgres"
    if not spare.exists() and _can_reach(account, data.parent, programs):
        return _Site(data, programs, account)
    _make_spare(profile.spare_directory, account)
    spare.parent.mkdir(mode=0o711, exist_ok=True)
    spare.parent.chmod(0o711)
    if not _can_reach(account, spare.parent, programs):
        programs = _copy_programs(programs, profile.spare_directory)
    return _Site(spare, programs, account)


def _account(data: Path) -> pwd.struct_passwd:
    if data.exists() and data.stat().st_uid != 0:
        with contextlib.suppress(KeyError):
            return pwd.getpwuid(data.stat().st_uid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise LauncherError("As root, Postgres has to run as `postgres` or `nobody`, and this system has neither.")


def _can_reach(account: pwd.struct_passwd, directory: Path, programs: Path) -> bool:
    asked: list[str | Path] = [
        "/bin/sh",
        "-c",
        'test -x "$1" && test -x "$2" && test -r "$2"',
        "sh",
        directory,
        programs / "postgres",
    ]
    return subprocess.run(asked, cwd="/", check=False, **_as_account(account)).returncode == 0


def _make_spare(path: Path, account: pwd.struct_passwd) -> None:
    """A directory of root's own in a place where everybody may write: one that somebody else put there is refused."""
    path.mkdir(mode=0o711, exist_ok=True)
    found = path.lstat()
    if path.is_symlink() or found.st_uid != 0:
        raise LauncherError(f"{path} is not root's own directory. Remove it, or set DEBRIEFS_DATA_DIR.")
    path.chmod(0o711)


def _copy_programs(programs: Path, spare: Path) -> Path:
    install = programs.parent
    # The version and the moment of installation name the copy, so a newer package is copied again.
    copy = spare / f"programs-{binaries.postgres_major(programs)}-{int((programs / 'postgres').stat().st_mtime)}"
    if not copy.exists():
        fresh = spare / f"programs.new-{os.getpid()}"
        shutil.copytree(install, fresh, symlinks=True)
        fresh.chmod(0o755)
        with contextlib.suppress(OSError):
            fresh.rename(copy)
        shutil.rmtree(fresh, ignore_errors=True)
    return copy / programs.name


def _clear_stale_pid(data: Path) -> None:
    """Removes the pid file of a postmaster that is no more. One of ours that still runs (its keeper was killed) is
    stopped; a stranger who got the number since is left alone."""
    file = data / "postmaster.pid"
    try:
        pid = int(file.read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        file.unlink(missing_ok=True)
        return
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if not death.is_server_of(pid, program="postgres", directory=data):
            break
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline and death.is_server_of(pid, program="postgres", directory=data):
            time.sleep(0.05)
    file.unlink(missing_ok=True)
