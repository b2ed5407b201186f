"""A stand-in for Jira Data Center: REST 2, people by key, issues paged by offset.

Atlassian publishes no machine-readable description of it.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.http_server import Seen
from tests.providers.jira.base import JiraStandIn, Person, seed, token_of
from tests.providers.stand_in import Refusal, route, window


class JiraDataCenter(JiraStandIn):
    """One server of one's own."""

    prefix: ClassVar[str] = "rest/api/2"
    deployment: ClassVar[str] = "Server"

    @property
    def credentials(self) -> Mapping[str, str]:
        """What opens it."""
        return {"url": self.url, "token": token_of(self.me)}

    def authorisation_of(self, person: Person) -> str:
        """A personal access token."""
        return f"Bearer {token_of(person.id)}"

    def person_json(self, person: Person) -> dict[str, Any]:
        """Addresses are shown to whoever is logged in, unless the administrator hides them."""
        shown: dict[str, Any] = {
            "self": f"{self.url}/rest/api/2/user?username={person.login}",
            "key": person.id,
            "name": person.login,
            "displayName": person.name,
            "active": person.is_active,
            "timeZone": "Europe/Berlin",
        }
        return {**shown, "emailAddress": person.email} if person.email else shown

    @route("GET", "/rest/api/2/project")
    def every_project(self, seen: Seen) -> object:
        """All at once, archived ones when they are asked for."""
        with_archived = seen.query.get("includeArchived") == "true"
        return [
            self.project_json(project)
            for project in self.projects.values()
            if self.sees(project) and (with_archived or not project.is_archived)
        ]

    @route("POST", "/rest/api/2/search")
    def search(self, seen: Seen) -> object:
        """A page of issues by offset."""
        asked = seen.body
        rows = self.matching(asked["jql"])
        start, size = asked.get("startAt", 0), min(asked.get("maxResults", 50), self.page_size)
        return {
            "startAt": start,
            "maxResults": size,
            "total": len(rows),
            "issues": [
                self.issue_json(row, asked.get("fields", ["*all"]))
                for row in window(rows, start, size)
            ],
        }

    @route("GET", "/rest/api/2/user/search")
    def users(self, seen: Seen) -> object:
        """People whose login, name or address holds the words."""
        self.show_people()
        words = seen.query.get("username", "")
        found = [
            person
            for person in self.people.values()
            if (person.is_active or seen.query.get("includeInactive") == "true")
            and (words == "." or words in f"{person.login} {person.name} {person.email}")
        ]
        start, size = int(seen.query.get("startAt", 0)), int(seen.query.get("maxResults", 50))
        return [self.person_json(person) for person in window(found, start, min(size, 1000))]

    @route("GET", "/rest/api/2/user/permission/search")
    def may(self, seen: Seen) -> object:
        """Who may browse a project."""
        if not self.asks_as_admin:
            raise Refusal(403, {"errorMessages": ["Not an administrator."], "errors": {}})
        return self._page(seen, seen.query["projectKey"])

    @route("GET", "/rest/api/2/user/assignable/search")
    def assignable(self, seen: Seen) -> object:
        """Who may be assigned."""
        return self._page(seen, seen.query["project"])

    def _page(self, seen: Seen, key: str) -> list[dict[str, Any]]:
        start, size = int(seen.query["startAt"]), int(seen.query["maxResults"])
        return [self.person_json(one) for one in window(self.who_sees(key), start, size)]

    @route("GET", "/rest/jira-webhook/1.0/webhooks")
    def webhooks(self, _: Seen) -> object:
        """Those of administrators."""
        return self.hooks.shown()

    @route("POST", "/rest/jira-webhook/1.0/webhooks")
    def new_webhook(self, seen: Seen) -> object:
        """Keeps one. A secret in the wrong place is dropped in silence."""
        return self.hooks.keep(seen.body, seen.body.get("configuration", {}).get("SECRET"))

    @route("PUT", "/rest/jira-webhook/1.0/webhooks/(?P<number>[0-9]+)")
    def change_webhook(self, seen: Seen, number: str) -> object:
        """Changes one."""
        return self.hooks.keep(seen.body, seen.body.get("configuration", {}).get("SECRET"), number)

    @route("DELETE", "/rest/jira-webhook/1.0/webhooks/(?P<number>[0-9]+)")
    def remove_webhook(self, _: Seen, number: str) -> object:
        """Removes one."""
        return self.hooks.remove(number)


def acme(*, tasks: int = 230) -> JiraDataCenter:
    """A small company's server."""
    jira = JiraDataCenter()
    seed(jira, tasks=tasks)
    return jira
