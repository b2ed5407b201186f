"""Block Kit as text: what a person would read aloud from the screen."""

from collections.abc import Callable
from dataclasses import dataclass

from playground.blocks import VALUE_KEYS, initial, options_of
from playground.shapes import Json, objects, text_of
from playground.text import readable

Value = Json | None


@dataclass(frozen=True)
class Line:
    """One line of a block, and the block it came from."""

    text: str
    block: int


class Reader:
    """Reads blocks for one person, with the names that person sees."""

    def __init__(self, person: Callable[[str], str], channel: Callable[[str], str]) -> None:
        self._person = person
        self._channel = channel

    def mrkdwn(self, value: object) -> str:
        """A text object or string without marks and escapes."""
        return readable(text_of(value), self._person, self._channel)

    def lines(self, blocks: list[Json], typed: Json | None = None) -> list[Line]:
        """Every line of some blocks, `typed` being what stands in their fields."""
        found: list[Line] = []
        for index, block in enumerate(blocks):
            values = (typed or {}).get(str(block.get("block_id")), {})
            found += [Line(text, index) for text in self._block(block, values) if text]
        return found

    def text(self, blocks: list[Json], typed: Json | None = None) -> str:
        """The same as one text."""
        return "\n".join(line.text for line in self.lines(blocks, typed))

    def _block(self, block: Json, values: Json) -> list[str]:
        match block.get("type"):
            case "section":
                found = self._section(block, values)
            case "input":
                found = self._input(block, values)
            case "actions" | "context_actions":
                found = [self._row(block, values)]
            case "context":
                found = [" ".join(map(self._plain, objects(block.get("elements"))))]
            case "header" | "markdown":
                found = self.mrkdwn(block.get("text")).split("\n")
            case "divider":
                found = ["---"]
            case "image":
                found = [f"(image: {block.get('alt_text', '')})"]
            case "table" | "data_table":
                found = self._table(block)
            case _:
                found = self._anything(block)
        return found

    def _input(self, block: Json, values: Json) -> list[str]:
        element = block["element"]
        shown = self.element(element, values.get(str(element.get("action_id"))))
        return [f"{self.mrkdwn(block.get('label'))}: {shown}", self.mrkdwn(block.get("hint"))]

    def _section(self, block: Json, values: Json) -> list[str]:
        found = self.mrkdwn(block.get("text")).split("\n")
        found += [self.mrkdwn(field) for field in objects(block.get("fields"))]
        accessory = block.get("accessory")
        if isinstance(accessory, dict):
            shown = self.element(accessory, values.get(str(accessory.get("action_id"))))
            found.append(shown)
        return found

    def _row(self, block: Json, values: Json) -> str:
        elements = objects(block.get("elements"))
        return " ".join(
            self.element(one, values.get(str(one.get("action_id")))) for one in elements
        )

    def _plain(self, element: Json) -> str:
        if element.get("type") == "image":
            return f"({element.get('alt_text', '')})"
        return self.mrkdwn(element)

    def _table(self, block: Json) -> list[str]:
        found = [str(block.get("caption", ""))]
        for row in block.get("rows", []):
            cells = [" ".join(self._anything(cell)) for cell in objects(row)]
            found.append(" | ".join(cells))
        return found

    def _anything(self, value: object) -> list[str]:
        """The texts inside something this reader has no rule for."""
        if isinstance(value, list):
            return [text for item in value for text in self._anything(item)]
        if not isinstance(value, dict):
            return []
        if value.get("type") == "user":
            return ["@" + self._person(str(value.get("user_id")))]
        if value.get("type") == "button":
            return [self.element(value, None)]
        found: list[str] = []
        for key, inner in value.items():
            if isinstance(inner, dict | list):
                found += self._anything(inner)
            elif key in {"text", "title", "caption", "label", "alt_text", "fallback", "value"}:
                found.append(self.mrkdwn(str(inner)))
        return found

    def element(self, element: Json, value: Value) -> str:
        """One element, with what stands in it."""
        kind = str(element.get("type"))
        if kind == "overflow":
            names = ", ".join(self.mrkdwn(option.get("text")) for option in options_of(element))
            return f"[... {names}]"
        if kind not in VALUE_KEYS:
            return f"[{self.mrkdwn(element.get('text'))}]" if kind != "image" else "(image)"
        held = (value or initial(element)).get(VALUE_KEYS[kind])
        if kind in {"checkboxes", "radio_buttons"}:
            return self._ticks(element, held)
        shown = self.held(held)
        if shown:
            return f"<{shown}>"
        names = ", ".join(self.mrkdwn(option.get("text")) for option in options_of(element))
        return f"<{self.mrkdwn(element.get('placeholder'))}{': ' if names else ''}{names}>"

    def _ticks(self, element: Json, held: object) -> str:
        chosen = held if isinstance(held, list) else [held]
        on = {option.get("value") for option in chosen if isinstance(option, dict)}
        return " ".join(
            f"[{'x' if option.get('value') in on else ' '}] {self.mrkdwn(option.get('text'))}"
            for option in options_of(element)
        )

    def held(self, value: object) -> str:
        """What stands in a field, as its text."""
        if isinstance(value, list):
            return ", ".join(self.held(item) for item in value)
        if isinstance(value, dict):
            return self.mrkdwn(value.get("text"))
        if value is None:
            return ""
        name = self._person(str(value))
        return name if name != str(value) else self._channel(str(value))
