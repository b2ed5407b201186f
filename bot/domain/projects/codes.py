"""Project codes: the 2 to 5 capital letters in front of the keys that we make (T2)."""

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import product
from string import ascii_uppercase

SHORTEST, LONGEST = 2, 5

_VOWELS = frozenset("AEIOU")
_NAMELESS = "PR"
"""For names without a single Latin letter."""


class Codes:
    """Makes codes that are unique in a team; one instance remembers what it gave away."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._numbered: dict[str, Iterator[str]] = {}

    def take(self, name: str, key: str | None = None) -> str:
        """A free code: the provider's key where it fits, else made from the name.

        ``Acme Web`` gives AW, ``Website`` WBS; what is taken gets a letter counted behind it.
        """
        code = next(code for code in self._candidates(name, key) if code not in self._taken)
        self._taken.add(code)
        return code

    def _candidates(self, name: str, key: str | None) -> Iterator[str]:
        first = list(wishes(name, key)) or [_latin(name) or _NAMELESS]
        yield from (code for code in first if _fits(code))
        # One counter for each beginning, so that a thousand equal names stay quick. Not with
        # ``yield from``, which would close it after one code.
        counter = self._numbered.setdefault(first[0], numbered(first[0]))
        for code in counter:  # noqa: UP028
            yield code


def wishes(name: str, key: str | None = None) -> Iterator[str]:
    """The codes that say most about a project, best first; none where no letter is Latin."""
    if key is not None and _fits(key.upper()) and key.isascii():
        yield key.upper()
    words = [letters for word in _split(name) if (letters := _latin(word))]
    if len(words) > 1:
        yield "".join(word[0] for word in words)[:LONGEST]
    whole = "".join(words)
    sounds = whole[:1] + "".join(letter for letter in whole[1:] if letter not in _VOWELS)
    for text in (sounds[:3], sounds[:4], sounds[:5], whole[:3], whole[:5]):
        if _fits(text):
            yield text


def numbered(base: str) -> Iterator[str]:
    """Codes that begin like the base and end in a letter that counts; at last all there are."""
    for kept in range(min(len(base), LONGEST - 1), -1, -1):
        head = base[:kept]
        for length in range(max(1, SHORTEST - kept), LONGEST - kept + 1):
            for tail in product(ascii_uppercase, repeat=length):
                yield head + "".join(tail)


def _fits(text: str) -> bool:
    return SHORTEST <= len(text) <= LONGEST and all(letter in ascii_uppercase for letter in text)


def _split(name: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in name.replace("'", "")).split()


def _latin(word: str) -> str:
    """The capital ASCII letters of a word, without their accents."""
    apart = unicodedata.normalize("NFKD", word).upper()
    return "".join(char for char in apart if char in ascii_uppercase)
