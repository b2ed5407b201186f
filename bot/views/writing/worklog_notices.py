"""What of somebody's time could not be written, as one message that is edited (W3)."""

from bot.domain.writing.worklogs_shown import GivenUp, Notice
from bot.views.message import Message, actions, button, clipped, context, section
from bot.views.people import own_keys
from bot.views.times import day, length, named, told
from bot.views.words import counted
from bot.views.writing import worklogs

_MINE = "it does not accept your own key any more"

RETRY_MINE = "worklog.retry_mine"

_NEXT = "Edit one from `/track today`, or write them again when what stands in the way is gone."
_NEXT_OF_GONE = "*Write again* tries to remove it once what stands in the way is gone."


def notice(found: Notice) -> Message:
    """What is not written, and why; or that nothing of it is left."""
    site = told(found.site, 60)
    if not found.total:
        text = f"What could not be written to {site} is written now, or is not wanted any more."
        return Message(text, [section(text)])
    what = counted(found.total, "entry", "entries")
    if found.total == sum(one.is_deleted for one in found.entries):
        head, following = f"{what} of yours could not be removed from {site}.", _NEXT_OF_GONE
    else:
        following = _NEXT
        head = f"{what} of yours could not be written to {site}. The time is kept here."
    lines = [_line(one) for one in found.entries]
    if found.total > len(found.entries):
        lines.append(f"and {found.total - len(found.entries)} more")
    body = "\n".join(lines)
    buttons = []
    if any(one.is_own_key for one in found.entries):
        buttons.append(button("Use a new key", own_keys.SIGN_IN, str(found.integration_id)))
    again = button(
        "Write again",
        RETRY_MINE,
        str(found.integration_id),
        says=f"Write what failed to {clipped(found.site, 40)} again",
    )
    text = f"{head}\n{body}"
    return Message(text, [section(text), context(following), actions(*buttons, again)])


def _line(one: GivenUp) -> str:
    what = f"{named(one.line.on)}, {length(one.line.seconds)} on {day(one.day)}"
    gone = ", deleted here and still there" if one.is_deleted else ""
    return f"• {what}{gone}: {_MINE if one.is_own_key else worklogs.reason(one.worklog)}"
