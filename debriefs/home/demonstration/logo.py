"""The logo of the demonstration's company: its name in round letters of one stroke, the first of them an orbit. Drawn by this code alone."""

import io

# Four times the size it is kept in; the way into the product makes it smaller and smooth.
_SIZE = (1400, 384)
_BASE, _RADIUS, _STROKE, _GAP = 300, 80, 34, 36
_ASCENDER = _BASE - 2 * _RADIUS - 84
_INK, _ORBIT, _MOON = "#1d1733", "#4b3b8f", "#c9541c"


class _Pen:
    """Letters from left to right on one base line, with round ends."""

    def __init__(self) -> None:
        # Here only: whoever serves pages needs no Pillow.
        from PIL import Image, ImageDraw

        self.image = Image.new("RGBA", _SIZE, (255, 255, 255, 0))
        self.draw = ImageDraw.Draw(self.image)
        self.x = 20.0

    def dot(self, x: float, y: float, radius: float, colour: str = _INK) -> None:
        self.draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def line(self, x: float, top: float, bottom: float) -> None:
        """A stem whose left edge is at `x`."""
        middle = x + _STROKE / 2
        self.draw.line((middle, top + _STROKE / 2, middle, bottom - _STROKE / 2), fill=_INK, width=_STROKE)
        self.dot(middle, top + _STROKE / 2, _STROKE / 2)
        self.dot(middle, bottom - _STROKE / 2, _STROKE / 2)

    def bow(self, left: float, first: int = 0, last: int = 360, colour: str = _INK) -> None:
        """A part of a circle as high as a small letter, in degrees clockwise from the right."""
        box = (left, _BASE - 2 * _RADIUS, left + 2 * _RADIUS, _BASE)
        self.draw.arc(box, first, last, fill=colour, width=_STROKE)

    def go(self, width: float) -> None:
        self.x += width + _GAP


def drawn() -> bytes:
    """The logo as a PNG file, the same bytes at every call."""
    pen, top = _Pen(), _BASE - 2 * _RADIUS
    # o, an orbit with its moon
    pen.bow(pen.x, colour=_ORBIT)
    pen.dot(pen.x + 2 * _RADIUS - 12, top + 14, 27, _MOON)
    pen.go(2 * _RADIUS + 14)
    # r
    pen.line(pen.x, top, _BASE)
    pen.bow(pen.x, 180, 300)
    pen.go(1.45 * _RADIUS)
    # b
    pen.line(pen.x, _ASCENDER, _BASE)
    pen.bow(pen.x)
    pen.go(2 * _RADIUS)
    _e(pen)
    # l
    pen.line(pen.x, _ASCENDER, _BASE)
    pen.go(_STROKE)
    # i
    pen.line(pen.x, top, _BASE)
    pen.dot(pen.x + _STROKE / 2, top - 46, 22)
    pen.go(_STROKE)
    # n
    pen.line(pen.x, top, _BASE)
    pen.bow(pen.x, 180, 360)
    pen.line(pen.x + 2 * _RADIUS - _STROKE, top + _RADIUS - _STROKE / 2, _BASE)
    pen.go(2 * _RADIUS)
    _e(pen)
    image = pen.image.crop((0, _ASCENDER - 20, round(pen.x - _GAP + 20), _BASE + 20))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _e(pen: _Pen) -> None:
    middle = _BASE - _RADIUS
    pen.bow(pen.x, 48, 360)
    pen.draw.line((pen.x + _STROKE / 2, middle, pen.x + 2 * _RADIUS - 2, middle), fill=_INK, width=_STROKE - 6)
    pen.go(2 * _RADIUS)
