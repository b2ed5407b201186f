"""How one playground is set up."""

from dataclasses import dataclass, field
from pathlib import Path

from playground.rates import Limits
from playground.shapes import Json


@dataclass(frozen=True)
class Timings:
    """Slack's time limits in seconds; tests shorten them."""

    ack: float = 3.0
    trigger: float = 3.0
    response_url: float = 1800.0
    response_url_uses: int = 5
    event_retries: tuple[float, ...] = (0.0, 2.0, 5.0)
    """Waits before each repeated event; Slack's own are 0, 60 and 300."""
    save_after: float = 0.3
    overtaking: float = 0.0
    """How long `views.update` waits for the acknowledgement of the view's submission, which it may
    have overtaken. Slack does not wait; nor could tests on a busy machine tell which came first."""


@dataclass(frozen=True)
class Config:
    """Where the app is, the secrets it shares with Slack, and what the team looks like."""

    app_url: str | None = None
    manifest: Path | str | Json | None = None
    team: Path | str | Json | None = None
    signing_secret: str = "playground-signing-secret"  # noqa: S105 - a public default
    bot_token: str = "xoxb-playground-bot-token"  # noqa: S105 - a public default
    app_token: str = "xapp-playground-app-token"  # noqa: S105 - a public default
    client_id: str = "playground-client-id"
    client_secret: str = "playground-client-secret"  # noqa: S105 - a public default
    state: Path | None = None
    socket: bool = False
    timings: Timings = field(default_factory=Timings)
    limits: Limits = field(default_factory=Limits)
