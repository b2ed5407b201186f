"""Everything else that the internet reaches: whatever is thrown at it, it never breaks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from schemathesis.specs.openapi.schemas import OpenApiSchema

from bot.integrations.api import Capability
from bot.integrations.registry import Registry
from bot.services.sync.hook_addresses import HookAddresses
from bot.services.sync.hooks import begun
from bot.services.vault import Vault
from tests.api.doors import description, provided
from tests.api.thrown import throw
from tests.api.whole_app import KEY, PUBLIC_URL, served, settings_for
from tests.builders import World

EXAMPLES = 8
_READY = [503]
"""What a probe says that is not an error of ours."""


@pytest.fixture(scope="module")
def doors(
    tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path
) -> Iterator[OpenApiSchema]:
    """Give every tool's webhooks, Slack's door, probes, the pages of installing and signing in."""
    folder = tmp_path_factory.mktemp("doors")
    database = folder / "hourlink.db"
    database.write_bytes(_sqlite_template.read_bytes())
    url = f"sqlite:///{database}"
    world = World(url)
    admin = world.member("admin", admin=True)
    integrations = {
        slug: world.integration(admin, provider=slug, site=f"{slug}.test") for slug in provided()
    }
    vault = Vault([KEY])
    with world.uow.begin() as tx:
        for integration_id in integrations.values():
            begun(tx, world.team_id, integration_id, vault=vault, new_marker=world.new_marker())
    world.close()
    document = description(integrations, HookAddresses(PUBLIC_URL, [KEY]))
    config = schemathesis.Config.from_dict(
        {
            "generation": {"mode": "all", "max-examples": EXAMPLES, "deterministic": True},
            "checks": {
                "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", *_READY]},
                # Nobody here signs anything, so there is nothing that would have to be taken.
                "positive_data_acceptance": {"enabled": False},
                "negative_data_rejection": {"enabled": False},
            },
        }
    )
    with served(settings_for(url, folder), lambda app: app.web) as web:
        found = schemathesis.openapi.from_dict(document, config=config)
        found.app = web
        yield found


def test_nothing_breaks(doors: OpenApiSchema) -> None:
    """Bodies of any type and size, headers with anything in them, methods of any name."""
    thrown = throw(doors)
    assert not thrown.wrong, "\n\n".join(thrown.wrong[:10])
    assert len(thrown.requests) == len(provided()) + 8
    assert {200, 401, 404, 405} <= set(thrown.statuses)


def test_every_tool_with_webhooks_is_thrown_at() -> None:
    """A new adapter's door is tested like the others'."""
    heard = {
        one.slug for one in Registry.load().descriptors() if Capability.HOOKS in one.capabilities
    }
    assert set(provided()) == heard
