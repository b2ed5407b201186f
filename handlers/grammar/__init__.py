"""Words to command values for ``/track`` and ``/link``: pure, one value for each verb.

``parse_track`` and ``parse_link`` read what Slack sent after the command; ``words`` writes a value
back. ``TRACK`` and ``LINK`` are the tables of verbs, ``available`` picks those on offer.
"""

from handlers.grammar.bare import clock_in, parse_bare
from handlers.grammar.link import LINK, link_verb, parse_link
from handlers.grammar.spell import words
from handlers.grammar.track import TRACK, parse_track, uncopied
from handlers.grammar.verbs import Verb, available, find, hinted, nearest

__all__ = [
    "LINK",
    "TRACK",
    "Verb",
    "available",
    "clock_in",
    "find",
    "hinted",
    "link_verb",
    "nearest",
    "parse_bare",
    "parse_link",
    "parse_track",
    "uncopied",
    "words",
]
