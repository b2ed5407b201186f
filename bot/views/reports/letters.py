"""Which letters can be drawn, and whose they are: matplotlib's own, else those of this machine."""

import logging
import unicodedata
from contextlib import suppress
from functools import cache, lru_cache

from matplotlib import font_manager
from matplotlib.font_manager import FontEntry, fontManager
from matplotlib.ft2font import FT2Font

OWN = "DejaVu Sans"
"""Comes with matplotlib: Latin, Greek, Cyrillic, Hebrew, Arabic and others, no Chinese."""

_FIRST = (
    *("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans SC", "Noto Sans JP"),
    *("WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "PingFang SC", "Hiragino Sans"),
    *("Apple SD Gothic Neo", "Arial Unicode MS", "Microsoft YaHei", "Yu Gothic", "Malgun Gothic"),
    *("Noto Sans Thai", "Noto Sans Devanagari"),
)
"""Asked before all others: they look like what stands beside them."""

_NO_LETTERS = ("Last Resort", "Noto Color Emoji", "cm", "STIX")
"""How families begin that have frames, pictures, or signs of formulas."""

_PICTOGRAMS = range(0x1F000, 0x1FC00)
_UNSEEN = {"Cc", "Cf", "Cs", "Co"}
_AS_PICTURE = "\N{VARIATION SELECTOR-16}"
_REGULAR = 400
_REMEMBERED = 10_000

logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
"""That a font has no bold letters is nobody's worry."""


def families(words: str) -> list[str]:
    """The fonts that words are drawn with; each letter is the first one's that has it."""
    needed = {_family(letter) for letter in words} - {OWN, None}
    if not needed:
        return [OWN]
    return [OWN, *(one for one in _others() if one in needed)]


def drawable(words: str) -> str:
    """What can be drawn of words; one space where there were many.

    Pictograms are left out, and so is what is not seen. Letters that no font has are one ``?``.
    """
    kept = []
    for letter in " ".join(words.split()):
        category = unicodedata.category(letter)
        if ord(letter) in _PICTOGRAMS or category in _UNSEEN or letter == _AS_PICTURE:
            continue
        if _family(letter) is not None:
            kept.append(letter)
        elif category[0] not in "SM" and kept[-1:] != ["?"]:
            kept.append("?")
    return " ".join("".join(kept).split()) or "?"


@lru_cache(_REMEMBERED)
def _family(letter: str) -> str | None:
    """The first one that has it."""
    if letter.isspace() or _has(_own(), letter):
        return OWN
    return next((name for name, entry in _others().items() if _has(entry, letter)), None)


def _has(entry: FontEntry, letter: str) -> bool:
    # Opened each time: pictures are drawn in threads, and a font is for one of them.
    with suppress(OSError, RuntimeError):  # it was uninstalled meanwhile, or is broken
        return bool(FT2Font(entry.fname, face_index=entry.index).get_char_index(ord(letter)))
    return False


@cache
def _own() -> FontEntry:
    return _plain()[OWN]


@cache
def _others() -> dict[str, FontEntry]:
    """What this machine has, in the order in which it is asked."""
    _look_again()
    plain = _plain()
    names = [*(one for one in _FIRST if one in plain), *sorted(set(plain) - set(_FIRST))]
    return {one: plain[one] for one in names if one != OWN and not one.startswith(_NO_LETTERS)}


def _plain() -> dict[str, FontEntry]:
    """Of each family the one that is neither slanted nor bold, where there is one."""
    upright = [one for one in fontManager.ttflist if one.style == "normal"]
    return {one.name: one for one in sorted(upright, key=_heaviness, reverse=True)}


def _heaviness(entry: FontEntry) -> int:
    weight = entry.weight
    return abs((weight if isinstance(weight, int) else font_manager.weight_dict[weight]) - _REGULAR)


def _look_again() -> None:
    """Takes in what was installed later: matplotlib keeps a list in a file, and reads only that."""
    known = {one.fname for one in fontManager.ttflist}
    for path in sorted(set(font_manager.findSystemFonts()) - known):
        with suppress(OSError, RuntimeError):  # not a font that it can draw with
            fontManager.addfont(path)
