"""A stand-in for GitHub Enterprise Server: people, organizations, repositories, issues, boards."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from bot.providers.github.adapter import GitHub
from tests.http_server import Say, Seen
from tests.providers.description import KnownError, described
from tests.providers.github import bodies, graph
from tests.providers.github.hooks import Hooks
from tests.providers.github.schema import answered
from tests.providers.github.things import Board, Organization, Person, Repo
from tests.providers.github.work import Work
from tests.providers.graphql_description import described_by_schema
from tests.providers.stand_in import Refusal, Row, StandIn, route, window

TOKEN = "ghp_right"

OUTSIDE = ("/api/graphql", "/api/v3/repositories/")
"""GraphQL has its own description. By its number GitHub's redirects and ``Link``s name a repository
without describing that."""

_REFUSED = "Unknown response http status: 403"
_ABSENT = "Unknown response http status: 404"
_NOT_SAID = "GitHub refuses this by 403, as its documentation says; the description has no such."
_ONLY_GOOD = "Of comments the description knows no refusal, which they get like anything else."
_COMMENT = "/api/v3/repos/{owner}/{repo}/issues/comments/{comment_id}"

KNOWN_ERRORS = (
    KnownError("GET /api/v3/repos/{owner}/{repo}/collaborators", _REFUSED, _NOT_SAID),
    KnownError("GET /api/v3/orgs/{org}/outside_collaborators", _REFUSED, _NOT_SAID),
    KnownError(f"PATCH {_COMMENT}", _REFUSED, _ONLY_GOOD),
    KnownError(f"PATCH {_COMMENT}", _ABSENT, _ONLY_GOOD),
    KnownError(f"DELETE {_COMMENT}", _ABSENT, _ONLY_GOOD),
)

_HOOKS = "/api/v3/(?:orgs/[^/]+|repos/[^/]+/[^/]+)/hooks"
_ISSUES = "/api/v3/repos/(?P<owner>[^/]+)/(?P<name>[^/]+)/issues"

DOCUMENTATION = "https://docs.github.com/rest"


def token_of(person_id: int) -> str:
    """Somebody's own token."""
    return f"{TOKEN}_{person_id}"


class GitHubStandIn(StandIn):
    """A GitHub with one organization; its first person owns the token."""

    factory = GitHub
    enumerated: ClassVar[tuple[str, ...]] = ("state", "stateReason")

    def __init__(self) -> None:
        super().__init__(
            described(
                "github-rest.json",
                known_errors=KNOWN_ERRORS,
                outside=OUTSIDE,
                base_path="/api/v3",
            ),
            described_by_schema("github-schema.graphql", path="/api/graphql"),
        )
        self.people: dict[int, Person] = {}
        self.organizations: dict[int, Organization] = {}
        self.repos: dict[str, Repo] = {}
        self.boards: dict[str, Board] = {}
        self.scopes: str | None = "repo, read:org, read:project, user:email"
        self.expires: str | None = None
        self.asking = 0
        """Who makes the present request."""
        self.work = Work(self)
        self.hooks = Hooks(self)
        self._next = 812_345_000

    # Filling

    @property
    def credentials(self) -> Mapping[str, str]:
        """What opens it."""
        return {"url": self.url, "token": token_of(next(iter(self.people)))}

    @property
    def project_id(self) -> str:
        """The first repository."""
        return next(iter(self.repos))

    def person(self, person_id: int, login: str, **more: Any) -> Person:  # noqa: ANN401
        """Makes somebody."""
        self.people[person_id] = Person(person_id, login, **more)
        return self.people[person_id]

    def repo(self, owner: Person | Organization, name: str, **more: Any) -> str:  # noqa: ANN401
        """Makes a repository."""
        self._next += 1
        made = Repo(self._next, owner, name, **more)
        self.repos[str(made.id)] = made
        return str(made.id)

    def board(self, owner: Person | Organization, title: str, **more: Any) -> str:  # noqa: ANN401
        """Makes a board."""
        number = len(self.boards) + 1
        made = Board(f"PVT_{number}", number, owner, title, **more)
        self.boards[made.id] = made
        return made.id

    def add_project(self, name: str) -> str:
        """One more repository, which everybody of the first one may see."""
        first = self.repos[next(iter(self.repos))]
        more = {"collaborators": set(first.collaborators), "pushers": set(first.pushers)}
        return self.repo(first.owner, name.replace(" ", "-"), **more)

    def add_task(self, title: str, project_id: str | None = None) -> str:
        """One more issue."""
        repo = self.repos[project_id or self.project_id]
        repo.counter += 1
        row = Row(f"{repo.id}/{repo.counter}", str(repo.id), title, self.clock(), repo.counter)
        row.more = {"labels": [], "assignees": [], "milestone": None, "parent": None}
        row.more |= {"reason": None}
        self.tasks[row.id] = row
        return row.id

    def add_item(self, board_id: str, **more: Any) -> str:  # noqa: ANN401
        """Puts something on a board: an issue by its id, a draft's title, a pull request."""
        number = 98_100_000 + len(self.tasks)
        row = Row(f"PVTI_{number}", board_id, "", self.clock(), number, more=dict(more))
        self.tasks[row.id] = row
        return row.id

    def lists_tasks(self, seen: Seen) -> bool:
        """By what the query is called."""
        asked = str((seen.body or {}).get("query", "")) if seen.method == "POST" else ""
        return "query Issues(" in asked or "query Items(" in asked

    def change(self, task_id: str, *, is_done: bool | None = None, **more: Any) -> None:  # noqa: ANN401
        """Somebody edits an issue, or closes it."""
        row = self.tasks[task_id]
        row.more |= more
        if is_done is not None:
            row.is_done = is_done
        row.updated = self.clock()

    def transfer(self, task_id: str, repo_id: str) -> str:
        """Somebody moves an issue: another one in another repository, and none where it was."""
        row = self.tasks.pop(task_id)
        made = self.add_task(row.title, repo_id)
        self.tasks[made].more = row.more
        return made

    # Answering

    def authorised(self, seen: Seen) -> None:
        """GitHub answers 401 to a wrong token, everywhere."""
        given = seen.headers.get("authorization", "").removeprefix("Bearer ")
        found = [one.id for one in self.people.values() if token_of(one.id) == given]
        if not found:
            raise self.refusal(401, "Bad credentials")
        self.asking = found[0]

    def refusal(self, status: int, message: str) -> Refusal:
        """GitHub's form of an error."""
        said = {"message": message, "documentation_url": DOCUMENTATION, "status": str(status)}
        return Refusal(status, said)

    @route("POST", "/api/graphql")
    def graphql(self, seen: Seen) -> object:
        """Any question the small schema knows."""
        return answered(graph.root(self), seen.body)

    @route("GET", "/api/v3/user")
    def me(self, _: Seen) -> object:
        """Whose token it is, and what it may."""
        headers = {}
        if self.scopes is not None:
            headers["X-OAuth-Scopes"] = self.scopes
        if self.expires is not None:
            headers["GitHub-Authentication-Token-Expiration"] = self.expires
        person = self.people[self.asking]
        body = bodies.private_user(self.user_json(person), person.name, person.email)
        return Say(body=body, headers=headers)

    @route("GET", "/api/v3/user/(?P<number>[0-9]+)")
    def one_person(self, _: Seen, number: str) -> object:
        """Somebody by their number."""
        person = self.people.get(int(number))
        if person is None:
            raise self.refusal(404, "Not Found")
        return bodies.public_user(self.user_json(person), person.name, person.email)

    @route("GET", "/api/v3/user/repos")
    def repositories(self, seen: Seen) -> object:
        """Those that concern the asking person, in the order in which they were made."""
        if (seen.query.get("sort"), seen.query.get("direction")) != ("created", "asc"):
            raise self.refusal(422, "only this order is known here")
        mine = [self.repo_json(repo) for repo in self.repos.values() if self.concerns(repo)]
        return self.paged(seen, mine)

    @route("GET", "/api/v3/repositories/(?P<number>[0-9]+)")
    def one_repository(self, _: Seen, number: str) -> object:
        """One by its number."""
        return self.repo_json(self.found_repo(number))

    @route("GET", "/api/v3/repos/(?P<owner>[^/]+)/(?P<name>[^/]+)/collaborators")
    def collaborators(self, seen: Seen, owner: str, name: str) -> object:
        """Who may see it; told to those who may push."""
        repo = self.named_repo(owner, name)
        if self.asking not in repo.pushers:
            raise self.refusal(403, "Must have push access to view repository collaborators.")
        people = [self.people[one] for one in sorted(repo.collaborators)]
        listed = [{**self.user_json(one), "role_name": "write"} for one in people]
        return self.paged(seen, listed)

    @route("GET", "/api/v3/repos/(?P<owner>[^/]+)/(?P<name>[^/]+)/assignees")
    def assignees(self, seen: Seen, owner: str, name: str) -> object:
        """Who may be assigned."""
        repo = self.named_repo(owner, name)
        people = [self.people[one] for one in sorted(repo.pushers | {self.asking})]
        return self.paged(seen, [self.user_json(one) for one in people])

    @route("GET", "/api/v3/orgs/(?P<login>[^/]+)/outside_collaborators")
    def outsiders(self, seen: Seen, login: str) -> object:
        """Told to the owners of an organization alone."""
        found = [one for one in self.organizations.values() if one.login == login]
        if not found or self.asking not in found[0].owners:
            raise self.refusal(403, "Must be an owner of the organization.")
        people = [self.people[one] for one in sorted(found[0].outsiders)]
        return self.paged(seen, [self.user_json(one) for one in people])

    @route("POST", f"{_ISSUES}/(?P<number>[0-9]+)/comments")
    def new_comment(self, seen: Seen, owner: str, name: str, number: str) -> object:
        """A new comment."""
        return self.work.new(seen, self.named_repo(owner, name), number)

    @route("GET", f"{_ISSUES}/comments/(?P<number>[0-9]+)")
    def one_comment(self, _: Seen, owner: str, name: str, number: str) -> object:
        """One comment."""
        return self.work.one(self.named_repo(owner, name), number)

    @route("PATCH", f"{_ISSUES}/comments/(?P<number>[0-9]+)")
    def change_comment(self, seen: Seen, owner: str, name: str, number: str) -> object:
        """A changed comment."""
        return self.work.change(seen, self.named_repo(owner, name), number)

    @route("DELETE", f"{_ISSUES}/comments/(?P<number>[0-9]+)")
    def remove_comment(self, _: Seen, owner: str, name: str, number: str) -> object:
        """A comment less."""
        return self.work.remove(self.named_repo(owner, name), number)

    @route("PATCH", f"{_ISSUES}/(?P<number>[0-9]+)")
    def change_issue(self, seen: Seen, owner: str, name: str, number: str) -> object:
        """Closed, or open again."""
        return self.work.close(seen, self.named_repo(owner, name), number)

    @route("GET", _HOOKS)
    def webhooks(self, seen: Seen) -> object:
        """Those of an organization or a repository."""
        return self.hooks.shown(seen)

    @route("POST", _HOOKS)
    def new_webhook(self, seen: Seen) -> object:
        """One more."""
        return self.hooks.make(seen)

    @route("PATCH", f"{_HOOKS}/(?P<number>[0-9]+)")
    def change_webhook(self, seen: Seen, number: str) -> object:
        """The same one, changed."""
        return self.hooks.change(seen, number)

    @route("DELETE", f"{_HOOKS}/(?P<number>[0-9]+)")
    def remove_webhook(self, seen: Seen, number: str) -> object:
        """One less."""
        return self.hooks.remove(seen, number)

    def found_issue(self, repo: Repo, number: str) -> Row:
        """The issue, or GitHub's word for one that was deleted."""
        row = self.tasks.get(f"{repo.id}/{number}")
        if row is None:
            raise self.refusal(410, "This issue was deleted")
        return row

    def issue_json(self, repo: Repo, row: Row) -> dict[str, Any]:
        """As REST shows one."""
        return bodies.issue(
            self.repo_json(repo),
            row.number,
            row.title,
            is_done=row.is_done,
            reason=row.more["reason"],
            user=self.user_json(next(iter(self.people.values()))),
        )

    def concerns(self, repo: Repo) -> bool:
        """Whether somebody's own list of repositories has it."""
        owner = repo.owner
        is_member = isinstance(owner, Organization) and self.asking in owner.members
        is_internal = repo.visibility == "internal" and is_member
        return self.asking in repo.collaborators or owner.id == self.asking or is_internal

    def sees(self, repo: Repo) -> bool:
        """Whether who asks does."""
        return repo.visibility == "public" or self.concerns(repo)

    def found_repo(self, number: str) -> Repo:
        """The repository, or GitHub's 404, which covers what is hidden too."""
        repo = self.repos.get(number)
        if repo is None or not self.sees(repo):
            raise self.refusal(404, "Not Found")
        return repo

    def named_repo(self, owner: str, name: str) -> Repo:
        """The same by its name."""
        for repo in self.repos.values():
            if (repo.owner.login, repo.name) == (owner, name) and self.sees(repo):
                return repo
        raise self.refusal(404, "Not Found")

    def user_json(self, person: Person | Organization) -> dict[str, Any]:
        """As lists show one."""
        kind = "User" if isinstance(person, Person) else "Organization"
        shown = bodies.simple_user(self.url, person.id, person.login, person.node_id, kind)
        return dict(shown)

    def repo_json(self, repo: Repo) -> dict[str, Any]:
        """As lists show one."""
        return bodies.repository(
            self.url,
            repo.id,
            repo.node_id,
            repo.name,
            self.user_json(repo.owner),
            private=repo.visibility != "public",
            visibility=repo.visibility,
            archived=repo.is_archived,
            has_issues=repo.has_issues,
            permissions={
                "admin": self.asking in repo.admins,
                "push": self.asking in repo.pushers,
                "pull": True,
            },
        )

    def paged(self, seen: Seen, rows: list[Any]) -> Say:
        """A page of a list, with the next one's address."""
        page, size = int(seen.query.get("page", 1)), min(int(seen.query.get("per_page", 30)), 100)
        start = (page - 1) * size
        if start + size >= len(rows):
            return Say(body=window(rows, start, size))
        query = {**seen.query, "page": str(page + 1)}
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        link = f'<{self.url}{seen.path}?{asked}>; rel="next"'
        return Say(body=window(rows, start, size), headers={"Link": link})


def stamp(moment: datetime) -> str:
    """A moment as GitHub writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
