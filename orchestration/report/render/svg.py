"""From an Altair chart to SVG, for the page and to stand alone.

vl-convert brings Liberation Sans with it and measures text by it, so a drawing is the same on every machine; in a
browser Arial and Helvetica have the same widths.
"""

import json
import re
import textwrap
from collections.abc import Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import altair as alt
import vl_convert
from altair.utils.schemapi import debug_mode

from orchestration.report.figure import Canvas, Figure, Row
from orchestration.report.render.palette import HATCH_PATTERN, LIGHT, with_hatching, with_variables

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
# The newest that the pinned vl-convert carries within Altair's major version.
VEGA_LITE = "6.4"
LABEL_SIZE = 12

_CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    # The page describes each drawing in words from the data; a label on every mark would only add noise and weight.
    "aria": False,
    "padding": {"left": 2, "right": 8, "top": 4, "bottom": 4},
    "view": {"stroke": None},
    "axis": {
        "labelColor": LIGHT["muted"],
        "labelFontSize": LABEL_SIZE,
        "titleColor": LIGHT["muted"],
        "titleFontSize": LABEL_SIZE,
        "titleFontWeight": "normal",
        "gridColor": LIGHT["grid"],
        "domainColor": LIGHT["grey"],
        "tickColor": LIGHT["grey"],
        "tickSize": 4,
        "labelPadding": 5,
    },
    "axisY": {"domain": False, "ticks": False},
    "axisX": {"grid": False, "labelFlush": False},
    "legend": {
        "labelColor": LIGHT["ink"],
        "labelFontSize": LABEL_SIZE,
        "titleColor": LIGHT["muted"],
        "titleFontSize": LABEL_SIZE,
        "titleFontWeight": "normal",
        "orient": "top",
        "layout": {"top": {"direction": "vertical", "anchor": "start", "margin": 8}},
        "symbolOpacity": 1,
        "offset": 10,
        "columnPadding": 14,
        "rowPadding": 4,
        "labelLimit": 330,
        "symbolStrokeWidth": 2.5,
    },
    "header": {
        "labelColor": LIGHT["ink"],
        "labelFontSize": 13,
        "labelFontWeight": "bold",
        "labelAnchor": "start",
        "labelOrient": "top",
        "labelPadding": 4,
        "title": None,
    },
    "title": {
        "color": LIGHT["ink"],
        "fontSize": 13,
        "fontWeight": "bold",
        "subtitleColor": LIGHT["muted"],
        "subtitleFontSize": LABEL_SIZE,
        "anchor": "start",
        "frame": "bounds",
        "offset": 8,
    },
    "mark": {"color": LIGHT["ink"]},
    "text": {"color": LIGHT["ink"], "fontSize": LABEL_SIZE},
    "rule": {"color": LIGHT["muted"]},
}


def data(rows: Sequence[Row]) -> alt.InlineData:
    """Rows for a chart, dates as ISO; as text, because Altair copies whatever it can look into again and again."""
    return alt.InlineData(values=json.dumps(rows, default=date.isoformat), format=alt.JsonDataFormat(type="json"))


def to_svg(figure: Figure, canvas: Canvas) -> str:
    """Draw a figure in the palette's light colours.

    Raises:
        ValueError: the figure's data do not allow a drawing.
    """
    if figure.draw is None:
        raise ValueError(f"{figure.name} is not to be drawn: {figure.missing}")
    # Altair's validation of every part of a chart takes as long as drawing it; the tests validate the charts instead.
    with debug_mode(False):
        spec = figure.draw(canvas).to_dict(validate=False)
    spec["config"] = _CONFIG
    svg = vl_convert.vegalite_to_svg(json.dumps(spec), vl_version=VEGA_LITE)
    return with_hatching(svg)


def for_page(svg: str, prefix: str) -> str:
    """The drawing as it stands in the page: scales to its column, takes the page's colours, ids of its own."""
    svg = re.sub(r'\b(id="|url\(#|href="#)(?!hatch")(?!hatch\))', rf"\g<1>{prefix}-", svg)
    width, height = _size(svg)
    svg = re.sub(
        r"<svg [^>]*>",
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" aria-hidden="true" '
        f'focusable="false">',
        svg,
        count=1,
    )
    return with_variables(svg)


def to_stand_alone(figure: Figure, svg: str) -> str:
    """The drawing with its title, subtitle, notes and source on white, so that it can stand by itself."""
    width, height = _size(svg)
    margin, full = 24, max(width, 640)
    y = float(margin)
    parts = []
    for text, size, weight, colour, gap in (
        (figure.title, 20, "bold", LIGHT["ink"], 6),
        (figure.subtitle, 13, "normal", LIGHT["muted"], 14),
    ):
        lines, y = _text(text, size, weight, colour, margin, y, full)
        parts.append(lines)
        y += gap
    parts.append(f'<g transform="translate({margin},{y})">{svg}</g>')
    y += height + 12
    for text in (*figure.notes, figure.source):
        lines, y = _text(text, 11, "normal", LIGHT["muted"], margin, y, full)
        parts.append(lines)
        y += 3
    total_width, total_height = full + 2 * margin, y + margin - 6
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{total_width:g}" height="{total_height:g}" '
        f'viewBox="0 0 {total_width:g} {total_height:g}"><defs>{HATCH_PATTERN}</defs>'
        f'<rect width="100%" height="100%" fill="{LIGHT["paper"]}"/>{"".join(parts)}</svg>'
    )


def _size(svg: str) -> tuple[float, float]:
    """Width and height of a drawing in px."""
    match = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if match is None:
        raise ValueError("the drawing has no size")
    return float(match[1]), float(match[2])


def _text(text: str, size: int, weight: str, colour: str, x: float, y: float, width: float) -> tuple[str, float]:
    """Wrapped lines of text from `y` down, and where they end."""
    # Liberation Sans is about half as wide as high on average, a little more in bold.
    characters = int(width / (size * (0.525 if weight == "bold" else 0.49)))
    lines = textwrap.wrap(text, characters)
    height = size * 1.3
    svg = "".join(
        f'<text x="{x:g}" y="{y + size + index * height:g}" font-family="{FONT}" font-size="{size}" '
        f'font-weight="{weight}" fill="{colour}">{escape(line)}</text>'
        for index, line in enumerate(lines)
    )
    return svg, y + len(lines) * height
