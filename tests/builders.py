"""A team with people, projects and tasks, straight in the database, for tests of services."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from zoneinfo import ZoneInfo

from bot.domain.ids import (
    AccountLinkId,
    IntegrationId,
    ProjectId,
    ProjectLinkId,
    ProviderAccountId,
    ProviderProjectId,
    SlackUserId,
    TaskId,
    TeamId,
    TimeEntryId,
)
from bot.domain.linking.link_search import search_text
from bot.domain.linking.write_back import WriteMode
from bot.domain.people.account_matching import spelled
from bot.domain.people.people import Member, SlackPerson
from bot.domain.states import AccountLinkState, IntegrationState, ProjectLinkState, Proof
from bot.domain.tasks.task_terms import index_terms
from storage import members, teams
from storage.engine import open_engine
from storage.entries import time_entries
from storage.linking import integrations, project_links, provider_projects
from storage.people import account_links, provider_accounts
from storage.projects import projects
from storage.sql import create
from storage.tasks import task_index, tasks
from storage.unit_of_work import UnitOfWork

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""A Friday in winter: the moment at which the tests' worlds stand unless they say otherwise."""


class World:
    """One database with one team in it (more with ``team()``)."""

    def __init__(self, database_url: str) -> None:
        self.engine = open_engine(database_url)
        self.uow = UnitOfWork(self.engine)
        self._numbers = count(1)
        self._teams: dict[IntegrationId, str] = {}
        self.team_id = self.team("T0ACME")

    def close(self) -> None:
        """Lets the database go."""
        self.engine.dispose()

    def new_marker(self) -> Callable[[], str]:
        """A maker of ids that never repeats in this world."""
        return lambda: f"mark{next(self._numbers):06d}"

    def team(self, team_id: str = "T0OTHER") -> TeamId:
        """Another workspace."""
        with self.uow.begin() as tx:
            teams.save_installed(tx, TeamId(team_id), name="Acme", bot_user_id="U0BOT", now=NOON)
        return TeamId(team_id)

    def member(
        self,
        name: str = "ana",
        *,
        admin: bool = False,
        email: str | None = "",
        zone: str = "Europe/Berlin",
        team_id: TeamId | None = None,
        guest: bool = False,
    ) -> Member:
        """A person; ``email`` defaults to ``<name>@acme.test``, None hides it."""
        user_id = SlackUserId(f"U0{name.upper()}")
        person = SlackPerson(
            user_id=user_id,
            name=name.capitalize(),
            email=f"{name}@acme.test" if email == "" else email,
            zone=zone,
            is_admin=admin,
            is_guest=guest,
        )
        with self.uow.begin() as tx:
            members.save(tx, team_id or self.team_id, person, NOON)
            found = members.by_slack_id(tx, team_id or self.team_id, user_id)
        if found is None:
            raise AssertionError(name)
        return found

    def integration(
        self, by: Member, *, provider: str = "board", site: str = "acme board"
    ) -> IntegrationId:
        """A connected site, announcing to channel ``C0OPS``."""
        with self.uow.begin() as tx:
            made = IntegrationId(
                create(
                    tx,
                    integrations.IntegrationRow,
                    team_id=by.team_id,
                    provider=provider,
                    site_id=site,
                    site_name=site,
                    site_url=f"https://{site.replace(' ', '-')}.test",
                    channel_id="C0OPS",
                    state=IntegrationState.ACTIVE,
                    link_policy="announce",
                    members_policy="provider_access",
                    personal_projects=False,
                    write_mode=WriteMode.OFF,
                    connected_by=by.id,
                    connected_at=NOON,
                    next_sync_at=NOON,
                )
            )
        self._teams[made] = by.team_id
        return made

    def provider_project(
        self,
        integration_id: IntegrationId,
        name: str = "Acme Web",
        *,
        key: str | None = "WEB",
        archived: bool = False,
        personal: bool = False,
        everyone: bool = True,
        workspace: str = "",
        left_out: bool = False,
        read: bool = True,
    ) -> ProviderProjectId:
        """A project inside the provider; with ``everyone=False`` only ``access`` opens it.

        With ``read=False`` no sync has looked who may see it.
        """
        number = next(self._numbers)
        with self.uow.begin() as tx:
            return ProviderProjectId(
                create(
                    tx,
                    provider_projects.ProviderProjectRow,
                    team_id=self._team_of(integration_id),
                    integration_id=integration_id,
                    external_id=f"p{number}",
                    name=name,
                    key=key,
                    url=f"https://acme.test/p/{number}",
                    workspace_id="",
                    workspace_name=workspace,
                    search_text=search_text(name, key, workspace),
                    left_out=left_out,
                    is_archived=archived,
                    is_personal=personal,
                    everyone_has_access=everyone,
                    tasks_synced_from=NOON if read else None,
                    first_seen_at=NOON,
                    row_hash=f"hash{number}",
                )
            )

    def account(
        self,
        integration_id: IntegrationId,
        name: str = "Ana R",
        email: str | None = None,
        *,
        verified: bool = True,
    ) -> ProviderAccountId:
        """A person inside the provider."""
        number = next(self._numbers)
        with self.uow.begin() as tx:
            return ProviderAccountId(
                create(
                    tx,
                    provider_accounts.ProviderAccountRow,
                    team_id=self._team_of(integration_id),
                    integration_id=integration_id,
                    external_id=f"a{number}",
                    name=name,
                    name_words=spelled(name),
                    email=email,
                    email_is_verified=verified and email is not None,
                    is_active=True,
                    row_hash=f"hash{number}",
                )
            )

    def access(self, provider_project: ProviderProjectId, account: ProviderAccountId) -> None:
        """The account may see the project."""
        with self.uow.begin() as tx:
            tx.entities.add(
                provider_accounts.ProviderAccessRow(
                    provider_project_id=provider_project,
                    provider_account_id=account,
                    team_id=self.team_id,
                )
            )

    def connected(
        self, member: Member, integration_id: IntegrationId, account: ProviderAccountId
    ) -> AccountLinkId:
        """The member is connected with that account."""
        with self.uow.begin() as tx:
            return AccountLinkId(
                create(
                    tx,
                    account_links.AccountLinkRow,
                    team_id=member.team_id,
                    member_id=member.id,
                    integration_id=integration_id,
                    slot=0,
                    provider_account_id=account,
                    state=AccountLinkState.CONNECTED,
                    proof=Proof.EMAIL,
                    chosen_by_admin=False,
                    request=1,
                    asked_at=NOON,
                    decided_at=NOON,
                )
            )

    def project(self, name: str = "Website", code: str = "WEB") -> ProjectId:
        """A project of ours without a link."""
        with self.uow.begin() as tx:
            return ProjectId(
                create(
                    tx,
                    projects.ProjectRow,
                    team_id=self.team_id,
                    name=name,
                    name_folded=projects.name_folded(name),
                    code=code,
                    follows_name=False,
                    next_number=1,
                    created_at=NOON,
                )
            )

    def link(self, provider_project: ProviderProjectId, project: ProjectId) -> ProjectLinkId:
        """An active project link."""
        with self.uow.begin() as tx:
            return ProjectLinkId(
                create(
                    tx,
                    project_links.ProjectLinkRow,
                    team_id=self.team_id,
                    provider_project_id=provider_project,
                    project_id=project,
                    state=ProjectLinkState.ACTIVE,
                    linked_at=NOON,
                )
            )

    def joins(self, member: Member, project: ProjectId) -> None:
        """The member belongs to the project."""
        with self.uow.begin() as tx:
            create(
                tx,
                projects.ProjectMemberRow,
                team_id=member.team_id,
                project_id=project,
                member_id=member.id,
                is_manager=False,
                by_policy=False,
                added_at=NOON,
            )

    def task(
        self,
        integration_id: IntegrationId,
        provider_project: ProviderProjectId,
        key: str = "WEB-12",
        title: str = "Fix the header",
        *,
        done: bool = False,
        assignees: Sequence[str] = (),
    ) -> TaskId:
        """A task of a provider project."""
        number = int(key.rpartition("-")[2])
        terms = index_terms(
            key=key,
            title=title,
            provider_project_id=provider_project,
            integration_id=integration_id,
            assignee_ids=assignees,
        )
        with self.uow.begin() as tx:
            task_id = TaskId(
                create(
                    tx,
                    tasks.TaskRow,
                    team_id=self._team_of(integration_id),
                    integration_id=integration_id,
                    provider_project_id=provider_project,
                    external_id=f"t{next(self._numbers)}",
                    key=key,
                    key_folded=key.casefold(),
                    key_is_ours=False,
                    number=number,
                    title=title,
                    terms=terms,
                    url=f"https://acme.test/t/{key}",
                    is_done=done,
                    status="Done" if done else "Open",
                    section="",
                    labels=[],
                    assignee_ids=list(assignees),
                    row_hash=f"hash{key}",
                )
            )
            task_index.replace(tx, {}, {task_id: task_index.Indexed(provider_project, terms)})
            team_id = TeamId(self._team_of(integration_id))
            task_index.learn_words(tx, team_id, [terms], task_index.KnownWords())
        return task_id

    def timer(
        self, member: Member, project: ProjectId, task: TaskId | None, started_at: datetime
    ) -> TimeEntryId:
        """A running timer."""
        return self._entry(
            member, project, task, started_at=started_at, ask_at=started_at, work_date=started_at
        )

    def entry(
        self,
        member: Member,
        project: ProjectId,
        task: TaskId | None,
        started_at: datetime,
        ended_at: datetime,
    ) -> TimeEntryId:
        """A finished entry, within one day."""
        return self._entry(
            member,
            project,
            task,
            started_at=started_at,
            ended_at=ended_at,
            seconds=int((ended_at - started_at).total_seconds()),
            work_date=started_at,
        )

    def length(
        self, member: Member, project: ProjectId, task: TaskId | None, day: datetime, seconds: int
    ) -> TimeEntryId:
        """A finished length without clock times on the member's day around a moment."""
        return self._entry(member, project, task, work_date=day, seconds=seconds)

    def _entry(
        self,
        member: Member,
        project: ProjectId,
        task: TaskId | None,
        *,
        work_date: datetime,
        **values: object,
    ) -> TimeEntryId:
        with self.uow.begin() as tx:
            return TimeEntryId(
                create(
                    tx,
                    time_entries.TimeEntryRow,
                    team_id=member.team_id,
                    member_id=member.id,
                    project_id=project,
                    task_id=task,
                    work_date=work_date.astimezone(ZoneInfo(member.zone)).date(),
                    note="",
                    marker=f"built{next(self._numbers):06d}",
                    created_at=NOON,
                    **values,
                )
            )

    def _team_of(self, integration_id: IntegrationId) -> str:
        if integration_id not in self._teams:
            with self.uow.read() as tx:
                row = tx.entities.get(integrations.IntegrationRow, integration_id)
            if row is None:
                raise AssertionError(integration_id)
            self._teams[integration_id] = row.team_id
        return self._teams[integration_id]
