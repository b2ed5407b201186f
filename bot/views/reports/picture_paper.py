"""What pictures are drawn on: a light card, colours and text that hold on it.

The card brings its own background, so a picture looks the same in light and dark; outside its
round corners nothing is drawn. Colours are told apart by their lightness too, and the second kind
is hatched, so that no colour has to be seen. matplotlib's own objects are used, never ``pyplot``,
which keeps figures for ever and is made for one thread.
"""

import io
import unicodedata
from collections.abc import Sequence
from typing import Literal

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, Polygon, Rectangle
from matplotlib.text import Text

from bot.views.reports.letters import drawable, families

CARD, EDGE = "#FBFBFC", "#8A8D91"
INK, SOFT, GRID = "#1D1C1D", "#55585C", "#DADCE0"
FIRST, SECOND, REST, ALARM = "#1B4F9C", "#C2760C", "#6B7077", "#B3261E"
"""Bars, the second part of divided ones, what had no room, and what is over a budget."""

MARGIN = 44
WIDTH = 1200
"""Some two and a half times what Slack shows, so that small words can still be read there."""
_DPI = 100
_POINTS = 72 / _DPI
_ROUND = 28
_HATCH = "////"

Side = Literal["left", "center", "right"]


class Paper:
    """A card of so many dots; the origin is at its upper left."""

    def __init__(self, height: int) -> None:
        self.height = height
        self._figure = Figure(figsize=(WIDTH / _DPI, height / _DPI), dpi=_DPI)
        FigureCanvasAgg(self._figure)
        self._figure.patch.set_alpha(0)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(height, 0)
        self._axes.add_patch(
            FancyBboxPatch(
                (_ROUND + 1, _ROUND + 1),
                WIDTH - 2 * _ROUND - 2,
                height - 2 * _ROUND - 2,
                boxstyle=f"round,pad={_ROUND}",
                facecolor=CARD,
                edgecolor=EDGE,
                linewidth=1.5,
                zorder=0,
            )
        )

    def text(
        self,
        at: tuple[float, float],
        words: str,
        size: float,
        *,
        colour: str = INK,
        bold: bool = False,
        side: Side = "left",
        turned: bool = False,
        on_card: bool = False,
    ) -> None:
        """Words, whatever signs are in them; ``on_card`` covers lines that are behind."""
        words_there = self._words(words, size, bold=bold)
        words_there.set(
            position=at,
            color=colour,
            ha=side,
            va="center",
            rotation_mode="anchor",
            rotation=90 if turned else 0,
        )
        if on_card:
            words_there.set_bbox({"facecolor": CARD, "edgecolor": "none", "pad": 3, "alpha": 0.9})
            words_there.set_zorder(4)
        self._axes.add_artist(words_there)

    def _words(self, words: str, size: float, *, bold: bool = False) -> Text:
        return Text(
            text=words,
            fontsize=size * _POINTS,
            fontfamily=families(words),
            fontweight="bold" if bold else "normal",
            parse_math=False,
            figure=self._figure,
        )

    def width(self, words: str, size: float, *, bold: bool = False) -> float:
        """How wide they would be."""
        extent = self._words(words, size, bold=bold).get_window_extent()
        return float(extent.width)

    def cut(self, words: str, size: float, room: float, *, bold: bool = False) -> str:
        """As much of them as there is room for, with an ellipsis where some is left out."""
        words = drawable(words)
        if self.width(words, size, bold=bold) <= room:
            return words
        low, high = 0, len(words)
        while low < high:
            middle = (low + high + 1) // 2
            fits = self.width(_ended(words, middle), size, bold=bold) <= room
            low, high = (middle, high) if fits else (low, middle - 1)
        return _ended(words, low)

    def bar(self, left: float, top: float, wide: float, high: float, colour: str = FIRST) -> None:
        """A rectangle; that of the second kind is hatched."""
        hatch = _HATCH if colour == SECOND else None
        patch = Rectangle((left, top), wide, high, fc=colour, ec=CARD, lw=0, hatch=hatch)
        patch.set_hatch_linewidth(1.2)
        self._axes.add_patch(patch)

    def line(
        self,
        points: Sequence[tuple[float, float]],
        colour: str = GRID,
        thick: float = 2,
        *,
        dashed: bool = False,
        behind: bool = False,
    ) -> None:
        """A line through points; before bars, or behind them."""
        across, down = [one for one, _ in points], [one for _, one in points]
        style = (0, (5, 3)) if dashed else (0, ())
        self._axes.add_artist(
            Line2D(
                across,
                down,
                color=colour,
                linewidth=thick * _POINTS,
                linestyle=style,
                zorder=0.5 if behind else 2,
            )
        )

    def dot(self, at: tuple[float, float], colour: str) -> None:
        """The end of a line."""
        self._axes.add_patch(Circle(at, 9, fc=colour, ec=CARD, lw=2, zorder=3))

    def area(self, points: Sequence[tuple[float, float]], colour: str) -> None:
        """What lies between points, lightly filled."""
        self._axes.add_patch(Polygon(points, closed=True, facecolor=colour, alpha=0.16, lw=0))

    def png(self) -> bytes:
        """The picture."""
        out = io.BytesIO()
        self._figure.savefig(out, format="png", metadata={"Software": None})
        return out.getvalue()


def head(paper: Paper, title: str, lines: Sequence[str]) -> float:
    """Title and what is below it; where the rest begins."""
    room, down = WIDTH - 2 * MARGIN, float(MARGIN + 22)
    paper.text((MARGIN, down), paper.cut(title, 40, room, bold=True), 40, bold=True)
    for number, line in enumerate(lines):
        down += 46 if number else 54
        colour = SOFT if number else INK
        paper.text((MARGIN, down), paper.cut(line, 28, room), 28, colour=colour)
    return down + 44


def head_height(lines: Sequence[str]) -> int:
    """How much of a paper ``head`` takes."""
    return MARGIN + 22 + (54 + 46 * (len(lines) - 1) if lines else 0) + 44


def _ended(words: str, at: int) -> str:
    """The first letters, none of them without its accents."""
    while 0 < at < len(words) and unicodedata.combining(words[at]):
        at -= 1
    return words[:at].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
