"""Listening sockets that the supervisor holds, so that a port stays ours while the server behind it starts again."""

import contextlib
import errno
import os
import socket

from debriefs.local.errors import LauncherError


def web_port_wanted(saved: int) -> int:
    """PORT from the environment, else the port of the last time."""
    named = os.environ.get("PORT", "")
    if not named:
        return saved
    if not named.isdecimal() or not 1 <= int(named) <= 65535:
        raise LauncherError(f"PORT must be a number from 1 to 65535, not {named!r}.")
    return int(named)


def listen_from(port: int) -> tuple[int, list[socket.socket]]:
    """Sockets on the first free port from this one upwards: on 127.0.0.1, and on ::1 where the machine has it.

    Browsers try either for `localhost`, so a port counts as free only if it is so on both.
    """
    for candidate in range(port, min(port + 100, 65536)):
        with contextlib.suppress(OSError):
            return candidate, _listen(candidate)
    raise LauncherError(f"Every port from {port} to {min(port + 99, 65535)} is taken. Choose another one with PORT=….")


def listen_on(port: int) -> socket.socket | None:
    """A socket on that port of 127.0.0.1, or None if it is taken."""
    try:
        return _bound(socket.AF_INET, "127.0.0.1", port)
    except OSError:
        return None


def _listen(port: int) -> list[socket.socket]:
    sockets = [_bound(socket.AF_INET, "127.0.0.1", port)]
    try:
        sockets.append(_bound(socket.AF_INET6, "::1", port))
    except OSError as error:
        # No IPv6 on this machine is fine; a stranger on that side of the port is not.
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            sockets[0].close()
            raise
    return sockets


def _bound(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    made = socket.socket(family)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((host, port))
        made.listen(128)
    except OSError:
        made.close()
        raise
    return made
