"""Where features register the sentence for each of their errors."""

from collections.abc import Callable
from typing import Any, TypeVar

from bot.views.message import Message

Failure = TypeVar("Failure", bound=Exception)
Say = Callable[[Any], Message | str]

_SENTENCES: dict[type[Exception], Say] = {}


def says(kind: type[Failure]) -> Callable[[Callable[[Failure], Message | str]], Say]:
    """Registers what to say about an error."""

    def register(say: Callable[[Failure], Message | str]) -> Say:
        _SENTENCES[kind] = say
        return say

    return register


def sentence(error: Exception) -> Message:
    """What to tell a person about an expected error: the nearest class that has a sentence.

    Raises:
        KeyError: no sentence is registered for it; a test keeps that from happening.
    """
    for kind in type(error).__mro__:
        if kind in _SENTENCES:
            said = _SENTENCES[kind](error)
            return said if isinstance(said, Message) else Message(said)
    raise KeyError(type(error).__name__)


def has_sentence(kind: type[Exception]) -> bool:
    """Whether this very class has its own sentence."""
    return kind in _SENTENCES
