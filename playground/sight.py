"""What one person has on the screen: messages, the open modal, the Home tab."""

from dataclasses import dataclass, field

from playground.readable import Line, Reader
from playground.shapes import Json, objects


@dataclass
class Seen:
    """A message, modal or Home tab as the person sees it."""

    where: str
    text: str
    blocks: list[Json]
    raw: Json
    title: str = ""
    lines: list[Line] = field(default_factory=list)

    @property
    def ts(self) -> str:
        """The message's id; empty for a modal or Home tab."""
        return str(self.raw.get("ts", ""))

    @property
    def channel(self) -> str:
        """The channel of a message; empty for a modal or Home tab."""
        return str(self.raw.get("channel", ""))

    @property
    def is_message(self) -> bool:
        """Tell a message from a view."""
        return bool(self.ts)

    @property
    def key(self) -> str:
        """What tells this place from others across updates."""
        return f"{self.channel}/{self.ts}" if self.is_message else str(self.raw["id"])

    @property
    def container(self) -> Json:
        """How a click names this place."""
        if self.is_message:
            return {"type": "message", "channel": self.channel, "ts": self.ts}
        return {"type": "view", "view_id": self.raw["id"]}

    def holds(self, text: str) -> bool:
        """Tell whether the text stands here, with or without mrkdwn's marks."""
        wanted = _flat(text)
        return wanted in _flat(self.text) or wanted in _flat(str(self.raw.get("text", "")))

    def block_with(self, text: str) -> int:
        """The first block in which this text stands."""
        wanted = _flat(text)
        for line in self.lines:
            if wanted in _flat(line.text):
                return line.block
        return 0

    def __str__(self) -> str:
        head = f"{self.where}: {self.title}" if self.title else self.where
        return "\n".join([head, *(f"    {line}" for line in self.text.split("\n"))])


def message_seen(reader: Reader, raw: Json, where: str, typed: Json) -> Seen:
    """A message; its attachments' blocks follow its own."""
    blocks = list(raw["blocks"])
    extra: list[str] = []
    for attachment in raw["attachments"]:
        blocks += objects(attachment.get("blocks"))
        extra.append(reader.mrkdwn(attachment.get("text") or attachment.get("fallback")))
    extra += [f"(file: {row['name']})" for row in raw.get("files", [])]
    lines = reader.lines(blocks, typed)
    own = [line.text for line in lines] if raw["blocks"] else [reader.mrkdwn(raw["text"])]
    if not raw["blocks"]:
        own += [line.text for line in lines]
    marks = [raw["name"] or "Slack"]
    marks += [name for name in ("ephemeral", "edited", "notice") if raw[name]]
    return Seen(
        where=where,
        title=", ".join(marks),
        text="\n".join(own + [line for line in extra if line]),
        blocks=blocks,
        raw=raw,
        lines=lines,
    )


def view_seen(reader: Reader, raw: Json, typed: Json, errors: dict[str, str]) -> Seen:
    """A modal or Home tab, with what stands in its fields and what is wrong with them."""
    blocks = objects(raw["blocks"])
    lines = reader.lines(blocks, typed)
    text: list[str] = []
    for index, block in enumerate(blocks):
        text += [line.text for line in lines if line.block == index]
        if block.get("block_id") in errors:
            text.append(f"  ! {errors[block['block_id']]}")
    if "modal" in errors:
        text.append(f"! {errors['modal']}")
    buttons = [reader.mrkdwn(raw[key]) for key in ("close", "submit") if raw.get(key)]
    text += [" ".join(f"[{name}]" for name in buttons)] if buttons else []
    return Seen(
        where=str(raw["type"]),
        title=reader.mrkdwn(raw.get("title")),
        text="\n".join(text),
        blocks=blocks,
        raw=raw,
        lines=lines,
    )


def _flat(text: str) -> str:
    return " ".join(text.split())
