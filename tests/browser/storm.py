"""A bad network and a real server behind it, for tests that type through both."""

import http.client
import random
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.processes import Child, wait_for

WAYS = ("pass", "pass", "pass", "slow", "drop", "lost", "doubled", "late", "broken")


class Storm(ThreadingHTTPServer):
    """Stands between the browser and gunicorn. Saves are dropped, slowed, doubled, reordered or lost on the way back, at random.

    `is_cut`: nothing goes through. `is_calm`: everything does. `seen` counts what was done to saves. `is_upgraded`: the service worker
    comes as another version of it.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, seed: int, log: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.rolled = random.Random(seed)
        self.is_cut = self.is_calm = self.is_upgraded = False
        self.seen: dict[str, int] = {}
        self.log = log
        self.lock = threading.Lock()
        self.start_server()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_address[1]}"

    def start_server(self) -> None:
        """Starts gunicorn on a free port."""
        self.socket_of_server = socket.create_server(("127.0.0.1", 0))
        self.backend = self.socket_of_server.getsockname()[1]
        self.socket_of_server.close()
        self.child = Child(
            *(sys.executable, "-m", "gunicorn", "debriefs.wsgi", "--worker-class", "gthread", "--threads", "4"),
            *("--no-control-socket", "--bind", f"127.0.0.1:{self.backend}"),
            log=self.log,
            DJANGO_SETTINGS_MODULE="debriefs.settings",
        )

    def wait_until_up(self) -> None:
        """Returns once the server answers."""
        wait_for(lambda: self.forward("GET", "/healthz", {}, b"")[0] == 200, what=f"gunicorn, see {self.log}")

    def kill_server(self) -> None:
        """As when the machine dies."""
        self.child.kill()

    def close(self) -> None:
        self.shutdown()
        self.server_close()
        self.child.kill()

    def way(self, path: str) -> str:
        """What becomes of this request."""
        with self.lock:
            if self.is_cut:
                return "drop"
            if self.is_calm or "/save/" not in path:
                return "pass"
            way = self.rolled.choice(WAYS)
            self.seen[way] = self.seen.get(way, 0) + 1
            return way

    def forward(self, method: str, path: str, headers: dict, body: bytes) -> tuple[int, list, bytes]:
        """What the server answers; 502 as from a reverse proxy while it is down."""
        connection = http.client.HTTPConnection("127.0.0.1", self.backend, timeout=60)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        except OSError:
            return 502, [("Content-Type", "text/html")], b"<h1>Bad gateway</h1>"
        finally:
            connection.close()


class _Request(BaseHTTPRequestHandler):
    server: Storm

    def log_message(self, *_words: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        asked = (self.command, self.path, headers, body)
        way = self.server.way(self.path)
        self.close_connection = True
        if way == "drop":
            return
        if way == "broken":
            self._answer(500, [("Content-Type", "text/html")], b"<h1>Sorry</h1>")
            return
        if way == "late":
            # The browser hears nothing; the server hears of it after what was sent later.
            threading.Timer(0.3 + 2 * random.random(), self.server.forward, asked).start()
            return
        if way == "slow":
            time.sleep(random.random())
        if way == "doubled":
            self.server.forward(*asked)
        answer = self.server.forward(*asked)
        if self.server.is_upgraded and self.path.endswith("/worker.js"):
            answer = (*answer[:2], answer[2] + b"// another version")
        if way != "lost":
            self._answer(*answer)

    do_POST = do_GET

    def _answer(self, status: int, headers: list, body: bytes) -> None:
        try:
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in {"connection", "content-length", "transfer-encoding"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass
