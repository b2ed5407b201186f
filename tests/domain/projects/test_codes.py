import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.projects.codes import Codes

SHAPE = re.compile(r"[A-Z]{2,5}")


@pytest.mark.parametrize(
    ("name", "key", "code"),
    [
        ("Acme Web", "WEB", "WEB"),
        ("Acme Web", "web", "WEB"),
        ("Acme Web", "acme-web", "AW"),
        ("Acme Web", "A", "AW"),
        ("Acme Web", "WEB2", "AW"),
        ("Acme Web", None, "AW"),
        ("Website", None, "WBS"),
        ("Öffentliche Seite", None, "OS"),
        ("The Quick Brown Fox Jumps Over", None, "TQBFJ"),
        ("Aa", None, "AA"),
        ("X", None, "XA"),
        ("Проект", None, "PR"),
        ("設計", None, "PR"),
        ("", None, "PR"),
        ("12", None, "PR"),
    ],
)
def test_a_code_says_what_it_stands_for(name: str, key: str | None, code: str) -> None:
    """People recognise a project in the keys of its tasks; any script gets a code."""
    assert Codes().take(name, key) == code


def test_a_taken_code_gets_a_letter_that_counts() -> None:
    """Two projects of one name have two codes that look alike."""
    codes = Codes(["WEB", "AW"])
    assert codes.take("Acme Web", "WEB") == "ACM"
    assert codes.take("Alpha Wolf", "AW") == "ALP"
    nameless = Codes()
    assert [nameless.take("設計") for _ in range(3)] == ["PR", "PRA", "PRB"]


@given(st.lists(st.tuples(st.text(), st.none() | st.text(max_size=12)), max_size=60))
def test_every_code_is_two_to_five_letters_and_unique(
    projects: list[tuple[str, str | None]],
) -> None:
    """Whatever projects are called, keys made with their codes can be typed and told apart."""
    codes = Codes()
    made = [codes.take(name, key) for name, key in projects]
    assert all(SHAPE.fullmatch(code) for code in made)
    assert len(set(made)) == len(made)


@given(st.text(), st.none() | st.text(max_size=12), st.sets(st.from_regex(SHAPE, fullmatch=True)))
def test_a_code_that_is_taken_is_never_given(name: str, key: str | None, taken: set[str]) -> None:
    """A new project never takes over another one's keys."""
    assert Codes(taken).take(name, key) not in taken


def test_twenty_thousand_nameless_projects_get_codes() -> None:
    """Connecting a whole tool at once finds a code for each."""
    codes = Codes()
    assert len({codes.take("設計") for _ in range(20_000)}) == 20_000
