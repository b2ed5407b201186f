"""The teams of the soak, as they are when people begin to track: installed, connected, linked."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, and_, func, select, update
from sqlmodel import col

from benchmarks import soak_names as names
from benchmarks.soak_slack import person
from bot.domain.ids import MemberId, SlackUserId, TeamId
from bot.domain.linking.write_back import WriteBack, WriteMode
from bot.domain.operating.installations import Installation
from bot.domain.states import AccountLinkState, LinkPolicy, MembersPolicy, ProjectLinkState, Proof
from bot.integrations.api import Site
from bot.integrations.client import HttpPool
from bot.integrations.context import AdapterContext
from bot.integrations.registry import Registry
from bot.manifest import SCOPES
from bot.services.operating.installations import Installations
from bot.services.vault import Vault
from bot.slack import person_from
from storage import members
from storage.linking import integration_setup
from storage.linking.integration_setup import Setup
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.members import MemberRow
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccountRow
from storage.projects.projects import ProjectMemberRow
from storage.sql import create, table
from storage.tasks.tasks import TaskRow
from storage.unit_of_work import Tx, UnitOfWork


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def noon_zone() -> str:
    """A zone where it is about noon: no timer of the soak is to cross a midnight."""
    ahead = 12 - now().hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


class Teams:
    """Fills an empty database, in two steps: before the first sync, and after it."""

    def __init__(
        self, engine: Engine, key: str, tools: Sequence[Mapping[str, Any]], members_each: int
    ) -> None:
        self._engine = engine
        self._uow = UnitOfWork(engine)
        self._vault = Vault([key])
        self._tools = tools
        self._each = members_each
        self.numbers = sorted({int(tool["team"]) for tool in tools})
        self.integrations: list[int] = []
        """Ids, in the order of the tools."""

    def install(self) -> None:
        """Everybody and every tool is there; each project will be linked when it is first seen."""
        installations = Installations(self._uow, self._vault, str)
        zone = noon_zone()
        for number in self.numbers:
            installations.save(_installation(number), now())
            people = [person(number, who, zone) for who in range(self._each + 1)]
            with self._uow.begin() as tx:
                members.save_many(tx, TeamId(names.team(number)), map(person_from, people), now())
        sites = asyncio.run(self._checked())
        for tool, site in zip(self._tools, sites, strict=True):
            with self._uow.begin() as tx:
                self.integrations.append(self._connect(tx, tool, site))

    async def _checked(self) -> list[Site]:
        registry = Registry.load()
        http = HttpPool(clock=now, sleep=asyncio.sleep)
        context = AdapterContext(http, Path("nowhere"), now, asyncio.sleep)
        found = []
        for tool in self._tools:
            adapter = registry.open(tool["slug"], tool["credentials"], context)
            found.append(await adapter.check())
        await http.aclose()
        return found

    def _connect(self, tx: Tx, tool: Mapping[str, Any], site: Site) -> int:
        team = TeamId(names.team(int(tool["team"])))
        admin = members.by_slack_id(tx, team, SlackUserId(names.person(int(tool["team"]), 0)))
        mode = WriteMode.ON if tool["writes"] else WriteMode.OFF
        setup = Setup(
            provider=tool["slug"],
            site_id=site.external_id,
            site_name=site.name,
            site_url=site.url,
            sealed_credentials=self._vault.seal(tool["credentials"]),
            channel_id=names.channel(int(tool["team"])),
            write_back=WriteBack(mode),
            connected_by=admin.id if admin else MemberId(0),
            connected_at=now(),
        )
        made = integration_setup.create(tx, team, setup)
        if made is None:
            raise AssertionError(site)
        policies = {
            "link_policy": LinkPolicy.AUTO,
            "members_policy": MembersPolicy.EVERYONE_CONNECTED,
        }
        _change(tx, made, policies)
        return int(made)

    def is_synced(self) -> bool:
        """Every tool was read once."""
        query = select(func.count()).where(col(IntegrationRow.synced_at).is_(None))
        with self._uow.read() as tx:
            return not tx.execute(query).scalar_one()

    def connect_people(self) -> None:
        """From here on people track, and what is new is announced."""
        for tool, integration_id in zip(self._tools, self.integrations, strict=True):
            with self._uow.begin() as tx:
                _change(tx, integration_id, {"link_policy": LinkPolicy.ANNOUNCE})
                if tool["tracked"]:
                    self._connect_people(tx, integration_id)

    def _connect_people(self, tx: Tx, integration_id: int) -> None:
        person_, account, link = MemberRow, ProviderAccountRow, ProjectLinkRow
        same = and_(
            col(account.name) == col(person_.name), col(account.team_id) == col(person_.team_id)
        )
        people = (
            select(table(person_).c.id, col(person_.team_id), table(account).c.id.label("account"))
            .join(account, same)
            .where(col(account.integration_id) == integration_id)
        )
        task = TaskRow
        with_tasks = select(col(task.provider_project_id)).where(
            col(task.integration_id) == integration_id
        )
        projects = select(col(link.project_id)).where(
            col(link.state) == ProjectLinkState.ACTIVE,
            col(link.provider_project_id).in_(with_tasks),
        )
        found = list(tx.execute(projects).scalars())
        for row in tx.execute(people).all():
            create(
                tx,
                AccountLinkRow,
                team_id=row.team_id,
                member_id=row.id,
                integration_id=integration_id,
                slot=0,
                provider_account_id=row.account,
                state=AccountLinkState.CONNECTED,
                proof=Proof.ADMIN,
                chosen_by_admin=True,
                request=1,
                asked_at=now(),
                decided_at=now(),
            )
            for project_id in found:
                create(
                    tx,
                    ProjectMemberRow,
                    team_id=row.team_id,
                    project_id=project_id,
                    member_id=row.id,
                    is_manager=False,
                    by_policy=False,
                    added_at=now(),
                )

    def trackable(self) -> list[dict[str, object]]:
        """Each team's people, and the keys they may type."""
        tracked = [
            one for one, tool in zip(self.integrations, self._tools, strict=True) if tool["tracked"]
        ]
        query = select(col(TaskRow.team_id), col(TaskRow.key)).where(
            col(TaskRow.integration_id).in_(tracked)
        )
        with self._uow.read() as tx:
            keys: dict[str, list[str]] = {}
            for row in tx.execute(query):
                keys.setdefault(row.team_id, []).append(row.key)
        return [
            {
                "team": names.team(number),
                "channel": names.channel(number),
                "people": [names.person(number, who) for who in range(1, self._each + 1)],
                "keys": sorted(keys[names.team(number)]),
            }
            for number in self.numbers
        ]


def _change(tx: Tx, integration_id: int, values: Mapping[str, object]) -> None:
    tx.execute(
        update(IntegrationRow).where(col(IntegrationRow.id) == integration_id).values(values)
    )


def _installation(number: int) -> Installation:
    return Installation(
        team_id=TeamId(names.team(number)),
        enterprise_id=None,
        name=f"Team {number}",
        bot_id="B1",
        bot_user_id="UBOT",
        scopes=tuple(SCOPES),
        installed_by=SlackUserId(names.person(number, 0)),
        token=names.token(number),
    )
