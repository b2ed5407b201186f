"""What to say about time that can no longer be changed: why, and who can open it."""

from bot.domain.approval import locks
from bot.domain.approval.locks import LockReason
from bot.domain.ids import SheetId
from bot.views.approval import unlocks, week_approval, week_sheets
from bot.views.message import Block, Message, actions, button, escaped, section
from bot.views.saying import says
from bot.views.times import day

_NAMED = 3
_UNCHANGED = " Nothing was changed."


@says(locks.TimeLocked)
def _refused(error: locks.TimeLocked) -> Message:
    return _locked(error, _UNCHANGED)


def stands(error: locks.TimeLocked) -> Message:
    """The same where nobody has tried to change anything yet."""
    return _locked(error, "")


def _locked(error: locks.TimeLocked, unchanged: str) -> Message:
    if error.sheet is not None:
        return _in_week(error, *error.sheet, unchanged)
    when = f"*{day(error.day)} {error.day.year}*"
    why = (
        f"{when} is locked: an admin closed {error.day:%B %Y}."
        if error.reason is LockReason.MONTH
        else f"{when} is locked: time older than {_days(error.after_days or 0)} is."
    )
    if error.may_unlock:
        value = f"{error.member_id}:{error.project_id}:{error.day.isoformat()}"
        unlock = button("Unlock...", unlocks.NEW, value)
        return _said(f"{why}{unchanged} You can unlock it, with a reason.", unlock)
    text = f"{why}{unchanged} {_unlockers(error)}"
    if not error.is_own:
        return Message(text)
    value = f"{error.project_id}:{error.day.isoformat()}"
    return _said(text, button("Ask to unlock", unlocks.ASK, value))


def _in_week(error: locks.TimeLocked, sheet_id: SheetId, round_: int, unchanged: str) -> Message:
    """Its week was submitted or approved."""
    when = f"*{day(error.day)} {error.day.year}*"
    approved = error.reason is LockReason.APPROVED
    if not error.is_own:
        how = "is approved" if approved else "waits for approval"
        text = f"{when} is locked: that week {how}.{unchanged}"
        if not error.may_unlock:
            return Message(text)
        back = button("Return...", week_approval.RETURN, f"{sheet_id}:{round_}")
        return _said(f"{text} Return it, so that it can be changed.", back)
    if approved:
        text = (
            f"{when} is locked: your time on *{escaped(error.project_name)}* that week is "
            f"approved.{unchanged}"
        )
        return _said(text, button("Ask to get it back", week_sheets.WISH, str(sheet_id)))
    text = f"{when} is in a week that you submitted. Take it back to change it."
    return _said(text, button("Take it back", week_sheets.BACK, str(sheet_id)))


def _said(text: str, press: Block) -> Message:
    return Message(text, [section(text), actions(press)])


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
