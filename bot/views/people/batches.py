"""What can be done to many people's accounts at once, and what it would do."""

from collections.abc import Mapping, Sequence

from bot.domain.people.account_links import AccountLink
from bot.domain.people.people_lists import BatchAction, BatchDone, BatchPreview, Chosen, LeftAlone
from bot.views.message import Block, Modal, actions, button, clipped, context, escaped, section
from bot.views.people.form import LONGEST_NAME, called
from bot.views.people.place import Place
from bot.views.providers import Faces
from bot.views.words import counted

ACT = "people.batch"
BACK = "people.back"
DO = "people.do"

_NAMES = 40
_LONGEST = 2800
_TITLES: Mapping[BatchAction, str] = {
    BatchAction.INVITE: "Ask again",
    BatchAction.WITHDRAW: "Withdraw",
    BatchAction.APPROVE: "Approve",
    BatchAction.DISCONNECT: "Disconnect",
}
_WHAT: Mapping[BatchAction, str] = {
    BatchAction.INVITE: "a fresh request goes out, for 7 days; the old message is out of date",
    BatchAction.WITHDRAW: "the request is taken back; the message it left behind says so",
    BatchAction.APPROVE: "the account they say is theirs becomes theirs; they are told",
    BatchAction.DISCONNECT: "tracking there ends; they are told, and their time stays",
}


def chosen(found: Chosen, place: Place, faces: Faces, *, note: str = "") -> Modal:
    """Everybody who is ticked: what now?"""
    blocks: list[Block] = [
        *([section(note)] if note else []),
        section(
            f"*{escaped(called(found.site, faces))}*: {counted(found.total, 'is', 'are')} ticked."
        ),
    ]
    for action, title in _TITLES.items():
        number = found.fits.get(action, 0)
        says = f"{title} {number}"
        start = button(f"{title}... ({number:,})", f"{ACT}#{action}", action.value, says=says)
        if number:
            blocks.append(section(f"*{title}*: {_WHAT[action]}.", accessory=start))
    if len(blocks) == (2 if note else 1):
        blocks.append(section("Nothing can be done to them together."))
    blocks.append(actions(button("Back to the list", BACK)))
    return Modal(ACT, "People", blocks, close="Close", metadata=place.metadata())


def preview(found: BatchPreview, place: Place, faces: Faces, *, note: str = "") -> Modal:
    """What it would do, before it is done."""
    title, number = _TITLES[found.action], len(found.affected)
    blocks: list[Block] = [
        *([section(note)] if note else []),
        section(
            f"*{title}: {counted(number, 'person', 'people')}*, "
            f"{escaped(called(found.site, faces))}.\n{_consequences(found)}"
        ),
    ]
    if found.affected:
        blocks.append(section(_names(found)))
    blocks += [context(line) for line in left_alone(found)]
    blocks.append(actions(button("Back", BACK)))
    return Modal(
        DO,
        "People",
        blocks,
        submit=f"{title} {number:,}" if number else None,
        close="Close",
        metadata=place.metadata(),
    )


def _consequences(found: BatchPreview) -> str:
    said = [f"{_WHAT[found.action].capitalize()}."]
    if found.action is BatchAction.DISCONNECT:
        timers = counted(found.timers, "running timer is", "running timers are")
        said.append(f"{timers} stopped and kept." if found.timers else "No timer is running there.")
        if found.keys:
            keys = counted(found.keys, "key of their own is", "keys of their own are")
            said.append(f"{keys} destroyed.")
    return " ".join(said)


def _names(found: BatchPreview) -> str:
    lines: list[str] = []
    for link in found.affected[:_NAMES]:
        line = _line(link, found.action)
        if sum(map(len, lines)) + len(lines) + len(line) > _LONGEST:
            break
        lines.append(line)
    more = len(found.affected) - len(lines)
    if more:
        lines.append(f"And {more:,} more, as the list shows them.")
    return "\n".join(lines)


def _line(link: AccountLink, action: BatchAction) -> str:
    name = f"*{escaped(clipped(link.person.name, 30))}*"
    if action is BatchAction.INVITE or link.account is None:
        return name
    return f"{name}: {escaped(clipped(link.account.name, 30))}"


_LEFT: Mapping[LeftAlone, str] = {
    LeftAlone.WRONG_STATE: "It means nothing where they stand",
    LeftAlone.DEACTIVATED: "Deactivated in Slack",
    LeftAlone.CLAIMED_TWICE: "Two of them claim one account: decide one by one",
    LeftAlone.ACCOUNT_HELD: "Somebody else is connected with the account",
    LeftAlone.ACCOUNT_UNAVAILABLE: "The account is gone or switched off in the tool",
}
_FEW = 10


def left_alone(found: BatchPreview) -> list[str]:
    """Who of the ticked is left alone, and why."""
    return [f"{_LEFT[why]}: {_listed(names)}." for why, names in found.left.items()]


def _listed(names: Sequence[str]) -> str:
    known = [escaped(clipped(name, LONGEST_NAME)) for name in names[:_FEW]]
    more = len(names) - _FEW
    return ", ".join(known) + (f" and {more:,} more" if more > 0 else "")


_DONE: Mapping[BatchAction, str] = {
    BatchAction.INVITE: "Asked {people} again.",
    BatchAction.WITHDRAW: "Withdrew the requests to {people}.",
    BatchAction.APPROVE: "Approved {people}.",
    BatchAction.DISCONNECT: "Disconnected {people}.",
}


def done(found: BatchDone) -> str:
    """What was done, for the top of the list."""
    said = [_DONE[found.preview.action].format(people=counted(found.number, "person", "people"))]
    if found.timers:
        said.append(f"{counted(found.timers, 'timer was', 'timers were')} stopped and kept.")
    return " ".join([*said, *left_alone(found.preview)])
