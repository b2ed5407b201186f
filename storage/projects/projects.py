"""Projects: what time is tracked on."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.domain.linking.link_plan import folded
from storage.indexes import partial_index
from storage.types import BigId, UtcDateTime

_LONGEST_FOLDED = 700


def name_folded(name: str) -> str:
    """What a project of this name is searched and sorted by."""
    return folded(name)[:_LONGEST_FOLDED]


class ProjectRow(SQLModel, table=True):
    """A project of ours; connected while a project link is active, else internal."""

    __tablename__ = "project"
    __table_args__ = (
        UniqueConstraint("team_id", "code"),
        Index("ix_project_team_name", "team_id", "name_folded"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    name: str = Field(max_length=500)
    name_folded: str = Field(max_length=_LONGEST_FOLDED)
    """Without case and extra white space, in every alphabet: what is searched and sorted by."""
    code: str = Field(max_length=5)
    """2 to 5 capital letters, unique in the team: the prefix of keys that we make."""
    follows_name: bool = False
    """True for a project made by a link: it takes the provider's name on every sync."""
    colour: str | None = Field(default=None, max_length=16)
    writes_time: bool = True
    """Its time is written to the tools that it comes from, where an admin has that on."""
    next_number: int = 1
    """For tasks whose provider has no numbers."""
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    created_at: datetime = Field(sa_type=UtcDateTime)


class ProjectMemberRow(SQLModel, table=True):
    """A member belongs to a project."""

    __tablename__ = "project_member"
    __table_args__ = (
        partial_index(
            "uq_project_member_current",
            "project_id",
            "member_id",
            unique=True,
            where="removed_at IS NULL",
        ),
        Index("ix_project_member_member", "member_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    team_id: str = Field(foreign_key="team.id")
    project_id: int = Field(foreign_key="project.id", sa_type=BigId)
    member_id: int = Field(foreign_key="member.id", sa_type=BigId)
    is_manager: bool = False
    by_policy: bool = True
    """False when a person added them."""
    added_at: datetime = Field(sa_type=UtcDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    removed_by: int | None = Field(default=None, foreign_key="member.id", sa_type=BigId)
    """Who took them off by hand; no policy adds them again."""
