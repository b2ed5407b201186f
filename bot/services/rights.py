"""Who may do what, asked again inside the transaction that does it."""

from bot.domain.errors import AdminOnly
from bot.domain.people import Member
from storage import members
from storage.unit_of_work import Tx


def admin(tx: Tx, who: Member) -> Member:
    """The member as they are now, who may administer.

    Raises:
        AdminOnly: they may not, or not any more.
    """
    now = members.by_id(tx, who.team_id, who.id)
    if now is None or not now.is_active or not now.is_admin:
        raise AdminOnly
    return now
