"""GitHub's people, and what a token lets Hourlink see of them."""

import pytest

from bot.integrations.context import AdapterContext
from bot.providers.github.adapter import GitHub
from tests.providers.github.listed import every_account, every_project
from tests.providers.github.stand_in import GitHubStandIn, token_of


async def test_addresses_that_github_makes_up_match_nobody(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """Whoever hides an address has none here; a verified domain's is proof, a profile's is not."""
    found = await every_account(GitHub(github.credentials, context))
    assert (found["501"].email, found["501"].email_is_verified) == ("mia@acme.test", False)
    assert (found["502"].email, found["502"].email_is_verified) == ("ana@acme.test", True)
    assert (found["503"].email, found["503"].name) == (None, "bo")


async def test_token_that_may_not_see_addresses_still_sees_people(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """Scopes that are missing cost addresses, or boards, not the sync."""
    github.scopes = "repo, read:org"
    adapter = GitHub(github.credentials, context)
    found = await every_account(adapter)
    assert found.keys() == {"501", "502", "503", "504"}
    assert (found["501"].email, found["502"].email) == (None, "ana@acme.test")
    assert not any(name.startswith("PVT") for name in await every_project(adapter))


@pytest.mark.parametrize(
    ("scopes", "words"),
    [
        ("repo, read:org, read:project", []),
        ("repo, admin:org, project", []),
        ("repo", ["read:org", "read:project"]),
        ("", ["scope repo", "read:org", "read:project"]),
        (None, []),
    ],
)
async def test_scopes_that_are_missing_are_named(
    github: GitHubStandIn, context: AdapterContext, scopes: str | None, words: list[str]
) -> None:
    """Before anybody wonders where the private repositories are."""
    github.scopes = scopes
    site = await GitHub(github.credentials, context).check()
    assert len(site.warnings) == len(words)
    assert all(word in told for word, told in zip(words, site.warnings, strict=True))


async def test_end_of_a_token_is_told(github: GitHubStandIn, context: AdapterContext) -> None:
    """Tokens of people have an end, and the sync would stop there."""
    github.expires = "2026-12-20 10:00:00 UTC"
    site = await GitHub(github.credentials, context).check()
    assert site.warnings == ("The token expires on 2026-12-20. Hourlink needs a new one before.",)
    assert site.name == github.url.removeprefix("http://")
    assert (site.account_id, site.account_name) == ("501", "Mia K")


async def test_access_without_the_right_to_push(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """GitHub tells less then: who may be assigned."""
    web = github.repos[github.project_id]
    web.pushers = {502}
    found = await GitHub(github.credentials, context).access(github.project_id)
    assert found == frozenset({"501", "502"})


async def test_internal_repository_is_open_to_its_organization(
    github: GitHubStandIn, context: AdapterContext
) -> None:
    """Whoever is in it may see it without having been let in; an outsider may not."""
    web = github.repos[github.project_id]
    web.visibility, web.collaborators = "internal", {501}
    found = await GitHub(github.credentials, context).access(github.project_id)
    assert found == frozenset({"501", "502", "503"})


async def test_own_token_is_that_persons(github: GitHubStandIn, context: AdapterContext) -> None:
    """Signing in proves an account, and sees what that person sees."""
    own = GitHub({**github.credentials, "token": token_of(503)}, context)
    site = await own.check()
    assert (site.account_id, site.account_name) == ("503", "bo")
    assert await own.project(list(github.repos)[1]) is None
    assert (await every_account(own)).keys() == {"501", "502", "503"}
