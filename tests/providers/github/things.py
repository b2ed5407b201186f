"""What is on a GitHub: people, organizations, repositories, boards."""

from dataclasses import dataclass, field


@dataclass
class Person:
    """Somebody."""

    id: int
    login: str
    name: str | None = None
    email: str | None = None
    """In the public profile."""
    verified: tuple[str, ...] = ()
    """In the verified domains of their organization."""

    @property
    def node_id(self) -> str:
        return f"U_{self.id}"


@dataclass
class Organization:
    """An organization."""

    id: int
    login: str
    members: set[int] = field(default_factory=set)
    outsiders: set[int] = field(default_factory=set)
    owners: set[int] = field(default_factory=set)

    @property
    def node_id(self) -> str:
        return f"O_{self.id}"


@dataclass
class Repo:
    """A repository."""

    id: int
    owner: Person | Organization
    name: str
    visibility: str = "private"
    collaborators: set[int] = field(default_factory=set)
    pushers: set[int] = field(default_factory=set)
    admins: set[int] = field(default_factory=set)
    is_archived: bool = False
    has_issues: bool = True
    counter: int = 0

    @property
    def node_id(self) -> str:
        return f"R_{self.id}"


@dataclass
class Board:
    """One of GitHub's Projects."""

    id: str
    number: int
    owner: Person | Organization
    title: str
    is_public: bool = False
    is_closed: bool = False
    is_template: bool = False
