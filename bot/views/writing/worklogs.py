"""Where entries stand in their tools, in words, and the questions about conflicts (W3)."""

from collections.abc import Mapping

from bot.domain.writing.worklogs import Choice, Trouble, WorklogShown, WorklogState
from bot.domain.writing.worklogs_shown import (
    Conflict,
    Decided,
    DecidedElsewhere,
    TriedAgain,
    Unwritten,
)
from bot.views.message import (
    Block,
    Message,
    Modal,
    actions,
    button,
    clipped,
    context,
    escaped,
    section,
)
from bot.views.times import day, length, named, told
from bot.views.words import counted

RETRY = "worklog.retry"
RETRY_ALL = "worklog.retry_all"
DECIDE = "worklog.decide"
CHOOSE = "worklog.choose"

_LONGEST_REASON = 240
_REASONS_SHOWN = 3
_REASONS = {
    Trouble.NO_ANSWER.value: "it did not answer",
    Trouble.BUSY.value: "it asks Hourlink to wait",
    Trouble.CREDENTIALS.value: (
        "it does not accept Hourlink's credentials; once an admin gives it new ones, this is "
        "written by itself"
    ),
    Trouble.OWN_KEY.value: (
        "it does not accept the key of the person who wrote it; `/track connect` takes a new one"
    ),
    Trouble.SHORT.value: "it is shorter than what is written there",
    Trouble.APPROVAL.value: "it waits until its week is approved",
    Trouble.SWITCHED_OFF.value: "nothing is written there",
    Trouble.KEPT_BACK.value: "its project's or its person's time is not written",
    Trouble.LEFT.value: "it was left out when its project was unlinked",
    Trouble.TASK_GONE.value: (
        "its task is not there any more, or is hidden from Hourlink; the time stays here"
    ),
    Trouble.REFUSED.value: "it refused, without saying why",
    Trouble.BROKEN.value: "something broke on our side",
}

_OTHER_NAME = (
    " It is there under the account that Hourlink signs in with, not under the person's own. "
    "Their own key changes that for new time: `/track connect`."
)


def mark(found: WorklogShown | None) -> str:
    """A few words beside an entry; none where there is nothing to say."""
    if found is None:
        return ""
    site = told(found.site, 60)
    match found.state:
        case WorklogState.WRITTEN:
            return f"written to {site}{rounded(found)}"
        case WorklogState.PENDING:
            why = f": {reason(found)}" if found.reason else ""
            return f"not yet written to {site}{why}"
        case WorklogState.FAILED:
            return f"*not written to {site}*: {reason(found)}"
        case WorklogState.CONFLICT:
            return f"{_differs(found)}: which version counts?"
        case WorklogState.OFF:
            return f"not written to {site}: {reason(found)}" if found.reason else ""


def _differs(found: WorklogShown) -> str:
    done = "changed" if found.is_there else "removed"
    return f"*{done} in {told(found.site, 60)}*"


def rounded(found: WorklogShown) -> str:
    """What the tool made of the length, where that is another."""
    kept = found.kept_seconds
    if kept is None or length(kept) == length(found.seconds):
        return ""
    return f" as {length(kept)}"


def reason(found: WorklogShown) -> str:
    """Why, in the tool's words or in ours."""
    return _in_words(found.reason)


def _in_words(reason: str) -> str:
    """What follows it may end the sentence itself."""
    said = " ".join(reason.split())
    ends = said[:-1] if said.endswith(".") and not said.endswith("..") else said
    return _REASONS.get(reason) or told(ends, _LONGEST_REASON)


def reason_in_a_terminal(text: str) -> str:
    """The same without Slack's marks."""
    return _REASONS.get(text, text).replace("`", "")


def menu_items(found: WorklogShown | None) -> list[tuple[str, str, str]]:
    """What can be done about it, for an entry's menu."""
    if found is None:
        return []
    if found.state is WorklogState.FAILED:
        return [("Write again", RETRY, str(found.id))]
    if found.state is WorklogState.CONFLICT:
        return [("Which version counts?", DECIDE, str(found.id))]
    return []


def about(found: WorklogShown | None) -> list[Block]:
    """The same in a form, with a button."""
    said = mark(found)
    if not said or found is None:
        return []
    if found.state is WorklogState.CONFLICT:  # the button asks
        said = f"{_differs(found)} since it was written"
    buttons = [
        button(label, action, value, says=label) for label, action, value in menu_items(found)
    ]
    row = [actions(*buttons, block_id=f"worklog:{found.id}")] if buttons else []
    moves = " A change moves the task's remaining estimate there too."
    more = moves if found.reduces_estimate and found.state is not WorklogState.OFF else ""
    if found.in_other_name and found.state is WorklogState.WRITTEN:
        more = f"{_OTHER_NAME}{more}"
    return [context(f"{_sentence(said)}{more}"), *row]


def _sentence(said: str) -> str:
    first = 1 if said.startswith("*") else 0
    end = "" if said.endswith((".", "?", "!")) else "."
    return f"{said[:first]}{said[first : first + 1].upper()}{said[first + 1 :]}{end}"


def tried_again(done: TriedAgain) -> Message:
    """It is on its way."""
    text = f"Writing it to {told(done.worklog.site, 60)} again. `/track today` shows how it went."
    return Message(text)


def all_tried_again(number: int) -> Message:
    """Everything that had failed is on its way."""
    if not number:
        return Message("Nothing is left to write: it is written, or on its way.")
    return Message(
        f"Writing {counted(number, 'entry', 'entries')} again. `/link` shows what fails."
    )


def mine_tried_again(number: int) -> Message:
    """The same for one's own."""
    if not number:
        return all_tried_again(0)
    return Message(
        f"Writing {counted(number, 'entry', 'entries')} again. The message above says what is left."
    )


def needs(found: Unwritten) -> tuple[str, list[Block]]:
    """What an integration does not have, for the Overview."""
    site = f"*{escaped(clipped(found.site, 80))}*"
    parts = []
    if found.failed:
        parts.append(f"*{counted(found.failed, 'entry', 'entries')} could not be written*")
    if found.conflicts:
        word = counted(found.conflicts, "record")
        parts.append(f"{word} changed there; their owners were asked which version counts")
    said = f"{site}: {'. '.join(parts)}.{_why(found)}"
    again = button(
        "Write again",
        RETRY_ALL,
        str(found.integration_id),
        says=f"Write what failed to {clipped(found.site, 40)} again",
    )
    return said, [section(said), *([actions(again)] if found.failed else [])]


def _why(found: Unwritten) -> str:
    """The reasons of what failed, each on a line; more than a few are a number."""
    lines = [
        f"• {counted(many, 'entry', 'entries')}: {_in_words(reason)}"
        for reason, many in found.reasons[:_REASONS_SHOWN]
    ]
    left = sum(many for _, many in found.reasons[_REASONS_SHOWN:])
    if left:
        lines.append(f"• {counted(left, 'entry', 'entries')}: other reasons")
    return "".join(f"\n{line}" for line in lines)


def question(found: Conflict, *, own: bool = True) -> Message:
    """Both versions, and what can be chosen; of one's own time, or of somebody else's."""
    lines = _both(found, "your" if own else f"{escaped(found.owner_name)}'s")
    buttons = [_choice(found, one) for one in found.choices]
    text = "\n".join(lines)
    return Message(text, [section(text), context(_what_follows(found)), actions(*buttons)])


def question_form(found: Conflict, *, own: bool) -> Modal:
    """The same as a form."""
    blocks = question(found, own=own).blocks
    return Modal(DECIDE, "Which version counts?", blocks, close="Close")


def decided(done: Decided) -> Message:
    """What was chosen, and what comes of it."""
    found, site = done.conflict, told(done.conflict.worklog.site, 60)
    what = named(found.line.on)
    match done.choice:
        case Choice.OURS if found.is_deleted:
            text = f"{what}: the record in {site} is being removed."
        case Choice.OURS:
            text = f"{what}: {site} gets {_ours(found)}, as it is here."
        case Choice.BOTH:
            text = f"{what}: the record in {site} stays, and {_ours(found)} is written beside it."
        case Choice.THEIRS if found.is_deleted:
            text = f"{what}: the record in {site} stays."
        case Choice.THEIRS if found.theirs_seconds is None:
            text = f"{what}: the entry is deleted here too. `/track undo` takes that back."
        case Choice.THEIRS if found.is_same_time:
            text = f"{what}: the record in {site} stays as it is."
        case _:
            text = f"{what}: the entry here is now {_theirs(found)}, as in {site}."
    return Message(text, [section(text)])


def decided_elsewhere(found: DecidedElsewhere) -> Message:
    """The same in the message that asked, once somebody chose in a form."""
    what, site = named(found.line.on), told(found.site, 60)
    counts = {
        Choice.OURS: f"what is here counts, not what is in {site}",
        Choice.THEIRS: f"what is in {site} counts",
        Choice.BOTH: f"the record in {site} stays, and yours is written beside it",
    }[found.choice]
    who = f" {escaped(clipped(found.by, 60))} chose that." if found.by else ""
    text = f"{what}: {counts}.{who}"
    return Message(text, [section(text)])


def decided_form(done: Decided) -> Modal:
    """The same in the place of the form."""
    return Modal(DECIDE, "Which version counts?", decided(done).blocks, close="Done")


def _both(found: Conflict, whose: str) -> list[str]:
    site = told(found.worklog.site, 60)
    what = named(found.line.on)
    if found.theirs_seconds is None:
        head = f"Somebody removed {whose} time on {what} in {site}."
        return [head, f"Here: {_ours(found)}", f"{site}: nothing"]
    if found.is_deleted:
        gone = f"{whose[:1].upper()}{whose[1:]} time on {what} was deleted here"
        head = f"{gone}, and somebody had changed its record in {site}."
        return [head, "Here: nothing", f"{site}: {_theirs(found)}"]
    head = f"Somebody changed {whose} time on {what} in {site}."
    more = " (its text or its task was changed)" if found.is_same_time else ""
    return [head, f"Here: {_ours(found)}", f"{site}: {_theirs(found)}{more}"]


def _what_follows(found: Conflict) -> str:
    site = told(found.worklog.site, 60)
    if found.theirs_seconds is None:
        again = f"*Write it again* makes another record in {site}."
        return f"{again} *Delete it here too* takes the entry away."
    if found.is_deleted:
        return f"*Remove it there too* deletes the record in {site}. *Leave it there* keeps it."
    return (
        f"*Keep ours* makes {site} say what is here. *Keep theirs* changes the entry here. "
        f"*Both* leaves the record in {site} and writes yours beside it."
    )


def _choice(found: Conflict, choice: Choice) -> Block:
    label = _labels(found)[choice]
    value = f"{found.worklog.id}.{choice.value}"
    return button(label, f"{CHOOSE}#{choice.value}", value, says=label)


def _labels(found: Conflict) -> Mapping[Choice, str]:
    """What each choice does here: where one of the two is gone, there is nothing to keep of it."""
    if found.theirs_seconds is None:
        return {Choice.OURS: "Write it again", Choice.THEIRS: "Delete it here too"}
    if found.is_deleted:
        return {Choice.OURS: "Remove it there too", Choice.THEIRS: "Leave it there"}
    return {Choice.OURS: "Keep ours", Choice.THEIRS: "Keep theirs", Choice.BOTH: "Both"}


def _ours(found: Conflict) -> str:
    return f"{length(found.line.seconds)} on {day(found.day)}"


def _theirs(found: Conflict) -> str:
    return f"{length(found.theirs_seconds or 0)} on {day(found.theirs_day or found.day)}"
