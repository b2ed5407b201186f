"""A provider project that is not linked: what it is, and what can be decided about it."""

from bot.domain.projects.project_lists import ListedSource
from bot.views.message import Block, Modal, actions, button, clipped, escaped, header, section
from bot.views.projects.listing import OPEN, group
from bot.views.projects.place import Place, Room
from bot.views.projects.summary import THERE
from bot.views.providers import Faces, tool
from bot.views.words import local_time

CREATE = "projects.create"
LINK_TO = "projects.link_to"
IGNORE = "projects.ignore"
NOTICE = "projects.notice"


def source(found: ListedSource, place: Place, faces: Faces, *, note: str = "") -> Modal:
    """The provider project's page, for admins."""
    one = found.source
    value = str(one.id)
    key = f", key *{escaped(one.key)}*" if one.key else ""
    said = f"Not linked, in {escaped(group(one, faces))}{key}."
    buttons: list[Block] = []
    if found.ignored_at is not None:
        by = f" by {escaped(found.ignored_by)}" if found.ignored_by else ""
        said += f"\nIgnored{by}, {local_time(found.ignored_at)}: it is not offered any more."
        buttons.append(button("Stop ignoring", NOTICE, value, style="primary"))
    elif one.is_gone:
        said += f"\nIt was deleted or hidden in {tool(faces, one.provider)}."
    elif one.is_archived:
        said += f"\nIt is archived in {tool(faces, one.provider)}; bring it back there to link it."
    else:
        if one.is_personal:
            said += "\nIt is somebody's personal project, so it is not offered by itself."
        if one.is_left_out:
            said += "\nThe rules of the tool leave it out, so it is not offered by itself."
        said += (
            "\n*Create & link* makes a project of the same name, or goes back to the one it was "
            "linked to. *Link to...* takes one you have."
        )
        buttons += [
            button("Create & link", CREATE, value, style="primary"),
            button("Link to...", LINK_TO, value),
            button("Ignore", IGNORE, value),
        ]
    blocks = [
        *([section(note)] if note else []),
        header(clipped(one.name, 150)),
        section(said),
    ]
    if one.url.startswith(("https://", "http://")):
        buttons.append(button(f"Open in {tool(faces, one.provider)}", THERE, url=one.url))
    blocks += [actions(*buttons)] if buttons else []
    blocks.append(actions(button("Back to the list", OPEN)))
    metadata = place.at(Room.SOURCE, one.id).metadata()
    return Modal(
        "projects.source", "Project in your tools", blocks, close="Close", metadata=metadata
    )
