"""What is known of one person, and what of it is blotted out when they ask for that (O4)."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain.ids import MemberId, TeamId
from bot.domain.values import dataclass

ERASED = "Erased person"
"""Who the hours of somebody erased belong to in reports."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """The person in question, in one workspace."""

    team_id: TeamId
    team_name: str
    member_id: MemberId
    slack_user_id: str
    name: str
    email: str | None
    is_active: bool = True
    """They still belong to the workspace as far as Slack told, and it has Hourlink."""

    @property
    def traces(self) -> tuple[str, ...]:
        """What names them in texts, the longest first, so that none is left in halves."""
        known = {self.name, self.email or "", self.slack_user_id} - {""}
        return tuple(sorted(known, key=len, reverse=True))


def blotted(value: Any, traces: Iterable[str]) -> Any:  # noqa: ANN401 - JSON
    """A JSON value without what names somebody, whatever its case."""
    if isinstance(value, str):
        for trace in traces:
            value = _without(value, trace)
        return value
    if isinstance(value, Mapping):
        return {name: blotted(one, traces) for name, one in value.items()}
    if isinstance(value, list):
        return [blotted(one, traces) for one in value]
    return value


def _without(text: str, trace: str) -> str:
    folded, wanted = text.casefold(), trace.casefold()
    if len(folded) != len(text):
        # Some letters fold into two, and places would not fit any more.
        return text.replace(trace, ERASED)
    pieces, start = [], 0
    while (found := folded.find(wanted, start)) >= 0:
        pieces.append(text[start:found] + ERASED)
        start = found + len(wanted)
    return "".join((*pieces, text[start:]))
