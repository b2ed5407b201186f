"""``/link`` for whoever is no admin: what is linked for them, and the next step."""

from collections.abc import Sequence

from bot.domain.linking.overview import OwnOverview, OwnProject
from bot.domain.people.account_links import Standing
from bot.domain.states import AccountLinkState
from bot.views.message import Block, Message, actions, button, clipped, context, escaped, section
from bot.views.offers import search_tasks
from bot.views.people.standing import standings
from bot.views.projects.listing import OPEN
from bot.views.providers import Faces, tool
from bot.views.words import ask_an_admin, counted

_NAME = 80
_MISSING = 3
"""Sites without an account that are shown with their buttons."""


def own_overview(found: OwnOverview, faces: Faces) -> Message:
    """Their projects, the accounts that are missing, and whom to ask for more."""
    missing = [one for one in found.standings if not _is_connected(one)]
    whom = f"Admins connect tools and link projects. {ask_an_admin(found.admins)} for more."
    what = _projects(found, faces) if found.total else _nothing(found, missing)
    accounts = standings(missing[:_MISSING], faces) if missing else Message("")
    blocks = [section(what), *accounts.blocks]
    if row := _next(found):
        blocks.append(actions(*row))
    said = "\n".join(part for part in (what, accounts.text, whom) if part)
    return Message(said, [*blocks, context(whom)])


def _projects(found: OwnOverview, faces: Faces) -> str:
    lines = [_line(one, faces) for one in found.projects]
    if found.total > len(lines):
        lines.append(f"and {found.total - len(lines):,} more")
    head = f"You can track time on {counted(found.total, 'project')}:"
    return "\n".join([head, *(f"\N{BULLET} {line}" for line in lines)])


def _line(one: OwnProject, faces: Faces) -> str:
    name = f"*{escaped(clipped(one.name, _NAME))}*"
    if not one.provider:
        return name
    return f"{name} from {escaped(tool(faces, one.provider))} ({escaped(clipped(one.site, _NAME))})"


def _nothing(found: OwnOverview, missing: Sequence[Standing]) -> str:
    if not found.standings:
        return "No tool is connected to Hourlink yet, and there is no project of yours."
    if len(missing) == len(found.standings):
        return "Connect your account, and the projects that you see there appear here."
    return "There is no project yet that you can track time on."


def _next(found: OwnOverview) -> list[Block]:
    if not found.total:
        return []
    return [search_tasks(), button("My projects", OPEN)]


def _is_connected(one: Standing) -> bool:
    return one.link is not None and one.link.state is AccountLinkState.CONNECTED
