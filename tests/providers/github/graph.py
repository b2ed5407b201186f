"""A stand-in's state as the graph that questions are asked of. Values are made when asked for."""

from typing import TYPE_CHECKING, Any

from graphql import GraphQLResolveInfo

from bot.providers.github.shapes import moment
from tests.providers.github.schema import Wrong, connection
from tests.providers.stand_in import Row

if TYPE_CHECKING:
    from tests.providers.github.stand_in import GitHubStandIn
    from tests.providers.github.things import Board, Organization, Person, Repo

Info = GraphQLResolveInfo[Any]
Node = dict[str, Any]


def root(github: "GitHubStandIn") -> Node:
    """Where every question begins."""
    return {
        "viewer": lambda _: person(github, github.people[github.asking]),
        "node": lambda _, id: node(github, id),  # noqa: A006 - GitHub's name
        "nodes": lambda _, ids: [_or_error(github, one) for one in ids],
        "repository": lambda _, owner, name: _named_repository(github, owner, name),
        "organization": lambda _, login: _named_organization(github, login),
    }


def node(github: "GitHubStandIn", node_id: str) -> Node:
    """Anything by its id."""
    kind, _, number = node_id.partition("_")
    if kind == "PVT" and node_id in github.boards and _sees(github, github.boards[node_id]):
        return board(github, github.boards[node_id])
    row = github.tasks.get(node_id)
    if kind == "PVTI" and row is not None and _sees(github, github.boards[row.project]):
        return item(github, row)
    if kind == "R" and number in github.repos and github.sees(github.repos[number]):
        return repository(github, github.repos[number])
    if kind == "U" and number.isdecimal() and int(number) in github.people:
        return person(github, github.people[int(number)])
    if kind == "O" and number.isdecimal() and int(number) in github.organizations:
        return organization(github, github.organizations[int(number)])
    message = f"Could not resolve to a node with the global id of '{node_id}'."
    raise Wrong("NOT_FOUND", message)


def person(github: "GitHubStandIn", one: "Person") -> Node:
    """Somebody."""

    def repositories(_: Info, first: int, after: str | None = None, **__: object) -> Node:
        own = [repo for repo in github.repos.values() if repo.owner is one]
        return connection([(repo.id, repository(github, repo)) for repo in own], first, after)

    def organizations(_: Info, first: int, after: str | None = None) -> Node:
        mine = [org for org in github.organizations.values() if one.id in org.members]
        return connection([(org.id, organization(github, org)) for org in mine], first, after)

    return {
        "__typename": "User",
        "id": one.node_id,
        "databaseId": one.id,
        "login": one.login,
        "name": one.name,
        "email": lambda _: _public(github, one),
        "organizationVerifiedDomainEmails": lambda _, **__: list(one.verified),
        "organizations": organizations,
        "repositories": repositories,
        "projectsV2": lambda _, **asked: _boards_of(github, one, **asked),
    }


def organization(github: "GitHubStandIn", one: "Organization") -> Node:
    """An organization."""

    def members(_: Info, first: int, after: str | None = None) -> Node:
        people = [(number, person(github, github.people[number])) for number in one.members]
        return connection(people, first, after)

    return {
        "__typename": "Organization",
        "id": one.node_id,
        "databaseId": one.id,
        "login": one.login,
        "membersWithRole": members,
        "projectsV2": lambda _, **asked: _boards_of(github, one, **asked),
    }


def repository(github: "GitHubStandIn", one: "Repo") -> Node:
    """A repository."""

    def issues(_: Info, first: int, after: str | None = None, **asked: Any) -> Node:  # noqa: ANN401
        since = (asked.get("filterBy") or {}).get("since")
        rows = [row for row in github.tasks.values() if row.project == str(one.id)]
        if since is not None:
            rows = [row for row in rows if row.updated >= moment(since)]
        listed = [(row.number, issue(github, row)) for row in rows]
        return connection(listed, first, after, github.page_size)

    def one_issue(_: Info, number: int) -> Node:
        row = github.tasks.get(f"{one.id}/{number}")
        if row is None:
            raise Wrong("NOT_FOUND", f"Could not resolve to an Issue with the number of {number}.")
        return issue(github, row)

    def collaborators(_: Info, first: int) -> Node:
        if github.asking not in one.pushers:
            raise Wrong("FORBIDDEN", "You do not have permission to view collaborators.")
        people = [(number, person(github, github.people[number])) for number in one.collaborators]
        return connection(people, first, None)

    return {
        "__typename": "Repository",
        "id": one.node_id,
        "databaseId": one.id,
        "hasIssuesEnabled": one.has_issues,
        "issues": issues,
        "issue": one_issue,
        "collaborators": collaborators,
    }


def issue(github: "GitHubStandIn", row: Row) -> Node:
    """An issue."""
    repo, more = github.repos[row.project], row.more
    parent = more["parent"]
    return {
        "__typename": "Issue",
        "id": f"I_{row.id}",
        "number": row.number,
        "title": row.title,
        "url": f"{github.url}/{repo.owner.login}/{repo.name}/issues/{row.number}",
        "state": "CLOSED" if row.is_done else "OPEN",
        "stateReason": more["reason"],
        "updatedAt": _stamp(row),
        "repository": lambda _: repository(github, repo),
        "assignees": lambda _, **__: _people(github, more["assignees"]),
        "labels": lambda _, **__: {"nodes": [{"name": name} for name in more["labels"]]},
        "comments": lambda _, **asked: github.work.listed(row, **asked),
        "milestone": {"title": more["milestone"]} if more["milestone"] else None,
        "parent": lambda _: issue(github, github.tasks[parent]) if parent else None,
    }


def board(github: "GitHubStandIn", one: "Board") -> Node:
    """One of GitHub's Projects."""
    kind = "orgs" if one.owner.id in github.organizations else "users"

    def items(_: Info, first: int, after: str | None = None) -> Node:
        rows = [row for row in github.tasks.values() if row.project == one.id]
        listed = [(row.number, item(github, row)) for row in rows]
        return connection(listed, first, after, github.page_size)

    return {
        "__typename": "ProjectV2",
        "id": one.id,
        "title": one.title,
        "url": f"{github.url}/{kind}/{one.owner.login}/projects/{one.number}",
        "closed": one.is_closed,
        "public": one.is_public,
        "template": one.is_template,
        "owner": lambda _: node(github, one.owner.node_id),
        "items": items,
    }


def item(github: "GitHubStandIn", row: Row) -> Node:
    """What stands on a board."""
    column = row.more.get("column")
    kind = "ProjectV2ItemFieldSingleSelectValue"
    return {
        "__typename": "ProjectV2Item",
        "id": row.id,
        "fullDatabaseId": str(row.number),
        "isArchived": row.more.get("archived", False),
        "updatedAt": _stamp(row),
        "project": lambda _: board(github, github.boards[row.project]),
        "fieldValueByName": {"__typename": kind, "name": column} if column else None,
        "content": lambda _: _content(github, row),
    }


def _content(github: "GitHubStandIn", row: Row) -> Node | None:
    """Null where it is hidden."""
    if "issue" in row.more:
        return issue(github, github.tasks[row.more["issue"]])
    if "draft" in row.more:
        return {
            "__typename": "DraftIssue",
            "id": f"DI_{row.number}",
            "title": row.more["draft"],
            "updatedAt": _stamp(row),
            "assignees": lambda _, **__: _people(github, row.more.get("assignees", [])),
        }
    return {"__typename": "PullRequest", "id": f"PR_{row.number}"} if "pull" in row.more else None


def _public(github: "GitHubStandIn", one: "Person") -> str:
    if github.scopes is not None and "user:email" not in github.scopes:
        message = "Your token has not been granted the required scopes: ['user:email']"
        raise Wrong("INSUFFICIENT_SCOPES", message)
    return one.email or ""


def _boards_of(
    github: "GitHubStandIn", owner: "Person | Organization", first: int, after: str | None = None
) -> Node:
    if github.scopes is not None and "project" not in github.scopes:
        message = "Your token has not been granted the required scopes: ['read:project']"
        raise Wrong("INSUFFICIENT_SCOPES", message)
    own = [one for one in github.boards.values() if one.owner is owner and _sees(github, one)]
    return connection([(one.number, board(github, one)) for one in own], first, after)


def _sees(github: "GitHubStandIn", one: "Board") -> bool:
    members = (
        github.organizations[one.owner.id].members
        if one.owner.id in (github.organizations)
        else {one.owner.id}
    )
    return one.is_public or github.asking in members


def _people(github: "GitHubStandIn", numbers: list[int]) -> Node:
    return connection([(one, person(github, github.people[one])) for one in numbers], 10, None)


def _named_repository(github: "GitHubStandIn", owner: str, name: str) -> Node:
    for repo in github.repos.values():
        if (repo.owner.login, repo.name) == (owner, name) and github.sees(repo):
            return repository(github, repo)
    message = f"Could not resolve to a Repository with the name '{owner}/{name}'."
    raise Wrong("NOT_FOUND", message)


def _named_organization(github: "GitHubStandIn", login: str) -> Node:
    for one in github.organizations.values():
        if one.login == login:
            return organization(github, one)
    message = f"Could not resolve to an Organization with the login of '{login}'."
    raise Wrong("NOT_FOUND", message)


def _or_error(github: "GitHubStandIn", node_id: str) -> Node | Exception:
    """In a list an error is null in its place; graphql-core takes it as a value."""
    try:
        return node(github, node_id)
    except Wrong as wrong:
        return wrong


def _stamp(row: Row) -> str:
    return row.updated.strftime("%Y-%m-%dT%H:%M:%SZ")
