"""Every expected error has words of its own."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import bot.domain
from bot.domain.errors import HourlinkError
from bot.domain.input_errors import BadInput
from bot.domain.slack_errors import SlackError
from bot.integrations.errors import ProviderError
from bot.views import failures

ROOTS = (HourlinkError, BadInput, SlackError, ProviderError)

for module in pkgutil.iter_modules(bot.domain.__path__):
    importlib.import_module(f"bot.domain.{module.name}")


def leaves(kind: type[Exception]) -> Iterator[type[Exception]]:
    """The classes at the ends of an error tree: what is really raised."""
    children = [child for child in kind.__subclasses__() if child.__module__.startswith("bot.")]
    if not children:
        yield kind
    for child in children:
        yield from leaves(child)


@pytest.mark.parametrize(
    "kind", [leaf for root in ROOTS for leaf in leaves(root)], ids=lambda kind: kind.__name__
)
def test_every_error_has_a_sentence(kind: type[Exception]) -> None:
    """Nobody is ever shown the name of a class."""
    assert failures.has_sentence(kind)


def test_an_error_without_a_sentence_is_not_hidden() -> None:
    """A forgotten sentence is a bug that shows, with a reference, instead of an empty message."""

    class Forgotten(Exception):
        pass

    with pytest.raises(KeyError):
        failures.sentence(Forgotten())
