"""What an answer leads on to: its buttons, its forms, its searching selects."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from bot.views.message import Message, Modal, Option
from handlers.replies import HomeView
from playground.blocks import VALUE_KEYS, initial, interactive, options_of, with_ids
from tests.isolation.desk import Asked
from tests.isolation.planted import FIRST, WORD

TYPED = "zqx"
"""What is put into empty fields."""

_PUT_IN: Mapping[str, object] = {
    "value": TYPED,
    "selected_date": "2026-11-20",
    "selected_time": "10:00",
    "selected_user": "U0ZQX1",
    "selected_users": ["U0ZQX1"],
    "selected_conversation": "C0OPS",
    "selected_channel": "C0OPS",
}


def led_on(answer: object) -> Iterator[Asked]:
    """Everything that can be done with an answer."""
    for one in _surfaces(answer):
        match one:
            case Modal():
                yield from _form(one.as_view())
            case HomeView(view):
                yield from _clicks(with_ids(view["blocks"]), "", "{}")
            case Message():
                yield from _clicks(with_ids(one.blocks), "", "{}")


def chosen(asked: Asked, answer: object) -> Iterator[Asked]:
    """What choosing one of the options that a lookup found does, where that acts at once."""
    for option in _options(answer):
        yield Asked("click", asked.name, option.value, asked.metadata, "{}", asked.block_id)


def _surfaces(answer: object) -> Iterator[object]:
    if isinstance(answer, Modal | HomeView | Message):
        yield answer
    elif is_dataclass(answer) and not isinstance(answer, type):
        for field in fields(answer):
            yield from _surfaces(getattr(answer, field.name))


def _options(answer: object) -> Iterator[Option]:
    if isinstance(answer, Option):
        yield answer
    elif isinstance(answer, list | tuple):
        for one in answer:
            yield from _options(one)
    elif is_dataclass(answer) and not isinstance(answer, type):
        for field in fields(answer):
            yield from _options(getattr(answer, field.name))


def _form(view: Mapping[str, Any]) -> Iterator[Asked]:
    blocks = with_ids(view["blocks"])
    state, callback, metadata = _state(blocks), str(view["callback_id"]), view["private_metadata"]
    yield Asked("submission", callback, "", metadata, state)
    yield from _clicks(blocks, metadata, state)


def _clicks(blocks: list[dict[str, Any]], metadata: str, state: str) -> Iterator[Asked]:
    for block, element in interactive(blocks):
        name, kind = str(element["action_id"]).partition("#")[0], element["type"]
        if kind.endswith("external_select"):
            yield Asked("lookup", name, "", metadata, "{}", block["block_id"])
        if kind == "overflow":
            for option in options_of(element):
                item, _, value = str(option["value"]).partition(":")
                yield Asked("click", item, value, metadata, state)
        elif kind == "button":
            yield Asked("click", name, str(element.get("value", "")), metadata, state)
        elif options := options_of(element):
            for option in options:
                yield Asked("click", name, str(option["value"]), metadata, state)
        else:
            yield Asked("click", name, TYPED, metadata, state)


def _state(blocks: list[dict[str, Any]]) -> str:
    state: dict[str, dict[str, Any]] = {}
    for block, element in interactive(blocks):
        if element["type"] not in VALUE_KEYS:
            continue
        key, held = VALUE_KEYS[element["type"]], initial(element)
        if not held[key]:
            options = options_of(element)
            option = options[0] if options else {"value": str(FIRST)}
            several = {"selected_option": option, "selected_options": options or [option]}
            held[key] = several.get(key, _PUT_IN.get(key))
        held = {"type": held["type"], key: _values_only(held[key])}
        state.setdefault(block["block_id"], {})[element["action_id"]] = held
    return repr(state)


def _values_only(held: Any) -> Any:  # noqa: ANN401 - by kind of element
    """Options without what they say: a request of ours tells nobody's names."""
    if isinstance(held, Mapping) and "value" in held:
        return {"value": held["value"]}
    if isinstance(held, list):
        return [_values_only(one) for one in held]
    return held


def words_in(text: str) -> set[str]:
    """The other team's words in a text."""
    return {word.lower() for word in WORD.findall(text)}
