"""A logo out of an image file that somebody else made, drawn anew in a program of its own.

An image may be made so that opening it takes all memory, or may carry what a browser would run. So it is decoded in a child process
with a limit on processor time and memory, and only its pixels leave it: as a small PNG, because mail programs that know neither WebP
nor SVG are common.
"""

import io
import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

MOST_BYTES = 2_000_000
MOST_PIXELS = 16_000_000
LEAST_SIDE = 16
# Twice the size it is shown in, for screens with fine dots.
WIDEST, TALLEST = 360, 96
# A logo travels with every mail to a buyer.
MOST_KEPT = 24_000
FORMATS = ("PNG", "JPEG", "WEBP")
_PROCESSOR_SECONDS = 10
_MEMORY_BYTES = 1_000_000_000
_TOO_LARGE, _TOO_SMALL, _UNREADABLE = 3, 4, 2
_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class LogoImage:
    """A PNG and its size in pixels."""

    content: bytes
    width: int
    height: int


class NoLogo(Exception):
    """The file gives no logo; `why` is "large", "small" or "unreadable"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def logo_from(raw: bytes) -> LogoImage:
    """The logo in a PNG, JPEG or WebP file, whatever its name says; or NoLogo. Takes about a third of a second."""
    if len(raw) > MOST_BYTES:
        raise NoLogo("large")
    try:
        child = subprocess.run(
            [sys.executable, "-m", "accounts.logo_images"],
            input=raw,
            capture_output=True,
            cwd=_ROOT,
            timeout=6 * _PROCESSOR_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoLogo("unreadable") from None
    if child.returncode != 0:
        raise NoLogo({_TOO_LARGE: "large", _TOO_SMALL: "small"}.get(child.returncode, "unreadable"))
    size, _end, content = child.stdout.partition(b"\n")
    return LogoImage(content, **json.loads(size))


def main() -> None:
    """The child: the file on standard input; size as JSON, a line end and the PNG on standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_SECONDS, _PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    # Here only: whoever serves pages never decodes an image.
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=FORMATS) as found:
            if found.width * found.height > MOST_PIXELS:
                sys.exit(_TOO_LARGE)
            if min(found.size) < LEAST_SIDE:
                sys.exit(_TOO_SMALL)
            image = ImageOps.exif_transpose(found).convert("RGBA")
    except Image.DecompressionBombError:
        sys.exit(_TOO_LARGE)
    except Exception:
        # Whatever a hostile file breaks in the decoder, it gives no logo.
        sys.exit(_UNREADABLE)
    # Profiles, comments and positions of the camera stay behind.
    image.info.clear()
    image.thumbnail((WIDEST, TALLEST), Image.Resampling.LANCZOS)
    content = _png(image)
    for colours in (256, 64, 16):
        if len(content) <= MOST_KEPT:
            break
        content = _png(image.quantize(colours, method=Image.Quantize.FASTOCTREE))
    sys.stdout.buffer.write(json.dumps({"width": image.width, "height": image.height}).encode() + b"\n" + content)


def _png(image: "object") -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)  # type: ignore[attr-defined]
    return out.getvalue()


if __name__ == "__main__":
    main()
