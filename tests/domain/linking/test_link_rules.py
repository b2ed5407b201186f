"""Which provider projects the rules of an integration let in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.linking.link_rules import (
    LONGEST_PATTERN,
    MOST_RULES,
    LinkRule,
    PatternTooLong,
    RuleBy,
    TooManyRules,
    lets_in,
    tidy,
)

WORKSPACE = RuleBy.WORKSPACE


def includes(pattern: str, by: RuleBy = RuleBy.NAME) -> LinkRule:
    """Only these."""
    return LinkRule(include=True, pattern=pattern, by=by)


def excludes(pattern: str, by: RuleBy = RuleBy.NAME) -> LinkRule:
    """Not these."""
    return LinkRule(include=False, pattern=pattern, by=by)


@pytest.mark.parametrize(
    ("pattern", "fits", "does_not"),
    [
        ("Sandbox", "sandbox", "Sandbox 1"),
        ("Sandbox*", "SANDBOX 1", "My sandbox"),
        ("*sandbox*", "My Sandbox 1", "Sand"),
        ("Team ?", "team 7", "Team 12"),
        ("[old]*", "[OLD] Web", "o"),
        ("a.b", "A.B", "axb"),
        ("ÖLBAD*", "Ölbad Süd", "Olbad"),
        ("Acme  Web", "acme web", "acmeweb"),
        ("a*b*c", "a-b-b-c", "a-c-b"),
        ("*b", "anything b", "anything"),
    ],
)
def test_a_pattern_is_a_whole_name_with_stars(pattern: str, fits: str, does_not: str) -> None:
    """In any case; brackets and dots are only brackets and dots."""
    decide = lets_in([includes(pattern)])
    assert decide(fits, "")
    assert not decide(does_not, "")
    assert not lets_in([excludes(pattern)])(fits, "")


def test_excluding_wins_and_including_limits() -> None:
    """Without include rules everything is let in; with them only what fits one."""
    assert lets_in([])("Anything", "Anywhere")
    assert lets_in([excludes("Sandbox*")])("Web", "")
    both = lets_in([includes("Acme*"), includes("Labs", WORKSPACE), excludes("*old*")])
    assert both("Acme Web", "Other")
    assert both("Robot", "LABS")
    assert not both("Robot", "Other")
    assert not both("Acme old", "Labs")


def test_one_pattern_is_kept_once_and_the_last_word_counts() -> None:
    """Including what was excluded takes the exclusion back; blanks are no rules."""
    kept = tidy([excludes(" Sandbox* "), excludes("  "), includes("sandbox*"), excludes("X")])
    assert kept == (includes("sandbox*"), excludes("X"))
    assert len(tidy([excludes("A"), excludes("A", WORKSPACE)])) == 2


def test_there_is_an_end_to_rules() -> None:
    """A pasted list of names is not a rule."""
    with pytest.raises(TooManyRules):
        tidy([excludes(f"Name {number}") for number in range(MOST_RULES + 1)])
    with pytest.raises(PatternTooLong):
        tidy([excludes("x" * (LONGEST_PATTERN + 1))])


@given(st.text("ab*?", max_size=12), st.text("abAB", max_size=12))
def test_a_pattern_means_what_a_simple_reading_means(pattern: str, name: str) -> None:
    """However the stars stand."""
    decided = not lets_in([excludes(pattern)])(name, "")
    assert decided == _reads(pattern.casefold(), name.casefold())


def _reads(pattern: str, name: str) -> bool:
    if not pattern:
        return not name
    if pattern[0] == "*":
        return _reads(pattern[1:], name) or (bool(name) and _reads(pattern, name[1:]))
    return bool(name) and pattern[0] in {"?", name[0]} and _reads(pattern[1:], name[1:])


def test_no_pattern_takes_long() -> None:
    """Fifty stars against a long name of one letter: still at once."""
    assert lets_in([excludes("*a" * 49 + "*b")])("a" * 500, "")
