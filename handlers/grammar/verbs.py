"""A verb's row: what help, the README's table and the suggestions for a typo are made from."""

import difflib
from collections.abc import Callable, Collection
from dataclasses import field
from typing import Generic, TypeVar

from bot.domain.input_errors import UnknownVerb
from bot.domain.values import dataclass

CommandT_co = TypeVar("CommandT_co", covariant=True)

_LONGEST_TYPO = 40
_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Verb(Generic[CommandT_co]):
    """One verb of a slash command."""

    name: str
    usage: str
    """What is typed after the slash command, the verb included."""
    summary: str
    """What it does, in a few words: a heading or a table cell."""
    example: str
    parse: Callable[[str], CommandT_co] = field(repr=False, compare=False)
    """From the words after the verb, as ``clean`` left them, to a command value."""
    aliases: tuple[str, ...] = ()
    details: str = ""
    """What usage alone cannot say, for ``help <verb>``."""
    more: tuple[str, ...] = ()
    """Further ways to type it, for ``help <verb>``."""
    hints: str = ""
    """Words from elsewhere with the same meaning, a space between: they suggest it, no more."""


def available(
    verbs: tuple[Verb[CommandT_co], ...],
    names: Collection[str],
) -> tuple[Verb[CommandT_co], ...]:
    """The verbs that are among these names, in the table's order."""
    return tuple(verb for verb in verbs if verb.name in names)


def find(verbs: tuple[Verb[CommandT_co], ...], word: str) -> Verb[CommandT_co]:
    """The verb with this name or alias, in any case.

    Raises:
        UnknownVerb: none has; it names the nearest.
    """
    wanted = word.lower()
    for verb in verbs:
        if wanted == verb.name or wanted in verb.aliases:
            return verb
    raise UnknownVerb(word, nearest(verbs, wanted))


def nearest(verbs: tuple[Verb[CommandT_co], ...], word: str) -> tuple[str, ...]:
    """The names of the verbs that a word means elsewhere, else of at most three spelled like it."""
    if meant := hinted(verbs, word):
        return meant
    names = {spelling: verb.name for verb in verbs for spelling in (verb.name, *verb.aliases)}
    short = word[:_LONGEST_TYPO].lower()
    close = difflib.get_close_matches(short, names, n=2 * _SUGGESTIONS, cutoff=0.5)
    begun = (spelling for spelling in names if len(short) > 1 and spelling.startswith(short))
    swapped = (spelling for spelling in names if sorted(spelling) == sorted(short))
    found = (*begun, *swapped, *close)
    return tuple(dict.fromkeys(names[spelling] for spelling in found))[:_SUGGESTIONS]


def hinted(verbs: tuple[Verb[CommandT_co], ...], word: str) -> tuple[str, ...]:
    """The names of the verbs that a word means elsewhere."""
    return tuple(verb.name for verb in verbs if word.lower() in verb.hints.split())
