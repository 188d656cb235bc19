"""The colours of the page, each with a part to play, for light and for dark surroundings.

Charts are drawn once, in the light colours; in the page each colour becomes a CSS variable, so that one drawing serves
light, dark and print. That is why no two parts share a colour, and why a chart may use no other.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Colour:
    """One part: the name of its CSS variable and its value on a light and on a dark ground."""

    name: str
    light: str
    dark: str


# Hues after Okabe and Ito (2008), told apart with the common kinds of colour blindness; darkened where they stand as
# thin lines on white. Every mark that means something differs by shape, position or label as well.
COLOURS = (
    Colour("paper", "#ffffff", "#15181b"),
    Colour("ink", "#1d2126", "#eceeef"),
    Colour("muted", "#565e66", "#a9b1b8"),
    Colour("grid", "#e3e6e8", "#2f353a"),
    Colour("hatch", "#a3abb2", "#5b646c"),
    Colour("grey", "#8d969e", "#77818a"),
    Colour("blue", "#0b6ea8", "#58a9dc"),
    Colour("orange", "#c85200", "#f08c45"),
    Colour("green", "#00785a", "#45b894"),
    Colour("purple", "#9a4f85", "#d08fc0"),
    Colour("amber", "#dd9a12", "#d9a63c"),
    # From long known to newest: away from the ground, so the newest is the strongest in both.
    Colour("shade-1", "#c4d6e6", "#26394b"),
    Colour("shade-2", "#9dbdd8", "#365472"),
    Colour("shade-3", "#719dc4", "#4b759d"),
    Colour("shade-4", "#467cad", "#6c9bc6"),
    Colour("shade-5", "#245c91", "#9cc3e6"),
    Colour("shade-6", "#0c3a66", "#d9ebfa"),
)
LIGHT = {colour.name: colour.light for colour in COLOURS}
SHADES = tuple(colour.light for colour in COLOURS if colour.name.startswith("shade-"))

_NAMES = {colour.light: colour.name for colour in COLOURS}
_HEX = re.compile(r'"(#[0-9a-fA-F]{3,8})"')

# Diagonal lines: "not known well enough to be read as a figure", the same wherever it stands.
HATCH_PATTERN = (
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<line x1="0" y1="0" x2="0" y2="6" stroke="{LIGHT["hatch"]}" stroke-width="1.6"/></pattern>'
)


def with_hatching(svg: str) -> str:
    """Fill what is drawn in the colour of hatching with the pattern instead."""
    return svg.replace(f'fill="{LIGHT["hatch"]}"', 'fill="url(#hatch)"')


def with_variables(svg: str) -> str:
    """Replace the colours of a drawing by CSS variables.

    Raises:
        ValueError: a colour is none of the palette's, so it would be the same on dark as on light.
    """

    def variable(match: re.Match[str]) -> str:
        name = _NAMES.get(match[1].lower())
        if name is None:
            raise ValueError(f"colour {match[1]} is not in the palette: add it there with its value on dark ground")
        return f'"var(--{name})"'

    return _HEX.sub(variable, svg)


def css_variables(ground: str) -> str:
    """CSS declarations of all colours for the ground `light` or `dark`."""
    return " ".join(f"--{colour.name}: {getattr(colour, ground)};" for colour in COLOURS)
