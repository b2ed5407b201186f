"""Who manages a project, and who belongs to it: questions and answers."""

from bot.domain.projects import ManagerChange, ManagerWish
from bot.views.message import Message, button, clipped, context, escaped, section

MANAGER = "projects.manager"
"""The button of one of several projects that may be meant."""

_OFFERED = 10
_LONGEST_NAME = 150


def manager_changed(done: ManagerChange) -> Message:
    """Somebody manages a project now, or no longer."""
    who, project = escaped(done.member), escaped(clipped(done.project, _LONGEST_NAME))
    if not done.manages:
        return Message(f"{who} does not manage *{project}* any more, and stays on it.")
    joined = " They are on it now, too." if done.joined else ""
    return Message(
        f"{who} manages *{project}* now: sees, edits, unlocks and approves everybody's time on "
        f"it. Its links stay with the admins.{joined}"
    )


def which_project(wish: ManagerWish) -> Message:
    """Several projects are called that: a button each."""
    who = escaped(wish.member)
    does = "does not manage any more" if wish.remove else "manages"
    question = f"{len(wish.projects)} projects match. Which one is it that {who} {does}?"
    blocks = [section(question)]
    listed = []
    for position, one in enumerate(wish.projects[:_OFFERED]):
        said = f"*{escaped(clipped(one.name, _LONGEST_NAME))}* ({one.code})"
        listed.append(said)
        value = f"{one.id}:{wish.member_id}:{int(not wish.remove)}"
        choose = button("This one", f"{MANAGER}#{position}", value, says=f"Choose {one.code}")
        blocks.append(section(said, accessory=choose))
    left = len(wish.projects) - _OFFERED
    more = f"And {left} more: type the whole name in quotes, or its code." if left > 0 else ""
    if more:
        blocks.append(context(more))
    return Message(" ".join([question, "; ".join(listed), more]).strip(), blocks)
