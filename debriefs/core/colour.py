"""A programme's own colour, fitted so that it can be read on light and on dark paper. Pure."""

import colorsys
import re

LIGHT_PAPER, DARK_PAPER = "#ffffff", "#11171c"
LIGHT_INK, DARK_INK = "#ffffff", "#0c1115"
LEAST_CONTRAST = 4.5


def is_colour(text: str) -> bool:
    """Whether the text is six hexadecimal digits after a #."""
    return re.fullmatch(r"#[0-9a-fA-F]{6}", text) is not None


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def fitted(colour: str, paper: str, *, least: float = LEAST_CONTRAST) -> str:
    """The colour itself where it stands out enough from the paper, else the nearest lightness of the same hue that does."""
    if contrast(colour, paper) >= least:
        return colour
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    step = -0.01 if _luminance(paper) > 0.5 else 0.01
    while 0 <= lightness + step <= 1:
        lightness += step
        candidate = _hex(*colorsys.hls_to_rgb(hue, lightness, saturation))
        if contrast(candidate, paper) >= least:
            return candidate
    return LIGHT_INK if step > 0 else "#000000"


def ink_on(colour: str) -> str:
    """White or near-black, whichever reads better on the colour; one of them always reaches 4.5:1."""
    return max(LIGHT_INK, DARK_INK, key=lambda ink: contrast(ink, colour))


def stylesheet(colour: str) -> str:
    """The custom properties that the theme reads: --brand, --brand-deep (pressed) and --on-brand, light and dark."""
    light, dark = fitted(colour, LIGHT_PAPER), fitted(colour, DARK_PAPER, least=6)
    light_deep, dark_deep = fitted(light, LIGHT_PAPER, least=7), fitted(dark, DARK_PAPER, least=9)
    return (
        "@layer programme {\n  :root {\n"
        f"    --brand: light-dark({light}, {dark});\n"
        f"    --brand-deep: light-dark({light_deep}, {dark_deep});\n"
        f"    --on-brand: light-dark({ink_on(light)}, {ink_on(dark)});\n"
        "  }\n}\n"
    )


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _hex(red: float, green: float, blue: float) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in (red, green, blue))


def _luminance(colour: str) -> float:
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
