"""The sentence for every error. A test demands one for each class."""

from collections.abc import Callable
from typing import Any, TypeVar

from bot.domain import errors, slack_errors
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


def our_fault(reference: str) -> Message:
    """Something broke that nobody expected."""
    return Message(
        "Something broke on our side. What `/track status` shows is what was saved. "
        f"Reference {reference}."
    )


@says(errors.AdminOnly)
def _admin_only(error: errors.AdminOnly) -> str:
    del error
    return "Only an admin can do this. Ask one of your Slack admins."


@says(errors.OtherOrganisation)
def _other_organisation(error: errors.OtherOrganisation) -> str:
    del error
    return "Only people of this workspace can use Hourlink here."


@says(errors.NotYourButton)
def _not_your_button(error: errors.NotYourButton) -> str:
    del error
    return "This was sent to somebody else, so only they can answer it."


@says(errors.Vanished)
def _vanished(error: errors.Vanished) -> str:
    return f"That {error.what} is no longer there. Nothing was changed."


@says(errors.Busy)
def _busy(error: errors.Busy) -> str:
    del error
    return "The database is busy right now; nothing was changed. Try again in a moment."


@says(errors.TeamNotInstalled)
def _not_installed(error: errors.TeamNotInstalled) -> str:
    del error
    return "Hourlink is not installed in this workspace any more. An admin can install it again."


@says(slack_errors.SlackRefused)
def _slack_refused(error: slack_errors.SlackRefused) -> str:
    return f"Slack would not do this: {error.code}. Nothing else was changed."


@says(slack_errors.SlackTryLater)
def _slack_busy(error: slack_errors.SlackTryLater) -> str:
    del error
    return "Slack is busy right now. Try again in a moment."


@says(slack_errors.SlackOutcomeUnknown)
def _slack_silent(error: slack_errors.SlackOutcomeUnknown) -> str:
    del error
    return "Slack did not answer. Look whether it worked before you try again."


# Each feature says its own sentences; importing a module registers them.
from bot.views import (  # noqa: E402
    failures_announcements,  # noqa: F401
    failures_input,  # noqa: F401
    failures_linking,  # noqa: F401
    failures_people,  # noqa: F401
    failures_providers,  # noqa: F401
    failures_tracking,  # noqa: F401
)
