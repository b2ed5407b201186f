"""What ``make quick`` leaves out: the same on the other database, and what takes long.

And what begins first, so that nobody waits for it at the end.
"""

import pytest

LONG = ("long", "browser", "redmine")
"""Marks of tests that a change is seldom about, and that take seconds each."""


def leaves_out(item: pytest.Item) -> bool:
    """Whether a quick run does without it."""
    if any(item.get_closest_marker(mark) for mark in LONG):
        return True
    call = getattr(item, "callspec", None)
    named = call.params.values() if call is not None else ()
    # A test that says itself which database it wants has no twin, but is about that one.
    return "postgresql" in named or "postgresql" in getattr(item, "fixturenames", ())


def begins_early(item: pytest.Item) -> bool:
    """Whether it mostly waits for others: while it does, other workers have the processor."""
    return "scenarios" in item.path.parts or any(item.get_closest_marker(mark) for mark in LONG)
