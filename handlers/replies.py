"""What a handler may answer. The edge performs it; a handler never sees Slack."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from bot.domain.values import dataclass
from bot.views.message import Message, Modal, Option, OptionGroup


@dataclass(frozen=True, slots=True)
class Ephemeral:
    """A message that only the asker sees."""

    message: Message
    refused: bool = False
    """What was asked for was not done; this says why."""


@dataclass(frozen=True, slots=True)
class Update:
    """Replaces the message whose button was clicked."""

    message: Message


@dataclass(frozen=True, slots=True)
class OpenModal:
    """Opens a form; from inside a form, stacks it on top."""

    modal: Modal


@dataclass(frozen=True, slots=True)
class UpdateModal:
    """Replaces the form that was submitted, or whose button was clicked."""

    modal: Modal


@dataclass(frozen=True, slots=True)
class CloseModals:
    """Closes every open form, with a private message about what came of it."""

    message: Message | None = None
    replaces: bool = False
    """It takes the place of the message from which a form that returns was opened."""
    redrawn: Message | None = None
    """What that message shows now, beside the one about what came of it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A private message beside a form that stays open, where that form was opened."""

    message: Message
    replaces: bool = False
    redrawn: Message | None = None
    """Both as with ``CloseModals``."""


@dataclass(frozen=True, slots=True)
class FieldErrors:
    """Keeps the form open with a sentence under each field, by ``block_id``."""

    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """Options for a select that searches."""

    options: Sequence[Option] = ()
    groups: Sequence[OptionGroup] = ()


@dataclass(frozen=True, slots=True)
class HomeView:
    """The asker's App Home."""

    view: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing to say."""


@dataclass(frozen=True, slots=True)
class Both:
    """Two answers, for example an updated message and a form."""

    first: "Reply"
    second: "Reply"


Reply: TypeAlias = (
    Ephemeral
    | Update
    | OpenModal
    | UpdateModal
    | CloseModals
    | Told
    | FieldErrors
    | Choices
    | HomeView
    | Nothing
    | Both
)
