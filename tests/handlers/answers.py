"""What a handler answered, held against Slack's rules."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, cast

from handlers.replies import OpenModal, Reply, UpdateModal
from playground.rules import check_view


async def replies(answers: Reply | AsyncIterator[Reply]) -> list[Reply]:
    """Every answer, in order."""
    if not isinstance(answers, AsyncIterator):
        return [answers]
    return [one async for one in answers]


def view(reply: Reply) -> dict[str, Any]:
    """A form that Slack would take."""
    assert isinstance(reply, OpenModal | UpdateModal), reply
    return dict(check_view(reply.modal.as_view(), "modal"))


def element(shown: Mapping[str, Any], block_id: str) -> dict[str, Any]:
    """The element of a field."""
    [found] = [block["element"] for block in shown["blocks"] if block.get("block_id") == block_id]
    return cast("dict[str, Any]", found)
