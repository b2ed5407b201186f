"""What could not be read in a sync, in words."""

from collections.abc import Sequence

_NAMED = 3
"""Projects that are named where many have one problem."""


def told(problems: Sequence[str]) -> str:
    """A line for each reason, behind the projects that have it; empty where there is no problem.

    Each problem is ``project: reason``. Often one thing is wrong with many projects, as where a
    tool's answer does not depend on the project.
    """
    by_reason: dict[str, list[str]] = {}
    for problem in problems:
        name, _, reason = problem.partition(": ")
        by_reason.setdefault(reason or name, []).extend([name] if reason else [])
    return "\n".join(
        f"{_names(names)}: {reason}" if names else reason for reason, names in by_reason.items()
    )


def _names(names: Sequence[str]) -> str:
    left = len(names) - _NAMED
    shown = names if left <= 1 else names[:_NAMED]
    return ", ".join(shown) + (f" and {left:,} more" if left > 1 else "")
