"""What a form's select offers to put time on, and the buttons of next steps that many offer."""

from collections import Counter
from collections.abc import Sequence

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import TimeEntryId
from bot.domain.tasks.finding import Candidate, Offer
from bot.views.message import Block, Option, OptionGroup, button, clipped


def target(on: TaskLabel) -> str:
    """How a button or option names it: a task's id, or a project's behind a ``p``."""
    return str(on.task_id) if on.task_id else f"p{on.project_id}"


def again_on(on: TaskLabel, entry_id: TimeEntryId) -> str:
    """The same for *Start again*: the timer begins with the note of that entry."""
    return f"{target(on)}@{entry_id}"


def start_listed(on: TaskLabel) -> Block:
    """*Start*, in a list: the action's id says which, as one message has it many times."""
    value = target(on)
    return button("Start", f"track.start#{value}", value, says=f"Start {clipped(on.name, 60)}")


def start_named(on: TaskLabel) -> Block:
    """The same with its name on it, beside others in a row."""
    value = target(on)
    label, says = f"Start {clipped(on.short, 60)}", f"Start {clipped(on.name, 60)}"
    return button(label, f"track.start#{value}", value, says=says)


def choices(found: Sequence[Candidate]) -> list[Option]:
    """Tasks, each with its project's name; or projects."""
    told = places(found)
    return [
        Option(one.on.name, target(one.on), f"{where}{done_mark(one)}")
        for one, where in zip(found, told, strict=True)
    ]


def places(found: Sequence[Candidate]) -> list[str]:
    """The name of each one's project; with its site, where two sites have one of that name."""
    return [
        f"{one.on.project_name} ({site})" if site else one.on.project_name
        for one, site in zip(found, telling_sites(found), strict=True)
    ]


def telling_sites(found: Sequence[Candidate]) -> list[str]:
    """The site of each whose project is called like another one; empty for all others."""
    names = Counter(name for _, name in {(one.on.project_id, one.on.project_name) for one in found})
    return [
        one.place.source.site if names[one.on.project_name] > 1 and one.place.source else ""
        for one in found
    ]


def done_mark(one: Candidate) -> str:
    """What stands behind a task that is done, among others to choose from."""
    return ", done" if one.is_done else ""


def connect_a_tool() -> Block:
    """The button that leads admins to a tool's form."""
    return button("Connect a tool", "connect.choose", style="primary")


def search_tasks(pending_id: int = 0) -> Block:
    """The button that opens the search of tasks to start, or for what a command kept."""
    return button("Search tasks", "track.search", str(pending_id or ""))


def log_time() -> Block:
    """The button that opens an empty *Log time*."""
    return button("Log time", "log.open")


def groups(offer: Offer) -> list[OptionGroup]:
    """What the select offers: tasks, then projects as such."""
    projects = [
        Option(one.on.project_name, target(one.on), where if where != one.on.project_name else "")
        for one, where in zip(offer.projects, places(offer.projects), strict=True)
    ]
    tasks = OptionGroup("Tasks", choices(offer.tasks))
    named = (tasks, OptionGroup("Projects, without a task", projects))
    return [group for group in named if group.options]
