"""What is Trello's own: 401 for two things, cards that are none, boards that change hands."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.integrations.api import ProviderTask
from bot.integrations.context import AdapterContext
from bot.integrations.errors import (
    ProviderAuthFailed,
    ProviderRateLimited,
    ProviderRefused,
    ProviderSurprised,
)
from bot.providers.trello import boards, cards
from bot.providers.trello.adapter import Trello
from tests.http_server import Say, Seen
from tests.providers.trello.stand_in import TrelloStandIn
from tests.providers.trello.world import KEY, token_of


async def every_task(
    adapter: Trello, board_id: str, since: datetime | None = None
) -> dict[str, ProviderTask]:
    """The cards of a board, page by page."""
    pages = adapter.tasks(board_id, since)
    return {task.external_id: task async for page in pages for task in page.items}


async def test_hidden_things_are_told_from_a_dead_token(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """Trello answers 401 to both; only one of them stops the integration."""
    web, *_ = trello.boards
    bo = list(trello.people)[2]
    card = next(iter(trello.titles()))
    stranger = Trello({"key": KEY, "token": token_of(bo)}, context)
    assert await stranger.project(web) is None
    assert await stranger.task(card) is None
    with pytest.raises(ProviderRefused, match="401"):
        await every_task(stranger, web)
    revoked = Trello({"key": KEY, "token": "revoked"}, context)
    for asking in (revoked.project(web), revoked.task(card), every_task(revoked, web)):
        with pytest.raises(ProviderAuthFailed):
            await asking


async def test_who_signed_in_needs_no_key(trello: TrelloStandIn, context: AdapterContext) -> None:
    """The token goes as OAuth 2.0 wants it, and into no address; a key beside it is left alone."""
    token = token_of(trello.me)
    for more in ({}, {"key": "of another Power-Up"}):
        adapter = Trello({**more, "token": f"Bearer {token}"}, context)
        site = await adapter.check()
        assert (site.account_id, site.warnings) == (trello.me, ())
        assert await every_task(adapter, trello.project_id)
    assert {one.headers["authorization"] for one in trello.seen} == {f"Bearer {token}"}
    assert all(token not in one.target for one in trello.seen)


async def test_a_pasted_token_without_its_key_is_said(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """Trello would call it an invalid key, which nobody entered."""
    with pytest.raises(ProviderRefused, match="needs the API key"):
        await Trello({"token": token_of(trello.me)}, context).check()
    assert trello.seen == []


async def test_keys_are_in_no_address(trello: TrelloStandIn, context: AdapterContext) -> None:
    """Addresses end up in logs of proxies."""
    adapter = Trello(trello.credentials, context)
    await every_task(adapter, trello.project_id)
    token = trello.credentials["token"]
    assert all(token not in one.target and KEY not in one.target for one in trello.seen)


async def test_token_in_a_path_is_in_no_error(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """Trello wants it there when it is asked about the token itself; run histories show errors."""
    adapter = Trello(trello.credentials, context)
    trello.spoil(lambda _: Say(body="<html>"), on=2)
    with pytest.raises(Exception, match=r"tokens/\*\*\*") as caught:
        await adapter.check()
    assert trello.credentials["token"] not in str(caught.value)


async def test_token_in_a_path_is_in_no_reason(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """People are shown those, and Trello repeats in plain text what it could not find."""
    adapter = Trello(trello.credentials, context)
    token = trello.credentials["token"]
    said = Say(404, f"Cannot GET /1/tokens/{token}", {"Content-Type": "text/plain"})
    trello.spoil(lambda _: said, on=2)
    with pytest.raises(ProviderRefused) as caught:
        await adapter.check()
    assert caught.value.reason == "Cannot GET /1/tokens/***"
    assert token not in repr(caught.value)


async def test_check_warns_of_what_will_be_in_the_way(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """A token made by Trello's own link ends after a month, and may only read."""
    assert (await Trello(trello.credentials, context).check()).warnings == ()
    trello.token = {"dateExpires": "2026-12-20T12:00:00.000Z"}
    trello.permissions[0]["write"] = False
    ends, only_reads = (await Trello(trello.credentials, context).check()).warnings
    assert "ends on 2026-12-20" in ends
    assert "only reads" in only_reads


async def test_a_cards_details_arrive(trello: TrelloStandIn, context: AdapterContext) -> None:
    """Everything that people see of a task in Slack; its number is its board's alone."""
    ana = list(trello.people)[1]
    first = next(iter(trello.tasks))
    task = (await every_task(Trello(trello.credentials, context), trello.project_id))[first]
    assert (task.title, task.status, task.labels) == ("Task 1", "Doing", ("blog",))
    assert (task.assignee_ids, task.key, task.number) == ((ana,), None, None)
    assert task.url.startswith("https://trello.com/c/")


async def test_archived_cards_and_lists_are_over(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """Nobody is offered what is off the board; what was tracked there stays somewhere."""
    adapter = Trello(trello.credentials, context)
    first, second, *_ = trello.titles()
    trello.change(second, closed=True)
    trello.boards[trello.project_id].lists[1]["closed"] = True
    found = await every_task(adapter, trello.project_id)
    assert [found[one].is_done for one in (first, second)] == [True, True]
    assert [found[one].status for one in (first, second)] == ["Archived", "Archived"]
    assert await adapter.task(first) == found[first]


@pytest.mark.parametrize(
    "more", [{"cardRole": "separator"}, {"cardRole": "mirror"}, {"isTemplate": True}]
)
async def test_what_only_looks_like_a_card_is_no_task(
    trello: TrelloStandIn, context: AdapterContext, more: dict[str, object]
) -> None:
    """Lines between cards, mirrors of cards elsewhere, templates."""
    adapter = Trello(trello.credentials, context)
    first = next(iter(trello.titles()))
    trello.change(first, **more)
    assert first not in await every_task(adapter, trello.project_id)
    assert await adapter.task(first) is None


async def test_moved_card_is_the_same_task(trello: TrelloStandIn, context: AdapterContext) -> None:
    """Its number and board change, its id and address do not (S5)."""
    adapter = Trello(trello.credentials, context)
    web, plans, *_ = trello.boards
    card = next(iter(trello.titles()))
    before = await adapter.task(card)
    trello.move(card, plans)
    after = await adapter.task(card)
    assert before is not None
    assert after is not None
    assert (after.project_id, after.url) == (plans, before.url)
    assert card not in await every_task(adapter, web)
    assert card in await every_task(adapter, plans)


async def test_too_many_cards_are_asked_for_in_smaller_pages(
    trello: TrelloStandIn, context: AdapterContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Boards with very large cards refuse a thousand at once, and give them all the same."""
    monkeypatch.setattr(cards, "_FEWEST", 3)
    trello.most_cards_at_once = 3
    found = await every_task(Trello(trello.credentials, context), trello.project_id)
    assert found.keys() == trello.titles().keys()
    trello.most_cards_at_once = 2
    with pytest.raises(ProviderRefused, match="API_TOO_MANY_CARDS_REQUESTED"):
        await every_task(Trello(trello.credentials, context), trello.project_id)


async def test_all_cards_are_read_whatever_the_moment(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """Trello's ``since`` means when a card was made; and a renamed list changes no card."""
    adapter = Trello(trello.credentials, context)
    found = await every_task(adapter, trello.project_id, trello.now - timedelta(minutes=1))
    assert found.keys() == trello.titles().keys()
    assert all("since" not in one.query for one in trello.seen)


async def test_boards_come_with_workspace_and_owner(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """A board of no workspace is somebody's own, and left out unless asked for (S4)."""
    pages = [page async for page in Trello(trello.credentials, context).projects()]
    found = {one.name: one for page in pages for one in page.items}
    assert found["Website"].workspace_name == "Acme"
    assert not found["Website"].is_personal
    assert found["Recipes"].is_personal
    assert found["Old intranet"].is_archived


async def test_workspaces_people_see_its_boards_where_the_board_says_so(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """Who was switched off sees nothing; an enterprise's boards are the workspace's at least."""
    mia, ana, bo, *_ = trello.people
    plans = list(trello.boards)[1]
    for level in ("org", "enterprise"):
        trello.boards[plans].level = level
        found = await Trello(trello.credentials, context).access(plans)
        assert found == frozenset({mia, ana, bo})


async def test_who_may_see_many_boards_is_asked_once(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """One answer tells it of all boards."""
    adapter = Trello(trello.credentials, context)
    _ = [page async for page in adapter.projects()]
    before = adapter.requests
    web, plans, _, recipes, handbook = trello.boards
    for board in (web, plans, recipes, handbook):
        await adapter.access(board)
    assert adapter.requests - before == 3  # the boards, and who is in the workspace


async def test_very_many_boards_are_asked_one_by_one(
    trello: TrelloStandIn, context: AdapterContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One answer about thousands of boards with hundreds of people would be too large."""
    monkeypatch.setattr(boards, "_ALL_AT_ONCE", 4)
    adapter = Trello(trello.credentials, context)
    mia, ana, _, _, guest = trello.people
    assert await adapter.access(trello.project_id) == frozenset({mia, ana, guest})
    people = [page async for page in adapter.accounts()]
    assert guest in {one.external_id for page in people for one in page.items}
    lists = [one for one in trello.seen if one.path == "/1/members/me/boards"]
    assert all("memberships" not in one.query["fields"] for one in lists)


async def test_guests_are_met_on_their_boards_alone(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """People of a workspace come in one answer; only boards with strangers are asked for names."""
    adapter = Trello(trello.credentials, context)
    _ = [page async for page in adapter.projects()]
    _ = [page async for page in adapter.accounts()]
    asked = [one.path for one in trello.seen if one.path.endswith("/memberships")]
    assert [path.split("/")[2] for path in asked] == ["organizations", "boards"]


async def test_workspace_that_shows_nobody_its_members(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """Its people are met on boards; who may see a board it opens to them is not guessed at."""
    trello.hides_members = True
    adapter = Trello(trello.credentials, context)
    mia, ana, _, _, guest = trello.people
    pages = [page async for page in adapter.accounts()]
    assert {one.external_id for page in pages for one in page.items} == {mia, ana, guest}
    web, plans, *_ = trello.boards
    assert await adapter.access(web) == frozenset({mia, ana, guest})
    with pytest.raises(ProviderRefused):
        await adapter.access(plans)


async def test_somebody_is_found_though_a_workspace_hides_its_members(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """Whoever left every list is read again, and that workspace need not be theirs."""
    trello.hides_members = True
    *_, guest = trello.people
    found = await Trello(trello.credentials, context).account(guest)
    assert found is not None
    assert found.external_id == guest


async def test_cards_in_another_order_are_no_basis(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """Whoever goes on from the oldest card then loses the ones between, and does not know."""

    def shuffled(seen: Seen, body: Any) -> Any:  # noqa: ANN401 - any answer
        return body[::-1] if trello.lists_tasks(seen) else body

    trello.rewrite = shuffled
    with pytest.raises(ProviderSurprised, match="another order"):
        await every_task(Trello(trello.credentials, context), trello.project_id)


async def test_limit_without_a_time_is_waited_for(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """Trello names the limit and no time; its windows are ten seconds long."""
    trello.spoil(lambda _: Say(429, {"error": "API_TOKEN_LIMIT_EXCEEDED"}))
    with pytest.raises(ProviderRateLimited) as caught:
        await Trello(trello.credentials, context).check()
    assert caught.value.retry_after == 10


async def test_refusal_is_told_in_trellos_words(
    trello: TrelloStandIn, context: AdapterContext
) -> None:
    """Most come as plain text."""
    trello.spoil(lambda _: Say(400, "invalid id", {"Content-Type": "text/plain"}))
    with pytest.raises(ProviderRefused) as caught:
        await Trello(trello.credentials, context).project(trello.project_id)
    assert caught.value.reason == "invalid id"
