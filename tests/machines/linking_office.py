"""The office of the linking story: services on a real database beside the model, compared."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
)

from bot.domain.errors import HourlinkError
from bot.domain.ids import ProviderAccountId, ProviderProjectId
from bot.domain.people.account_links import AccountLink
from bot.domain.states import AccountLinkState as S
from bot.services.linking.unlinking import Unlinking
from bot.services.people.account_links import AccountLinks
from bot.services.people.approvals import Approvals
from bot.services.people.deadlines import Deadlines
from bot.services.people.invitations import Invitations
from bot.services.projects.archiving import ProjectArchiving
from bot.services.tracking.timer import Tracking
from storage.people import account_links
from tests.jobs.sync_world import SyncWorld
from tests.machines.fresh import Fresh
from tests.machines.linking_model import Claim, Model, Source, Todo

SOURCES = ("p1", "p2", "p3")
TASKS = ("t1", "t2", "t3", "t4")
PEOPLE = ("ana", "eve", "bo", "cleo", "dan")
ADMINS = frozenset({"ana", "eve"})
MEMBERS = ("bo", "cleo", "dan")
OWN = {"bo": "a-bo", "cleo": "a-cleo", "ana": "a-ana"}
"""Accounts with the verified e-mail of a person; Dan's and Eve's are hidden."""
ACCOUNTS = (*OWN.values(), "a-x", "a-y")

Result = TypeVar("Result")

source = st.sampled_from(SOURCES)
task = st.sampled_from(TASKS)
admin = st.sampled_from(sorted(ADMINS))
person = st.sampled_from(PEOPLE)
member = st.sampled_from(MEMBERS)
account = st.sampled_from(ACCOUNTS)


class LinkingOffice(RuleBasedStateMachine):
    """What several people work in, how it changes, and what must hold after whatever they do."""

    fresh: Fresh

    def __init__(self) -> None:
        super().__init__()
        self._database = self.fresh()
        self.world = world = SyncWorld(self._database.__enter__())
        parts = (world.uow, world.marker)
        self.unlinking = Unlinking(*parts)
        self.links, self.invitations = AccountLinks(*parts), Invitations(*parts)
        self.deadlines = Deadlines(*parts)
        self.approvals, self.archiving = Approvals(*parts), ProjectArchiving(*parts)
        self.tracking = Tracking(*parts, str.capitalize)
        self.people = {"ana": world.admin}
        self.model = Model(ADMINS, OWN)

    def teardown(self) -> None:
        """Lets the database go."""
        asyncio.run(self.world.aclose())
        self._database.__exit__(None, None, None)

    # The provider changes, and syncs

    @rule(which=source, name=st.sampled_from(["Shop", "Site"]))
    def renames(self, which: str, name: str) -> None:
        """A project gets another name."""
        if which in self.world.site.projects:
            self._edit(which, name=f"{name} {which}")

    @rule(which=source)
    def archives(self, which: str) -> None:
        """A project is archived, or taken out of the archive."""
        if which in self.world.site.projects:
            self._edit(which, is_archived=not self.world.site.projects[which].is_archived)

    @rule(which=source)
    def deletes(self, which: str) -> None:
        """A project is deleted, or restored under its id."""
        projects = self.world.site.projects
        if which in projects:
            del projects[which]
        else:
            self.world.site.project(which, f"Project {which}")

    @rule(which=source, who=st.none() | st.frozensets(account))
    def gives_access(self, which: str, who: frozenset[str] | None) -> None:
        """Who may see a project changes."""
        self.world.site.access[which] = who

    @rule(which=task, to=source)
    def moves(self, which: str, to: str) -> None:
        """A task goes to another project, with a number of its own there."""
        if which in self.world.site.tasks:
            self.world.site.tasks[which] = replace(self.world.site.tasks[which], project_id=to)

    @rule(which=task)
    def deletes_task(self, which: str) -> None:
        """A task is deleted, or restored under its id."""
        tasks = self.world.site.tasks
        if which in tasks:
            del tasks[which]
        else:
            self.world.site.task(which, "p1", f"Task {which}", number=int(which[1:]))

    @rule(which=account)
    def switches(self, which: str) -> None:
        """An account is switched off, or on again."""
        accounts = self.world.site.accounts
        accounts[which] = replace(accounts[which], is_active=not accounts[which].is_active)

    @rule()
    def sync(self) -> None:
        """Everything is read again."""
        self.world.later(minutes=6)
        self.world.ask(full=True)
        asyncio.run(self.world.job.run(self.world.here))
        assert self.world.last_run().state == "done", self.world.last_run()
        self._model_synced()

    # What must hold

    @invariant()
    def links_are_as_modelled(self) -> None:
        """At most one active link a provider project, and the right one."""
        found = self.world.rows(
            "SELECT s.external_id AS name, l.project_id AS project FROM project_link l "
            "JOIN provider_project s ON s.id = l.provider_project_id WHERE l.state = 'active'"
        )
        stored = sorted((row.name, row.project) for row in found)
        wanted = sorted((n, s.feeds) for n, s in self.model.sources.items() if s.feeds is not None)
        assert stored == wanted

    @invariant()
    def accounts_have_one_holder(self) -> None:
        """Everybody stands where the model says, and no account has two people."""
        for name, claim in self.model.claims.items():
            told = self._told(name)
            assert (told.state, told.account) == (claim.state, claim.account), name
        holders = [c.account for c in self.model.claims.values() if c.state is S.CONNECTED]
        assert len(holders) == len(set(holders))

    @invariant()
    def no_task_twice(self) -> None:
        """A task of the provider is one task here, whatever was unlinked and linked again."""
        found = self.world.rows(
            "SELECT external_id FROM task WHERE frozen_external_id IS NULL ORDER BY external_id"
        )
        assert [row.external_id for row in found] == sorted(self.model.tasks)
        frozen = self.world.rows("SELECT id FROM task WHERE frozen_external_id IS NOT NULL")
        assert len(frozen) == self.model.frozen

    @invariant()
    def timers_are_as_modelled(self) -> None:
        """Nobody's timer runs without the right to, nor was one stopped that may run."""
        found = self.world.rows(
            "SELECT m.slack_user_id AS who, t.external_id AS task FROM time_entry e "
            "JOIN member m ON m.id = e.member_id JOIN task t ON t.id = e.task_id "
            "WHERE e.seconds IS NULL AND e.deleted_at IS NULL"
        )
        names = {str(row.who).removeprefix("U0").lower(): row.task for row in found}
        assert names == self.model.running

    @invariant()
    def no_time_is_lost(self) -> None:
        """Every span that was begun is there, and none overlaps another of the same person."""
        found = self.world.rows(
            "SELECT member_id, started_at, ended_at, seconds FROM time_entry "
            "WHERE deleted_at IS NULL AND continues_id IS NULL"
        )
        assert len(found) == self.model.entries
        assert all(row.seconds is None or row.seconds > 0 for row in found)

    # Underneath

    def _now(self) -> datetime:
        self.world.later(minutes=1)
        return self.world.now

    def _tried(self, call: Callable[[], Result]) -> Result | None:
        try:
            return call()
        except HourlinkError:
            return None

    def _edit(self, which: str, **values: object) -> None:
        projects = self.world.site.projects
        projects[which] = replace(projects[which], **values)  # type: ignore[arg-type]

    def _source(self, which: str) -> ProviderProjectId:
        return self.world.source(which)

    def _account(self, which: str) -> ProviderAccountId:
        row = self.world.one("SELECT id FROM provider_account WHERE external_id = :e", e=which)
        return ProviderAccountId(row.id)

    def _link(self, who: str) -> AccountLink:
        with self.world.uow.read() as tx:
            me = self.people[who]
            found = account_links.between(tx, me.team_id, me.id, self.world.here)
        assert found is not None
        return found

    def _told(self, who: str) -> Claim:
        link = self._link(who)
        if link.account is None:
            return Claim(link.state, None, link.chosen_by_admin)
        row = self.world.one(
            "SELECT external_id FROM provider_account WHERE id = :i", i=link.account.id
        )
        return Claim(link.state, str(row.external_id), link.chosen_by_admin)

    def _model_synced(self) -> None:
        """The model learns in the order of a sync: projects, people, then each linked project."""
        site, model = self.world.site, self.model
        for name, project in site.projects.items():
            known = model.sources.setdefault(name, Source())
            known.is_archived, known.is_gone = project.is_archived, False
        for name, known in model.sources.items():
            known.is_gone = name not in site.projects
        model.settle()
        model.accounts = {name: one.is_active for name, one in site.accounts.items()}
        model.settle()
        for name in SOURCES:
            one = model.sources[name]
            if one.feeds is not None and not one.is_gone and not one.is_archived:
                one.access = site.access.get(name)
                model.settle()
                self._model_read(name)
                model.settle()

    def _model_read(self, source: str) -> None:
        """A list of tasks, and single reads of those that were there and are missing."""
        site, model = self.world.site, self.model
        for name in TASKS:
            there, known = site.tasks.get(name), model.tasks.get(name)
            if there is not None and there.project_id == source:
                model.tasks[name] = Todo(source)
            elif known is not None and known.place == source and not known.is_gone:
                known.is_gone = there is None
                if there is not None and there.project_id in model.sources:
                    known.place = there.project_id
