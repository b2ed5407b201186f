"""What to say about time that can no longer be changed: why, and who can open it."""

from bot.domain import locks
from bot.domain.locks import LockReason
from bot.views.message import Message, actions, button, escaped, section
from bot.views.saying import says
from bot.views.times import day
from bot.views.unlocks import ASK, NEW

_NAMED = 3


@says(locks.TimeLocked)
def _locked(error: locks.TimeLocked) -> Message:
    when = f"*{day(error.day)} {error.day.year}*"
    why = (
        f"{when} is locked: an admin closed {error.day:%B %Y}."
        if error.reason is LockReason.MONTH
        else f"{when} is locked: time older than {_days(error.after_days or 0)} is."
    )
    if error.may_unlock:
        text = f"{why} Nothing was changed. You can unlock it, with a reason."
        value = f"{error.member_id}:{error.project_id}:{error.day.isoformat()}"
        return Message(text, [section(text), actions(button("Unlock...", NEW, value))])
    text = f"{why} Nothing was changed. {_unlockers(error)}"
    if not error.is_own:
        return Message(text)
    value = f"{error.project_id}:{error.day.isoformat()}"
    return Message(text, [section(text), actions(button("Ask to unlock", ASK, value))])


def _unlockers(error: locks.TimeLocked) -> str:
    admins = f"an admin ({_names(error.admins)})" if error.admins else "an admin"
    if not error.managers:
        return f"Ask {admins} to unlock it."
    managers = f"{_names(error.managers)}, who manages *{escaped(error.project_name)}*,"
    if len(error.managers) > 1:
        managers = f"a manager of *{escaped(error.project_name)}* ({_names(error.managers)})"
    return f"Ask {managers} or {admins} to unlock it."


def _names(names: tuple[str, ...]) -> str:
    shown = ", ".join(escaped(name) for name in names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED} more" if len(names) > _NAMED else shown


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
