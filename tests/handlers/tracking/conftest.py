"""Where the tests of the Home tab begin."""

from tests.linking_fixtures import ana, world

__all__ = ["ana", "world"]
