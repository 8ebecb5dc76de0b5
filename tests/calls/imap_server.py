"""A small IMAP4rev1 server on a real socket: one folder, read only, as much of RFC 3501 as a poll needs. It notes every command."""

import re
import socketserver
import threading


class Mailbox:
    """The folder's messages by UID, and what clients asked."""

    def __init__(self, *messages: bytes, validity: int = 7) -> None:
        self.messages = dict(enumerate(messages, start=1))
        self.validity = validity
        self.commands: list[str] = []
        self.hangs_up_after: int | None = None

    def __enter__(self) -> "Mailbox":
        mailbox = self

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"* OK ready\r\n")
                for line in self.rfile:
                    if not mailbox.answer(self.wfile, line.decode("ascii", "replace").strip()):
                        return

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"imap://reader:p%40ss@127.0.0.1:{self._server.server_address[1]}/INBOX"
        return self

    def __exit__(self, *details: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, out, line: str) -> bool:
        """One command; False ends the session."""
        tag, _blank, command = line.partition(" ")
        self.commands.append(command)
        word = command.upper()
        if word.startswith("LOGIN") and '"p@ss"' not in command:
            out.write(f"{tag} NO wrong password\r\n".encode())
            return True
        if word.startswith("CAPABILITY"):
            out.write(b"* CAPABILITY IMAP4rev1\r\n")
        elif word.startswith("EXAMINE"):
            out.write(f"* {len(self.messages)} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] here\r\n".encode())
        elif found := re.match(r"UID SEARCH UID (\d+):\*", word):
            # RFC 3501: "n:*" holds the last message even when its UID is below n.
            uids = {uid for uid in self.messages if uid >= int(found[1])} | {max(self.messages, default=0)} - {0}
            out.write(f"* SEARCH {' '.join(map(str, sorted(uids)))}\r\n".encode())
        elif found := re.match(r"UID FETCH (\d+) .*BODY\.PEEK\[\]<0\.(\d+)>", word):
            if self.hangs_up_after is not None:
                self.hangs_up_after -= 1
                if self.hangs_up_after < 0:
                    return False
            raw = self.messages[int(found[1])]
            part = raw[: int(found[2])]
            out.write(
                f"* 1 FETCH (UID {found[1]} RFC822.SIZE {len(raw)} BODY[]<0> {{{len(part)}}}\r\n".encode()
                + part
                + b")\r\n"
            )
        elif word.startswith("LOGOUT"):
            out.write(f"* BYE\r\n{tag} OK\r\n".encode())
            return False
        out.write(f"{tag} OK done\r\n".encode())
        return True
