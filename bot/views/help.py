"""How a slash command is used, written from its table of verbs."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.input_errors import UnknownVerb
from bot.domain.slack_text import escape
from bot.views.message import Block, Message, actions, clipped, context, escaped, section

FOR_ADMINS = "Only admins can use these; `/link` alone shows what is linked for you."

_PER_SECTION = 8
_LONGEST_WORD = 60


class VerbRow(Protocol):
    """What help needs to know of a verb."""

    @property
    def name(self) -> str:
        """What is typed."""
        ...

    @property
    def usage(self) -> str:
        """The verb and what may follow it."""
        ...

    @property
    def summary(self) -> str:
        """What it does."""
        ...

    @property
    def example(self) -> str:
        """One way to type it."""
        ...

    @property
    def more(self) -> tuple[str, ...]:
        """Further ways to type it."""
        ...

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other words for it."""
        ...

    @property
    def details(self) -> str:
        """What usage alone cannot say."""
        ...


def every_verb(command: str, verbs: Sequence[VerbRow], *, note: str = "") -> Message:
    """All verbs, a line each.

    Args:
        command: With its slash.
        verbs: Those on offer.
        note: Who may use them, where that needs saying.
    """
    head = f"How to use `{command}`:"
    lines = [_line(command, verb) for verb in verbs]
    more = f"`{command} help &lt;verb&gt;` tells more about one of them."
    blocks: list[Block] = [section(head)]
    blocks += [
        section("\n".join(lines[at : at + _PER_SECTION]))
        for at in range(0, len(lines), _PER_SECTION)
    ]
    blocks += [context(text) for text in (note, more) if text]
    return Message("\n".join([head, *([note] if note else []), *lines, more]), blocks)


def one_verb(command: str, verb: VerbRow, *, head: str = "") -> Message:
    """One verb: usage, what it does, examples, other words for it."""
    examples = [f"`{command} {escape(example)}`" for example in (verb.example, *verb.more)]
    lines = [
        head,
        f"`{command} {escape(verb.usage)}`",
        f"{verb.summary}.",
        f"For example: {', '.join(examples)}" if verb.example != verb.usage or verb.more else "",
        escape(verb.details),
        f"Also: {', '.join(f'`{alias}`' for alias in verb.aliases)}." if verb.aliases else "",
    ]
    text = "\n".join(line for line in lines if line)
    return Message(text, [section(text)])


def unknown(
    command: str,
    error: UnknownVerb,
    verbs: Sequence[VerbRow],
    *buttons: Block,
    elsewhere: str = "",
) -> Message:
    """A typo: the nearest verbs.

    Args:
        command: With its slash.
        error: What was typed.
        verbs: Those on offer.
        buttons: What leads on; the last one shows all of them.
        elsewhere: Where else it is done, if that is no verb.
    """
    near = near_verbs(command, error, verbs)
    lines = [no_such_verb(command, error), *([elsewhere] if elsewhere else []), *near]
    more = f"`{command} help` shows every command."
    return Message("\n".join([*lines, more]), [section("\n".join(lines)), actions(*buttons)])


def of_other(command: str, error: UnknownVerb, other: str, verb: VerbRow) -> Message:
    """A verb of the other command."""
    text = f"{no_such_verb(command, UnknownVerb(error.text))} {other_line(other, verb)}"
    return Message(text, [section(text)])


def other_line(other: str, verb: VerbRow) -> str:
    """The verb of another command that was most likely meant."""
    return f"`{other}` has it:\n{_line(other, verb)}"


def no_such_verb(command: str, error: UnknownVerb) -> str:
    """That a word is no verb, and which are spelled like it."""
    typed = escaped(clipped(error.text, _LONGEST_WORD))
    meant = " or ".join(f"`{name}`" for name in error.nearest)
    question = f" Did you mean {meant}?" if meant else ""
    return f"`{command}` has no \u201c{typed}\u201d.{question}"


def near_verbs(command: str, error: UnknownVerb, verbs: Sequence[VerbRow]) -> list[str]:
    """A line for each verb that is spelled like it, the nearest first."""
    return [_line(command, verb) for verb in _near(error, verbs)]


def _near(error: UnknownVerb, verbs: Sequence[VerbRow]) -> list[VerbRow]:
    return [verb for name in error.nearest for verb in verbs if verb.name == name]


def _line(command: str, verb: VerbRow) -> str:
    return f"`{command} {escape(verb.usage)}`  {verb.summary}"
