"""What is Jira's own: tokens with scopes, keys that change, pages that shift, words of refusal."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.integrations.answers import Answer
from bot.integrations.api import ProviderTask
from bot.integrations.context import AdapterContext
from bot.integrations.errors import (
    ProviderAuthFailed,
    ProviderRateLimited,
    ProviderRefused,
    ProviderUnavailable,
)
from bot.providers.jira import people
from bot.providers.jira.adapter import Jira
from bot.providers.jira.limits import seconds_to_wait
from bot.providers.jira.shapes import moment
from tests.http_server import Say, Seen
from tests.providers.jira.base import JiraStandIn
from tests.providers.jira.cloud import TENANT, JiraCloud
from tests.providers.jira.data_center import JiraDataCenter
from tests.providers.worked import SINCE, worked


async def every_task(
    adapter: Jira, project_id: str, since: datetime | None = None
) -> list[ProviderTask]:
    """The tasks of a project, page by page."""
    return [task async for page in adapter.tasks(project_id, since) for task in page.items]


async def test_token_with_scopes_goes_through_the_gateway(
    on_cloud: JiraCloud, context: AdapterContext
) -> None:
    """The site answers 401 to it; that is not the end, and not asked again each time."""
    on_cloud.wants_gateway = True
    adapter = Jira(on_cloud.credentials, context)
    site = await adapter.check()
    assert site.account_name == "Mia K"
    assert site.url == on_cloud.url
    tasks = await every_task(adapter, on_cloud.project_id)
    assert tasks[0].url.startswith(f"{on_cloud.url}/browse/WEB-")
    assert sum(one.path == "/rest/api/3/myself" for one in on_cloud.seen) == 1


async def test_token_with_scopes_opens_whatever_is_asked_first(
    on_cloud: JiraCloud, context: AdapterContext
) -> None:
    """A button or a webhook opens an adapter for one question; `check` was asked days before."""
    on_cloud.wants_gateway = True

    def opened() -> Jira:
        return Jira(on_cloud.credentials, context)

    first = next(iter(on_cloud.tasks))
    made = await opened().write_time(worked(first, since=SINCE, by="5b10ac8d", name="Mia K"))
    again = replace(worked(first, since=SINCE, by="5b10ac8d", name="Mia K"), seconds=600)
    assert (await opened().update_time(made.external_id, again)).seconds == 600
    assert await opened().find_time(again) is not None
    await opened().delete_time(made.external_id)
    assert (await opened().complete(first)).is_done
    assert not (await opened().reopen(first)).is_done
    assert await opened().task(first) is not None
    assert await opened().project(on_cloud.project_id) is not None
    assert await opened().access(on_cloud.project_id)
    assert await opened().account("5b10ac8d") is not None


async def test_webhooks_of_a_token_with_scopes_are_a_refusal_and_not_asked_for_at_every_sync(
    on_cloud: JiraCloud, context: AdapterContext
) -> None:
    """The gateway has none, and the site takes no such token; that is no dead token."""
    on_cloud.wants_gateway = True
    adapter = Jira(on_cloud.credentials, context)
    with pytest.raises(ProviderRefused) as refused:
        await adapter.watch("https://hourlink.test/hooks/x", "secret", {on_cloud.project_id})
    assert "without scopes" in refused.value.reason


async def test_wrong_token_stays_wrong_at_the_gateway(
    on_cloud: JiraCloud, context: AdapterContext
) -> None:
    """Both doors were tried before a person is asked."""
    adapter = Jira({**on_cloud.credentials, "token": "wrong"}, context)
    with pytest.raises(ProviderAuthFailed):
        await adapter.check()
    paths = [one.path for one in on_cloud.seen]
    assert f"/ex/jira/{TENANT}/rest/api/3/myself" in paths


async def test_address_of_the_other_kind_says_what_is_missing(
    on_cloud: JiraCloud, on_server: JiraDataCenter, context: AdapterContext
) -> None:
    """The most likely slip in the form is named, not only refused."""
    token = on_cloud.credentials["token"]
    with pytest.raises(ProviderAuthFailed, match="needs the e-mail address"):
        await Jira({"url": on_cloud.url, "token": token}, context).check()
    filled = {"url": on_server.url, "email": "mia@acme.test", "token": token}
    with pytest.raises(ProviderAuthFailed, match="wants no e-mail address"):
        await Jira(filled, context).check()


async def test_address_without_a_jira_says_so(on_cloud: JiraCloud, context: AdapterContext) -> None:
    """A mistyped path answers 404."""
    on_cloud.spoil(lambda _: Say(404, "nothing here"))
    with pytest.raises(ProviderRefused) as caught:
        await Jira(on_cloud.credentials, context).check()
    assert caught.value.reason.startswith("No Jira answers at this address")


async def test_lists_are_not_asked_for_as_a_stranger(
    jira: JiraStandIn, context: AdapterContext
) -> None:
    """Jira answers lists to anybody, with less in them: that would look like deletions."""
    adapter = Jira({**jira.credentials, "token": "revoked"}, context)
    for pages in (adapter.projects(), adapter.accounts(), adapter.tasks(jira.project_id)):
        with pytest.raises(ProviderAuthFailed):
            await anext(pages)
    lists = ("/search", "/project", "/users")
    assert [one.path for one in jira.seen if any(word in one.path for word in lists)] == []


async def test_moved_issue_is_the_same_task(jira: JiraStandIn, context: AdapterContext) -> None:
    """Its key and project change, its id does not (S5)."""
    adapter = Jira(jira.credentials, context)
    web, ops, _ = jira.projects
    task_id = next(iter(jira.titles()))
    before = await adapter.task(task_id)
    jira.move(task_id, ops)
    after = await adapter.task(task_id)
    assert before is not None
    assert after is not None
    assert (before.key, before.project_id) == ("WEB-1", web)
    assert (after.key, after.project_id) == ("OPS-2", ops)
    assert task_id not in {task.external_id for task in await every_task(adapter, web)}
    assert task_id in {task.external_id for task in await every_task(adapter, ops)}


async def test_who_is_deleted_is_told_from_who_was_switched_off(
    jira: JiraStandIn, context: AdapterContext
) -> None:
    """One of them may come back; about some of the others Cloud still answers, as "unknown"."""
    adapter = Jira(jira.credentials, context)
    switched_off = await adapter.account("5b10gone")
    assert switched_off is not None
    assert not switched_off.is_active
    jira.people["5b10bo"].id = "unknown"
    assert await adapter.account("5b10bo") is None
    del jira.people["5b10bo"]
    assert await adapter.account("5b10bo") is None


async def test_an_issues_details_arrive(jira: JiraStandIn, context: AdapterContext) -> None:
    """Everything that people see of a task in Slack."""
    first, *_ = await every_task(Jira(jira.credentials, context), jira.project_id)
    assert (first.title, first.key, first.number) == ("Task 1", "WEB-1", None)
    assert (first.status, first.is_done, first.labels) == ("To Do", False, ("infra",))
    assert (first.assignee_ids, first.estimate_seconds) == (("5b10ana",), 5400)


async def test_changes_are_asked_for_in_milliseconds(
    on_cloud: JiraCloud, context: AdapterContext
) -> None:
    """Dates in words would be read in the time zone of the token's owner, and to the minute."""
    task_id = next(iter(on_cloud.titles()))
    on_cloud.retitle(task_id, "Changed")
    found = await every_task(
        Jira(on_cloud.credentials, context),
        on_cloud.project_id,
        on_cloud.now - timedelta(seconds=30),
    )
    assert [task.external_id for task in found] == [task_id]
    jql = on_cloud.seen[-1].body["jql"]
    # four minutes more: the search index may be that late
    asked = on_cloud.now - timedelta(seconds=30, minutes=4)
    assert f"updated >= {int(asked.timestamp() * 1000)}" in jql


async def test_pages_by_offset_lose_nothing_when_issues_go(
    on_server: JiraDataCenter, context: AdapterContext
) -> None:
    """What is deleted behind the reader shifts everything; the rest is still all read."""
    on_server.page_size = 7
    doomed = list(on_server.titles())[:6]
    pages = 0

    def between(seen: Seen) -> None:
        nonlocal pages
        pages += on_server.lists_tasks(seen)
        if pages == 2 and doomed:
            while doomed:
                on_server.remove(doomed.pop())

    on_server.before = between
    found = await every_task(Jira(on_server.credentials, context), on_server.project_id)
    assert on_server.titles().keys() <= {task.external_id for task in found}


async def test_token_that_repeats_itself_ends_the_list(
    on_cloud: JiraCloud, context: AdapterContext
) -> None:
    """Jira has been seen to give the same page for ever."""
    on_cloud.page_size, on_cloud.repeats_itself = 5, True
    found = await every_task(Jira(on_cloud.credentials, context), on_cloud.project_id)
    assert len(found) == 10


@pytest.mark.parametrize("empty", [1, 5])
async def test_a_page_without_an_issue_is_not_the_last(
    on_cloud: JiraCloud, context: AdapterContext, empty: int
) -> None:
    """Only one without a token is; whatever came behind an empty one would be lost in silence."""
    on_cloud.empty_pages = empty
    assert len(await every_task(Jira(on_cloud.credentials, context), on_cloud.project_id)) == 12


async def test_empty_pages_come_to_an_end(on_cloud: JiraCloud, context: AdapterContext) -> None:
    """Jira has been seen to give a token behind the last page, too."""
    on_cloud.empty_pages = 1000
    assert await every_task(Jira(on_cloud.credentials, context), on_cloud.project_id) == []
    assert on_cloud.empty_pages > 900


async def test_who_may_be_assigned_is_asked_where_jira_wants_words_to_search_for(
    on_cloud: JiraCloud, context: AdapterContext
) -> None:
    """Its description says both, that they may be left out and that they may not."""
    on_cloud.wants_words = True
    found = await Jira(on_cloud.credentials, context).access(on_cloud.project_id)
    assert found == frozenset({"5b10ac8d", "5b10ana", "5b10bo"})


async def test_token_that_may_not_look_at_people_hears_what_it_lacks(
    jira: JiraStandIn, context: AdapterContext
) -> None:
    """Jira itself says "Forbidden", which helps nobody."""
    jira.hides_people = True
    with pytest.raises(ProviderRefused) as refused:
        _ = [page async for page in Jira(jira.credentials, context).accounts()]
    assert "Browse users and groups" in refused.value.reason


async def test_list_of_people_that_took_jira_too_long_is_asked_for_later(
    on_cloud: JiraCloud, context: AdapterContext
) -> None:
    """Cloud gives up after ten seconds by 409, which a refusal would make the end of the run."""
    adapter = Jira(on_cloud.credentials, context)
    await adapter.check()
    on_cloud.spoil(lambda _: Say(409, {"errorMessages": ["Timed out"], "errors": {}}))
    with pytest.raises(ProviderUnavailable):
        _ = [page async for page in adapter.accounts()]


async def test_check_warns_of_what_the_tokens_owner_lacks(
    jira: JiraStandIn, context: AdapterContext
) -> None:
    """Before a sync fails for it, or time is refused."""

    async def warned() -> str:
        site = await Jira(jira.credentials, context).check()
        return "\n".join(one for one in site.warnings if "encrypted" not in one)

    assert await warned() == ""
    jira.is_admin = False
    assert "no Jira administrator's" in await warned()
    jira.hides_people = True
    assert "Browse users and groups" in await warned()
    jira.may_log_work = False
    assert "Work on issues" in await warned()


async def test_jira_that_does_not_tell_permissions_is_connected_all_the_same(
    on_cloud: JiraCloud, context: AdapterContext
) -> None:
    """A warning less is no reason to connect nothing."""
    on_cloud.spoil(lambda _: Say(400, {"errorMessages": ["Unknown"], "errors": {}}), on=3)
    site = await Jira(on_cloud.credentials, context).check()
    assert on_cloud.seen[-1].path == "/rest/api/3/mypermissions"
    assert site.account_name == "Mia K"


async def test_who_may_see_a_project_without_being_an_administrator(
    jira: JiraStandIn, context: AdapterContext
) -> None:
    """Who may be assigned may see it too; asking for more takes an administrator."""
    jira.is_admin = False
    web, *_ = jira.projects
    found = await Jira(jira.credentials, context).access(web)
    assert found == frozenset({"5b10ac8d", "5b10ana", "5b10bo"})


@pytest.mark.parametrize("everyone", [True, False])
async def test_more_people_than_jira_looks_at(
    on_cloud: JiraCloud,
    context: AdapterContext,
    monkeypatch: pytest.MonkeyPatch,
    everyone: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Jira looks at the first thousand; the rest would seem to have lost their access."""
    monkeypatch.setattr(people, "_LIMIT", 3)
    web, ops, _ = on_cloud.projects
    on_cloud.grants[web] = [
        {"type": "user", "parameter": "5b10ana", "value": "5b10ana"},
        {"type": "projectRole", "parameter": "10002", "value": "10002"},
        {"type": "reporter"},
        {"type": "projectLead"},
        *([{"type": "applicationRole"}] if everyone else []),
    ]
    on_cloud.grants[ops] = [{"type": "group", "parameter": "all", "value": "g-all"}]
    on_cloud.roles["10002"] = ["5b10bo", "g-many"]
    on_cloud.groups["g-many"] = [f"5b{number}" for number in range(120)]
    on_cloud.groups["g-all"] = on_cloud.groups["g-many"][:1]
    adapter = Jira(on_cloud.credentials, context)
    many = frozenset(on_cloud.groups["g-many"])
    expected = None if everyone else many | {"5b10ana", "5b10bo", "5b10ac8d"}
    assert await adapter.access(web) == expected
    assert await adapter.access(ops) == frozenset({"5b0"})


async def test_many_people_on_a_server_are_read_page_by_page(
    on_server: JiraDataCenter, context: AdapterContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of them is left out."""
    monkeypatch.setattr(people, "_LIMIT", 2)
    found = await Jira(on_server.credentials, context).access(on_server.project_id)
    assert found == frozenset({"5b10ac8d", "5b10ana", "5b10bo"})


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (200, {"date": "Fri, 20 Nov 2026 12:00:00 GMT"}, None),
        (429, {"retry-after": "7", "date": "Fri, 20 Nov 2026 12:00:00 GMT"}, None),
        (429, {}, None),
        (429, {"date": "Fri, 20 Nov 2026 12:00:00 GMT"}, None),
        (429, {"date": "Fri, 20 Nov 2026 12:00:00 GMT", "x-ratelimit-reset": "soon"}, None),
        (
            429,
            {"date": "Fri, 20 Nov 2026 12:00:00 GMT", "x-ratelimit-reset": "2026-11-20T12:00:30Z"},
            30,
        ),
        (
            429,
            {
                "date": "Fri, 20 Nov 2026 12:45:00 GMT",
                "ratelimit-reason": "jira-quota-tenant-based",
            },
            900,
        ),
        (429, {"date": "never", "ratelimit-reason": "jira-quota-tenant-based"}, None),
    ],
)
def test_limits_are_read_as_jira_states_them(
    status: int, headers: dict[str, str], seconds: float | None
) -> None:
    """A spent quota comes back at the full hour; knocking before is in vain."""
    assert seconds_to_wait(Answer(status, headers, b"")) == seconds


async def test_spent_quota_is_waited_for(on_cloud: JiraCloud, context: AdapterContext) -> None:
    """The sync hears how long, and lets the integration rest until then."""
    headers = {
        "Date": "Fri, 20 Nov 2026 12:30:00 GMT",
        "RateLimit-Reason": "jira-quota-global-based",
    }
    on_cloud.spoil(lambda _: Say(429, {}, headers))
    with pytest.raises(ProviderRateLimited) as caught:
        await Jira(on_cloud.credentials, context).check()
    assert caught.value.retry_after == 1800


def test_moments_are_utc() -> None:
    """Jira's offsets have no colon."""
    expected = datetime(2026, 11, 20, 8, 14, 2, 123000, UTC)
    assert moment("2026-11-20T09:14:02.123+0100") == expected
