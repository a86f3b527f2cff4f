"""The drawing surface of all charts: one look, the same bytes for the same figures, no state shared with others."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Sequence
from html import escape

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from reports.charts.chart import Format
from reports.palette import LEVEL_COLOURS, LEVEL_INKS, level_colour
from survey.core.questionnaire import Level

# Set once for the process: temporary settings would be undone under another thread's drawing.
mpl.rcParams.update(
    {
        "font.family": "DejaVu Sans",  # comes with matplotlib and has every Vietnamese letter
        "text.parse_math": False,  # an unbalanced $ in a name is no formula
        "svg.fonttype": "none",  # text stays text: half the size, can be searched
        "svg.hashsalt": "sansangso",
    }
)

INK = "#1B2733"
GREY = "#5F6B78"
RULE = "#D5DCE3"
NOT_APPLICABLE = "#F1F1EE"
EDGE = "#12436D"
DPI = 110
QUARTERS = 4  # what is coloured where a questionnaire has no levels
_FONTS = b"'DejaVu Sans', Verdana, 'Segoe UI', Arial, sans-serif"


def new_figure(width: float, height: float) -> Figure:
    """A white figure, in inches."""
    return Figure(figsize=(width, height), dpi=DPI, facecolor="white")


def shade(place: int, count: int) -> tuple[str, str]:
    """Colour of the level at `place` (0 the highest) of `count`, and of a number on it."""
    colour = level_colour(place, count or QUARTERS)
    return f"#{LEVEL_COLOURS[colour]}", f"#{LEVEL_INKS[colour]}"


def level_entries(levels: Sequence[Level], language: str) -> list[tuple[str, str]]:
    """Colour and name of each level, highest first; without levels, of each quarter."""
    names = [level.name.in_language(language) for level in levels] or ["≥ 75%", "≥ 50%", "≥ 25%", "< 25%"]
    return [(shade(place, len(names))[0], name) for place, name in enumerate(names)]


def place_of(share: float, levels: Sequence[Level]) -> int:
    """Place of the level that a share reaches; without levels, its quarter."""
    cuts = [float(level.limit) for level in levels if level.limit is not None] or [0.75, 0.5, 0.25]
    closed = [not level.exclusive for level in levels if level.limit is not None] or [True] * 3
    for place, (cut, from_it) in enumerate(zip(cuts, closed, strict=True)):
        if share > cut or (from_it and share == cut):
            return place
    return len(cuts)


def write_frame(figure: Figure, title: str, subtitle: str, source: str) -> tuple[float, float]:
    """Title, subtitle and source; the top and bottom, in shares of the height, between which there is room."""
    width, height = (float(side) for side in figure.get_size_inches())
    lines = textwrap.wrap(title, int(width * 8.2)) or [""]
    y = 1 - 0.18 / height
    for line in lines:
        figure.text(0.18 / width, y, line, size=14, weight="bold", color=INK, va="top")
        y -= 0.29 / height
    for line in textwrap.wrap(subtitle, int(width * 12.2)) or [""]:
        figure.text(0.18 / width, y, line, size=9.5, color=GREY, va="top")
        y -= 0.2 / height
    below = textwrap.wrap(source, int(width * 14.5))
    for number, line in enumerate(reversed(below)):
        figure.text(0.18 / width, (0.14 + 0.18 * number) / height, line, size=8, color=GREY, va="bottom")
    return y - 0.08 / height, (0.28 + 0.18 * len(below)) / height


def write_legend(figure: Figure, top: float, entries: Sequence[tuple[str, str]]) -> float:
    """Colours with their names in a row; the top of what is left."""
    width, height = (float(side) for side in figure.get_size_inches())
    patches = [Patch(facecolor=colour, edgecolor=EDGE, linewidth=0.6, label=label) for colour, label in entries]
    figure.legend(
        handles=patches, loc="upper left", bbox_to_anchor=(0.06 / width, top), ncols=max(len(patches), 1),
        frameon=False, fontsize=9, handlelength=1.4, handleheight=0.9, columnspacing=1.6, borderpad=0.4,
        labelcolor=INK,
    )  # fmt: skip
    return top - 0.34 / height


def bare_axes(figure: Figure, left: float, bottom: float, wide: float, high: float) -> Axes:
    """Axes without frame and ticks, placed in inches."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((left / width, bottom / height, wide / width, high / height))
    axes.set_axis_off()
    return axes


def box(axes: Axes, x: float, y: float, wide: float, high: float, colour: str, edge: str = "white") -> None:
    """A filled rectangle from its lower left corner."""
    axes.add_patch(Rectangle((x, y), wide, high, facecolor=colour, edgecolor=edge, linewidth=0.6))


def write_name(axes: Axes, x: float, middle: float, name: str, room: int) -> None:
    """An agency's name in a row: smaller where long, on two lines where longer than `room` characters."""
    if len(name) > room + 6:
        name, size = "\n".join(clip(line, room + 12) for line in _halves(name)), 6.3
    else:
        size = 8 if len(name) <= room else 7
    axes.text(x, middle, name, size=size, color=INK, va="center", linespacing=1.05)


def _halves(name: str) -> tuple[str, str]:
    """A name cut at the blank nearest its middle."""
    blanks = [place for place, letter in enumerate(name) if letter == " "]
    cut = min(blanks, key=lambda place: abs(place - len(name) / 2), default=len(name))
    return name[:cut], name[cut + 1 :]


def clip(text: str, length: int) -> str:
    """A name that fits its column."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def pictures(draw: Callable[[], Figure], title: str, formats: Sequence[Format]) -> tuple[bytes | None, bytes | None]:
    """The figure as SVG and as PNG, None where a format is not asked for: drawing takes the most time."""
    if not formats:
        return None, None
    figure = draw()
    return to_svg(figure, title) if "svg" in formats else None, to_png(figure) if "png" in formats else None


def to_svg(figure: Figure, title: str) -> bytes:
    """The picture as SVG, with its title inside."""
    stream = io.BytesIO()
    figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    drawn = stream.getvalue().replace(b"'DejaVu Sans'", _FONTS)
    start = drawn.index(b">", drawn.index(b"<svg")) + 1
    return drawn[:start] + f"\n <title>{escape(title)}</title>".encode() + drawn[start:]


def to_png(figure: Figure) -> bytes:
    """The picture as PNG."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()
