"""What Slack does to us.

```
SlackError
+- SlackRefused          it understood and said no; saying it again will not help
+- SlackTryLater         nothing was done; wait
+- TokenRejected         our token is no good, for now or for ever; nothing was done
+- SlackOutcomeUnknown   no answer came: it may have been done
```
"""

from bot.domain.values import dataclass


class SlackError(Exception):
    """Root of what Slack does to us."""


@dataclass(eq=False)
class SlackRefused(SlackError):
    """Slack understood and said no."""

    code: str
    """Slack's own word, for example ``channel_not_found``."""


@dataclass(eq=False)
class SlackTryLater(SlackError):
    """Slack asks to wait, or could not be reached; nothing was done."""

    retry_after: float
    """Seconds."""


@dataclass(eq=False)
class TokenRejected(SlackError):
    """Slack does not accept the bot token; nothing was done."""

    code: str
    """Slack's own word, for example ``invalid_auth``."""


@dataclass(eq=False)
class SlackOutcomeUnknown(SlackError):
    """No answer came."""

    call: str
    """The method that was called."""
