"""Bars of text. Numbers stand before them, so that nobody has to read the bar."""

FULL, EMPTY = "\u2588", "\u2591"
WIDTH = 16


def bar(seconds: int, scale: int, *, track: int = 0, width: int = WIDTH) -> str:
    """A bar of at most so many letters.

    Args:
        seconds: What is filled; more than nothing shows at least one letter.
        scale: What the whole width stands for.
        track: Up to where it could be filled, for example the hours of a work day.
        width: Letters.
    """
    filled = _letters(seconds, scale, width)
    return FULL * filled + EMPTY * (_letters(track, scale, width) - filled)


def _letters(seconds: int, scale: int, width: int) -> int:
    if seconds <= 0 or scale <= 0:
        return 0
    return min(width, max(1, round(width * seconds / scale)))
