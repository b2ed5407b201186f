"""Reading answers: whatever is missing or misshapen is the provider's surprise, not our crash."""

from contextlib import AbstractContextManager

from bot.integrations.errors import ProviderSurprised


def reading(provider: str, what: str) -> AbstractContextManager[None]:
    """Turns a missing field or a wrong type into ``ProviderSurprised``.

    Raises:
        ProviderSurprised: the block met a shape it did not expect.
    """
    return _Reading(provider, what)


class _Reading:
    """No generator: every task that comes is read in one of these."""

    __slots__ = ("_provider", "_what")

    def __init__(self, provider: str, what: str) -> None:
        self._provider = provider
        self._what = what

    def __enter__(self) -> None:
        """Nothing has gone wrong yet."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is None:
            return
        if isinstance(error, KeyError):
            raise ProviderSurprised(self._provider, f"{self._what} without {error}") from error
        if isinstance(error, (AttributeError, IndexError, OverflowError, TypeError, ValueError)):
            detail = f"{self._what} of another shape: {error}"
            raise ProviderSurprised(self._provider, detail) from error


def identity(value: object) -> str:
    """An id as text. Null would become a word, and a row of nobody's; read inside ``reading``.

    Raises:
        TypeError: it is neither a number nor a text with something in it.
    """
    if isinstance(value, bool) or not isinstance(value, (int, str)) or value == "":
        raise TypeError(value)
    return str(value)
