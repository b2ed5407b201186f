"""What can go wrong with a provider.

```
ProviderError
+- ProviderAuthFailed       the credentials are wrong, expired or locked: ask a person
+- ProviderRefused          it understood and said no; ``reason`` is its own word
+- ProviderRateLimited      try again after ``retry_after`` seconds
+- ProviderUnavailable      no answer, a broken one, or a 5xx: try again
+- ProviderSurprised        an answer nobody expected (HTML, wrong shape): try again, tell us
```
"""

from bot.domain.values import dataclass


@dataclass(eq=False)
class ProviderError(Exception):
    """Root of everything a provider does to us."""

    provider: str
    """The provider's slug."""
    detail: str = ""
    """For logs and run history; never holds a secret."""

    def __str__(self) -> str:
        return f"{self.provider}: {self.detail or type(self).__name__}"


@dataclass(eq=False)
class ProviderAuthFailed(ProviderError):
    """The credentials do not open the door (401, a locked user, an unknown key)."""

    reason: str = ""
    """What is wrong with them, for people, where the adapter knows more than that."""


@dataclass(eq=False)
class ProviderRefused(ProviderError):
    """The provider understood and said no (403, 404, 422)."""

    status: int = 0
    reason: str = ""
    """In the provider's own words, possibly localised: show it, never match on it."""
    for_anyone: bool = False
    """It is not about whose time it is, so in another name it is not to be tried."""


@dataclass(eq=False)
class ProviderRateLimited(ProviderError):
    """Too many requests."""

    retry_after: float = 60.0
    """Seconds."""


@dataclass(eq=False)
class ProviderUnavailable(ProviderError):
    """No connection, a timeout, a reset, or the provider's own 5xx."""

    status: int = 0
    """Of its answer; 0 where none came."""


@dataclass(eq=False)
class ProviderSurprised(ProviderError):
    """An answer outside the API's description, for example HTML where JSON was promised."""
