"""Deciding anew where two requests of one person met in the database."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import IntegrityError

from bot.domain.errors import Busy

Service = TypeVar("Service")
P = ParamSpec("P")
Result = TypeVar("Result")


def again_if_raced(
    method: Callable[Concatenate[Service, P], Result],
) -> Callable[Concatenate[Service, P], Result]:
    """Decides anew where the database found a second running timer, which the index forbids."""

    @wraps(method)
    def twice(self: Service, /, *args: P.args, **kwargs: P.kwargs) -> Result:
        try:
            return method(self, *args, **kwargs)
        except IntegrityError:
            pass
        try:
            return method(self, *args, **kwargs)
        except IntegrityError as error:
            raise Busy from error

    return twice
