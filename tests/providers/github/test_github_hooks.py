"""What a GitHub's webhook requests lead to, and who may set them up."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.integrations.context import AdapterContext
from bot.integrations.errors import ProviderRefused
from bot.integrations.hooks import HookForged, HookRequest, News
from bot.providers.github.adapter import GitHub
from tests.http_server import Say
from tests.providers.github.hooks import headers
from tests.providers.github.stand_in import GitHubStandIn

SECRET = "It's a Secret to Everybody"
ADDRESS = "https://hourlink.test/hooks/x"
ISSUE = {"issue": {"number": 42}, "repository": {"id": 812345001}}
ITEM = {"projects_v2_item": {"node_id": "PVTI_7", "project_node_id": "PVT_1"}}


def heard(event: str, body: dict[str, Any]) -> News:
    """What Hourlink makes of an event."""
    return GitHub.hear(signed(event, json.dumps(body).encode()), SECRET)


def signed(event: str, body: bytes, **more: str) -> HookRequest:
    """A request as GitHub signs one."""
    sent = {**headers(event, body, SECRET), **more}
    return HookRequest(ADDRESS, {name.lower(): value for name, value in sent.items()}, body)


def test_signature_is_the_documented_one() -> None:
    """GitHub's own example: a known secret, body and digest; the older SHA-1 proves nothing."""
    digest = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    right = {"x-hub-signature-256": f"sha256={digest}", "x-github-event": "ping"}
    assert GitHub.hear(HookRequest("", right, b"Hello, World!"), SECRET) == News()
    sent = {name.lower(): told for name, told in headers("ping", b"Hi", SECRET).items()}
    del sent["x-hub-signature-256"]
    with pytest.raises(HookForged):
        GitHub.hear(HookRequest("", sent, b"Hi"), SECRET)


@pytest.mark.parametrize("action", ["opened", "edited", "closed", "reopened", "labeled", "typed"])
def test_edits_lead_to_the_repository(action: str) -> None:
    """One list of changes brings them all, however many requests there are."""
    assert heard("issues", {"action": action, **ISSUE}) == News(frozenset({"812345001"}))


def test_deleted_and_transferred_issues_are_looked_at_one_by_one() -> None:
    """No list of changes shows them where they were."""
    gone = frozenset({"812345001/42"})
    assert heard("issues", {"action": "deleted", **ISSUE}) == News(tasks=gone)
    changes = {"new_issue": {"number": 3}, "new_repository": {"id": 812345002}}
    moved = heard("issues", {"action": "transferred", "changes": changes, **ISSUE})
    assert moved == News(frozenset({"812345002"}), gone)


def test_items_lead_to_their_board() -> None:
    """What was taken off it is looked at by itself; another order is nothing new."""
    for action in ("created", "edited", "converted", "archived", "restored"):
        told = heard("projects_v2_item", {"action": action, **ITEM})
        assert told == News(frozenset({"PVT_1"}))
    gone = heard("projects_v2_item", {"action": "deleted", **ITEM})
    assert gone == News(tasks=frozenset({"PVTI_7"}))
    assert heard("projects_v2_item", {"action": "reordered", **ITEM}) == News()


@pytest.mark.parametrize(
    "event", ["repository", "member", "membership", "organization", "projects_v2", "team_add"]
)
def test_projects_and_people_lead_to_an_ordinary_sync(event: str) -> None:
    """New ones are announced, and access that was lost is noticed, within seconds."""
    assert heard(event, {"action": "created"}) == News(is_wide=True)


@pytest.mark.parametrize("event", ["ping", "push", "issue_comment", "pull_request"])
def test_what_changes_no_task_is_no_news(event: str) -> None:
    """Somebody who ticked every event costs nothing; our own comments come back as events too."""
    assert heard(event, {"action": "created", **ISSUE}) == News()


def test_form_that_somebody_left_as_it_was_is_read() -> None:
    """GitHub's page offers another content type first."""
    told = urlencode({"payload": json.dumps({"action": "edited", **ISSUE})}).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert GitHub.hear(signed("issues", told, **form), SECRET) == News(frozenset({"812345001"}))
    assert GitHub.hear(signed("issues", b"a=1", **form), SECRET) == News(is_wide=True)


def test_an_issue_of_another_shape_leads_to_an_ordinary_sync() -> None:
    """What cannot be read is not guessed at."""
    assert heard("issues", {"action": "edited", "issue": {}}) == News(is_wide=True)


async def test_organization_needs_one_webhook_for_all(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """A board's items, people and a hundred repositories come with the same one."""
    web, ops, *_ = github.repos
    adapter = GitHub(github.credentials, context)
    watch = await adapter.watch(ADDRESS, SECRET, (web, ops, "PVT_1"))
    (kept,) = github.hooks.kept.values()
    assert (kept.path, kept.url, kept.secret) == ("orgs/acme", ADDRESS, SECRET)
    assert {"issues", "projects_v2_item", "membership"} <= set(kept.events)
    assert (watch.secrets, watch.renew_at) == ({"": SECRET}, None)


async def test_administrator_of_repositories_gets_one_for_each(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """Whoever does not own the organization may still do that; what is unlinked loses its own."""
    web, ops, *_ = github.repos
    github.organizations[9001].owners = {502}
    for one in (web, ops):
        github.repos[one].admins = {501}
    adapter = GitHub(github.credentials, context)
    await adapter.watch(ADDRESS, SECRET, (web, ops))
    places = ["repos/acme/web", "repos/acme/ops"]
    assert [one.path for one in github.hooks.kept.values()] == places
    await adapter.watch(ADDRESS, SECRET, (web,))
    assert [one.path for one in github.hooks.kept.values()] == places[:1]
    await GitHub(github.credentials, context).watch(ADDRESS, SECRET, ())
    assert not github.hooks.kept


async def test_who_administers_neither_is_told_so(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """The sentence stands beside the steps for doing it by hand."""
    github.organizations[9001].owners = {502}
    adapter = GitHub(github.credentials, context)
    with pytest.raises(ProviderRefused) as caught:
        await adapter.watch(ADDRESS, SECRET, (github.project_id,))
    assert caught.value.reason == (
        "GitHub lets only owners of acme, or administrators of acme/web, set up webhooks."
    )
    with pytest.raises(ProviderRefused) as caught:
        await adapter.watch(ADDRESS, SECRET, ("PVT_1",))
    assert (
        caught.value.reason == "GitHub lets only owners of acme set up webhooks for its Projects."
    )


async def test_projects_of_ones_own_are_no_reason_to_fail(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """GitHub sends nothing about them to anybody."""
    *_, plans = github.boards
    await GitHub(github.credentials, context).watch(ADDRESS, SECRET, (plans,))
    assert not github.hooks.kept


async def test_address_that_github_cannot_reach_is_told(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """In GitHub's own words, of which the second half is the telling one."""
    error = {"resource": "Hook", "code": "custom", "message": "url is not reachable"}
    said = {"message": "Validation Failed", "errors": [error]}
    adapter = GitHub(github.credentials, context)
    async for _ in adapter.projects():
        pass
    spoiled = len(github.seen)
    github.spoil(lambda say: Say(422, said) if len(github.seen) > spoiled + 1 else say)
    with pytest.raises(ProviderRefused) as caught:
        await adapter.watch(ADDRESS, SECRET, (github.project_id,))
    assert caught.value.reason == "Validation Failed: url is not reachable"
