"""Rate limits: so many calls of a method in a window, for each workspace.

Tiers: Slack's table of methods, as in java-slack-sdk's `MethodsRateLimits`. They count real time
even when the playground's clock stands still, because apps sleep through Retry-After in it.
"""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

TIER_1 = frozenset(["apps.connections.open"])
TIER_2 = frozenset(
    [
        "auth.revoke",
        "bookmarks.add",
        "conversations.archive",
        "conversations.create",
        "conversations.list",
        "conversations.rename",
        "conversations.setPurpose",
        "conversations.setTopic",
        "conversations.unarchive",
        "reactions.list",
        "reactions.remove",
        "usergroups.list",
        "users.conversations",
        "users.list",
    ]
)
TIER_4 = frozenset(
    [
        "api.test",
        "chat.postEphemeral",
        "conversations.members",
        "files.completeUploadExternal",
        "files.getUploadURLExternal",
        "files.info",
        "oauth.v2.access",
        "users.info",
        "users.profile.get",
        "views.open",
        "views.publish",
        "views.push",
        "views.update",
    ]
)
SPECIAL = frozenset(["auth.test", "chat.getPermalink"])
"""Slack allows hundreds of these a minute."""
POST = frozenset(["chat.postMessage"])


@dataclass(frozen=True)
class Limits:
    """How often an app may call; off unless `rate_limits` says otherwise."""

    rate_limits: bool = False
    rate_window: float = 60.0
    tier_1: int = 5
    """Slack's table says 1+ and tolerates small bursts, such as an app that is restarted."""
    tier_2: int = 20
    tier_3: int = 50
    tier_4: int = 100
    tier_special: int = 600
    posts_in_workspace: int = 300
    """Slack's reference says several hundred messages a minute."""
    post_every: float = 1.0
    """Seconds between two `chat.postMessage` in a channel."""

    def of(self, method: str) -> int:
        """Calls of a method in a window."""
        if method in TIER_1:
            return self.tier_1
        if method in TIER_2:
            return self.tier_2
        if method in TIER_4:
            return self.tier_4
        if method in SPECIAL:
            return self.tier_special
        return self.posts_in_workspace if method in POST else self.tier_3


class Rates:
    """The calls of the last window."""

    def __init__(self, limits: Limits, now: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._now = now
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def wait_for(self, team: str, method: str, channel: str) -> int:
        """Count a call; give the seconds of Retry-After if it is one too many, else 0."""
        if not self._limits.rate_limits:
            return 0
        spans = [(method, self._limits.of(method), self._limits.rate_window)]
        if method in POST:
            spans.append((f"{method} {channel}", 1, self._limits.post_every))
        now = self._now()
        waits = [self._left(team, what, most, window, now) for what, most, window in spans]
        if any(waits):
            return max(1, math.ceil(max(waits)))
        for what, _, _ in spans:
            self._calls[team, what].append(now)
        return 0

    def _left(self, team: str, what: str, most: int, window: float, now: float) -> float:
        """Seconds until another call fits."""
        calls = self._calls[team, what]
        while calls and now - calls[0] >= window:
            calls.popleft()
        return window - (now - calls[0]) if len(calls) >= most else 0.0
