"""What people look for behind ``/link`` and find in a form: which one, and the button to it."""

from bot.views.message import Block, button
from bot.views.projects.listing import OPEN

_ARCHIVED = (
    "Archiving, and bringing back, is done in *Projects*: on a project's page, or for several."
)
_SET = "That is set in *Projects*: on a project's page, or for several."
_LISTED = "*Projects* lists them: linked, unlinked, ignored, archived."

_IN_PROJECTS = {
    **dict.fromkeys(("archive", "archived", "unarchive", "restore"), _ARCHIVED),
    **dict.fromkeys(("budget", "budgets", "billing", "billable", "fee"), _SET),
    **dict.fromkeys(("code", "colour", "color", "rename", "members", "member"), _SET),
    **dict.fromkeys(("projects", "list", "ignore", "ignored", "unignore", "unlinked"), _LISTED),
}


def elsewhere(word: str) -> tuple[str, list[Block]]:
    """Where that is done, and the button that opens it; nothing for other words."""
    text = _IN_PROJECTS.get(word.lower(), "")
    return text, [button("Projects", OPEN)] if text else []
