"""Other people's words inside our sentences: shown as they are, whatever marks they have."""

import re

import pytest

from bot.domain.entries.entries import TaskLabel
from bot.domain.ids import ProjectId, TaskId
from bot.domain.slack_text import plain
from bot.views.message import escaped
from bot.views.times import linked, named

FORMATTING = re.compile(r"(?<!\w)([*_~])\S|\S([*_~])(?!\w)|`")
"""What Slack would take for the beginning or the end of bold, italics, struck or code."""


@pytest.mark.parametrize(
    "title",
    [
        "Use *bold* and _under_ in `code` ~gone~",
        "Call f(*args, **kwargs)",
        "__init__ is empty",
        "2 * 3 * 4",
        "a `backtick",
        "ends with a star*",
    ],
)
def test_a_title_is_not_formatted_by_its_own_marks(title: str) -> None:
    """Nor does it end the bold around it; copied back into a command it is the title again."""
    assert not FORMATTING.search(escaped(title))
    assert plain(escaped(title)) == title
    on = TaskLabel(ProjectId(1), "Website", TaskId(2), "WEB-12", title)
    assert named(on).count("*") == 2


def test_marks_inside_words_and_addresses_stay() -> None:
    """They are nothing to Slack there, and an address with another character leads elsewhere."""
    assert escaped("snake_case_name, 2*3, R&D <3") == "snake_case_name, 2*3, R&amp;D &lt;3"
    url = "https://board.acme.test/_x_/*?a=~b"
    on = TaskLabel(ProjectId(1), "Website", TaskId(2), "WEB-12", "Header", url)
    assert f"<{url}|WEB-12>" in linked(on)
