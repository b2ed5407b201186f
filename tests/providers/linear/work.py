"""Comments and statuses of a Linear stand-in."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.providers.linear.schema import Wrong, connection, missing
from tests.providers.linear.world import identity

if TYPE_CHECKING:
    from tests.providers.linear.stand_in import LinearStandIn


class Comments:
    """All comments, and the ids that were ever used."""

    def __init__(self, linear: "LinearStandIn") -> None:
        self._linear = linear
        self.kept: dict[str, dict[str, Any]] = {}
        self.spent: set[str] = set()
        self.escapes = False
        """Keeps brackets with a backslash, as Markdown editors do."""

    def listed(self, _: object, **asked: Any) -> dict[str, Any]:  # noqa: ANN401
        """Those that are asked for, the newest first."""
        wanted = asked.get("filter") or {}
        found = [one for one in reversed(self.kept.values()) if self._is_wanted(one, wanted)]
        return connection(found, lambda one: one, first=asked.get("first", 50))

    def put(self, issue: str, body: str, author: str, number: str | None = None) -> dict[str, Any]:
        """Somebody comments."""
        made = number or identity(len(self.spent) + 1, "8")
        self.spent.add(made)
        kept = body.replace("[", "\\[").replace("]", "\\]") if self.escapes else body
        self.kept[made] = {"id": made, "body": kept, "issue": issue, "user": author}
        return self.kept[made]

    def create(self, _: object, input: Mapping[str, Any]) -> dict[str, Any]:  # noqa: A002
        """A new one; an id can be used once."""
        issue = self._linear.found_issue(input["issueId"]).id
        if input.get("id") in self.spent:
            raise Wrong("invalid input", "Entity already exists", "This id is in use.")
        made = self.put(issue, input["body"], self._linear.asking, input.get("id"))
        return {"success": True, "comment": made}

    def update(self, _: object, id: str, input: Mapping[str, Any]) -> dict[str, Any]:  # noqa: A002
        """The same one with another text; its author's alone."""
        found = self._own(id)
        self.put(found["issue"], input["body"], found["user"], id)
        return {"success": True, "comment": self.kept[id]}

    def delete(self, _: object, id: str) -> dict[str, Any]:  # noqa: A002
        """Gone."""
        del self.kept[self._own(id)["id"]]
        return {"success": True, "entityId": id}

    def _own(self, comment: str) -> dict[str, Any]:
        if comment not in self.kept:
            raise missing("Comment")
        if self.kept[comment]["user"] != self._linear.asking:
            raise Wrong("forbidden", "Forbidden", "You can only change your own comments.")
        return self.kept[comment]

    def _is_wanted(self, one: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
        told: dict[str, Callable[[Any], bool]] = {
            "id": lambda given: one["id"] == given["eq"],
            "body": lambda given: given["contains"] in one["body"],
            "issue": lambda given: one["issue"] == given["id"]["eq"],
            "user": lambda given: (one["user"] == self._linear.asking) == given["isMe"]["eq"],
            "or": lambda given: any(self._is_wanted(one, either) for either in given),
        }
        return all(told[name](given) for name, given in wanted.items())


def set_state(
    linear: "LinearStandIn",
    id: str,  # noqa: A002
    input: Mapping[str, Any],  # noqa: A002
) -> dict[str, Any]:
    """Puts an issue into a status of its own team."""
    row = linear.found_issue(id)
    team = linear.team_node(linear.teams[row.project])
    for state in team["states"](None, first=250)["nodes"]:
        if state["id"] == input["stateId"]:
            linear.change(row.id, state=state["name"])
            return {"success": True, "issue": linear.issue_node(row)}
    raise Wrong("invalid input", "stateId is of another team", "That is no status of the team.")
