"""What a person sees on the page, as text."""

from dataclasses import dataclass

from playground.shapes import Json


@dataclass(frozen=True)
class Seen:
    """A message, modal, Home tab or notice, as it could be read when it was looked at."""

    where: str
    title: str
    text: str
    ts: str = ""
    channel: str = ""
    by_handle: str = ""
    """The text with @handles where the page shows the names of people."""

    @classmethod
    def of(cls, row: Json) -> "Seen":
        """Take what the page's script says of it."""
        return cls(**{key: str(value) for key, value in row.items()})

    def holds(self, text: str) -> bool:
        """Tell whether the text stands here, however its lines are broken."""
        wanted = _flat(text)
        return wanted in _flat(self.text) or wanted in _flat(self.by_handle)

    def __str__(self) -> str:
        head = f"{self.where}: {self.title}" if self.title else self.where
        return "\n".join([head, *(f"    {line}" for line in self.text.split("\n"))])


def _flat(text: str) -> str:
    return " ".join(text.split())
