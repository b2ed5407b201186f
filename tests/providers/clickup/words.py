"""What ClickUp's things are, and how it writes moments and refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tests.providers.stand_in import Refusal

TOKEN = "pk_right"
"""What everybody's token begins with."""

TEAM = "90150001"
STATUSES = {"to do": "open", "in progress": "custom", "complete": "closed"}
"""The statuses of a list, with their types."""


def token_of(person_id: str) -> str:
    """Somebody's own token."""
    return f"{TOKEN}_{person_id}"


@dataclass
class Space:
    """What lists are in, or in folders of."""

    id: str
    name: str
    is_archived: bool = False
    members: tuple[str, ...] = ()
    """Who may see it; empty for everybody but guests."""


@dataclass
class TaskList:
    """A list."""

    id: str
    name: str
    space: str
    folder: str = ""
    is_archived: bool = False
    guests: tuple[str, ...] = ()
    """Whom it is shared with besides."""
    statuses: Mapping[str, str] = field(default_factory=lambda: STATUSES)


@dataclass
class Person:
    """Somebody in the Workspace."""

    id: str
    name: str
    email: str
    role: int = 3


GUEST = 4

FEATURES = (
    "time_tracking",
    "tags",
    "time_estimates",
    "checklists",
    "custom_fields",
    "remap_dependencies",
    "dependency_warning",
    "portfolios",
)
PROFILE = (
    "display_profile",
    "verified_ambassador",
    "verified_consultant",
    "top_tier_user",
    "viewed_verified_ambassador",
    "viewed_verified_consultant",
    "viewed_top_tier_user",
)


def milliseconds(moment: datetime) -> str:
    """A moment as ClickUp writes it."""
    return str(int(moment.timestamp() * 1000))


def refusal(status: int, said: str, code: str) -> Refusal:
    """ClickUp's way to say no."""
    return Refusal(status, {"err": said, "ECODE": code})
