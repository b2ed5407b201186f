"""Help for a slash command, from the table of its verbs."""

from collections.abc import Sequence
from typing import Protocol

from bot.views.message import Block, Message, context, escaped, section


class Usage(Protocol):
    """What a verb's row says about itself."""

    @property
    def name(self) -> str:
        """The verb."""
        ...

    @property
    def usage(self) -> str:
        """What is typed after the slash command."""
        ...

    @property
    def summary(self) -> str:
        """What it does."""
        ...

    @property
    def example(self) -> str:
        """One that can be typed as it stands."""
        ...

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names."""
        ...

    @property
    def details(self) -> str:
        """What usage alone cannot say."""
        ...


def every_verb(command: str, verbs: Sequence[Usage], *, note: str = "") -> Message:
    """All verbs, a line each.

    Args:
        command: With its slash.
        verbs: Those on offer.
        note: Who may use them, where that needs saying.
    """
    lines = [f"`{command} {escaped(one.usage)}`  {one.summary}" for one in verbs]
    more = f"`{command} help <verb>` tells more about one of them."
    blocks: list[Block] = [section(f"*How to use {command}*")]
    blocks += [section("\n".join(lines[at : at + _LINES])) for at in range(0, len(lines), _LINES)]
    blocks += [context(text) for text in (note, more) if text]
    head = [f"How to use {command}:", *([note] if note else [])]
    return Message("\n".join([*head, *lines, more]), blocks)


_LINES = 12


def one_verb(command: str, verb: Usage) -> Message:
    """One verb, with an example."""
    lines = [
        f"*{verb.summary}*",
        f"`{command} {escaped(verb.usage)}`",
        f"For example `{command} {escaped(verb.example)}`",
    ]
    if verb.details:
        lines.append(escaped(verb.details))
    if verb.aliases:
        lines.append("Also: " + ", ".join(f"`{alias}`" for alias in verb.aliases))
    text = "\n".join(lines)
    return Message(text, [section(text)])
