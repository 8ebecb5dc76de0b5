"""A file fetched from an address that a person typed: small, in time, and never from inside our own network.

The name is resolved once, every address it has must be public, and the connection goes to the address that was checked, so that a
name which answers differently the second time gains nothing. Redirects are followed by hand, each checked the same way.
"""

import http.client
import ipaddress
import socket
import ssl
import time
import zlib
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from debriefs.foundation.refusals import Refusal

MOST_REDIRECTS = 3
_CHUNK = 65_536
_REDIRECTS = (301, 302, 303, 307, 308)


class NotFetched(Refusal):
    """The address cannot be read: refused, unreachable, too slow, too large. The sentence names no address of ours."""


@dataclass(frozen=True)
class _Target:
    parts: SplitResult
    host: str
    port: int
    address: str


def fetch(url: str, *, most_bytes: int, seconds: float = 15.0) -> bytes:
    """The body behind the address, at most `most_bytes`, all redirects within `seconds`; else NotFetched with a sentence."""
    deadline = time.monotonic() + seconds
    for _redirect in range(MOST_REDIRECTS + 1):
        try:
            body, onward = _ask(_checked(url), most_bytes, deadline)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotFetched(_unreachable(error)) from error
        if onward is None:
            return body
        url = urljoin(url, onward)
    raise NotFetched(_("The address leads from one place to the next without end."))


def checked_address(url: str) -> None:
    """NotFetched unless the address may be read by its form: https, a host, no name and password in it. Asks no network."""
    _parts_of(url)


def _parts_of(url: str) -> tuple[SplitResult, str, int]:
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
        host = host.encode("idna").decode() if host and ":" not in host else host
    except (ValueError, UnicodeError) as error:
        raise NotFetched(_("This is no web address.")) from error
    schemes = ("https", "http") if settings.LOCAL else ("https",)
    if parts.scheme.lower() not in schemes or not host:
        raise NotFetched(_("Give an address that begins with https://."))
    if parts.username is not None or any(ord(char) < 33 for char in url.strip()):
        raise NotFetched(_("Give an address without a name, a password or spaces in it."))
    if port is not None and port not in (80, 443) and not settings.LOCAL:
        raise NotFetched(_("Addresses with an unusual port are not read."))
    return parts, host, port or (443 if parts.scheme.lower() == "https" else 80)


def _checked(url: str) -> _Target:
    parts, host, port = _parts_of(url)
    found = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    if not settings.LOCAL and not all(_is_public(address) for address in found):
        raise NotFetched(_("Addresses inside a private network are not read."))
    return _Target(parts, host, port, sorted(found)[0])


def _is_public(address: str) -> bool:
    """Whether the address is one of the open internet; one of IPv4 dressed as IPv6 is judged by what it leads to."""
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return ip.is_global and not ip.is_multicast


def _ask(target: _Target, most_bytes: int, deadline: float) -> tuple[bytes, str | None]:
    """The body, or where it leads on to."""
    connection = http.client.HTTPConnection(target.host, target.port)
    plain = socket.create_connection((target.address, target.port), timeout=_left(deadline))
    talking: socket.socket = plain
    answer: http.client.HTTPResponse | None = None
    try:
        if target.parts.scheme.lower() == "https":
            talking = ssl.create_default_context().wrap_socket(plain, server_hostname=target.host)
        connection.sock = talking
        path = (target.parts.path or "/") + (f"?{target.parts.query}" if target.parts.query else "")
        connection.request(
            "GET",
            path,
            headers={
                "Host": target.parts.netloc,
                "User-Agent": "Debriefs",
                "Accept": "text/calendar, */*;q=0.5",
                "Accept-Encoding": "gzip",
            },
        )
        answer = connection.getresponse()
        if answer.status in _REDIRECTS and answer.getheader("Location"):
            return b"", answer.getheader("Location")
        if answer.status != 200:
            raise NotFetched(_("The other server answered with %(status)s.") % {"status": answer.status})
        return _read(talking, answer, most_bytes, deadline), None
    finally:
        if answer is not None:
            answer.close()
        connection.close()
        talking.close()


def _read(talking: socket.socket, answer: http.client.HTTPResponse, most_bytes: int, deadline: float) -> bytes:
    """The body in pieces: the size is counted after unpacking, and the clock runs on however slowly the pieces come."""
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16) if answer.getheader("Content-Encoding", "") == "gzip" else None
    body = b""
    while len(body) <= most_bytes:
        talking.settimeout(_left(deadline))
        piece = answer.read1(_CHUNK)
        if not piece:
            return body
        try:
            body += unpack.decompress(piece, most_bytes + 1 - len(body)) if unpack else piece
        except zlib.error as error:
            raise NotFetched(_("What the other server sent cannot be unpacked.")) from error
    raise NotFetched(_("It is larger than %(size)s MB and is not read.") % {"size": most_bytes // 1_000_000})


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _unreachable(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return _("The other server took too long.")
    if isinstance(error, ssl.SSLError):
        return _("The other server’s certificate is not valid.")
    if isinstance(error, socket.gaierror):
        return _("There is no server under this name.")
    return _("The other server cannot be reached.")
