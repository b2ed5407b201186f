"""What is GitHub's own: names that change, pull requests, scopes, words of refusal."""

from datetime import timedelta

import pytest

from bot.integrations.answers import Answer
from bot.integrations.context import AdapterContext
from bot.integrations.errors import (
    ProviderAuthFailed,
    ProviderRateLimited,
    ProviderRefused,
    ProviderUnavailable,
)
from bot.providers.github.adapter import GitHub
from bot.providers.github.limits import seconds_to_wait
from bot.providers.github.site import addresses
from tests.http_server import Say, Seen
from tests.providers.github.listed import every_project, every_task
from tests.providers.github.stand_in import GitHubStandIn
from tests.providers.stand_in import Refusal

NOON = {"date": "Fri, 20 Nov 2026 12:00:00 GMT"}
RESET = {**NOON, "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795176090"}
"""A quota that is spent, and comes back ninety seconds after noon."""

SECONDARY = b'{"errors": [{"message": "You have exceeded a secondary rate limit."}]}'
RATE_LIMITED = b'{"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}'


@pytest.mark.specs("github-rest.json", "github-schema.graphql")
def test_both_of_githubs_descriptions_judge(github: GitHubStandIn) -> None:
    """The other tests here would say nothing about requests that GitHub does not know."""
    assert len(github.judges) == 2


@pytest.mark.parametrize(
    ("typed", "opens", "rest", "graphql"),
    [
        (
            "https://github.com",
            "https://github.com",
            "https://api.github.com",
            "https://api.github.com/graphql",
        ),
        (
            "https://www.github.com/acme",
            "https://github.com",
            "https://api.github.com",
            "https://api.github.com/graphql",
        ),
        (
            "https://acme.ghe.com",
            "https://acme.ghe.com",
            "https://api.acme.ghe.com",
            "https://api.acme.ghe.com/graphql",
        ),
        (
            "https://git.acme.test:8443/acme",
            "https://git.acme.test:8443",
            "https://git.acme.test:8443/api/v3",
            "https://git.acme.test:8443/api/graphql",
        ),
    ],
)
def test_each_kind_of_github_has_its_apis_elsewhere(
    typed: str, opens: str, rest: str, graphql: str
) -> None:
    """People type where they open it, and whatever page they were on."""
    assert addresses(typed) == (opens, rest, graphql)


async def test_no_address_is_github_com(context: AdapterContext) -> None:
    """The field is left empty by nearly everybody."""
    assert GitHub({"token": "x1234"}, context)._site.address == "https://github.com"  # noqa: SLF001


async def test_pull_requests_and_hidden_items_are_no_tasks(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """On a board they stand beside issues and drafts."""
    board = next(iter(github.boards))
    issue, draft = await every_task(GitHub(github.credentials, context), board)
    assert (issue.title, issue.number, issue.status) == ("Task 1", 1, "In Progress")
    assert issue.url.endswith("/acme/web/issues/1")
    assert (draft.title, draft.number, draft.status) == ("Think about names", None, "Todo")
    assert draft.url.endswith(f"/orgs/acme/projects/1?pane=issue&itemId={draft.external_id[5:]}")


async def test_issue_on_a_board_is_a_task_of_its_own(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """Linking a repository and a board does not make the same task jump between two projects."""
    adapter = GitHub(github.credentials, context)
    web, board = next(iter(github.repos)), next(iter(github.boards))
    issue, item = (await every_task(adapter, web))[0], (await every_task(adapter, board))[0]
    assert issue.url == item.url
    assert issue.external_id != item.external_id
    assert (issue.project_id, item.project_id) == (web, board)


async def test_an_issues_details_arrive(github: GitHubStandIn, context: AdapterContext) -> None:
    """Everything that people see of a task in Slack."""
    github.change("812345001/3", is_done=True, reason="NOT_PLANNED")
    first, _, third, *_ = await every_task(GitHub(github.credentials, context), github.project_id)
    assert (first.title, first.key, first.number) == ("Task 1", None, 1)
    assert (first.status, first.is_done, first.labels) == ("Open", False, ("infra",))
    assert (first.assignee_ids, first.section) == (("502",), "Version 2")
    assert (third.status, third.is_done) == ("Closed as not planned", True)


async def test_archived_repositories_and_those_without_issues(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """A fork without issues announces nothing; a repository that switches them off is frozen."""
    adapter = GitHub(github.credentials, context)
    listed = await every_project(adapter)
    *_, old, dotfiles, fork = github.repos
    assert fork not in listed
    assert (listed[old].is_archived, listed[dotfiles].is_personal) == (True, True)
    assert listed[github.project_id].workspace_name == "acme"
    github.repos[github.project_id].has_issues = False
    found = await adapter.project(github.project_id)
    assert found is not None
    assert found.is_archived
    with pytest.raises(ProviderRefused, match="no issues"):
        await every_task(adapter, github.project_id)


async def test_templates_and_closed_boards(github: GitHubStandIn, context: AdapterContext) -> None:
    """Nobody works on a template."""
    listed = await every_project(GitHub(github.credentials, context))
    delivery, template, last_year, plans = github.boards
    assert template not in listed
    assert (listed[delivery].is_archived, listed[last_year].is_archived) == (False, True)
    assert (listed[delivery].is_personal, listed[plans].is_personal) == (False, True)


async def test_renamed_repository_is_the_same_project(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """Its number stays, and so do its tasks (S5)."""
    adapter = GitHub(github.credentials, context)
    before = {task.external_id for task in await every_task(adapter, github.project_id)}
    github.repos[github.project_id].name = "website"
    adapter = GitHub(github.credentials, context)
    found = await adapter.project(github.project_id)
    assert found is not None
    assert found.name == "website"
    tasks = await every_task(adapter, github.project_id)
    assert {task.external_id for task in tasks} == before
    assert "/acme/website/issues/" in tasks[0].url


async def test_name_that_somebody_else_has_by_now_is_not_believed(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """A repository that was deleted and made again is another one; its tasks are not the old."""
    adapter = GitHub(github.credentials, context)
    await every_project(adapter)
    web = github.repos[github.project_id]
    web.name = "web-old"
    github.repo(web.owner, "web", collaborators={501}, pushers={501})
    assert await adapter.task(f"{web.id}/1") is None
    with pytest.raises(ProviderRefused, match="no such repository"):
        await every_task(adapter, str(web.id))


async def test_transferred_issue_is_gone_where_it_was(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """GitHub makes another one of it, with another number."""
    adapter = GitHub(github.credentials, context)
    _, ops, *_ = github.repos
    made = github.transfer("812345001/3", ops)
    assert await adapter.task("812345001/3") is None
    found = await adapter.task(made)
    assert found is not None
    assert (found.title, found.project_id) == ("Task 3", ops)


async def test_nothing_is_gone_to_a_dead_token(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """To a revoked token everything looks deleted; that is a matter for a person."""
    adapter = GitHub(github.credentials, context)
    await every_project(adapter)
    github.people[501].id = 599
    with pytest.raises(ProviderAuthFailed):
        await adapter.project("99999")
    with pytest.raises(ProviderAuthFailed):
        await adapter.task("812345001/1")


async def test_organization_that_has_not_let_the_token_in_is_not_gone(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """Single sign-on answers 403, in GraphQL FORBIDDEN: a refusal, not a deletion."""
    said = "Resource protected by organization SAML enforcement."
    adapter = GitHub(github.credentials, context)

    def spoil(_: Say) -> Say:
        return Say(403, {"message": said}, {"X-GitHub-SSO": "required"})

    github.spoil(spoil)
    with pytest.raises(ProviderRefused) as caught:
        await adapter.project(github.project_id)
    assert caught.value.reason == said
    await github.mend()
    await every_project(adapter)
    github.spoil(lambda _: Say(body={"errors": [{"type": "FORBIDDEN", "message": said}]}))
    for question in (adapter.task("812345001/1"), adapter.project("PVT_1")):
        with pytest.raises(ProviderRefused) as caught:
            await question
        assert (caught.value.status, caught.value.reason) == (403, said)


async def test_graphql_that_took_too_long_is_asked_again_later(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """GitHub gives up after ten seconds, with an answer of 200."""
    said = "Something went wrong while executing your query."
    github.spoil(lambda _: Say(body={"data": None, "errors": [{"message": said}]}))
    with pytest.raises(ProviderUnavailable):
        await GitHub(github.credentials, context).project("PVT_1")


@pytest.mark.parametrize("says_so_in_graphql", [True, False])
async def test_page_that_takes_github_too_long_is_asked_for_in_parts(
    github: GitHubStandIn,
    context: AdapterContext,
    says_so_in_graphql: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """It gives up after ten seconds; the same page tomorrow would be too long just so."""
    said = {"data": None, "errors": [{"message": "This may be the result of a timeout."}]}

    def busy(seen: Seen) -> None:
        if github.lists_tasks(seen) and seen.body["variables"]["first"] > 25:
            raise Refusal(200 if says_so_in_graphql else 502, said if says_so_in_graphql else {})

    projects = (github.project_id, "PVT_1")
    adapter = GitHub(github.credentials, context)
    whole = [await every_task(adapter, one) for one in projects]
    github.before = busy
    assert [await every_task(adapter, one) for one in projects] == whole
    sizes = [one.body["variables"]["first"] for one in github.seen if github.lists_tasks(one)]
    assert sizes == sorted(sizes, reverse=True)
    assert set(sizes) == {100, 50, 25}


async def test_changes_that_take_github_too_long_to_tell_are_looked_for_in_each_project(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """One question about many must not hold up the sync of all of them."""

    def busy(seen: Seen) -> None:
        asked = str((seen.body or {}).get("query", "")) if seen.method == "POST" else ""
        if "query Changed(" in asked or "query Moments(" in asked:
            raise Refusal(502, {})

    adapter = GitHub(github.credentials, context)
    projects = frozenset(await every_project(adapter))
    since = github.clock() + timedelta(days=1)
    assert await adapter.changed_projects(projects, since) != projects
    github.before = busy
    assert await adapter.changed_projects(projects, since) == projects


async def test_github_that_is_away_is_not_asked_for_ever_less(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """A gateway says the same of a short page as of a long one then, and the run waits."""

    def away(seen: Seen) -> None:
        if github.lists_tasks(seen):
            raise Refusal(502, {})

    github.before = away
    with pytest.raises(ProviderUnavailable):
        await every_task(GitHub(github.credentials, context), github.project_id)
    sizes = {one.body["variables"]["first"] for one in github.seen if github.lists_tasks(one)}
    assert min(sizes) >= 5


async def test_lists_are_read_to_their_end(github: GitHubStandIn, context: AdapterContext) -> None:
    """Each page of a list names the next; more than a hundred repositories are no surprise."""
    for number in range(120):
        github.add_project(f"More {number}")
    listed = await every_project(GitHub(github.credentials, context))
    assert github.repos.keys() - listed.keys() == {next(reversed(list(github.repos)[:5]))}
    pages = [one for one in github.seen if one.path == "/api/v3/user/repos"]
    assert [one.query.get("page", "1") for one in pages] == ["1", "2"]


async def test_one_question_tells_changes_and_access_of_many(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """With nothing changed, a hundred repositories cost no more than one."""
    web, ops, _, dotfiles, _ = github.repos
    adapter = GitHub(github.credentials, context)
    await every_project(adapter)
    github.now += timedelta(hours=1)
    github.retitle(f"{web}/1", "Changed")
    before = adapter.requests
    changed = await adapter.changed_projects((web, ops, dotfiles), github.now)
    assert changed == frozenset({web})
    assert [await adapter.access(one) for one in (web, ops, dotfiles)] == [
        frozenset({"501", "502", "503"}),
        frozenset({"501"}),
        None,
    ]
    assert adapter.requests == before + 1


async def test_changes_after_a_restart_are_asked_for_all_the_same(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """A run that goes on in another process has not seen the list of repositories."""
    web, ops, *_ = github.repos
    asked = (web, ops, "99999", "PVT_1", "PVT_99")
    later = github.now + timedelta(hours=1)
    found = await GitHub(github.credentials, context).changed_projects(asked, later)
    assert found == frozenset({"99999", "PVT_99"})


async def test_board_changes_when_an_issue_on_it_does(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """The board itself keeps quiet about that."""
    adapter = GitHub(github.credentials, context)
    board, since = next(iter(github.boards)), github.now - timedelta(minutes=5)
    assert await adapter.changed_projects((board,), since) == frozenset()
    github.retitle("812345001/1", "Changed")
    assert await adapter.changed_projects((board,), since) == frozenset({board})
    changed = [task async for page in adapter.tasks(board, since) for task in page.items]
    assert [task.title for task in changed] == ["Changed"]


async def test_issues_that_are_made_while_reading_shift_nothing(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """The cursor remembers an issue, no place in a list."""
    doomed = list(github.titles())[:4]

    def between(seen: Seen) -> None:
        if github.lists_tasks(seen) and len(github.seen) > 3:
            while doomed:
                github.remove(doomed.pop())

    github.before = between
    found = await every_task(GitHub(github.credentials, context), github.project_id)
    assert github.titles().keys() <= {task.external_id for task in found}


@pytest.mark.parametrize(
    ("status", "headers", "content", "seconds"),
    [
        (200, NOON, b"{}", None),
        (200, RESET, b'{"data": {"title": "RATE_LIMIT"}}', None),
        (200, RESET, RATE_LIMITED, 90),
        (200, NOON, RATE_LIMITED, 60),
        (200, {**NOON, "retry-after": "30"}, SECONDARY, 30),
        (200, NOON, SECONDARY, 60),
        (200, NOON, b'{"errors": [{"type": "NOT_FOUND", "message": "No such node."}]}', None),
        (403, NOON, b'{"message": "Must have push access"}', None),
        (403, RESET, b"{}", 90),
        (429, RESET, b"{}", 90),
        (403, {**NOON, "retry-after": "30"}, b"{}", 30),
        (403, NOON, b'{"message": "You have exceeded a secondary rate limit."}', 60),
        (403, NOON, b'{"message": "You have triggered an abuse detection mechanism."}', 60),
        (429, NOON, b"{}", 60),
        (403, {"x-ratelimit-remaining": "0"}, b"{}", 60),
        (403, {**RESET, "x-ratelimit-reset": "soon"}, b"{}", 60),
        (500, NOON, b"{}", None),
    ],
)
def test_limits_are_read_as_github_states_them(
    status: int, headers: dict[str, str], content: bytes, seconds: float | None
) -> None:
    """By 403 as well as 429, by a moment or by seconds, and within an answer of GraphQL."""
    assert seconds_to_wait(Answer(status, headers, content)) == seconds


async def test_spent_quota_is_waited_for(github: GitHubStandIn, context: AdapterContext) -> None:
    """The sync hears how long, and lets the integration rest until then."""
    headers = {
        "Date": RESET["date"],
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": RESET["x-ratelimit-reset"],
    }
    github.spoil(lambda _: Say(403, {"message": "API rate limit exceeded"}, headers))
    with pytest.raises(ProviderRateLimited) as caught:
        await GitHub(github.credentials, context).check()
    assert caught.value.retry_after == 90
