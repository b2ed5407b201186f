"""The main job, told once: by people over HTTP or in a browser, on a board or on Redmine."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from playground.people import Somebody
from tests.scenarios.running import Installation
from tests.scenarios.waits import Look, eventually, said

CHANNEL = "ops"
SLOW = 300.0
"""Seconds that a sync with everything around it may take on a busy machine."""

ON_ITS_WAY = "outbox WHERE kind = 'announcement.post' AND state IN ('pending', 'sending')"


class Tool(Protocol):
    """The project-management tool of a story: two projects to link and one that is archived."""

    slug: str
    name: str
    """What the form calls it."""
    wrong: dict[str, str]
    """Fields of the connect form, with a key that does not open it."""
    right: dict[str, str]
    main: str
    """The project that gets a project of its own."""
    second: str
    """The project that is linked to an existing one."""
    archived: str
    first: int
    """A task of the main project, by number."""
    title: str
    other: int
    proves_by_email: bool
    """Whether an equal e-mail address is proof enough here."""
    free_account: str
    """An account nobody is suggested for."""

    def make_project(self) -> str:
        """Somebody adds a project; its name."""

    def rename(self, number: int, title: str) -> None:
        """Somebody renames a task of the main project."""


@dataclass(frozen=True)
class Cast:
    """Who plays."""

    ana: Somebody
    """An admin."""
    bo: Somebody
    cleo: Somebody
    dan: Somebody


Picture = Callable[[Somebody, str], None]
"""May take a screenshot of what somebody sees."""


def tell(cast: Cast, tool: Tool, installation: Installation, picture: Picture) -> None:
    """Tells the whole story."""
    connects(cast.ana, tool, picture)
    is_announced_once(cast.ana, tool, installation, picture)
    code = links(cast.ana, tool, picture)
    first, other = f"{code}-{tool.first}", f"{code}-{tool.other}"
    is_refused_before_connecting(cast.bo, first)
    people_connect(cast, tool, picture)
    tracks(cast.bo, tool, (first, other), installation, picture)
    is_asked_which(cast.bo, first, picture)
    follows_the_tool(cast.ana, cast.bo, tool, first)


def connects(ana: Somebody, tool: Tool, picture: Picture) -> None:
    """A wrong key is refused with the reason and nothing is kept; the right one connects."""
    ana.types(f"/link connect {tool.slug}", channel=CHANNEL)
    ana.sees(f"Connect {tool.name}")
    for label, value in tool.wrong.items():
        ana.fills(label, value)
    ana.submits()
    ana.sees("The credentials were not accepted", timeout=SLOW)
    picture(ana, "connect-refused")
    ana.closes()
    ana.types("/link", channel=CHANNEL)
    ana.sees("Connect your first tool", channel=CHANNEL)
    ana.types(f"/link connect {tool.slug}", channel=CHANNEL)
    for label, value in tool.right.items():
        ana.fills(label, value)
    ana.submits()
    ana.sees("Connected:", timeout=SLOW)
    ana.closes()


def is_announced_once(
    ana: Somebody, tool: Tool, installation: Installation, picture: Picture
) -> None:
    """What is unlinked is announced, the archived one is not, and a restart repeats nothing."""
    seen = ana.sees(tool.main, channel=CHANNEL, timeout=SLOW)
    assert seen.holds(tool.second)
    assert not seen.holds(tool.archived)
    picture(ana, "announcement")
    # Killed before it is written down, the post would be one of unknown outcome.
    is_settled(installation)
    installation.kill()
    installation.start()
    ana.types("/link sync", channel=CHANNEL)
    ana.sees("is in sync", channel="app", timeout=SLOW)
    announced = [one for one in ana.messages(CHANNEL) if one.holds(tool.main)]
    assert len(announced) == 1, "\n\n".join(map(str, announced))


def is_settled(installation: Installation) -> None:
    """Waits until what was announced is written down, too."""
    look = Look(installation.environment["HOURLINK_DATABASE_URL"])
    eventually(lambda: look.count(ON_ITS_WAY) == 0, "everything to be told")
    look.close()


def links(ana: Somebody, tool: Tool, picture: Picture) -> str:
    """One project gets a new one, another goes to an existing one; the code of the first."""
    ana.types(f'/link project "{tool.main}" new', channel=CHANNEL)
    told = ana.sees("is linked to a new project, code", channel=CHANNEL)
    found = re.search(r"code \*?(\w+)", told.text)
    assert found, told
    ana.sees(f"linked to {tool.main} by Ana Ruiz", channel=CHANNEL, timeout=SLOW)
    ana.types('/link new "Website"', channel=CHANNEL)
    ana.sees("Made the project", channel=CHANNEL)
    ana.clicks("Link to...", on=tool.second, channel=CHANNEL)
    ana.chooses("Project", "Website", typing="Web")
    picture(ana, "link-to")
    ana.submits()
    ana.sees("linked to Website by Ana Ruiz", channel=CHANNEL, timeout=SLOW)
    picture(ana, "announcement-done")
    return found[1]


def is_refused_before_connecting(bo: Somebody, task: str) -> None:
    """Who is not connected is told so, with the button that mends it."""
    # The tasks may still be on their way.
    eventually(
        lambda: "is not connected yet" in said(bo, f"/track start {task}"), "the task", pause=1
    )
    assert bo.sees("is not connected yet", channel="general").holds("Connect")


def people_connect(cast: Cast, tool: Tool, picture: Picture) -> None:
    """Three are asked: one connects, one declines, one says that it is somebody else's account."""
    ana, bo, cleo, dan = cast.ana, cast.bo, cast.cleo, cast.dan
    ana.types("/link users @bo @cleo @dan", channel=CHANNEL)
    ana.sees("Suggested", timeout=SLOW)
    picture(ana, "add-users")
    ana.submits()
    ana.sees("Asked 3 people", timeout=SLOW)
    ana.closes()

    bo.sees("asks you to connect", channel="app", timeout=SLOW)
    picture(bo, "invitation")
    bo.clicks("Connect", channel="app")
    if not tool.proves_by_email:
        bo.sees("An admin is asked to approve", channel="app")
        ana.sees("Bo Lindqvist", channel="app", timeout=SLOW)
        ana.clicks("Approve", on="Bo Lindqvist", channel="app")
    bo.sees("Connected:", channel="app", timeout=SLOW)

    cleo.sees("asks you to connect", channel="app", timeout=SLOW)
    cleo.clicks("Decline", channel="app")
    cleo.sees("Declined", channel="app")

    dan.sees("asks you to connect", channel="app", timeout=SLOW)
    dan.clicks("Not me", channel="app")
    dan.sees("account", channel="app")
    dan.chooses("account", tool.free_account, channel="app", typing=tool.free_account[:3])
    dan.sees("An admin is asked to approve", channel="app", timeout=SLOW)
    ana.sees("Dan Okada", channel="app", timeout=SLOW)
    picture(ana, "approval")
    ana.clicks("Approve", on="Dan Okada", channel="app")
    dan.sees("Connected:", channel="app", timeout=SLOW)
    ana.opens_home()
    ana.sees("2 connected")
    ana.types("/link", channel=CHANNEL)
    ana.sees("2 connected", channel=CHANNEL)


def tracks(
    bo: Somebody, tool: Tool, tasks: tuple[str, str], installation: Installation, picture: Picture
) -> None:
    """Start, switch, a killed process, stop, and a day that adds up."""
    first, other = tasks
    bo.types(f"/track start {first} -40m", channel="general")
    bo.sees(f"Started {first} {tool.title}", channel="general")
    picture(bo, "started")
    bo.types(f"/track start {other} -15m", channel="general")
    switched = bo.sees(f"started {other}", channel="general")
    since = _since(switched.text)
    installation.kill()
    installation.start()
    bo.types("/track status", channel="general")
    status = bo.sees(f"On {other}", channel="general", timeout=SLOW)
    assert since in status.text, (since, status.text)
    bo.opens_home()
    bo.sees(f"Running: {other}")
    picture(bo, "home")
    bo.types("/track stop", channel="general")
    bo.sees(f"Stopped {other}", channel="general")
    bo.types(f"/track log 1h30m {first} yesterday layout", channel="general")
    bo.sees("Logged 1 h 30 m", channel="general")
    bo.types("/track today", channel="general")
    today = bo.sees("Today,", channel="general")
    assert today.holds(other)
    picture(bo, "today")
    bo.types("/track week", channel="general")
    bo.sees("This week", channel="general")


def is_asked_which(bo: Somebody, first: str, picture: Picture) -> None:
    """Several matches are never guessed among, and a near miss is offered."""
    bo.types("/track start Story", channel="general")
    bo.sees("Which one?", channel="general")
    picture(bo, "which-task")
    bo.types(f"/track start {first}0", channel="general")
    bo.sees("Near it", channel="general")


def follows_the_tool(ana: Somebody, bo: Somebody, tool: Tool, first: str) -> None:
    """A new project is announced by the next sync, and a renamed task shows its new name."""
    made = tool.make_project()
    tool.rename(tool.first, "Mend the header")
    ana.types("/link sync", channel=CHANNEL)
    ana.sees(made, channel=CHANNEL, timeout=SLOW)
    ana.clicks("Create & link", on=made, channel=CHANNEL)
    ana.sees(f"linked to {made} by Ana Ruiz", channel=CHANNEL, timeout=SLOW)

    def has_its_new_name() -> bool:
        found = "Mend the header" in said(bo, f"/track start {first}")
        said(bo, "/track stop")
        return found

    eventually(has_its_new_name, "the new name", pause=1)


def _since(text: str) -> str:
    found = re.findall(r"\d\d:\d\d", text)
    assert found, text
    return str(found[0])
