"""Where the tests of linking begin."""

from tests.linking_fixtures import ana, board, world

__all__ = ["ana", "board", "world"]
