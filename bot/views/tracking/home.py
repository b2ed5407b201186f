"""The App Home: a member's own time, and for admins the Overview (T8, L10)."""

from collections.abc import Sequence
from typing import Any

from bot.domain.linking.overview import Overview
from bot.domain.people.account_links import Standing
from bot.domain.preferences import StartPage
from bot.domain.states import AccountLinkState
from bot.domain.tracking.home import MemberHome
from bot.domain.values import dataclass
from bot.views.linking import overview
from bot.views.message import (
    Block,
    Message,
    Modal,
    actions,
    button,
    context,
    divider,
    header,
    section,
)
from bot.views.people import accounts as people
from bot.views.people.standing import standings
from bot.views.projects import listing as projects_list
from bot.views.providers import Faces
from bot.views.tracking.home_tasks import tasks_part
from bot.views.tracking.home_time import MOST_ENTRIES, timer_part, today_part, week_part
from bot.views.tracking.team_timers import who_button
from bot.views.words import GUESTS, ask_an_admin

ACCOUNTS = "home.accounts"
OVERVIEW = "home.overview"

_MOST_BLOCKS = 100
_MOST_MISSING, _MOST_CONNECTED = 5, 10
"""Sites that are shown one by one; the others are behind a button."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a person's App Home is made of."""

    mine: MemberHome
    overview: Overview | None = None
    """For admins."""
    notice: Message | None = None
    """What came of what they did here."""


def home(page: Page, faces: Faces) -> dict[str, Any]:
    """A person's App Home, within Slack's hundred blocks."""
    notice = [] if page.notice is None else [*_said(page.notice), divider()]
    every = [] if page.overview is None else list(overview.overview(page.overview, faces).blocks)
    room = _MOST_BLOCKS - len(notice) - 1
    own = _own(page, faces, MOST_ENTRIES)
    over = len(own) + len(every) - room
    if over > 0:
        own = _own(page, faces, MOST_ENTRIES - over)
        every = _shortened(every, room - len(own))
    overview_first = page.mine.start_page is StartPage.OVERVIEW
    first, second = (every, own) if overview_first else (own, every)
    between = [divider()] if first and second else []
    return {"type": "home", "blocks": [*notice, *first, *between, *second]}


def accounts_form(found: Sequence[Standing], faces: Faces) -> Modal:
    """Every site and where the member stands, over the App Home."""
    if not found:
        return people.in_form(Message("No tool is connected any more."))
    return people.in_form(standings(found, faces))


def overview_form(found: Overview, faces: Faces) -> Modal:
    """The whole Overview, where the App Home had no room for it."""
    blocks = overview.overview(found, faces).blocks
    return Modal(OVERVIEW, "Overview", blocks, close="Close", returns=True)


def _own(page: Page, faces: Faces, most_entries: int) -> list[Block]:
    mine = page.mine
    if not mine.standings and not mine.can_track and not mine.week.total:
        return [] if page.overview is not None else _welcome(mine.admins)
    if not mine.can_track and not mine.week.total:
        return [*_connect_first(page, faces), *_foot(page)]
    return [
        header("Your time"),
        *timer_part(mine),
        *today_part(mine, most_entries),
        *week_part(mine),
        *tasks_part(mine),
        *_accounts(mine.standings, faces),
        *_foot(page),
    ]


def _welcome(admins: Sequence[str]) -> list[Block]:
    text = (
        "Your team has not connected a tool yet. Once an admin has, you connect your own account "
        f"here and track time on its tasks. {ask_an_admin(admins)}."
    )
    return [header("Welcome to Hourlink"), section(text)]


def _connect_first(page: Page, faces: Faces) -> list[Block]:
    if any(_is_connected(one) for one in page.mine.standings):
        text = (
            "Your account is connected. As soon as you belong to a project, its tasks appear here."
        )
    elif all(one.waits_to_be_asked for one in page.mine.standings):
        text = f"{GUESTS} {ask_an_admin(page.mine.admins)}; then your tasks appear here."
    else:
        text = "Connect your account, and the tasks that you see there appear here."
    accounts = _accounts(page.mine.standings, faces, is_next=True)
    return [header("Welcome to Hourlink"), section(text), *accounts]


def _accounts(found: Sequence[Standing], faces: Faces, *, is_next: bool = False) -> list[Block]:
    """Where they stand with each site: what is to be mended with its buttons, then the rest."""
    if not found:
        return []
    missing = [one for one in found if not _is_connected(one)]
    connected = [one for one in found if _is_connected(one)]
    first = is_next and not connected
    blocks = [
        header("Your accounts"),
        *standings(missing[:_MOST_MISSING], faces, is_next=first).blocks,
    ]
    if connected:
        blocks.append(section(standings(connected[:_MOST_CONNECTED], faces).text))
    hidden = len(missing[_MOST_MISSING:]) + len(connected[_MOST_CONNECTED:])
    if hidden:
        blocks.append(context(f"And {hidden} more."))
    if connected or hidden:
        blocks.append(actions(button("Manage accounts", ACCOUNTS)))
    return blocks


def _is_connected(one: Standing) -> bool:
    return one.link is not None and one.link.state is AccountLinkState.CONNECTED


def _foot(page: Page) -> list[Block]:
    hint = "`/track start TASK-12` starts a timer anywhere. `/track help` lists the rest."
    settings = button("Settings", "settings.member")
    mine = page.mine
    are_there = mine.is_on_projects or mine.week.total or any(map(_is_connected, mine.standings))
    own = [button("My projects", projects_list.OPEN)] if are_there and not page.overview else []
    others = [who_button()] if mine.manages and not page.overview else []
    return [actions(*own, *others, settings), context(hint)]


def _said(notice: Message) -> Sequence[Block]:
    return notice.blocks or [section(notice.text)]


def _shortened(blocks: list[Block], room: int) -> list[Block]:
    """As many as there is room for, and a button to all of them."""
    if len(blocks) <= room:
        return blocks
    return [*blocks[: room - 1], actions(button("Show the whole Overview", OVERVIEW))]
