"""A question that several people were asked shows all of them what became of it."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.asked_messages import Asked, AskedMessage
from bot.domain.ids import MemberId
from storage import asked_messages, outbox
from storage.unit_of_work import Tx


def answered(
    tx: Tx,
    about: Asked,
    *,
    new_marker: Callable[[], str],
    now: datetime,
    but: MemberId | None = None,
    is_over: bool = True,
) -> None:
    """Owes every message that asks this a look at how it stands.

    Args:
        tx: The transaction of the answer.
        about: The question.
        new_marker: Marks what is owed.
        now: The present moment.
        but: Whose message shows the answer already.
        is_over: Nothing is asked about it any more.
    """
    everyone = asked_messages.about(tx, about.team_id, about.subject)
    for one in everyone:
        if one.member_id != but:
            _owe(tx, about, one, new_marker(), now)
    if everyone and is_over:
        asked_messages.forget(tx, about.team_id, about.subject)


def posted(
    tx: Tx,
    about: Asked,
    message: AskedMessage,
    *,
    new_marker: Callable[[], str],
    now: datetime,
    waits: bool,
) -> None:
    """Keeps where somebody was asked; what was answered on the way there is owed to it at once."""
    if waits:
        asked_messages.keep(tx, about.team_id, about.subject, message, now)
    else:
        _owe(tx, about, message, new_marker(), now)


def _owe(tx: Tx, about: Asked, message: AskedMessage, marker: str, now: datetime) -> None:
    outbox.add(
        tx,
        about.team_id,
        kind=about.kind,
        subject=f"{about.subject}:{message.member_id}",
        payload={
            **about.payload,
            "member_id": message.member_id,
            "channel_id": message.channel_id,
            "ts": message.ts,
        },
        marker=marker,
        now=now,
    )
