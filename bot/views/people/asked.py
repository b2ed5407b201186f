"""What *Notify* did."""

from collections.abc import Mapping, Sequence

from bot.domain.people.account_links import Invited, SkipReason
from bot.views.message import Message, Modal, actions, button, clipped, escaped, section
from bot.views.people.approvals import STATUS
from bot.views.people.form import LONGEST_NAME, called
from bot.views.providers import Faces

_NAMES = 10


_SKIPPED: Mapping[SkipReason, str] = {
    SkipReason.CONNECTED: "Connected already",
    SkipReason.AWAITING: "Waiting for your approval already",
    SkipReason.GUEST: "Guests, who are asked by name only",
    SkipReason.DEACTIVATED: "Deactivated in Slack",
    SkipReason.ACCOUNT_HELD: "Somebody else is connected with the account chosen for them",
    SkipReason.ACCOUNT_UNAVAILABLE: "The account chosen for them is gone or switched off",
    SkipReason.UNKNOWN: "No people of this workspace",
    SkipReason.JUST_ASKED: "Asked by another admin at the same moment",
}


def invited(found: Invited, faces: Faces) -> Message:
    """What *Notify* did."""
    number = len(found.invited)
    site = f"*{escaped(called(found.site, faces))}*"
    people = "1 person" if number == 1 else f"{number} people"
    done = f"Asked {people} to connect to {site}. Each gets a direct message."
    lines = [done if number else f"Nobody was asked to connect to {site}."]
    for reason, words in _SKIPPED.items():
        names = [skip.name for skip in found.skipped if skip.reason is reason]
        if names:
            lines.append(f"{words}: {_listed(names)}.")
    return Message("\n".join(lines), [section(line) for line in lines])


def invited_form(found: Invited, faces: Faces) -> Modal:
    """The same in the form's place."""
    see = actions(button("See people", STATUS, str(found.site.id)))
    blocks = [*invited(found, faces).blocks, see]
    return Modal("people.invited", "Add users", blocks, close="Close")


def _listed(names: Sequence[str]) -> str:
    known = [escaped(clipped(name, LONGEST_NAME)) for name in names if name]
    if not known:
        return str(len(names))
    more = len(names) - _NAMES
    return ", ".join(known[:_NAMES]) + (f" and {more} more" if more > 0 else "")
