"""GitHub's JSON in REST, with all the addresses that each of its objects carries."""

from collections.abc import Iterable
from typing import Any

_OF_A_PERSON = (
    *("events", "followers", "following", "gists", "organizations", "received_events"),
    *("repos", "starred", "subscriptions"),
)
_OF_A_REPOSITORY = (
    *("archive", "assignees", "blobs", "branches", "collaborators", "comments", "commits"),
    *("compare", "contents", "contributors", "deployments", "downloads", "events", "forks"),
    *("git_commits", "git_refs", "git_tags", "hooks", "issue_comment", "issue_events", "issues"),
    *("keys", "labels", "languages", "merges", "milestones", "notifications", "pulls", "releases"),
    *("stargazers", "statuses", "subscribers", "subscription", "tags", "teams", "trees"),
)
_LONG_AGO = "2024-02-01T08:00:00Z"


def simple_user(url: str, user_id: int, login: str, node_id: str, kind: str = "User") -> Any:  # noqa: ANN401
    """A person or an organization, as lists show one."""
    api = f"{url}/api/v3/users/{login}"
    return {
        "login": login,
        "id": user_id,
        "node_id": node_id,
        "avatar_url": f"{url}/avatars/{user_id}",
        "gravatar_id": "",
        "url": api,
        "html_url": f"{url}/{login}",
        **_urls(api, _OF_A_PERSON),
        "type": kind,
        "site_admin": False,
    }


def public_user(simple: dict[str, Any], name: str | None, email: str | None) -> dict[str, Any]:
    """A person, as anybody sees one."""
    return {
        **simple,
        "user_view_type": "public",
        "name": name,
        "email": email,
        **dict.fromkeys(("bio", "blog", "company", "hireable", "location")),
        **dict.fromkeys(("followers", "following", "public_gists", "public_repos"), 0),
        "created_at": _LONG_AGO,
        "updated_at": _LONG_AGO,
    }


def private_user(simple: dict[str, Any], name: str | None, email: str | None) -> dict[str, Any]:
    """A person, as they see themselves."""
    counted = (
        *("collaborators", "disk_usage", "owned_private_repos", "private_gists"),
        "total_private_repos",
    )
    return {
        **public_user(simple, name, email),
        "user_view_type": "private",
        "two_factor_authentication": True,
        **dict.fromkeys(counted, 0),
    }


def repository(
    url: str,
    number: int,
    node_id: str,
    name: str,
    owner: dict[str, Any],
    **more: Any,  # noqa: ANN401
) -> dict[str, Any]:
    """A repository; ``more`` is what is particular about it."""
    full = f"{owner['login']}/{name}"
    api = f"{url}/api/v3/repos/{full}"
    counted = ("forks", "forks_count", "open_issues", "open_issues_count", "size")
    watched = ("stargazers_count", "watchers", "watchers_count")
    return {
        "id": number,
        "node_id": node_id,
        "name": name,
        "full_name": full,
        "owner": owner,
        "html_url": f"{url}/{full}",
        "url": api,
        **_urls(api, _OF_A_REPOSITORY),
        **dict.fromkeys(("description", "homepage", "language", "license", "mirror_url")),
        **dict.fromkeys((*counted, *watched), 0),
        **dict.fromkeys(("clone_url", "git_url", "ssh_url", "svn_url"), f"{url}/{full}.git"),
        **dict.fromkeys(("has_downloads", "has_projects", "has_wiki"), True),
        **dict.fromkeys(("fork", "has_pages", "disabled"), False),
        "default_branch": "main",
        "pushed_at": _LONG_AGO,
        "created_at": _LONG_AGO,
        "updated_at": _LONG_AGO,
        **more,
    }


def issue(
    repo: dict[str, Any],
    number: int,
    title: str,
    *,
    is_done: bool,
    reason: str | None,
    user: dict[str, Any],
) -> dict[str, Any]:
    """An issue."""
    api = f"{repo['url']}/issues/{number}"
    return {
        "id": 2_900_000_000 + number,
        "node_id": f"I_{repo['id']}_{number}",
        "number": number,
        "url": api,
        "repository_url": repo["url"],
        "html_url": f"{repo['html_url']}/issues/{number}",
        **_urls(api, ("comments", "events", "labels")),
        "title": title,
        "state": "closed" if is_done else "open",
        "state_reason": reason.lower() if reason else None,
        "locked": False,
        "user": user,
        "assignee": None,
        "assignees": [],
        "labels": [],
        "milestone": None,
        "comments": 0,
        "created_at": _LONG_AGO,
        "updated_at": _LONG_AGO,
        "closed_at": _LONG_AGO if is_done else None,
    }


def _urls(api: str, names: Iterable[str]) -> dict[str, str]:
    return {f"{name}_url": f"{api}/{name}" for name in names}
