"""Within a team: what a plain member is shown, whatever ids and words they send."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select

from bot.demo_board import write_demo_board
from storage.members import MemberRow
from storage.sql import table
from storage.tables import METADATA
from tests.builders import World
from tests.isolation.cases import CASES
from tests.isolation.desk import opened
from tests.isolation.harvest import words_in
from tests.isolation.planted import IDS, TEAM, plant
from tests.isolation.test_isolation import typed

pytestmark = pytest.mark.long

MAL = "U0MAL"
KNOWN = {
    "integration.site_name": "whoever tracks time may connect their account there",
    "member.name": "colleagues are in Slack's own list, admins are whom to ask",
}
"""What everybody in a team may see, with the reason."""

_COLUMNS = [f"{one.name}.{column.name}" for one in METADATA.sorted_tables for column in one.columns]


def hired(engine: Engine) -> None:
    """Somebody new, who is on no project and connected nowhere."""
    member = table(MemberRow)
    with engine.begin() as connection:
        like = connection.execute(select(member).where(member.c.id == IDS[-1])).mappings().one()
        own = {"id": 1, "slack_user_id": MAL, "name": "Mal", "name_words": "mal", "email": None}
        connection.execute(insert(member).values({**like, **own}))


def kinds_of(text: str) -> set[str]:
    """The columns whose words are in a text."""
    numbers = [re.search(r"\d+", word) for word in words_in(text)]
    return {_COLUMNS[int(found[0])] for found in numbers if found and int(found[0]) < len(_COLUMNS)}


async def test_a_plain_member_is_shown_nothing_of_others(sqlite_url: str, tmp_path: Path) -> None:
    """No project, task, client, note or amount: by no button, form, search or command.

    They are told what is the project of the channel in which they ask.
    """
    write_demo_board(tmp_path)
    world = World(sqlite_url)
    plant(world.engine)
    hired(world.engine)
    world.close()
    problems = []
    async with opened(sqlite_url, str(tmp_path)) as desk:
        for asked in (*typed(), *CASES):
            shown = repr(await desk.asks(TEAM, MAL, asked))
            seen = kinds_of(shown) - kinds_of(repr(asked)) - set(KNOWN)
            if "this channel's project" in shown:
                seen -= {"project.name"}
            if seen:
                problems.append(f"{asked} shows {sorted(seen)}")
    assert not problems, "\n".join(problems)
