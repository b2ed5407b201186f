"""A playground as a pytest fixture.

In a `conftest.py`: `pytest_plugins = ["playground.pytest_plugin"]`. Override the fixture
`slack_options` to choose what `playground.testing.running` takes:

    @pytest.fixture
    def slack_options() -> dict[str, object]:
        return {"manifest": "manifest.yml", "ack": 0.5}

    def test_hello(slack: Playground) -> None:
        with my_app(slack.api_url, slack.bot_token, slack.signing_secret) as url:
            slack.slack.points_to(url)
            ana = slack.person("ana")
            ana.types("/hello", channel="general")
            ana.sees("Hello, Ana")
"""

from collections.abc import Iterator

import pytest

from playground.testing import Playground, running


@pytest.fixture
def slack_options() -> dict[str, object]:
    """What `running` is started with: nothing special."""
    return {}


@pytest.fixture
def slack(slack_options: dict[str, object]) -> Iterator[Playground]:
    """Give a fresh playground; it is gone when the test is over."""
    with running(**slack_options) as playground:  # type: ignore[arg-type]
        yield playground
