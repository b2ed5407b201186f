"""A task under a link to it."""

from typing import Any

from bot.domain.tasks.unfurls import Details, Unfurl
from bot.views.message import actions, button, clipped, escaped, section
from bot.views.times import length

_LONGEST = 200


def unfurl(found: Unfurl) -> dict[str, Any]:
    """What Slack shows below the message: everybody in the channel sees it."""
    key = escaped(found.key)
    start = button(
        "Start", "track.start", str(found.task_id), says=f"Start {clipped(found.key, 60)}"
    )
    if found.details is None:
        return {"blocks": [section(f"*{key}*"), actions(start)], "fallback": key}
    details = found.details
    name = f"{key} {escaped(clipped(details.title, _LONGEST))}"
    facts = _facts(details)
    return {
        "blocks": [section(f"*{name}*\n{facts}"), actions(start)],
        "fallback": f"{name}. {facts}",
    }


def _facts(details: Details) -> str:
    status = details.status or ("Done" if details.is_done else "Open")
    tracked = f"{length(details.tracked_seconds)} tracked"
    if details.estimate_seconds:
        tracked += f" of {length(details.estimate_seconds)} estimated"
    named = escaped(clipped(details.project_name, _LONGEST))
    return " \N{MIDDLE DOT} ".join([named, escaped(status), tracked])
