"""What a member may go on with, in their App Home."""

from collections.abc import Sequence

from bot.domain.tasks.finding import Candidate
from bot.domain.tracking.home import MemberHome
from bot.views.message import Block, actions, context, header, section
from bot.views.offers import done_mark, places, search_tasks, start_listed
from bot.views.times import linked, told

_SEARCH = search_tasks()


def tasks_part(mine: MemberHome) -> list[Block]:
    """Recent tasks and those that are assigned to them, each with *Start*."""
    if not mine.can_track:
        return []
    blocks: list[Block] = [header("Tasks")]
    blocks += _rows("Recently tracked", mine.recent)
    blocks += _rows("Assigned to you", mine.assigned)
    if not mine.recent and not mine.assigned:
        blocks.append(context("Tasks that you tracked or that are assigned to you appear here."))
    return [*blocks, actions(_SEARCH)]


def _rows(title: str, found: Sequence[Candidate]) -> list[Block]:
    if not found:
        return []
    rows = (_row(one, where) for one, where in zip(found, places(found), strict=True))
    return [context(f"*{title}*"), *rows]


def _row(one: Candidate, place: str) -> Block:
    where = told(place) if one.on.task_id else "Project"
    return section(f"{linked(one.on)}\n{where}{done_mark(one)}", accessory=start_listed(one.on))
