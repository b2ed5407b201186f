"""Drawing how a budget fills up, day by day; like ``chart_picture``, whoever draws imports it."""

from bot.domain.reports.pictures import Climb
from bot.views.reports.picture_paper import (
    ALARM,
    FIRST,
    GRID,
    MARGIN,
    SOFT,
    WIDTH,
    Paper,
    head,
    head_height,
)

_HIGH = 480
_TEXT, _SMALL = 26, 22
_ABOVE = 1.12
"""How far the scale reaches over the highest there is."""


def draw(climb: Climb) -> bytes:
    """As PNG."""
    paper = Paper(head_height(climb.lines) + _HIGH + 2 * MARGIN + (34 if climb.foot else 0))
    top = head(paper, climb.title, climb.lines)
    bottom = top + _HIGH
    names = max((paper.width(mark.name, _SMALL) for mark in climb.marks), default=0)
    right = WIDTH - MARGIN - names - 16
    whole = max(*(mark.at for mark in climb.marks), *climb.sums, 1) * _ABOVE

    def place(day: int, amount: int) -> tuple[float, float]:
        across = MARGIN + (right - MARGIN) * day / climb.days
        return across, bottom - _HIGH * amount / whole

    paper.line([(MARGIN, bottom), (right, bottom)], SOFT, behind=True)
    for mark in climb.marks:
        _, down = place(0, mark.at)
        paper.line(
            [(MARGIN, down), (right, down)],
            ALARM if mark.is_end else GRID,
            4 if mark.is_end else 2,
            dashed=mark.is_end,
            behind=not mark.is_end,
        )
        colour = ALARM if mark.is_end else SOFT
        paper.text((right + 16, down), mark.name, _SMALL, colour=colour, bold=mark.is_end)
    line = [place(0, 0), *(place(day + 1, amount) for day, amount in enumerate(climb.sums))]
    paper.area([*line, (line[-1][0], bottom)], FIRST)
    paper.line(line, FIRST, 6)
    _end(paper, climb, line[-1], right)
    for day, name in climb.ticks:
        across, _ = place(day, 0)
        paper.line([(across, bottom), (across, bottom + 8)], SOFT, behind=True)
        paper.text(
            (across, bottom + 28), name, _SMALL, colour=SOFT, side="center" if day else "left"
        )
    if climb.foot:
        foot = paper.cut(climb.foot, _SMALL, WIDTH - 2 * MARGIN)
        paper.text((MARGIN, paper.height - MARGIN - 4), foot, _SMALL, colour=SOFT)
    return paper.png()


def _end(paper: Paper, climb: Climb, at: tuple[float, float], right: float) -> None:
    """What has been reached, where the line ends; on the side that has room."""
    across, down = at
    wide = paper.width(climb.said, _TEXT, bold=True)
    above = down - 30
    if across - MARGIN > wide:
        paper.text((across, above), climb.said, _TEXT, bold=True, side="right", on_card=True)
    else:
        left = min(across + 14, right - wide)
        paper.text((left, above), climb.said, _TEXT, bold=True, on_card=True)
    paper.dot(at, FIRST)
