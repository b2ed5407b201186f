"""What a Trello's webhook requests lead to, and how they are set up."""

import pytest

from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderRefused
from bot.integrations.hooks import HookForged, HookRequest, News, Watch
from bot.providers.trello.adapter import Trello
from tests.http_server import Say, serving
from tests.providers.hook_listener import listening
from tests.providers.trello.hooks import action, headers
from tests.providers.trello.stand_in import TrelloStandIn
from tests.providers.trello.world import SECRET

ADDRESS = "https://hourlink.test/hooks/x"
CARD = {"id": "64a1f1d2e4b0a1b2c3d4e601"}
BOARD = {"id": "64a1f0c2e4b0a1b2c3d4e5f6"}


def signed(body: bytes, address: str = ADDRESS) -> HookRequest:
    """A request as Trello signs one for this address, that arrives at ours."""
    sent = {name.lower(): value for name, value in headers(body, address).items()}
    return HookRequest(ADDRESS, sent, body)


def heard(kind: str, **data: object) -> News:
    """What Hourlink makes of an action."""
    return Trello.hear(signed(action(kind, {"board": BOARD, **data})), SECRET)


def test_signature_covers_body_and_address() -> None:
    """The documented one: HMAC-SHA1 with the address behind the body, in base 64."""
    right = HookRequest(
        "https://mywebhookurl.com/trello",
        {"x-trello-webhook": "fIXcyAOTAGozdIkJESqfVlCI95E="},
        b'{"action":{"type":"updateBoard"}}',
    )
    assert Trello.hear(right, "secret") == News(is_wide=True)
    with pytest.raises(HookForged):
        Trello.hear(signed(b"{}", "https://hourlink.test/hooks/y"), SECRET)


@pytest.mark.parametrize(
    "kind", ["createCard", "updateCard", "deleteCard", "moveCardToBoard", "moveCardFromBoard"]
)
def test_cards_are_looked_at_one_by_one(kind: str) -> None:
    """Trello lists no changes: one card is one request, and a board would be hundreds of cards."""
    assert heard(kind, card=CARD) == News(tasks=frozenset({CARD["id"]}))


@pytest.mark.parametrize("kind", ["updateList", "updateLabel", "moveListToBoard"])
def test_what_changes_many_cards_leads_to_the_board(kind: str) -> None:
    """A renamed list is another status of each card in it."""
    assert heard(kind) == News(projects=frozenset({BOARD["id"]}))


@pytest.mark.parametrize("kind", ["updateBoard", "addMemberToBoard", "removeMemberFromBoard"])
def test_boards_and_their_people_lead_to_an_ordinary_sync(kind: str) -> None:
    """Whoever was taken off a board must not go on tracking there."""
    assert heard(kind) == News(is_wide=True)


@pytest.mark.parametrize("kind", ["commentCard", "addAttachmentToCard", "updateCheckItem"])
def test_what_changes_no_task_is_no_news(kind: str) -> None:
    """Our own comments above all."""
    assert heard(kind, card=CARD) == News()


def test_a_card_of_another_shape_leads_to_an_ordinary_sync() -> None:
    """What cannot be read is not guessed at."""
    assert heard("updateCard", card={"id": 12}) == News(is_wide=True)
    assert heard("updateCard", card=None) == News(is_wide=True)


async def test_without_the_secret_none_are_made(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """Nothing would prove them; the reason says what is missing."""
    without = {**trello.credentials, "secret": ""}
    with pytest.raises(ProviderRefused, match="secret of the API key"):
        await Trello(without, context).watch(ADDRESS, "ours", list(trello.boards))
    assert trello.hooks.kept == {}


async def test_who_signed_in_gets_none(trello: TrelloStandIn, context: AdapterContext) -> None:
    """Nobody knows what would sign them; disconnecting has none to remove."""
    signed_in = Trello({**trello.credentials, "token": "Bearer of-ana"}, context)
    with pytest.raises(ProviderRefused, match="somebody signed in"):
        await signed_in.watch(ADDRESS, "ours", list(trello.boards))
    assert await signed_in.watch(ADDRESS, "ours", []) == Watch()
    assert trello.seen == []


async def test_webhook_that_was_switched_off_is_made_again(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """Trello does that after many failures, and says nothing."""
    adapter = Trello(trello.credentials, context)
    async with listening(Trello) as listener:
        watch = await adapter.watch(listener.address, "ours", [trello.project_id])
        (number,) = trello.hooks.kept
        trello.hooks.kept[number]["active"] = False
        twice = trello.hooks.stand(listener.address, trello.project_id)
        trello.hooks.kept[twice]["active"] = False
        await adapter.watch(listener.address, "ours", [trello.project_id])
    assert [one["active"] for one in trello.hooks.kept.values()] == [True]
    assert watch.renew_at is not None
    assert (watch.renew_at - trello.now).days == 7


async def test_hidden_board_costs_the_others_nothing(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """It is still linked until the next sync sees that it is gone."""
    web, plans, *_ = trello.boards
    del trello.boards[web]
    async with listening(Trello) as listener:
        await Trello(trello.credentials, context).watch(listener.address, "ours", [web, plans])
    assert [one["idModel"] for one in trello.hooks.kept.values()] == [plans]


async def test_address_that_trello_cannot_reach_is_said(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """In Trello's words."""
    adapter = Trello(trello.credentials, context)
    async with serving(lambda _: Say(502)) as server:
        with pytest.raises(ProviderRefused) as caught:
            await adapter.watch(server.url, "ours", [trello.project_id])
    assert "did not return 200" in caught.value.reason
