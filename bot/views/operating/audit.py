"""The audit log as an admin reads it."""

from bot.domain.operating.audit import (
    MOST_COUNTED,
    PAGE_SIZE,
    AuditLine,
    AuditPage,
    AuditQuery,
    Change,
    action_words,
    changes,
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
from bot.views.searching import search_box
from bot.views.times import length
from bot.views.words import counted, local_time, matching, quoted

FORM = "audit.log"
SEARCH = "audit.search"
PAGE = "audit.page"
COPY = "audit.copy"
_SECONDS = "seconds"
"""What the log keeps of a length of time; people read hours."""

_NAME = 60
_VALUE = 80
_LINE = 900


def log(page: AuditPage, *, note: str = "") -> Modal:
    """One page, newest first."""
    blocks: list[Block] = [
        *([section(note)] if note else []),
        search_box(
            page.query.words,
            page.query.turn,
            SEARCH,
            label="Search",
            placeholder="A person, what was done, to what, a day",
        ),
        context(_summary(page)),
        *(section(_said(line)) for line in page.lines),
        *_turns(page),
        *([_copy_row()] if page.total else []),
    ]
    return Modal(
        FORM,
        "Audit log",
        blocks,
        submit="Search",
        close="Close",
        metadata=f"audit|{page.query.page}|{page.query.turn + 1}|{page.query.words}",
    )


def _copy_row() -> Block:
    says = "Send me everything that was found as a CSV file"
    return actions(button("Send me a copy", COPY, says=says), block_id="copy")


def read_metadata(metadata: str) -> AuditQuery | None:
    """The form's metadata again; None for any other form's."""
    kind, *rest = metadata.split("|", 3)
    if kind != "audit" or len(rest) != _PARTS:
        return None
    *numbers, words = rest
    if not all(one.isascii() and one.isdigit() and len(one) < _DIGITS for one in numbers):
        return None
    page, turn = map(int, numbers)
    return AuditQuery(words, page, turn)


_PARTS = 3
_DIGITS = 10


def _summary(page: AuditPage) -> str:
    match = matching(page.total, page.query.words)
    if not page.total:
        return f"No lines{match}." if match else "Nothing was done yet."
    if page.total > MOST_COUNTED:
        return f"More than {MOST_COUNTED:,} lines{match}, newest first."
    shown = ""
    if page.pages > 1:
        first = page.query.page * PAGE_SIZE + 1
        shown = f"; {first:,} to {first + len(page.lines) - 1:,} are shown"
    return f"{counted(page.total, 'line')}{match}, newest first{shown}."


def _said(line: AuditLine) -> str:
    who = escaped(clipped(line.actor, _NAME)) if line.actor else "Hourlink"
    what = escaped(action_words(line.action))
    label = escaped(clipped(line.label, _NAME)) if line.label else _subject(line.subject)
    head = f"{local_time(line.at)}: *{who}* {what}: *{label}*"
    told = [_change(one) for one in changes(line)]
    return "\n".join([head, clipped("; ".join(one for one in told if one), _LINE)]).strip()


def _subject(subject: str) -> str:
    kind, _, name = subject.partition(":")
    return f"<#{name}>" if kind == "channel" and name.isalnum() else escaped(subject)


def _change(change: Change) -> str:
    before, after = (_value(change.name, value) for value in (change.before, change.after))
    name = "time" if change.name == _SECONDS else escaped(change.name)
    if before == after:
        return f"{name}: {after}" if after else ""
    if not before:
        return f"{name}: {after}"
    return f"{name}: {before} \N{RIGHTWARDS ARROW} {after or 'nothing'}"


def _value(name: str, value: str) -> str:
    if name == _SECONDS and value.isdecimal():
        return length(int(value))
    if name == "channel" and value.isalnum() and value.isascii():
        return f"<#{value}>"
    return escaped(clipped(value, _VALUE))


def _turns(page: AuditPage) -> list[Block]:
    at, turns = page.query.page, []
    if at:
        turns.append(button("Newer", f"{PAGE}#back", str(at - 1), says="Newer lines"))
    if (at + 1) * PAGE_SIZE < min(page.total, MOST_COUNTED):
        turns.append(button("Older", f"{PAGE}#on", str(at + 1), says="Older lines"))
    if page.total > MOST_COUNTED and not turns[1:] and at:
        last = "The copy holds the lines before these, too."
        return [actions(*turns, block_id="pager"), context(last)]
    return [actions(*turns, block_id="pager")] if turns else []


def copy(lines: int, words: str) -> Message:
    """What comes with the file."""
    match = f" that match {quoted(words)}" if words else ""
    return Message(f"The audit log: {counted(lines, 'line')}{match}, oldest first.")


ASKED = "The copy is on its way: it comes as a direct message from Hourlink."
