"""One project on the screen: what it is, who is on it, where its time goes, what can be done."""

from collections.abc import Mapping

from bot.domain.projects.project_summary import (
    Colour,
    Hours,
    LinkLine,
    ProjectSummary,
    RecentEntry,
    Standing,
    SyncLine,
)
from bot.domain.states import IntegrationState, SyncRunState
from bot.views.entries.listing import EDIT as EDIT_ENTRY
from bot.views.entries.listing import edit_button
from bot.views.message import (
    Block,
    Modal,
    actions,
    button,
    clipped,
    context,
    divider,
    escaped,
    header,
    menu,
    section,
)
from bot.views.projects.listing import OPEN, group
from bot.views.projects.money import money
from bot.views.projects.place import Place, Room
from bot.views.providers import Faces, tool
from bot.views.times import day, length, noted, quiet
from bot.views.tracking.team_timers import who_button
from bot.views.words import counted, local_time
from bot.views.writing import worklogs

EDIT = "projects.edit"
ARCHIVE = "projects.archive"
RESTORE = "projects.restore"
PEOPLE = "projects.people"
RESYNC = "projects.resync_site"
UNLINK = "projects.unlink_one"
RUNS = "projects.runs"
ENTRIES = "projects.entries"
TABLE = "projects.table"
CHART = "projects.chart"
THERE = "projects.there"
"""A link into the tool; nothing of ours happens."""

_NAME = 150
_WHERE = 80
_REASON = 300

COLOURS: Mapping[Colour, str] = {
    Colour.RED: "\U0001f7e5 red",
    Colour.ORANGE: "\U0001f7e7 orange",
    Colour.YELLOW: "\U0001f7e8 yellow",
    Colour.GREEN: "\U0001f7e9 green",
    Colour.BLUE: "\U0001f7e6 blue",
    Colour.PURPLE: "\U0001f7ea purple",
    Colour.BROWN: "\U0001f7eb brown",
    Colour.BLACK: "\u2b1b black",
}


def summary(found: ProjectSummary, place: Place, faces: Faces, *, note: str = "") -> Modal:
    """The project's page."""
    is_admin = found.standing is Standing.ADMIN
    blocks: list[Block] = [
        *([section(note)] if note else []),
        header(found.name),
        section(_state(found, faces)),
        *_source(found, faces, is_admin=is_admin),
        divider(),
        *_people(found, is_admin=is_admin),
        divider(),
        *_time(found),
        *money(found.money, found.id, is_admin=is_admin),
    ]
    if found.recent:
        whose = "Your last entries" if found.standing is Standing.MEMBER else "Last entries"
        every = button("All entries", ENTRIES, f"{found.id}:0", says="All entries on this project")
        blocks += [divider(), section(f"*{whose}*", accessory=every)]
        blocks += [entry(one, found.standing, may_edit=found.may_edit) for one in found.recent]
    blocks += [divider(), actions(*_buttons(found, is_admin=is_admin))]
    return Modal(
        "projects.summary",
        "Project",
        blocks,
        close="Close",
        metadata=place.at(Room.PROJECT, found.id).metadata(),
    )


def _state(found: ProjectSummary, faces: Faces) -> str:
    parts = [f"Code *{found.code}*"]
    if found.colour is not None:
        parts.append(COLOURS[found.colour])
    if found.standing is Standing.MANAGER:
        parts.append("you manage it")
    if found.archived_at is not None:
        parts.append(f"*archived here*, {local_time(found.archived_at)}")
    elif found.is_archived_there:
        where = tool(faces, found.links[0].source.provider)
        parts.append(f"*archived in {where}*")
    said = ", ".join(parts) + "."
    if found.is_archived:
        said += " Timers are off, and members log and change nothing; an admin may log by hand."
    return said


def _source(found: ProjectSummary, faces: Faces, *, is_admin: bool) -> list[Block]:
    if not found.links:
        return [section("Internal: it is linked to no tool.")]
    blocks: list[Block] = []
    by_site = {one.integration_id: one for one in found.syncs}
    for link in found.links:
        blocks.append(section(_link(link, found, faces)))
        sync = by_site.pop(link.source.integration_id, None)
        buttons = _there(link, faces)
        if is_admin:
            if sync is not None:
                blocks.append(section(_sync(sync), accessory=_runs(sync)))
                buttons += _resync(sync)
            name = clipped(link.source.name, 40)
            value = str(link.source.id)
            buttons.append(button("Unlink...", UNLINK, value, says=f"Unlink {name}"))
        blocks += [actions(*buttons)] if buttons else []
    left = found.links_total - len(found.links)
    if left > 0:
        blocks.append(context(f"And {left} more provider projects feed it."))
    return blocks


def _link(link: LinkLine, found: ProjectSummary, faces: Faces) -> str:
    source = link.source
    key = f" ({escaped(source.key)})" if source.key else ""
    by = f"by {escaped(link.linked_by)}" if link.linked_by else "by the link policy"
    said = (
        f"Connected to *{escaped(clipped(source.name, _NAME))}*{key} in "
        f"{escaped(group(source, faces))}: {counted(link.tasks, 'task')}. "
        f"Linked {by}, {local_time(link.linked_at)}."
    )
    provider = tool(faces, source.provider)
    if source.is_gone:
        said += f"\n*It was deleted or hidden in {provider}.* Its time stays."
    elif source.is_archived and not found.is_archived_there:
        said += f"\n*It is archived in {provider}*: timers on its tasks are off."
    if source.site_state is IntegrationState.DISCONNECTED:
        said += f"\n*{escaped(clipped(source.site_name, _WHERE))} is disconnected.*"
    return said


def _there(link: LinkLine, faces: Faces) -> list[Block]:
    source = link.source
    if not source.url.startswith(("https://", "http://")):
        return []
    label = f"Open in {tool(faces, source.provider)}"
    return [button(label, f"{THERE}#{source.id}", url=source.url)]


def _sync(sync: SyncLine) -> str:
    last = local_time(sync.synced_at) if sync.synced_at else "never"
    return f"Last synced: {last}. {_health(sync)}"


def _health(sync: SyncLine) -> str:
    if sync.state is IntegrationState.BROKEN:
        return "*It needs new credentials.*"
    run = sync.last_run
    if run is None:
        return "The first sync is about to start."
    if run.state is SyncRunState.RUNNING:
        return "Syncing now."
    if run.state is SyncRunState.FAILED:
        return f"*The last sync failed*: {escaped(clipped(run.error or 'unknown', _REASON))}"
    return "Works."


def _runs(sync: SyncLine) -> Block:
    name = clipped(sync.site_name, 40)
    return button("Run history", RUNS, str(sync.integration_id), says=f"Run history of {name}")


def _resync(sync: SyncLine) -> list[Block]:
    if sync.state is not IntegrationState.ACTIVE:
        return []
    says = f"Read its tasks in {clipped(sync.site_name, 40)} again in full"
    return [button("Resync tasks", RESYNC, str(sync.integration_id), says=says)]


def _people(found: ProjectSummary, *, is_admin: bool) -> list[Block]:
    managers = ", ".join(escaped(clipped(name, _WHERE)) for name in found.managers)
    names = ", ".join(escaped(clipped(name, _WHERE)) for name in found.people)
    left = found.people_total - len(found.people)
    more = f" and {left} more" if left > 0 else ""
    members = f"{counted(found.people_total, 'person', 'people')}: {names}{more}."
    said = f"*People*\nManaged by: {managers or 'nobody but admins'}.\n" + (
        members if found.people_total else "Nobody is on it."
    )
    change = button("Change people", PEOPLE, str(found.id), says="Change who is on it")
    return [section(said, accessory=change if is_admin else None)]


def _time(found: ProjectSummary) -> list[Block]:
    whose = "Your time" if found.standing is Standing.MEMBER else "Time"
    hours = found.hours
    recently = f"{length(hours.week)} this week, {length(hours.month)} this month"
    lines = [f"*{whose}*", f"{recently}, {length(hours.total)} in all."]
    if found.running:
        lines.append(f"{counted(found.running, 'timer runs', 'timers run')} now.")
    sees = found.running and found.standing is not Standing.MEMBER
    blocks = [section("\n".join(lines), accessory=who_button(found.id) if sees else None)]
    if found.by_person:
        people = [
            f"{escaped(clipped(one.name, _WHERE))}: {_hours(one.hours)}" for one in found.by_person
        ]
        blocks.append(_ranked("By person", people, found.by_person_total))
    if found.by_task:
        tasks = [
            f"{_named(one.on.task_id, quiet(one.on))}: {_hours(one.hours)}" for one in found.by_task
        ]
        blocks.append(_ranked("By task", tasks, found.by_task_total))
    return blocks


def _named(task_id: int | None, name: str) -> str:
    return name if task_id is not None else "Without a task"


def _ranked(title: str, lines: list[str], total: int) -> Block:
    left = total - len(lines)
    more = [f"and {left} more"] if left > 0 else []
    head = f"*{title}*, this week / this month / in all"
    return section("\n".join([head, *lines, *more]))


def _hours(hours: Hours) -> str:
    return " / ".join(length(one) for one in (hours.week, hours.month, hours.total))


def entry(one: RecentEntry, standing: Standing, *, may_edit: bool) -> Block:
    """One entry, with *Edit* for who may change it."""
    who = "" if standing is Standing.MEMBER else f"{escaped(clipped(one.person, _WHERE))}, "
    note = f" - {noted(clipped(one.note, 80))}" if one.note else ""
    what = _named(one.on.task_id, quiet(one.on))
    mark = worklogs.mark(one.worklog)
    said = f"{day(one.work_date)}: {who}{what}, {length(one.seconds)}{note}"
    said = f"{said}\n{mark[:1].upper()}{mark[1:]}" if mark else said
    owed = worklogs.menu_items(one.worklog)
    if owed:
        edit = [("Edit", EDIT_ENTRY, str(one.id))] if may_edit else []
        return section(said, accessory=menu(str(one.id), *edit, *owed))
    return section(said, accessory=edit_button(one.id, one.on) if may_edit else None)


def _buttons(found: ProjectSummary, *, is_admin: bool) -> list[Block]:
    back, value = button("Back to the list", OPEN), str(found.id)
    table = button("As a table", TABLE, value, says="Send me this project's time as a table")
    chart = button("Chart", CHART, value, says="Send me a chart of its budget, or of its time")
    if not is_admin:
        return [back, table, chart]
    edit = button("Name, code, colour", EDIT, value, says="Change name, code and colour")
    if found.archived_at is not None:
        return [back, table, chart, edit, button("Bring back", RESTORE, value, style="primary")]
    return [back, table, chart, edit, button("Archive...", ARCHIVE, value)]
