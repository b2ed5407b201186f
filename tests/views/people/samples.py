"""An account link as views are given it, and what every message must be."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.ids import (
    AccountLinkId,
    IntegrationId,
    MemberId,
    ProviderAccountId,
    SlackUserId,
    TeamId,
)
from bot.domain.people.account_links import (
    Account,
    AccountLink,
    Person,
    Site,
)
from bot.domain.states import AccountLinkState
from bot.integrations.registry import Registry
from bot.views.message import Message, Modal
from playground.rules import check_message, check_view

FACES = {descriptor.slug: descriptor for descriptor in Registry.load().descriptors()}
AT = datetime(2026, 11, 28, 23, 30, tzinfo=UTC)
SITE = Site(IntegrationId(3), "redmine", "redmine.acme.test", writes_time=True, is_connected=True)
MIA = Person(MemberId(5), SlackUserId("U0MIA"), "Mia Keller", "Europe/Berlin", False, True)  # noqa: FBT003
LINK = AccountLink(
    id=AccountLinkId(12),
    team_id=TeamId("T0ACME"),
    person=MIA,
    site=SITE,
    account=Account(ProviderAccountId(9), "Mia K", "mia@acme.test", email_is_verified=True),
    state=AccountLinkState.INVITED,
    proof=None,
    chosen_by_admin=False,
    request=3,
    asked_by="Ana Ruiz",
    asked_at=AT,
    expires_at=AT,
    decided_by=None,
    decided_at=None,
    unreachable=None,
)
BARE = replace(LINK, account=None)
LONG = "<!channel> & *" + "\u00e9" * 255
MONSTER = replace(
    LINK,
    person=replace(MIA, name=LONG, zone="Mars/Base"),
    site=replace(SITE, provider="uninstalled", name=LONG),
    account=Account(ProviderAccountId(9), LONG, f"{'m' * 250}@acme.test", email_is_verified=False),
    asked_by=LONG,
    decided_by=LONG,
    decided_at=AT,
    unreachable="user_disabled" * 7,
)


def sound(message: Message) -> Message:
    """The message, if Slack would take it and a screen reader can do without its blocks."""
    check_message(list(message.blocks), message.text)
    assert len(message.text) < 10_000
    assert "<!channel>" not in message.text
    return message


def sound_form(modal: Modal) -> Modal:
    """The form, if Slack would take it."""
    check_view(modal.as_view(), "modal")
    assert "<!channel>" not in str([block["text"] for block in modal.blocks if "text" in block])
    return modal


def buttons(message: Message) -> dict[str, str]:
    """The buttons' words and what they carry."""
    return {
        element["text"]["text"]: element["value"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    }
