"""What can go wrong, with its data."""

from collections.abc import Sequence


class SlackError(Exception):
    """A refusal in Slack's own words: the `error` of a Web API answer."""

    def __init__(self, code: str, messages: Sequence[str] = (), **extra: str) -> None:
        """Keep the code, the lines of `response_metadata.messages` and further fields."""
        super().__init__(code)
        self.code = code
        self.messages = list(messages)
        self.extra = extra


class ConfigError(Exception):
    """A team file, a manifest or an option that cannot be used, and where it is wrong."""

    def __init__(self, where: str, why: str) -> None:
        """Keep the place and the reason."""
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why
