"""What a Redmine may answer and no test server can be made to: with samples of its JSON."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.integrations.errors import (
    ProviderAuthFailed,
    ProviderRefused,
    ProviderSurprised,
)
from bot.providers.redmine import people as listing
from tests.http_server import Say, Seen
from tests.providers.redmine.told import (
    ISSUE,
    KEY,
    ME,
    PROJECT,
    listed,
    redmine,
)


async def test_the_site_is_known_by_its_address(tmp_path: Path) -> None:
    """A Redmine below a path is a site of its own; the key in the answer goes nowhere."""
    answers: dict[str, object] = {"GET /pm/users/current.json": {"user": ME}}
    async with redmine(tmp_path, answers, "/pm/") as (adapter, server):
        site = await adapter.check()
    assert site.external_id == f"{server.url}/pm"
    assert site.account_name == "Mia K"
    assert KEY not in repr(site)
    assert server.seen[0].headers["x-redmine-api-key"] == KEY


async def test_an_address_without_a_redmine_says_so(tmp_path: Path) -> None:
    """A mistyped path answers 404; a company's login page answers HTML."""
    async with redmine(tmp_path, {}, "/nothing") as (adapter, _):
        with pytest.raises(ProviderRefused, match="404") as caught:
            await adapter.check()
    assert caught.value.reason.startswith("No Redmine API answers at this address")
    page: dict[str, object] = {"GET /users/current.json": Say(body="<html>Sign in</html>")}
    async with redmine(tmp_path, page) as (adapter, _):
        with pytest.raises(ProviderSurprised):
            await adapter.check()


async def test_who_is_locked_is_still_somebody(tmp_path: Path) -> None:
    """They lose the right to track, and have it again when they are unlocked."""
    locked = {"id": 8, "login": "bo", "firstname": "Bo", "lastname": "Lund", "status": 3}
    async with redmine(tmp_path, {"GET /users/8.json": {"user": locked}}) as (adapter, _):
        found = await adapter.account("8")
    assert found is not None
    assert (found.name, found.is_active) == ("Bo Lund", False)


async def test_who_may_only_be_hidden_is_not_called_gone(tmp_path: Path) -> None:
    """To a key that is no administrator's, 404 is said of colleagues in other projects too."""
    plain: dict[str, object] = {"GET /users/current.json": {"user": {**ME, "admin": False}}}
    async with redmine(tmp_path, plain) as (adapter, _):
        with pytest.raises(ProviderRefused, match="404"):
            await adapter.account("8")
    async with redmine(tmp_path, {}) as (adapter, _):
        assert await adapter.account("8") is None


async def test_plain_http_to_another_machine_is_warned_about(tmp_path: Path) -> None:
    """The key could be read on its way."""
    async with redmine(tmp_path, {}) as (adapter, _):
        adapter._client.base_url = "http://redmine.acme.test"  # noqa: SLF001 - no such machine here
        assert any("not encrypted" in w for w in adapter._warnings(is_admin=True))  # noqa: SLF001


async def test_an_issue_is_told_in_our_words(tmp_path: Path) -> None:
    """Number without a key, hours as seconds, category as section."""
    async with redmine(tmp_path, {}) as (adapter, server):
        task = await adapter.task("123")
    assert task is not None
    assert (task.external_id, task.project_id, task.key, task.number) == ("123", "12", None, 123)
    assert (task.title, task.status, task.section) == ("Header", "In Progress", "Layout")
    assert (task.assignee_ids, task.estimate_seconds) == (("7",), 5400)
    assert task.updated_at == datetime(2026, 11, 20, 9, 14, 2, tzinfo=UTC)
    assert task.url == f"{server.url}/issues/123"


async def test_a_closed_project_counts_as_archived(tmp_path: Path) -> None:
    """Redmine lets nobody log time there."""
    closed = {**PROJECT, "status": 5}
    answers: dict[str, object] = {"GET /projects.json": listed("projects", closed)}
    async with redmine(tmp_path, answers) as (adapter, server):
        (page,) = [page async for page in adapter.projects()]
    assert page.items[0].is_archived
    assert server.seen[0].query["status"] == "1|5"


async def test_a_moment_is_sent_as_redmine_wants_it(tmp_path: Path) -> None:
    """With T and Z: a numeric offset is refused, and a bare date means the key owner's zone."""
    berlin = datetime(2026, 11, 20, 10, 0, 0, 999, tzinfo=timezone(timedelta(hours=1)))
    async with redmine(tmp_path, {"GET /issues.json": listed("issues", ISSUE)}) as (
        adapter,
        server,
    ):
        (page,) = [page async for page in adapter.tasks("12", since=berlin)]
    assert page.items[0].external_id == "123"
    assert server.seen[0].query == {
        "project_id": "12",
        "subproject_id": "!*",
        "status_id": "*",
        "sort": "id:asc",
        "limit": "100",
        "updated_on": ">=2026-11-20T09:00:00Z",
    }


async def test_pages_of_issues_go_on_from_the_last_id(tmp_path: Path) -> None:
    """An issue deleted between two pages shifts every offset; an id does not shift."""
    pages = [listed("issues", ISSUE, total=2), listed("issues", {**ISSUE, "id": 200}, total=1)]
    async with redmine(tmp_path, {"GET /issues.json": lambda _: pages.pop(0)}) as (adapter, server):
        found = [page async for page in adapter.tasks("12")]
    assert [page.cursor for page in found] == ["123", None]
    assert server.seen[1].query["issue_id"] == ">=124"


@pytest.mark.parametrize("second", [[ISSUE], [{**ISSUE, "id": 300}, {**ISSUE, "id": 200}]])
async def test_a_redmine_that_ignores_the_filter_is_noticed(
    tmp_path: Path, second: list[object]
) -> None:
    """Better a failed run than a loop without end or tasks left out in silence."""
    pages = [listed("issues", ISSUE, total=3), listed("issues", *second, total=2)]
    async with redmine(tmp_path, {"GET /issues.json": lambda _: pages.pop(0)}) as (adapter, _):
        with pytest.raises(ProviderSurprised, match="does not obey"):
            _ = [page async for page in adapter.tasks("12")]


@pytest.mark.parametrize(
    "broken",
    [
        {"id": 123},
        {**ISSUE, "status": {"id": 1, "name": "New"}},
        {**ISSUE, "updated_on": "yesterday"},
        {**ISSUE, "project": None},
        "issue",
    ],
)
async def test_an_issue_of_another_shape_is_a_surprise(tmp_path: Path, broken: object) -> None:
    """A plug-in that changes the API fails the run; it does not crash it."""
    async with redmine(tmp_path, {"GET /issues/123.json": {"issue": broken}}) as (adapter, _):
        with pytest.raises(ProviderSurprised):
            await adapter.task("123")


async def test_lists_that_shift_lose_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Someone in front is deleted between two pages: the next page starts a little before."""
    monkeypatch.setattr(listing, "_LIMIT", 4)
    monkeypatch.setattr(listing, "_OVERLAP", 2)
    people = [{"id": n, "login": f"p{n}", "mail": f"p{n}@acme.test"} for n in range(10)]

    def page(seen: Seen) -> dict[str, object]:
        if seen.query["status"] == "3":
            return listed("users")
        start = int(seen.query["offset"])
        answer = listed("users", *people[start : start + 4], total=len(people))
        if start == 0:
            del people[1]
        return answer

    async with redmine(tmp_path, {"GET /users.json": page}) as (adapter, _):
        found = [a.external_id async for page in adapter.accounts() for a in page.items]
    assert sorted(found) == [str(n) for n in range(10)]


async def test_a_switched_off_api_makes_nothing_look_gone(tmp_path: Path) -> None:
    """Everything answers 403 then; only a Redmine that knows the key may say *gone*."""
    off = Say(403, body="")
    answers: dict[str, object] = {"GET /users/current.json": off, "GET /issues/123.json": off}
    async with redmine(tmp_path, answers) as (adapter, _):
        with pytest.raises(ProviderRefused):
            await adapter.task("123")
    async with redmine(tmp_path, {"GET /issues/123.json": off}) as (adapter, _):
        assert await adapter.task("123") is None


def roles(*permissions: str, listed_too: bool = False) -> dict[str, object]:
    """Answers about roles, of which number 1 is the built-in one of non-members."""
    given = [{"id": 3, "name": "Manager"}, *([{"id": 1, "name": "Odd"}] if listed_too else [])]
    role = {"id": 1, "name": "Non member", "permissions": list(permissions)}
    return {"GET /roles.json": {"roles": given}, "GET /roles/1.json": {"role": role}}


MEMBERS: dict[str, object] = {
    "GET /projects/12/memberships.json": listed(
        "memberships",
        {"id": 31, "user": {"id": 7, "name": "Mia K"}},
        {"id": 32, "group": {"id": 90, "name": "QA"}},
        {"id": 33, "group": {"id": 91, "name": "Non member users"}},
    ),
    "GET /groups/90.json": {"group": {"id": 90, "users": [{"id": 8, "name": "Bo"}]}},
    "GET /groups/91.json": {"group": {"id": 91}},
    "GET /users.json": listed("users", {"id": 1, "login": "admin", "admin": True}, ME),
}


@pytest.mark.parametrize(
    ("is_public", "answers", "expected"),
    [
        (True, roles("view_issues"), None),
        (True, roles("view_wiki_pages"), {"1", "7", "8"}),
        (True, roles("view_issues", listed_too=True), {"1", "7", "8"}),
        (True, {}, {"1", "7", "8"}),
        (False, roles("view_issues"), {"1", "7", "8"}),
    ],
)
async def test_who_may_see_a_project(
    tmp_path: Path,
    answers: dict[str, object],
    expected: set[str] | None,
    *,
    is_public: bool,
) -> None:
    """Public is everyone's only when non-members may see issues; else members and admins."""
    project = {"GET /projects/12.json": {"project": {**PROJECT, "is_public": is_public}}}
    async with redmine(tmp_path, {**MEMBERS, **project, **answers}) as (adapter, _):
        assert await adapter.access("12") == expected


async def test_access_without_admin_rights_is_what_the_rows_say(tmp_path: Path) -> None:
    """Groups and administrators are hidden; group members have rows of their own."""
    hidden = Say(403, body="")
    answers: dict[str, object] = {
        **MEMBERS,
        "GET /users/current.json": {"user": {**ME, "admin": False}},
        "GET /groups/90.json": hidden,
        "GET /groups/91.json": hidden,
        "GET /users.json": hidden,
    }
    async with redmine(tmp_path, answers) as (adapter, _):
        assert await adapter.access("12") == frozenset({"7"})


async def test_what_many_projects_share_is_asked_once(tmp_path: Path) -> None:
    """A hundred projects do not list all users a hundred times."""
    async with redmine(tmp_path, MEMBERS) as (adapter, server):
        await adapter.access("12")
        await adapter.access("12")
    paths = [request.path for request in server.seen]
    assert (paths.count("/users.json"), paths.count("/groups/90.json")) == (1, 1)


async def test_an_id_cannot_lead_elsewhere(tmp_path: Path) -> None:
    """An id is data: it stays one segment of the path."""
    async with redmine(tmp_path, {}) as (adapter, server):
        assert await adapter.task("../users/current") is None
    assert server.seen[0].path == "/issues/..%2Fusers%2Fcurrent.json"


async def test_a_revoked_key_is_told_apart_in_the_middle_of_a_run(tmp_path: Path) -> None:
    """The integration stops and asks for a person."""
    async with redmine(tmp_path, {"GET /issues.json": Say(401, body="")}) as (adapter, _):
        with pytest.raises(ProviderAuthFailed):
            _ = [page async for page in adapter.tasks("12")]
