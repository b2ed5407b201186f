"""What could not be read in a sync, and how that is told."""

from collections.abc import Sequence
from typing import NamedTuple

_NAMED = 3
"""Projects that are named where many have one problem."""


class Problem(NamedTuple):
    """What could not be read, and why; a tuple, because it is stored as one."""

    what: str
    """As a rule a provider project; empty in what an earlier version stored, as one text."""
    reason: str

    @classmethod
    def from_json(cls, stored: object) -> "Problem":
        """From storage."""
        match stored:
            case [what, reason]:
                return cls(str(what), str(reason))
            case _:
                return cls("", str(stored))


def told(problems: Sequence[Problem]) -> str:
    """A line for each reason, behind what has it; empty where there is no problem.

    Often one thing is wrong with many projects, as where a tool's answer does not depend on the
    project.
    """
    by_reason: dict[str, list[str]] = {}
    for one in problems:
        by_reason.setdefault(one.reason, []).extend([one.what] if one.what else [])
    return "\n".join(
        f"{_names(names)}: {reason}" if names else reason for reason, names in by_reason.items()
    )


def _names(names: Sequence[str]) -> str:
    left = len(names) - _NAMED
    shown = names if left <= 1 else names[:_NAMED]
    return ", ".join(shown) + (f" and {left:,} more" if left > 1 else "")
