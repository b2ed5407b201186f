"""What is wrong with a value that cannot be read at all, in words of ours and without the value."""

from collections.abc import Mapping

_WRONG = {
    "int_parsing": "is no whole number.",
    "bool_parsing": "is neither true nor false.",
    "literal_error": "is none of {expected}.",
    "greater_than_equal": "is less than {ge}, the least.",
    "less_than_equal": "is more than {le}, the most.",
}
"""By pydantic's names of what went wrong."""


def wrong(kind: str, context: Mapping[str, object], otherwise: str) -> str:
    """What is wrong, to be read after the setting's name.

    Args:
        kind: Pydantic's name of it.
        context: What pydantic says beside: the least, the most, what is allowed.
        otherwise: Pydantic's own sentence, for what has none of ours.
    """
    known = _WRONG.get(kind)
    if known is None:
        return f"cannot be read: {otherwise}."
    return known.format(**context)


def mend(default: object) -> str:
    """What to do about it."""
    said = str(default).lower() if isinstance(default, bool) else default
    plain = f" for {said}" if isinstance(default, str | int) else ""
    return f"Leave it out{plain}, or see docs/settings.md."
