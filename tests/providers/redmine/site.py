"""Makes and removes things in a real Redmine, without Hourlink's own code."""

import json
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any

BUSY = 500
TRIES = 25


class Site:
    """A Redmine as its administrator sees it."""

    def __init__(self, url: str, key: str, seed: dict[str, Any]) -> None:
        self.url = url
        self.key = key
        self.seed = seed

    def call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Send one request. SQLite answers 500 to a burst of writes, so that is tried again."""
        request = urllib.request.Request(  # noqa: S310 - the address is the test's own
            f"{self.url}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"X-Redmine-API-Key": self.key, "Content-Type": "application/json"},
        )
        for attempt in range(TRIES):
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - the same
                    found: dict[str, Any] = json.loads(answer.read() or b"{}")
                    return found
            except urllib.error.HTTPError as error:
                said = error.read().decode(errors="replace")[:300]
                if error.code != BUSY or attempt == TRIES - 1:
                    raise AssertionError(f"{method} {path}: {error.code} {said}") from None
                time.sleep(min(0.2 * (attempt + 1), 5))
        raise AssertionError(f"{method} {path}: too busy")

    def user_id(self, login: str) -> int:
        """A seeded person's id."""
        return int(self.seed["users"][login]["id"])

    def user_key(self, login: str) -> str:
        """A seeded person's key."""
        return str(self.seed["users"][login]["api_key"])


@dataclass
class Workshop:
    """Projects, issues and groups of one test module, removed at its end."""

    site: Site
    projects: list[int] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)

    def project(self, *, is_public: bool = True, parent: int | None = None) -> int:
        """Make a project with a name nobody else uses."""
        name = f"hl-{uuid.uuid4().hex[:12]}"
        trackers = self.site.call("GET", "trackers.json")["trackers"]
        fields = {
            "name": name,
            "identifier": name,
            "is_public": is_public,
            "parent_id": parent,
            "tracker_ids": [tracker["id"] for tracker in trackers],
            "enabled_module_names": ["issue_tracking", "time_tracking"],
        }
        made = self.site.call("POST", "projects.json", {"project": fields})["project"]["id"]
        self.projects.append(int(made))
        return int(made)

    def member(self, project: int, principal: int, role: str) -> None:
        """Make somebody, or a group, a member."""
        roles = {"user_id": principal, "role_ids": [self.site.seed["roles"][role]]}
        self.site.call("POST", f"projects/{project}/memberships.json", {"membership": roles})

    def group(self, *user_ids: int) -> int:
        """Make a group."""
        fields = {"name": f"hl-{uuid.uuid4().hex[:12]}", "user_ids": list(user_ids)}
        made = int(self.site.call("POST", "groups.json", {"group": fields})["group"]["id"])
        self.groups.append(made)
        return made

    def issue(self, project: int, subject: str, **fields: object) -> str:
        """Make an issue."""
        custom = [{"id": self.site.seed["custom_field_customer"], "value": "Acme"}]
        tracker = self.site.call("GET", "trackers.json")["trackers"][0]["id"]
        issue = {
            "project_id": project,
            "tracker_id": tracker,
            "priority_id": 2,
            "subject": subject,
            "custom_fields": custom,
            **fields,
        }
        return str(self.site.call("POST", "issues.json", {"issue": issue})["issue"]["id"])

    def change(self, issue_id: str, **fields: object) -> None:
        """Change an issue."""
        self.site.call("PUT", f"issues/{issue_id}.json", {"issue": fields})

    def clear(self) -> None:
        """Remove everything again; sub-projects go with their parents."""
        for group in self.groups:
            self.site.call("DELETE", f"groups/{group}.json")
        for project in reversed(self.projects):
            self.site.call("DELETE", f"projects/{project}.json")
