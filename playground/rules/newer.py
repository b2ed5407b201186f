"""Slack's limits on its newer blocks: tables of data, charts, cards, containers.

Numbers: Slack's Block Kit reference and slack_sdk's models; what a chart may hold is told by
third parties only, and the smaller of what they say counts.
"""

from collections.abc import Iterator

from playground.rules.elements import FEEDBACK, IN_CARD, check_element, check_image
from playground.rules.problems import Check, Problems
from playground.shapes import Json, objects, text_of

CELL_CHARACTERS = 10_000
"""All cells of all tables of a message together."""

CHARTS = 2
IN_CONTAINER = frozenset(
    {"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "table"}
)


def _rows(block: Json) -> list[list[object]]:
    rows = block.get("rows")
    return [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []


def _table(problems: Problems, block: Json, pointer: str) -> None:
    problems.count(block, "rows", pointer, 100)
    for index, row in enumerate(_rows(block)):
        problems.many(row, f"{pointer}/rows/{index}", 20)
    if "column_settings" in block:
        problems.count(block, "column_settings", pointer, 20)


def _data_table(problems: Problems, block: Json, pointer: str) -> None:
    problems.line(block, "caption", pointer, 3000)
    problems.count(block, "rows", pointer, 101, least=2)
    rows = _rows(block)
    for index, row in enumerate(rows):
        problems.many(row, f"{pointer}/rows/{index}", 20)
        if len(row) != len(rows[0]):
            problems.add("all rows must have the same number of cells", f"{pointer}/rows/{index}")
    problems.number(block, "page_size", pointer, 1, 100)


def _chart(problems: Problems, block: Json, pointer: str) -> None:
    problems.line(block, "title", pointer, 50)
    chart = block.get("chart")
    if not isinstance(chart, dict):
        problems.add("missing required field: chart", pointer)
        return
    place = f"{pointer}/chart"
    if chart.get("type") == "pie":
        problems.count(chart, "segments", place, 6)
        for index, segment in enumerate(objects(chart.get("segments"))):
            problems.line(segment, "label", f"{place}/segments/{index}", 20)
        return
    if chart.get("type") not in {"area", "bar", "line"}:
        problems.add("must be one of: area, bar, line, pie", f"{place}/type")
        return
    problems.count(chart, "series", place, 6)
    for index, series in enumerate(objects(chart.get("series"))):
        here = f"{place}/series/{index}"
        problems.line(series, "name", here, 20)
        problems.count(series, "data", here, 20)
        for number, point in enumerate(objects(series.get("data"))):
            problems.line(point, "label", f"{here}/data/{number}", 20)


def _card(problems: Problems, block: Json, pointer: str) -> None:
    if not any(block.get(key) for key in ("hero_image", "title", "actions", "body")):
        problems.add("must define `hero_image`, `title`, `actions` or `body`", pointer)
    for key, limit in (("title", 150), ("subtitle", 150), ("body", 200)):
        problems.text(block, key, pointer, limit, required=False)
    for key in ("hero_image", "icon"):
        if isinstance(block.get(key), dict):
            check_image(problems, block[key], f"{pointer}/{key}")
    for index, element in enumerate(objects(block.get("actions"))):
        check_element(problems, element, f"{pointer}/actions/{index}", IN_CARD)


def _carousel(problems: Problems, block: Json, pointer: str) -> None:
    problems.count(block, "elements", pointer, 10)
    for index, card in enumerate(objects(block.get("elements"))):
        place = f"{pointer}/elements/{index}"
        if card.get("type") != "card":
            problems.add(f"unsupported type: {card.get('type')}", f"{place}/type")
        else:
            _card(problems, card, place)


def _container(problems: Problems, block: Json, pointer: str) -> None:
    problems.text(block, "title", pointer, 150, required=False)
    problems.text(block, "subtitle", pointer, 150, required=False)
    problems.count(block, "child_blocks", pointer, 10)


def _context_actions(problems: Problems, block: Json, pointer: str) -> None:
    problems.count(block, "elements", pointer, 5)
    for index, element in enumerate(objects(block.get("elements"))):
        check_element(problems, element, f"{pointer}/elements/{index}", FEEDBACK)


def _alert(problems: Problems, block: Json, pointer: str) -> None:
    problems.text(block, "text", pointer, 3000)
    problems.choice(block, "level", pointer, "default", "info", "warning", "error", "success")


def _video(problems: Problems, block: Json, pointer: str) -> None:
    # Slack's reference says "less than" for both lengths, and slack_sdk checks it so.
    problems.plain(block, "title", pointer, 199)
    problems.string(block, "author_name", pointer, 49)
    for key in ("alt_text", "thumbnail_url", "video_url"):
        problems.line(block, key, pointer, 3000)


NEWER: dict[str, Check] = {
    "table": _table,
    "data_table": _data_table,
    "data_visualization": _chart,
    "card": _card,
    "carousel": _carousel,
    "container": _container,
    "context_actions": _context_actions,
    "alert": _alert,
    "video": _video,
}


def check_totals(problems: Problems, blocks: list[Json], start: str) -> None:
    """Refuse too many charts, and too much in all tables together."""
    if sum(block.get("type") == "data_visualization" for block in blocks) > CHARTS:
        problems.add(f"no more than {CHARTS} data_visualization blocks allowed", start)
    tables = [block for block in blocks if block.get("type") in {"table", "data_table"}]
    written = sum(len(words) for table in tables for words in _words(_rows(table)))
    if written > CELL_CHARACTERS:
        problems.add(f"table cells must have less than {CELL_CHARACTERS + 1} characters", start)


def _words(value: object) -> Iterator[str]:
    """The texts of cells, however deep rich text nests them."""
    if isinstance(value, list):
        for item in value:
            yield from _words(item)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield text_of(value)
        yield from _words(value.get("elements"))
