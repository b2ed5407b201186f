"""Drawing reports: bars of who and what had most, columns of how it went on.

Importing this takes half a second, because matplotlib comes with it: whoever draws imports it then.
"""

from bot.domain.durations import format_duration
from bot.domain.reports.pictures import Bars, Strip
from bot.views.reports.picture_paper import (
    CARD,
    FIRST,
    GRID,
    INK,
    MARGIN,
    REST,
    SECOND,
    SOFT,
    WIDTH,
    Paper,
    head,
    head_height,
)

_ROW, _BAR = 54, 34
_NAMES = 0.4
"""Of the width, at most, for names."""
_GAP = 18
_COLUMNS = 500
"""Dots for the tallest column, its number included."""
_TEXT, _SMALL = 26, 22
_MANY, _VERY_MANY = 14, 31
_WIDEST = 150
_HOUR = 3600
_STEPS = (900, 1800, *(hours * _HOUR for hours in (1, 2, 4, 5, 8, 10, 20, 25, 40, 50)))
"""Between lines of the scale; further ones are ten times these."""
_LINES = 5


def draw(bars: Bars) -> bytes:
    """As PNG."""
    return _columns(bars) if bars.in_order else _rows(bars)


def _legend(bars: Bars) -> int:
    return 46 if bars.kinds else 0


def _foot(bars: Bars) -> int:
    return MARGIN + (34 if bars.foot else 0)


def _begin(bars: Bars, inside: int) -> tuple[Paper, float]:
    paper = Paper(head_height(bars.lines) + _legend(bars) + inside + _foot(bars))
    down = head(paper, bars.title, bars.lines)
    left = float(MARGIN)
    for colour, kind in zip((FIRST, SECOND), bars.kinds, strict=False):
        paper.bar(left, down - 14, 28, 28, colour)
        paper.text((left + 40, down), kind, _TEXT)
        left += 40 + paper.width(kind, _TEXT) + 44
    if bars.foot:
        paper.text(
            (MARGIN, paper.height - MARGIN - 4),
            paper.cut(bars.foot, _SMALL, WIDTH - 2 * MARGIN),
            _SMALL,
            colour=SOFT,
        )
    return paper, down + _legend(bars)


def _rows(bars: Bars) -> bytes:
    paper, down = _begin(bars, _ROW * len(bars.strips))
    room = (WIDTH - 2 * MARGIN) * _NAMES
    names = [paper.cut(one.name, _TEXT, room) for one in bars.strips]
    left = MARGIN + max(paper.width(name, _TEXT) for name in names) + _GAP
    said = max(paper.width(one.said, _TEXT) for one in bars.strips)
    widest = WIDTH - MARGIN - said - _GAP - left
    most = max(one.amount for one in bars.strips if not one.is_rest)
    for strip, name in zip(bars.strips, names, strict=True):
        middle = down + _ROW / 2
        colour = SOFT if strip.is_rest else INK
        paper.text((MARGIN, middle), name, _TEXT, colour=colour)
        wide = max(3.0, widest * min(1, strip.amount / most))
        _divided(paper, strip, (left, middle - _BAR / 2), (wide, _BAR), upright=False)
        if strip.amount > most:
            _broken(paper, left + wide - 60, middle)
        paper.text((left + wide + _GAP, middle), strip.said, _TEXT, colour=colour)
        down += _ROW
    return paper.png()


def _broken(paper: Paper, across: float, middle: float) -> None:
    """Two strokes through a bar that is too long: all the others would be short beside it."""
    for left in (across, across + 16):
        points = [(left - 8, middle + _BAR / 2 + 6), (left + 8, middle - _BAR / 2 - 6)]
        paper.line(points, CARD, 9)


def _divided(
    paper: Paper,
    strip: Strip,
    corner: tuple[float, float],
    size: tuple[float, float],
    *,
    upright: bool,
) -> None:
    """A bar whose two parts have a gap between them; the first one begins at its foot."""
    left, top = corner
    wide, high = size
    whole = REST if strip.is_rest and strip.first is None else FIRST
    if strip.first is None or strip.first >= strip.amount:
        paper.bar(left, top, wide, high, whole)
        return
    share = strip.first / strip.amount
    if not strip.first:
        paper.bar(left, top, wide, high, SECOND)
    elif upright:
        cut = top + high * (1 - share)
        paper.bar(left, cut, wide, top + high - cut, FIRST)
        paper.bar(left, top, wide, max(1.0, cut - top - 2), SECOND)
    else:
        paper.bar(left, top, wide * share, high, FIRST)
        paper.bar(left + wide * share + 2, top, max(1.0, wide * (1 - share) - 2), high, SECOND)


def _columns(bars: Bars) -> bytes:
    names = 72
    paper, top = _begin(bars, _COLUMNS + names)
    strips, foot = bars.strips, top + _COLUMNS
    number = len(strips)
    is_turned = number > _MANY
    size = _TEXT if number <= _MANY else _SMALL if number <= _VERY_MANY else 15
    above = (paper.width("00:00 h", size) if is_turned else size) + 20
    most = max(one.amount for one in strips)
    step = scale_step(most)
    full = (_COLUMNS - above) / most
    left = MARGIN + paper.width(format_duration(step * _LINES), _SMALL) + _GAP
    for level in range(0, most + 1, step):
        down = foot - full * level
        paper.line([(left, down), (WIDTH - MARGIN, down)], GRID if level else SOFT, behind=True)
        said = format_duration(level) if level else "0"
        paper.text((left - _GAP / 2, down), said, _SMALL, colour=SOFT, side="right")
    each = min(_WIDEST * 1.6, (WIDTH - MARGIN - left) / number)
    wide = min(_WIDEST, each * 0.72)
    apart = max(1, -(-int(paper.width("00", _SMALL) + 6) // int(each)))
    longest = max(paper.width(one.name, _SMALL) for one in strips)
    apart = max(apart, -(-int(longest + 10) // int(each)))
    free = 0.0
    for place, strip in enumerate(strips):
        middle = left + each * (place + 0.5)
        if strip.amount:
            high = max(3.0, full * strip.amount)
            _divided(paper, strip, (middle - wide / 2, foot - high), (wide, high), upright=True)
            if is_turned:
                at = (middle, foot - high - 10)
                paper.text(at, strip.said, size, side="left", turned=True)
            else:
                paper.text((middle, foot - high - 10 - size / 2), strip.said, size, side="center")
        if place % apart == 0:
            paper.text((middle, foot + 24), strip.name, _SMALL, side="center", colour=SOFT)
        under = paper.width(strip.under, _SMALL) if strip.under else 0
        if under and middle - under / 2 >= free:
            paper.text((middle, foot + 54), strip.under, _SMALL, colour=SOFT, side="center")
            free = middle + under / 2 + 12
    return paper.png()


def scale_step(most: int) -> int:
    """Seconds between the lines of a scale, so that there are few of them."""
    by = 1
    while True:
        for step in _STEPS:
            if step * by * _LINES >= most:
                return step * by
        by *= 10
