"""Which project a channel prefers (T12), by admins."""

from datetime import datetime

from bot.domain.errors import Vanished
from bot.domain.ids import ProjectId
from bot.domain.linking.linking import Target, TargetArchived
from bot.domain.people.people import Member
from bot.domain.tasks.channel_defaults import ChannelDefault, NoChannelDefault, NotAChannel
from bot.domain.tasks.task_refs import ProjectRef
from bot.services import rights
from bot.services.linking.finding import targets_meant
from storage.linking import link_targets
from storage.operating import audit
from storage.tasks import channel_defaults
from storage.unit_of_work import Tx, UnitOfWork

_DIRECT = "D"
"""Slack's ids of direct messages begin with it; those of groups do not."""


class ChannelDefaults:
    """One project a channel; private channels and group messages count as channels."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def current(self, *, who: Member, channel_id: str | None) -> ChannelDefault | None:
        """What the channel prefers now.

        Raises:
            AdminOnly: who asks may not choose.
            NotAChannel: it is a direct message.
        """
        with self._uow.read() as tx:
            rights.admin(tx, who)
            return channel_defaults.find(tx, who.team_id, _channel(channel_id))

    def meant(self, *, who: Member, channel_id: str | None, ref: ProjectRef) -> list[Target]:
        """The projects that the words mean.

        Raises:
            AdminOnly: who asks may not choose.
            NotAChannel: it is a direct message.
            TargetArchived: only an archived one is called that.
            ProjectUnknown: none is.
        """
        _channel(channel_id)
        with self._uow.read() as tx:
            rights.admin(tx, who)
            return targets_meant(tx, who.team_id, ref)

    def choose(
        self, *, who: Member, channel_id: str | None, project_id: ProjectId, now: datetime
    ) -> ChannelDefault:
        """The channel prefers this project from now on.

        Raises:
            AdminOnly: who asks may not choose.
            NotAChannel: it is a direct message.
            Vanished: the project is not this team's.
            TargetArchived: it is archived.
        """
        channel = _channel(channel_id)
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            found = link_targets.by_ids(tx, who.team_id, [project_id]).get(project_id)
            if found is None:
                raise Vanished("project")
            if found.is_archived:
                raise TargetArchived(found.name)
            before = channel_defaults.find(tx, who.team_id, channel)
            channel_defaults.put(tx, who.team_id, channel, project_id, by=who.id, now=now)
            _audit(tx, who, channel, before=before, after=found.name, now=now)
            return ChannelDefault(
                project_id,
                found.name,
                is_archived=False,
                is_connected=found.is_connected,
                by=who.name,
                at=now,
            )

    def switch_off(self, *, who: Member, channel_id: str | None, now: datetime) -> ChannelDefault:
        """The channel prefers nothing any more; what it did.

        Raises:
            AdminOnly: who asks may not choose.
            NotAChannel: it is a direct message.
            NoChannelDefault: it did not prefer anything.
        """
        channel = _channel(channel_id)
        with self._uow.begin() as tx:
            rights.admin(tx, who)
            before = channel_defaults.find(tx, who.team_id, channel)
            if before is None:
                raise NoChannelDefault
            channel_defaults.drop(tx, who.team_id, channel)
            _audit(tx, who, channel, before=before, after=None, now=now)
            return before


def _channel(channel_id: str | None) -> str:
    if channel_id is None or channel_id.startswith(_DIRECT):
        raise NotAChannel
    return channel_id


def _audit(
    tx: Tx,
    who: Member,
    channel: str,
    *,
    before: ChannelDefault | None,
    after: str | None,
    now: datetime,
) -> None:
    audit.record(
        tx,
        who.team_id,
        actor=who.id,
        action="channel.default",
        subject=f"channel:{channel}",
        now=now,
        before={"project": before.project_name} if before else None,
        after={"project": after} if after else None,
    )
