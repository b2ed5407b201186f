"""Reading answers: whatever is missing or misshapen is the provider's surprise, not our crash."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.integrations.errors import ProviderSurprised


@contextmanager
def reading(provider: str, what: str) -> Iterator[None]:
    """Turns a missing field or a wrong type into ``ProviderSurprised``.

    Raises:
        ProviderSurprised: the block met a shape it did not expect.
    """
    try:
        yield
    except KeyError as error:
        raise ProviderSurprised(provider, f"{what} without {error}") from error
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise ProviderSurprised(provider, f"{what} of another shape: {error}") from error


def identity(value: object) -> str:
    """An id as text. Null would become a word, and a row of nobody's; read inside ``reading``.

    Raises:
        TypeError: it is neither a number nor a text with something in it.
    """
    if isinstance(value, bool) or not isinstance(value, (int, str)) or value == "":
        raise TypeError(value)
    return str(value)
