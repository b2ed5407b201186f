"""Ticking rows of a long list: tick boxes, and what stands above them while several are chosen."""

from collections.abc import Collection, Sequence

from bot.views.message import (
    Block,
    Option,
    actions,
    button,
    clipped,
    form_input,
    option,
    section,
)
from bot.views.words import counted

BOXES = 10
"""Tick boxes in one block, by Slack's rule."""

_TICKS = "ticks"
_LABEL = 150


def choosing(
    ticks: int, total: int, *, whom: str, nobody: str, names: tuple[str, str, str]
) -> list[Block]:
    """How many are ticked, and the buttons for all of them.

    Args:
        ticks: How many.
        total: How many rows the list shows, on all pages.
        whom: What the rows are in a sentence: ``whom`` for people, ``what`` for things.
        nobody: The same where there are none: ``nobody``, ``nothing``.
        names: The action ids of ticking all, ticking none, and stopping to choose.
    """
    every, none, browse = names
    everything = button(
        f"Tick all {total:,}",
        every,
        says=f"Tick all {total:,} that this list shows, on every page",
    )
    return [
        section(
            f"*{counted(ticks, 'is ticked', 'are ticked')}*, on all pages and in every search "
            f"together. Tick {whom} you mean, then *Continue*."
        ),
        actions(
            *([everything] if total else []),
            button("Clear", none, says=f"Tick {nobody}"),
            button("Stop choosing", browse),
        ),
    ]


def boxes(label: str, rows: Sequence[Option], ticked: Collection[int], turn: int) -> Block:
    """A block of tick boxes.

    Args:
        label: Above them.
        rows: ``BOXES`` at most; the values are the rows' ids.
        ticked: Ids of what is ticked.
        turn: Counts how often the list was drawn: Slack keeps ticks by the names of their blocks.
    """
    element: Block = {"type": "checkboxes", "options": [option(one) for one in rows]}
    initial = [option(one) for one in rows if int(one.value) in ticked]
    if initial:
        element["initial_options"] = initial
    ids = ",".join(one.value for one in rows)
    return form_input(clipped(label, _LABEL), f"{_TICKS}:{turn}:{ids}", element, optional=True)


def shown_ids(block_id: str) -> tuple[int, ...]:
    """The rows of a block of tick boxes; none for any other block."""
    kind, _, rest = block_id.partition(":")
    ids = rest.partition(":")[2]
    return tuple(int(one) for one in ids.split(",") if one.isdigit()) if kind == _TICKS else ()
