"""The embedded Valkey: Celery's broker, on TCP at 127.0.0.1 with a password. It keeps nothing on disk."""

import contextlib
import signal
import subprocess
import time
from typing import IO

import redis

from debriefs.local import binaries, death, places
from debriefs.local.errors import LauncherError
from debriefs.local.places import Profile

_START_SECONDS = 30


class Valkey:
    """Starts, asks and stops the broker of a profile."""

    name = "valkey"

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def url(self) -> str:
        """The REDIS_URL with number 0. Starts nothing."""
        config = places.read_config(self.profile)
        return f"redis://:{config['redis_password']}@127.0.0.1:{config['redis_port']}/0"

    def is_answering(self) -> bool:
        """Whether a PING with our password is answered."""
        client = redis.Redis.from_url(self.url(), socket_timeout=2, socket_connect_timeout=2)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def start(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """The running server, answering. Needs the keeper's lock. Takes another port if ours is taken."""
        for attempt in range(3):
            if attempt or not places.port_is_free(places.read_config(self.profile)["redis_port"]):
                places.change_config(self.profile, redis_port=places.free_port())
            server = self._spawn(log)
            deadline = time.monotonic() + _START_SECONDS
            while server.poll() is None and time.monotonic() < deadline:
                if self.is_answering():
                    return server
                time.sleep(0.02)
            self.stop(server)
        raise LauncherError(f"Valkey does not start; its own words are in {log.name}.")

    def stop(self, server: subprocess.Popen[bytes]) -> None:
        """Stops the server within about a second."""
        for number, seconds in ((signal.SIGTERM, 1.0), (signal.SIGKILL, 5.0)):
            if server.poll() is not None:
                return
            server.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(seconds)

    def _spawn(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        config = places.read_config(self.profile)
        lines = [
            "bind 127.0.0.1",
            f"port {config['redis_port']}",
            f"requirepass {config['redis_password']}",
            # Every test worker gets a number of its own.
            "databases 64",
            # Messages only mean "look now"; what is owed stands in Postgres.
            'save ""',
            "appendonly no",
            f"dir {_quoted(str(self.profile.directory))}",
        ]
        server = subprocess.Popen(
            [binaries.redis_server(), "-"],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=self.profile.directory,
            start_new_session=True,
            preexec_fn=death.follow_parent(signal.SIGTERM),
        )
        # Through the pipe, so that the password is neither in the process list nor in a file.
        if server.stdin:
            server.stdin.write("\n".join(lines).encode() + b"\n")
            server.stdin.close()
        return server


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
