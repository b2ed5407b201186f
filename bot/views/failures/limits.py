"""What is said to who asks for more than anybody needs."""

from math import ceil

from bot.domain.operating.limits import Kind, TooOften
from bot.views.saying import says
from bot.views.words import counted

_SHORT = 90
"""Seconds up to which a wait is told in seconds."""

_MANY = {
    Kind.REQUEST: "That is more than Hourlink does for one person at once",
    Kind.TEAM: "Your workspace asks for more than Hourlink does at once",
    Kind.RESYNC: "You have asked for many resyncs within the last hour",
    Kind.EXPORT: "You have asked for many files within the last hour",
    Kind.INVITATION: "You have sent many invitations within the last hour",
}


@says(TooOften)
def _too_often(error: TooOften) -> str:
    return f"{_MANY[error.kind]}; nothing was changed. Try again in {_wait(error.seconds)}."


def _wait(seconds: int) -> str:
    if seconds <= _SHORT:
        return counted(seconds, "second")
    return counted(ceil(seconds / 60), "minute")
