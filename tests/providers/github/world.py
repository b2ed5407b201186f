"""Two companies on GitHub: one that works with repositories, one that plans on boards."""

from datetime import timedelta
from typing import ClassVar

from tests.providers.github.stand_in import GitHubStandIn
from tests.providers.github.things import Organization
from tests.providers.stand_in import NOON


def acme(*, tasks: int = 230) -> GitHubStandIn:
    """A small company's organization: a large repository, one for few, an archived one."""
    github = GitHubStandIn()
    mia = github.person(501, "mia", name="Mia K", email="mia@acme.test")
    github.person(502, "ana", name="Ana Ruiz", verified=("ana@acme.test",))
    github.person(503, "bo", email="503+bo@users.noreply.github.com")
    github.person(504, "cleo", name="Cleo F")
    org = Organization(9001, "acme", members={501, 502, 503}, outsiders={504}, owners={501})
    github.organizations[org.id] = org
    every = {501, 502, 503}
    web = github.repo(org, "web", collaborators=every, pushers={501})
    github.repo(org, "ops", collaborators={501}, pushers={501})
    github.repo(org, "old", collaborators=every, pushers={501}, is_archived=True)
    own = {"collaborators": {501, 504}, "pushers": {501}, "admins": {501}}
    github.repo(mia, "dotfiles", visibility="public", **own)
    github.repo(mia, "a-fork", visibility="public", has_issues=False)
    github.now = NOON - timedelta(days=30)
    for number in range(1, tasks + 1):
        task_id = github.add_task(f"Task {number}", web)
        if number % 10 == 0:
            github.change(task_id, is_done=True, reason="COMPLETED")
    first, second, *_ = github.tasks
    github.change(first, assignees=[502], labels=["infra"], milestone="Version 2")
    github.change(second, parent=first)
    board = github.board(org, "Delivery")
    github.board(org, "Template", is_template=True)
    github.board(org, "Last year", is_closed=True)
    github.board(mia, "Private plans")
    github.add_item(board, issue=first, column="In Progress")
    github.add_item(board, draft="Think about names", column="Todo")
    github.add_item(board, pull=True)
    github.add_item(board)
    github.now = NOON
    return github


class GitHubBoards(GitHubStandIn):
    """The same with boards as the projects, whose issues are all in one repository."""

    enumerated: ClassVar[tuple[str, ...]] = ("content.state", "content.stateReason")

    @property
    def project_id(self) -> str:
        """The first board."""
        return next(iter(self.boards))

    def add_project(self, name: str) -> str:
        """One more board."""
        return self.board(self.boards[self.project_id].owner, name)

    def add_task(self, title: str, project_id: str | None = None) -> str:
        """One more issue, on a board."""
        made = super().add_task(title, next(iter(self.repos)))
        item = self.add_item(project_id or self.project_id, issue=made)
        self.tasks[item].title = title
        return item

    def retitle(self, task_id: str, title: str) -> None:
        """Somebody edits the issue; the item keeps its own moment."""
        super().retitle(self.tasks[task_id].more["issue"], title)
        self.tasks[task_id].title = title


def planning(*, tasks: int = 230) -> GitHubBoards:
    """A company that plans on boards."""
    github = GitHubBoards()
    mia = github.person(501, "mia", name="Mia K", email="mia@acme.test")
    org = Organization(9001, "acme", members={mia.id}, owners={mia.id})
    github.organizations[org.id] = org
    github.repo(org, "web", collaborators={mia.id}, pushers={mia.id})
    github.board(org, "Delivery")
    github.now = NOON - timedelta(days=30)
    for number in range(1, tasks + 1):
        github.add_task(f"Task {number}")
    github.now = NOON
    return github
