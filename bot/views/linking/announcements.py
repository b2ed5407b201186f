"""The channel message about unlinked projects, and the form behind *Link to...*."""

from collections.abc import Sequence

from bot.domain.ids import ProviderProjectId
from bot.domain.linking.announcements import AnnouncedProject, Announcement, Decision
from bot.domain.linking.linking import Target
from bot.domain.projects.project_lists import Shown
from bot.views.message import (
    Block,
    Message,
    Modal,
    Option,
    actions,
    button,
    clipped,
    context,
    escaped,
    form_input,
    plain,
    section,
)
from bot.views.projects import listing as projects_list
from bot.views.words import local_time

LINK_FORM = "announce.link"
PICK_PROJECT = "announce.project"
"""Block and action of the select that searches projects."""

_SHOWN_NAME = 60
_SAID_TWICE = 30
"""Characters of a name that may stand twice in a line."""
_SHOWN_KEY = 20
_SHOWN_SITE = 100


POSTED_AGAIN = Message("It is being posted again.")


def announcement(found: Announcement, provider: str, icon: str = "") -> Message:
    """The message as the announcement stands now.

    Args:
        found: The announcement.
        provider: What the provider is called.
        icon: Its emoji, with colons.
    """
    if found.is_disconnected:
        site = _site(found, provider)
        text = f"{site} is disconnected; its projects cannot be linked any more."
        decided = [_sentence(row) for row in found.rows if row.linked or row.ignored]
        return Message("\n".join([text, *decided]), [section(said) for said in (text, *decided)])
    head = _head(found, provider)
    blocks: list[Block] = [section(f"{icon} {head}".strip())]
    for row in found.rows:
        blocks += _row(row)
    hidden = found.total - len(found.rows)
    if found.rows and hidden > 0:
        blocks.append(context(f"{_projects(hidden)} more are not shown here."))
    blocks += _footer(found, hidden)
    lines = [head, *(_sentence(row) for row in found.rows)]
    if found.rows and hidden > 0:
        lines.append(f"And {_projects(hidden)} more.")
    return Message("\n".join(lines), blocks)


def _head(found: Announcement, provider: str) -> str:
    new = "" if found.is_summary else "new "
    total = f"{found.total} {new}project{'' if found.total == 1 else 's'}"
    where = f"in *{_site(found, provider)}*"
    if found.unlinked == found.total:
        is_are = "is" if found.total == 1 else "are"
        return f"{total} {where} {is_are} not linked yet."
    if found.unlinked:
        is_are = "is" if found.unlinked == 1 else "are"
        return f"{total} {where}: {found.unlinked} {is_are} not linked yet."
    if found.rows and all(row.linked and not row.linked.by for row in found.rows):
        was = "was" if found.total == 1 else "were"
        return f"{total} {where} {was} linked by the link policy."
    return f"{total} {where}: nothing is left to decide."


def _site(found: Announcement, provider: str) -> str:
    return f"{escaped(provider)}, {escaped(clipped(found.site_name, _SHOWN_SITE))}"


def _row(row: AnnouncedProject) -> list[Block]:
    name = clipped(row.name, 40)
    if row.ignored and not row.linked:
        undo = button("Undo", "announce.unignore", str(row.id), says=f"Undo ignoring {name}")
        return [section(_sentence(row), accessory=undo)]
    if not row.is_open:
        return [section(_sentence(row))]
    link, create, ignore = (
        button("Link to...", "announce.link_to", str(row.id), says=f"Link {name} to a project"),
        button(
            "Create & link",
            "announce.create",
            str(row.id),
            says=f"Create a project for {name}, and link it",
        ),
        button("Ignore", "announce.ignore", str(row.id), says=f"Ignore {name}"),
    )
    return [section(_sentence(row)), actions(link, create, ignore)]


def _sentence(row: AnnouncedProject) -> str:
    title = f"*{escaped(clipped(row.name, _SHOWN_NAME))}*"
    if row.key:
        title += f" ({escaped(clipped(row.key, _SHOWN_KEY))})"
    if row.linked:
        return f"{title} linked to {_where_to(row)} {_by(row.linked)}."
    if row.ignored:
        return f"{title} ignored {_by(row.ignored)}."
    if row.is_gone:
        return f"{title} is no longer there."
    if row.is_archived:
        return f"{title} is archived."
    if row.workspace_name:
        return f"{title} in {escaped(clipped(row.workspace_name, _SHOWN_NAME))}"
    return title


def _where_to(row: AnnouncedProject) -> str:
    if row.project == row.name and len(row.name) > _SAID_TWICE:
        return "a project of the same name"
    return escaped(clipped(row.project or "a project", _SHOWN_NAME))


def _by(decision: Decision) -> str:
    who = (
        f"by {escaped(clipped(decision.by, _SHOWN_NAME))}" if decision.by else "by the link policy"
    )
    return f"{who}, {local_time(decision.at)}"


def _footer(found: Announcement, hidden: int) -> list[Block]:
    if not found.unlinked:
        return []
    if found.rows and hidden > 0:
        there = f"{Shown.UNLINKED.value}:{found.integration_id}"
        return [actions(button("Open list", projects_list.OPEN, there))]
    if found.unlinked == 1 and not found.is_summary:
        return []
    which = str(found.id)
    every = button("Connect all", "announce.all", which, says="Connect all unlinked projects")
    choose = button("Choose", "announce.choose", which, says="Choose which projects to connect")
    return [actions(every, choose)]


def _projects(count: int) -> str:
    return f"{count} project{'' if count == 1 else 's'}"


def link_form(provider_project: str, provider_project_id: ProviderProjectId) -> Modal:
    """Asks which project a provider project is linked to."""
    select: Block = {
        "type": "external_select",
        "action_id": PICK_PROJECT,
        "placeholder": plain("Type a name or code"),
        "min_query_length": 0,
    }
    name = escaped(clipped(provider_project, _SHOWN_NAME))
    return Modal(
        callback_id=LINK_FORM,
        title="Link to a project",
        blocks=[
            section(f"The tasks of *{name}* will be tracked on the project you choose."),
            form_input("Project", PICK_PROJECT, select),
        ],
        submit="Link",
        metadata=str(provider_project_id),
    )


def project_options(targets: Sequence[Target]) -> list[Option]:
    """What the select of projects offers."""
    return [
        Option(
            label=one.name,
            value=str(one.id),
            hint=f"{one.code}, connected already" if one.is_connected else one.code,
        )
        for one in targets
    ]
