"""Notices changed code, so that web, worker and beat all run what stands in the files."""

from pathlib import Path

from debriefs.local import places

_DIRECTORIES = ("debriefs", "accounts", "templates")
_ENDINGS = {".py", ".html", ".txt"}


class CodeWatch:
    """Compares the files' times with the last look. A look costs about a thousand stat calls, some milliseconds."""

    def __init__(self, root: Path = places.ROOT) -> None:
        self.root = root
        self.seen = self._look()

    def has_changed(self) -> bool:
        """Whether any file of the product was changed, added or removed since the last call."""
        now = self._look()
        changed, self.seen = now != self.seen, now
        return changed

    def _look(self) -> dict[str, int]:
        times = {}
        for directory in _DIRECTORIES:
            for path in (self.root / directory).rglob("*"):
                if path.suffix in _ENDINGS:
                    try:
                        times[str(path)] = path.stat().st_mtime_ns
                    except FileNotFoundError:
                        continue
        return times
