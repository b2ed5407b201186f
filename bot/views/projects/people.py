"""Who manages a project, and who belongs to it: questions and answers."""

from bot.domain.projects.projects import (
    ManagerChange,
    ManagerNotice,
    ManagerWish,
    PeopleChanged,
    PeopleForm,
)
from bot.views.message import (
    Block,
    Message,
    Modal,
    actions,
    button,
    clipped,
    context,
    escaped,
    form_input,
    plain,
    section,
)
from bot.views.projects.forms import back, listed
from bot.views.projects.listing import PROJECT
from bot.views.projects.place import Place
from bot.views.projects.summary import PEOPLE
from bot.views.words import counted

MANAGER = "projects.manager"
"""The button of one of several projects that may be meant."""

ADD, REMOVE, MANAGERS = "add", "remove", "managers"

_OFFERED = 10
_LONGEST_NAME = 150


def manager_changed(done: ManagerChange) -> Message:
    """Somebody manages a project now, or no longer."""
    who, project = escaped(done.member), escaped(clipped(done.project, _LONGEST_NAME))
    if not done.manages:
        return Message(f"{who} does not manage *{project}* any more, and stays on it.")
    joined = ", and belongs to it" if done.joined else ""
    return Message(
        f"{who} manages *{project}* now{joined}: sees, edits, unlocks and approves everybody's "
        "time on it. Its links stay with the admins."
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


def people_form(found: PeopleForm, place: Place) -> Modal:
    """Who is put on and who is taken off; for one project, also who manages it."""
    which = f"*{escaped(clipped(found.project, _LONGEST_NAME))}*" if found.project else ""
    which = which or f"the {counted(found.projects, 'project')} that are ticked"
    blocks: list[Block] = [
        section(f"Who is on {which}?"),
        form_input("Put on", ADD, _people("Choose people"), optional=True),
        form_input("Take off", REMOVE, _people("Choose people"), optional=True),
    ]
    if found.project is not None:
        managers = _people("Nobody but admins")
        if found.managers:
            managers["initial_users"] = list(found.managers)
        hint = "They see, edit, unlock and approve everybody's time on it, and are on it."
        blocks.append(form_input("Managers", MANAGERS, managers, hint=hint, optional=True))
    blocks += [
        context(
            "Who is put on by hand stays, whatever the members policy says; who is taken off is "
            "not put back by it. A timer of theirs there is stopped and kept, and they are told."
        ),
        actions(*back(place)),
    ]
    return Modal(PEOPLE, "People", blocks, submit="Save", metadata=place.metadata())


def _people(placeholder: str) -> Block:
    return {"type": "multi_users_select", "placeholder": plain(placeholder)}


def people_changed(done: PeopleChanged) -> str:
    """What saving did."""
    where = "" if done.projects == 1 else f" of the {done.projects:,} projects"
    lines = []
    if done.added:
        lines.append(f"Put on{where}: {listed(done.added)}.")
    if done.removed:
        lines.append(f"Taken off{where}: {listed(done.removed)}.")
    if done.stopped:
        lines.append(f"{counted(done.stopped, 'timer was', 'timers were')} stopped and kept.")
    if done.named:
        lines.append(f"Now managing it: {listed(done.named)}.")
    if done.unnamed:
        lines.append(f"Not managing it any more: {listed(done.unnamed)}.")
    if not lines:
        lines.append("Nothing was different, so nothing was changed.")
    if done.unconnected:
        lines.append(
            f"Without a connected account in the tool yet: {listed(done.unconnected)}. Until they "
            "connect, its tasks are not theirs to track: `/link users` asks them."
        )
    if done.strangers:
        who = "1 of the chosen is" if done.strangers == 1 else f"{done.strangers} of them are"
        lines.append(f"{who} no person of this workspace (a bot, for example) or deactivated.")
    return "\n".join(lines)


def told_named(notice: ManagerNotice) -> Message:
    """To who manages a project now."""
    by = f"{escaped(notice.by)} made you a manager" if notice.by else "You are a manager"
    project = escaped(clipped(notice.project, _LONGEST_NAME))
    said = (
        f"{by} of *{project}*: you see everybody's time on it, and may edit, unlock and approve it."
    )
    show = button("Open project", PROJECT, str(notice.project_id), says=f"Open {notice.project}")
    return Message(said, [section(said), actions(show)])


def told_removed(notice: ManagerNotice) -> Message:
    """To who manages it no longer."""
    by = f", says {escaped(notice.by)}" if notice.by else ""
    project = escaped(clipped(notice.project, _LONGEST_NAME))
    return Message(f"You do not manage *{project}* any more{by}. Your own time stays as it is.")
