"""The webhooks of a GitHub stand-in: kept for who administers, and sent when something changes."""

import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.http_server import Say, Seen
from tests.providers.stand_in import Row

if TYPE_CHECKING:
    from tests.providers.github.stand_in import GitHubStandIn
    from tests.providers.github.things import Organization, Repo

_AT = "2026-11-20T12:00:00Z"
_KNOWN = frozenset(
    {
        *("issues", "repository", "member", "membership", "organization"),
        *("projects_v2", "projects_v2_item"),
    }
)
_OF_ORGANIZATIONS = frozenset({"membership", "organization", "projects_v2", "projects_v2_item"})


@dataclass
class Hook:
    """One webhook."""

    id: int
    path: str
    """Whose it is, below the API's address."""
    url: str
    secret: str | None
    events: list[str]


class Hooks:
    """All of them, of organizations and repositories."""

    def __init__(self, github: "GitHubStandIn") -> None:
        self._github = github
        self.kept: dict[int, Hook] = {}

    def addresses(self) -> list[str]:
        """Where they send."""
        return [one.url for one in self.kept.values()]

    def stand(self, path: str, address: str) -> None:
        """Somebody else has one."""
        number = len(self.kept) + 1
        self.kept[number] = Hook(number, path, address, None, ["push"])

    def shown(self, seen: Seen) -> Say:
        """Those of one place, without their secrets."""
        path = self._place(seen)
        return self._github.paged(
            seen, [self._json(one) for one in self.kept.values() if one.path == path]
        )

    def make(self, seen: Seen) -> Say:
        """A new one; GitHub takes no second with the same address and events."""
        path = self._place(seen)
        number = max(self.kept, default=0) + 1
        made = Hook(number, path, "", None, [])
        self._fill(made, seen.body)
        if any((one.path, one.url) == (path, made.url) for one in self.kept.values()):
            raise self._github.refusal(422, "Hook already exists on this repository")
        self.kept[number] = made
        return Say(201, self._json(made))

    def change(self, seen: Seen, number: str) -> dict[str, Any]:
        """The same one with other events or another secret."""
        found = self._found(seen, number)
        self._fill(found, seen.body)
        return self._json(found)

    def remove(self, seen: Seen, number: str) -> Say:
        """One less."""
        del self.kept[self._found(seen, number).id]
        return Say(204, "")

    async def tell(self, event: str, repo: "Repo", body: dict[str, Any]) -> None:
        """Sends an event to the repository's webhooks and those of its organization."""
        places = {f"repos/{repo.owner.login}/{repo.name}", f"orgs/{repo.owner.login}"}
        content = json.dumps(body).encode()
        for one in list(self.kept.values()):
            if one.path in places and event in one.events:
                await self._github.post(one.url, content, headers(event, content, one.secret))

    def about(self, row: Row, action: str) -> dict[str, Any]:
        """What an event about an issue says."""
        repo = self._github.repos[row.project]
        return {
            "action": action,
            "issue": self._github.issue_json(repo, row),
            "repository": self._github.repo_json(repo),
        }

    def _fill(self, hook: Hook, asked: dict[str, Any]) -> None:
        allowed = _KNOWN if hook.path.startswith("orgs/") else _KNOWN - _OF_ORGANIZATIONS
        if not set(asked["events"]) <= allowed:
            raise self._github.refusal(422, "Validation Failed")
        hook.events, hook.url = asked["events"], asked["config"]["url"]
        hook.secret = asked["config"].get("secret") or hook.secret

    def _place(self, seen: Seen) -> str:
        """To whoever does not administer it, there are no webhooks anywhere."""
        path = seen.path.removeprefix("/api/v3/").partition("/hooks")[0]
        kind, *names = path.split("/")
        github = self._github
        if kind == "orgs":
            found: list[Organization] = [
                one for one in github.organizations.values() if one.login == names[0]
            ]
            is_admin = bool(found) and github.asking in found[0].owners
        else:
            is_admin = github.asking in github.named_repo(*names).admins
        if not is_admin:
            raise github.refusal(404, "Not Found")
        return path

    def _found(self, seen: Seen, number: str) -> Hook:
        found = self.kept.get(int(number))
        if found is None or found.path != self._place(seen):
            raise self._github.refusal(404, "Not Found")
        return found

    def _json(self, one: Hook) -> dict[str, Any]:
        api = f"{self._github.url}/api/v3/{one.path}/hooks/{one.id}"
        is_org = one.path.startswith("orgs/")
        shown = {
            "id": one.id,
            "type": "Organization" if is_org else "Repository",
            "name": "web",
            "active": True,
            "events": one.events,
            "config": {
                "url": one.url,
                "content_type": "json",
                "insecure_ssl": "0",
                **({"secret": "********"} if one.secret else {}),
            },
            "url": api,
            "ping_url": f"{api}/pings",
            "created_at": _AT,
            "updated_at": _AT,
        }
        if is_org:
            return shown
        last = {"code": None, "status": "unused", "message": None}
        return {**shown, "test_url": f"{api}/test", "last_response": last}


def headers(event: str, body: bytes, secret: str | None) -> dict[str, str]:
    """What GitHub sends along."""
    sent = {
        "Content-Type": "application/json",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "X-GitHub-Hook-ID": "292430182",
    }
    if secret:
        sha1 = hmac.new(secret.encode(), body, "sha1").hexdigest()
        sent["X-Hub-Signature"] = f"sha1={sha1}"
        sha256 = hmac.new(secret.encode(), body, "sha256").hexdigest()
        sent["X-Hub-Signature-256"] = f"sha256={sha256}"
    return sent
