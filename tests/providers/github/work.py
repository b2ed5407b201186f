"""Comments and closing on a GitHub stand-in."""

from typing import TYPE_CHECKING, Any

from tests.http_server import Say, Seen
from tests.providers.stand_in import Row

if TYPE_CHECKING:
    from tests.providers.github.stand_in import GitHubStandIn
    from tests.providers.github.things import Repo

_LONGEST = 65_536
"""Characters in a comment."""

_STATES = {"closed": True, "open": False}


class Work:
    """All comments, newest last."""

    def __init__(self, github: "GitHubStandIn") -> None:
        self._github = github
        self.kept: dict[int, dict[str, Any]] = {}
        self.page_size = 100
        self._count = 3_100_000_000

    def listed(self, row: Row, last: int, before: str | None = None) -> dict[str, Any]:
        """A page of an issue's comments from the end; the cursor is the first one's number."""
        found = [one for one in self.kept.values() if one["issue"] == row.id]
        left = [one for one in found if before is None or one["id"] < int(before)]
        shown = left[-min(last, self.page_size) :]
        return {
            "pageInfo": {
                "hasPreviousPage": len(left) > len(shown),
                "startCursor": str(shown[0]["id"]) if shown else None,
            },
            "nodes": [
                {
                    "fullDatabaseId": str(one["id"]),
                    "viewerDidAuthor": one["author"] == self._github.asking,
                    "body": one["body"],
                }
                for one in shown
            ],
        }

    def write(self, row: Row, body: str, author: int) -> dict[str, Any]:
        """Somebody comments."""
        self._count += 1
        now = self._github.clock()
        made = {"id": self._count, "issue": row.id, "author": author, "body": body, "at": now}
        self.kept[self._count] = made
        return made

    def new(self, seen: Seen, repo: "Repo", number: str) -> Say:
        """The asking person comments."""
        row = self._github.found_issue(repo, number)
        if row.more.get("locked"):
            raise self._github.refusal(403, "Unable to create comment because issue is locked.")
        return Say(201, self._shown(self.write(row, self._said(seen), self._github.asking)))

    def one(self, repo: "Repo", number: str) -> dict[str, Any]:
        """One comment."""
        return self._shown(self._found(repo, number))

    def change(self, seen: Seen, repo: "Repo", number: str) -> dict[str, Any]:
        """One's own with other words."""
        found = self._own(repo, number)
        found["body"] = self._said(seen)
        return self._shown(found)

    def remove(self, repo: "Repo", number: str) -> Say:
        """One's own goes."""
        del self.kept[self._own(repo, number)["id"]]
        return Say(204, "")

    def close(self, seen: Seen, repo: "Repo", number: str) -> dict[str, Any]:
        """An issue is closed or opened by who may push; the reason counts only with a change."""
        row = self._github.found_issue(repo, number)
        if self._github.asking not in repo.pushers:
            raise self._github.refusal(403, "Must have admin rights to Repository.")
        is_done = _STATES[seen.body["state"]]
        if is_done != row.is_done:
            reason = str(seen.body.get("state_reason", "completed")).upper()
            self._github.change(row.id, is_done=is_done, reason=reason)
        return self._github.issue_json(repo, row)

    def _said(self, seen: Seen) -> str:
        body = str(seen.body["body"])
        if not body.strip() or len(body) > _LONGEST:
            raise self._github.refusal(422, "Validation Failed")
        return body

    def _found(self, repo: "Repo", number: str) -> dict[str, Any]:
        found = self.kept.get(int(number))
        if found is None or found["issue"].partition("/")[0] != str(repo.id):
            raise self._github.refusal(404, "Not Found")
        return found

    def _own(self, repo: "Repo", number: str) -> dict[str, Any]:
        found = self._found(repo, number)
        if found["author"] != self._github.asking:
            raise self._github.refusal(403, "Must have admin rights to Repository.")
        return found

    def _shown(self, one: dict[str, Any]) -> dict[str, Any]:
        github = self._github
        repo_id, _, number = one["issue"].partition("/")
        repo = github.repos[repo_id]
        api = f"{github.url}/api/v3/repos/{repo.owner.login}/{repo.name}/issues"
        at = one["at"].strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            "id": one["id"],
            "node_id": f"IC_{one['id']}",
            "url": f"{api}/comments/{one['id']}",
            "issue_url": f"{api}/{number}",
            "html_url": f"{github.url}/{repo.owner.login}/{repo.name}/issues/{number}#{one['id']}",
            "user": github.user_json(github.people[one["author"]]),
            "body": one["body"],
            "created_at": at,
            "updated_at": at,
        }
