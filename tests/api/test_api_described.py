"""The API held against its own description, with requests that nobody thought of."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import schemathesis
from schemathesis.specs.openapi.schemas import OpenApiSchema

from bot.domain.operating.api_tokens import Lifetime
from bot.domain.sync.pacing import Allowance
from bot.services.operating.api_tokens import ApiTokens
from bot.services.vault import Vault
from tests.api.thrown import throw
from tests.api.whole_app import KEY, served, settings_for
from tests.services.agency import Agency

EXAMPLES = 12
"""Of each endpoint, besides the systematic ones."""


@pytest.fixture(scope="module")
def description(
    tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path
) -> Iterator[OpenApiSchema]:
    """Give what the server itself says of its API, and an admin's token to ask with."""
    folder = tmp_path_factory.mktemp("described")
    database = folder / "hourlink.db"
    database.write_bytes(_sqlite_template.read_bytes())
    url = f"sqlite:///{database}"
    agency = Agency(url)
    now = datetime.now(UTC)
    for who in (agency.admin, agency.ana, agency.bo):
        for project in (agency.website, agency.shop):
            agency.world.length(who, project, None, now, 5000)
    agency.world.timer(agency.ana, agency.website, agency.web12, now)
    tokens = ApiTokens(agency.world.uow, Vault([KEY]), lambda: "0123456789abcdef01234567")
    made = tokens.make(who=agency.admin, name="sheet", lifetime=Lifetime.MONTH, now=now)
    agency.world.close()
    config = schemathesis.Config.from_dict(
        {
            "headers": {"Authorization": f"Bearer {made.secret}"},
            "generation": {"mode": "all", "max-examples": EXAMPLES, "deterministic": True},
            "checks": {
                # A period in words, a cursor, and which parameters go together, are more than
                # JSON Schema can say; the API says the rest in a sentence.
                "positive_data_acceptance": {"expected-statuses": ["2xx", 400, 404]},
            },
        }
    )
    # Nobody is stopped for asking often; that has its own test.
    unlimited = Allowance(burst=10**9, per_second=1)
    with (
        pytest.MonkeyPatch.context() as patched,
        served(settings_for(url, folder), lambda app: app.web) as web,
    ):
        patched.setattr("bot.domain.sync.pacing.ALLOWANCE", unlimited)
        yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", web, config=config)


def test_every_answer_is_as_described(description: OpenApiSchema) -> None:
    """Statuses, types, bodies and headers; strangers are refused, and nonsense is."""
    thrown = throw(description)
    assert not thrown.wrong, "\n\n".join(thrown.wrong[:10])
    assert all(number > 10 for number in thrown.requests.values()), thrown.requests
    assert thrown.statuses[200] > EXAMPLES
    assert {400, 401, 405} <= set(thrown.statuses)
