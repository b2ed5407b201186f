"""Owing somebody a file."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from bot.domain.people.people import Member
from storage import outbox
from storage.unit_of_work import UnitOfWork

_NAME = 32
_PATIENCE = 20
"""Seconds in which a second click means no second file."""


def owe_file(
    uow: UnitOfWork, kind: str, who: Member, wish: Mapping[str, int | str | None], now: datetime
) -> None:
    """Owes the file; once, where the same one is on its way or has only just been sent."""
    payload = {"member_id": who.id, **wish}
    name = sha256(repr(payload).encode()).hexdigest()[:_NAME]
    subject = f"{kind}:{name}"
    with uow.begin() as tx:
        if not outbox.is_under_way(tx, who.team_id, subject):
            outbox.add_once(
                tx,
                who.team_id,
                kind=kind,
                subject=subject,
                payload=payload,
                marker=f"{name}-{int(now.timestamp() // _PATIENCE)}",
                now=now,
            )
