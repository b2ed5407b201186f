"""What the tests of the client begin with."""

from tests.integrations.client_desk import naps, pool

__all__ = ["naps", "pool"]
