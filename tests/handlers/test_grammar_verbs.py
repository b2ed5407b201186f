"""The tables of verbs: every spelling means one, and what help shows can be typed."""

import pytest

from bot.domain.input_errors import UnknownVerb
from handlers.grammar import LINK, TRACK, Verb, parse_link, parse_track
from handlers.grammar import track_values as track


def test_a_word_from_elsewhere_suggests_and_is_no_verb() -> None:
    """What another tracker calls it is not taken for something spelled alike."""
    for verb in TRACK:
        for hint in verb.hints.split():
            with pytest.raises(UnknownVerb) as refused:
                parse_track(hint)
            assert verb.name in refused.value.nearest


def test_no_spelling_means_two_verbs() -> None:
    """No spelling means two verbs."""
    for names in ([(v.name, *v.aliases) for v in TRACK], [(v.name, *v.aliases) for v in LINK]):
        spellings = [spelling for spelled in names for spelling in spelled]
        assert len(spellings) == len(set(spellings))


def test_every_example_in_the_tables_is_understood() -> None:
    """Every example in the tables is understood."""
    for verb in TRACK:
        assert verb.usage.startswith(verb.name)
        parse_track(verb.example)
    for row in LINK:
        assert row.usage.startswith(row.name)
        parse_link(row.example)


@pytest.mark.parametrize("verb", TRACK, ids=lambda verb: verb.name)
def test_every_example_of_track_is_understood(verb: Verb[track.TrackCommand]) -> None:
    """What help shows can be typed as it stands, and is about the verb that shows it."""
    kind = type(parse_track(verb.example))
    assert [type(parse_track(example)) for example in verb.more] == [kind] * len(verb.more)
