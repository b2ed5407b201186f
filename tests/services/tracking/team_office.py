"""An office with several people whose timers run, and somebody who manages one of the projects."""

from datetime import timedelta

from sqlalchemy import select, update

from bot.domain.ids import MemberId, ProjectId, TimeEntryId
from bot.domain.people.people import Member
from bot.domain.tracking.team_timers import StoppedByOther, TeamTimers, TeamTimersAsked
from bot.services.tracking.stopping_others import STOPPED_BY_OTHER, OthersTimers, StoppedByOthers
from bot.services.tracking.team_timers import TeamTiming
from storage.outbox import OutboxRow
from storage.projects.projects import ProjectMemberRow
from storage.sql import table
from tests.builders import NOON
from tests.services.office import Office

HOUR = timedelta(hours=1)


class TeamOffice(Office):
    """Ana and Bo track on Website, Cy on Operations; Max manages Website."""

    def __init__(self, database_url: str) -> None:
        super().__init__(database_url)
        world = self.world
        self.bo, self.cy = world.member("bo", zone="America/New_York"), world.member("cy")
        self.max = world.member("max")
        site, source, self.ops = self.second_site()
        for who in (self.bo, self.max):
            self.connect(who)
            world.joins(who, self.website)
        world.joins(self.cy, self.ops)
        self.manages(self.max, self.website)
        self.anas = world.timer(self.ana, self.website, self.web12, NOON - 2 * HOUR)
        self.bos = world.timer(self.bo, self.website, self.web9, NOON - 3 * HOUR)
        task = world.task(site, source, "OPS-1", "Rotate keys")
        self.cys = world.timer(self.cy, self.ops, task, NOON - HOUR)
        parts = (world.uow, world.new_marker(), str.capitalize)
        self.timing, self.others = TeamTiming(world.uow), OthersTimers(*parts)
        self.told = StoppedByOthers(world.uow)

    def manages(self, who: Member, project: ProjectId, *, is_manager: bool = True) -> None:
        """Names a manager, or takes that back."""
        row = table(ProjectMemberRow)
        with self.world.uow.begin() as tx:
            tx.execute(
                update(row)
                .where(row.c.member_id == who.id, row.c.project_id == project)
                .values(is_manager=is_manager)
            )

    def owes(self) -> list[dict[str, object]]:
        """The payloads of messages to owners whose timers others stopped."""
        row = table(OutboxRow).c
        query = select(row.payload).where(row.kind == STOPPED_BY_OTHER)
        with self.world.uow.read() as tx:
            return list(tx.execute(query).scalars())

    def tells(self) -> StoppedByOther | None:
        """What the one message that is owed says now."""
        (payload,) = self.owes()
        owner, actor, entry = (
            int(str(payload[one])) for one in ("member_id", "actor_id", "time_entry_id")
        )
        return self.told.told(
            self.world.team_id,
            owner_id=MemberId(owner),
            actor_id=MemberId(actor),
            entry_id=TimeEntryId(entry),
            step=str(payload["step"]),
            now=NOON,
        )

    def shows(self, who: Member, project: ProjectId | None = None, page: int = 0) -> TeamTimers:
        """The list as somebody sees it at noon."""
        return self.timing.show(who=who, asked=TeamTimersAsked(project, page), now=NOON)

    def seen(self, who: Member, project: ProjectId | None = None) -> list[TimeEntryId]:
        """Whose timers, by their entries."""
        return [one.entry_id for one in self.shows(who, project).timers]
