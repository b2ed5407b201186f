"""A stand-in for Jira Cloud: REST 3, people by account id, issues paged by token."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from tests.http_server import Say, Seen
from tests.providers.description import KnownError, described
from tests.providers.jira.base import JiraStandIn, Person, seed, token_of
from tests.providers.stand_in import Refusal, Row, route, window

EMAIL = "mia@acme.test"
"""Whose token the integration has."""

TENANT = "11223344-a1b2-3b33-c444-def123456789"

OUTSIDE = ("/rest/api/2/serverInfo", "/_edge/", "/rest/webhooks/")
"""Paths that Atlassian's description of REST 3 does not hold."""

_MOMENT = (
    "Jira writes and reads moments with an offset without a colon, as the description's own "
    "examples do; by its schema they would be RFC 3339."
)
_NOTHING = "A 204 has no body; the description promises a JSON value."

KNOWN_ERRORS = (
    KnownError("POST /rest/api/3/issue/{id}/worklog", "$.started: '", _MOMENT),
    KnownError("PUT /rest/api/3/issue/{id}/worklog/{id}", "$.started: '", _MOMENT),
    KnownError("GET /rest/api/3/issue/{id}/worklog/{id}", "$.started: '", _MOMENT),
    KnownError("GET /rest/api/3/issue/{id}/worklog", ".started: '", _MOMENT),
    KnownError("POST /rest/api/3/worklog/list", ".started: '", _MOMENT),
    KnownError("POST /rest/api/3/issue/{id}/transitions", "Missing response data", _NOTHING),
)


class JiraCloud(JiraStandIn):
    """One site of Jira Cloud."""

    prefix: ClassVar[str] = "rest/api/3"
    deployment: ClassVar[str] = "Cloud"

    def __init__(self) -> None:
        super().__init__(
            described("jira-cloud-v3.json", known_errors=KNOWN_ERRORS, outside=OUTSIDE)
        )
        self.wants_gateway = False
        """The token has scopes: the site refuses it, the gateway takes it."""
        self.grants: dict[str, list[dict[str, Any]]] = {}
        """Who holds the right to browse, by project: the holders of a permission scheme."""
        self.roles: dict[str, list[str]] = {}
        """People and groups (``g-...``) in a project role."""
        self.groups: dict[str, list[str]] = {}
        self._at_gateway = False
        self.repeats_itself = False
        """Gives the same token, and with it the same page, for ever."""
        self.empty_pages = 0
        """How many pages without an issue come before the first that has any: a page may be as
        short as Jira likes, and only one without a token is the last."""
        self.wants_words = False
        """Who may see a project is told to those alone who send words to search for: the
        description says of them both that they may be left out and that they may not."""
        self._tokens: dict[str, tuple[str, int]] = {}

    @property
    def credentials(self) -> Mapping[str, str]:
        """What opens it."""
        return {"url": self.url, "email": EMAIL, "token": token_of(self.me)}

    def authorisation_of(self, person: Person) -> str:
        """E-mail and token."""
        return "Basic " + b64encode(f"{person.email}:{token_of(person.id)}".encode()).decode()

    def person_json(self, person: Person) -> dict[str, Any]:
        """Who hides their address has none here."""
        shown: dict[str, Any] = {
            "self": f"{self.url}/rest/api/3/user?accountId={person.id}",
            "accountId": person.id,
            "accountType": person.kind,
            "displayName": person.name,
            "active": person.is_active,
            "timeZone": "America/New_York",
        }
        return {**shown, "emailAddress": person.email} if person.email else shown

    @route("GET", "/rest/api/3/project/search")
    def project_search(self, seen: Seen) -> object:
        """Projects by key; only live ones unless others are asked for."""
        wanted = seen.values.get("status", ["live"])
        found = [
            project
            for project in sorted(self.projects.values(), key=lambda one: one.key)
            if self.sees(project) and ("archived" if project.is_archived else "live") in wanted
        ]
        start, size = _number(seen, "startAt", 0), min(_number(seen, "maxResults", 50), 100)
        page = window(found, start, size)
        return {
            "self": f"{self.url}/rest/api/3/project/search",
            "startAt": start,
            "maxResults": size,
            "total": len(found),
            "isLast": start + size >= len(found),
            "values": [
                {**self.project_json(project), "isPrivate": False, "style": "classic"}
                for project in page
            ],
        }

    @route("POST", "/rest/api/3/search/jql")
    def search(self, seen: Seen) -> object:
        """A page of issues and the token of the next one. The token remembers the last issue."""
        asked = seen.body
        jql, fields = asked["jql"], asked.get("fields", [])
        rows = self.matching(jql)
        if token := asked.get("nextPageToken"):
            if token not in self._tokens or self._tokens[token][0] != jql:
                raise Refusal(400, {"errorMessages": ["Invalid nextPageToken."], "errors": {}})
            rows = [row for row in rows if row.number > self._tokens[token][1]]
        if self.empty_pages:
            self.empty_pages -= 1
            self._tokens[f"empty{self.empty_pages}"] = (jql, 0)
            return {"issues": [], "isLast": False, "nextPageToken": f"empty{self.empty_pages}"}
        size = min(asked.get("maxResults", 50), self.page_size)
        page = rows[:size]
        body: dict[str, Any] = {"issues": [self.issue_json(row, fields) for row in page]}
        body["isLast"] = len(rows) <= size
        if not body["isLast"]:
            body["nextPageToken"] = self._token(jql, page[-1])
        return body

    def _token(self, jql: str, last: Row) -> str:
        token = f"CAEaAggD{0 if self.repeats_itself else len(self._tokens)}"
        self._tokens.setdefault(token, (jql, last.number))
        return token

    @route("GET", "/rest/api/3/users/search")
    def users(self, seen: Seen) -> object:
        """Everybody, apps too."""
        self.show_people()
        start, size = _number(seen, "startAt", 0), _number(seen, "maxResults", 50)
        people = window(list(self.people.values()), start, min(size, 1000))
        return [self.person_json(person) for person in people]

    @route("GET", "/rest/api/3/user/permission/search")
    def may(self, seen: Seen) -> object:
        """Who may browse a project, as far as the first thousand people go."""
        if not self.asks_as_admin:
            raise Refusal(403, {"errorMessages": ["Not an administrator."], "errors": {}})
        if self.wants_words and "query" not in seen.query:
            said = "The 'query' or 'accountId' query parameter needs to be provided."
            raise Refusal(400, {"errorMessages": [said], "errors": {}})
        return self._people_of(seen, seen.query["projectKey"])

    @route("GET", "/rest/api/3/user/assignable/search")
    def assignable(self, seen: Seen) -> object:
        """Who may be assigned."""
        return self._people_of(seen, seen.query["project"])

    @route("GET", "/rest/api/3/project/(?P<id_or_key>[^/]+)/permissionscheme")
    def scheme(self, _: Seen, id_or_key: str) -> object:
        """Who holds which right."""
        holders = self.grants[self.found_project(id_or_key).id]
        return {
            "id": 10100,
            "name": "Scheme",
            "permissions": [
                {"id": 1, "permission": "ADD_COMMENTS", "holder": {"type": "anyone"}},
                *(
                    {"id": number, "permission": "BROWSE_PROJECTS", "holder": holder}
                    for number, holder in enumerate(holders, start=2)
                ),
            ],
        }

    @route("GET", "/rest/api/3/project/(?P<id_or_key>[^/]+)/role/(?P<role>[^/]+)")
    def role(self, _: Seen, id_or_key: str, role: str) -> object:
        """Who is in a role."""
        self.found_project(id_or_key)
        actors: list[dict[str, Any]] = []
        for named in self.roles[role]:
            if named.startswith("g-"):
                group = {"name": named, "displayName": named, "groupId": named}
                actors.append({"type": "atlassian-group-role-actor", "actorGroup": group})
            else:
                person = {"accountId": named}
                actors.append({"type": "atlassian-user-role-actor", "actorUser": person})
        return {"id": int(role), "name": "Developers", "actors": actors}

    @route("GET", "/rest/api/3/group/member")
    def members(self, seen: Seen) -> object:
        """Fifty of a group at a time."""
        everybody = self.groups[seen.query["groupId"]]
        start = _number(seen, "startAt", 0)
        page = window(everybody, start, min(_number(seen, "maxResults", 50), 50))
        return {
            "startAt": start,
            "maxResults": 50,
            "total": len(everybody),
            "isLast": start + 50 >= len(everybody),
            "values": [{"accountId": one, "accountType": "atlassian"} for one in page],
        }

    @route("GET", "/_edge/tenant_info")
    def tenant(self, _: Seen) -> object:
        """The site's id at the gateway; told to anybody."""
        return {"cloudId": TENANT}

    @route("GET", "/rest/webhooks/1.0/webhook")
    def webhooks(self, _: Seen) -> object:
        """Those of administrators."""
        return self.hooks.shown()

    @route("POST", "/rest/webhooks/1.0/webhook")
    def new_webhook(self, seen: Seen) -> object:
        """Keeps one; the secret is never shown again."""
        return self.hooks.keep(seen.body, seen.body.get("secret"))

    @route("PUT", "/rest/webhooks/1.0/webhook/(?P<number>[0-9]+)")
    def change_webhook(self, seen: Seen, number: str) -> object:
        """Changes one."""
        return self.hooks.keep(seen.body, seen.body.get("secret"), number)

    @route("DELETE", "/rest/webhooks/1.0/webhook/(?P<number>[0-9]+)")
    def remove_webhook(self, _: Seen, number: str) -> object:
        """Removes one."""
        return self.hooks.remove(number)

    def _people_of(self, seen: Seen, key: str) -> object:
        start, size = _number(seen, "startAt", 0), _number(seen, "maxResults", 50)
        range_ = window(list(self.people.values())[:1000], start, size)
        allowed = {person.id for person in self.who_sees(key)}
        return [self.person_json(person) for person in range_ if person.id in allowed]

    async def _said(self, seen: Seen) -> Say:
        """The gateway answers as the site does, below another path."""
        path = seen.path.removeprefix(f"/ex/jira/{TENANT}")
        self._at_gateway = path != seen.path
        return await super()._said(replace(seen, path=path))

    def authorised(self, seen: Seen) -> None:
        """A token with scopes opens the gateway only, one without the site only."""
        is_told_to_anybody = seen.path in {"/_edge/tenant_info", "/rest/api/2/serverInfo"}
        if is_told_to_anybody and "authorization" not in seen.headers:
            return
        if self._at_gateway != self.wants_gateway:
            raise Refusal(401, "Client must be authenticated to access this resource.")
        super().authorised(seen)


def _number(seen: Seen, name: str, default: int) -> int:
    return int(seen.query.get(name, default))


def acme(*, tasks: int = 230) -> JiraCloud:
    """A small company's site."""
    jira = JiraCloud()
    seed(jira, tasks=tasks)
    jira.person("app", "Automation", None, kind="app")
    return jira
