"""The terms a task is found by, in every alphabet."""

import random
import sys

import pytest

from bot.domain.tasks.task_terms import (
    MOST_TERMS,
    fits,
    fold,
    index_terms,
    is_known_by_words,
    owner_term,
    search_words,
    source_term,
    spoken_words,
    team_words,
)


def terms(title: str, key: str = "WEB-12") -> str:
    """The terms of a task with this title."""
    return index_terms(
        key=key, title=title, provider_project_id=7, integration_id=1, assignee_ids=["a 1"]
    )


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        *(("Fix the header", text) for text in ("head", "HEADER", "fix head", "head fix", "web")),
        *(("Fix the header", text) for text in ("web-12", "web-1", "WEB12", "12", "web 12")),
        *(("Sign-in fails", text) for text in ("sign-in", "signin", "sign in", "fails sign")),
        *(("Release v1.2.3", text) for text in ("v1.2", "v1.2.3", "1.2.3")),
        *(("\u00dcbergr\u00f6\u00dfe", text) for text in ("ubergr", "\u00fcbergr\u00f6\u00dfe")),
        ("\u00dcbergr\u00f6\u00dfe", "U\u0308BERGRO\u0308SSE"),
        *(("na\u00efve caf\u00e9", text) for text in ("cafe", "naive", "CAF\u00c9")),
        *(("\u0141\u00f3d\u017a \u00e6r\u00f8", text) for text in ("lodz", "aero")),
        *(("\u0130stanbul", text) for text in ("istanbul", "\u0131stanbul")),
        *(("\u0394\u03bf\u03ba\u03b9\u03bc\u03ae", text) for text in ("\u03b4\u03bf\u03ba\u03b9",)),
        *(("\u0417\u0430\u0433\u043e\u043b\u043e\u0432\u043e\u043a", t) for t in ("\u0437\u0430",)),
        *(("\uff21\uff22\uff23\uff11\uff12", text) for text in ("abc12", "abc")),
        *(
            ("\u4fee\u590d\u767b\u5f55\u9875\u9762bug", text)
            for text in ("\u767b\u5f55", "\u4fee\u590d", "\u9875\u9762", "\u767b", "\u9762", "bug")
        ),
        *(("\u304c\u3063\u3053\u3046", text) for text in ("\u304c\u3063", "\u3053\u3046")),
        (
            "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35\u0e04\u0e23\u0e31\u0e1a",
            "\u0e14\u0e35\u0e04\u0e23",
        ),
        *(("\ud55c\uad6d\uc5b4 \uc81c\ubaa9", text) for text in ("\ud55c\uad6d", "\uc81c\ubaa9")),
        *(("\u0915\u094d\u0937\u092e\u0924\u093e", t) for t in ("\u0915\u094d\u0937\u092e",)),
        *(("\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd", text) for text in ("\u05e9\u05dc\u05d5",)),
        *(("\u0639\u064e\u0631\u064e\u0628\u0640\u0640\u064a", t) for t in ("\u0639\u0631\u0628",)),
        *(("\U0001f389 Release", text) for text in ("\U0001f389", "release \U0001f389")),
        ("\U0001f469\U0001f3fd\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
        ("Step 1\ufe0f\u20e3", "1"),
        ("It's <b>", "it's"),
    ],
)
def test_a_task_is_found_by(title: str, typed: str) -> None:
    """The beginning of a word in any case, accents or width; any part where there are no spaces."""
    assert fits(search_words(typed), terms(title))


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Fix the header", "eader"),
        ("Fix the header", "header menu"),
        ("\u304b\u3063\u3053\u3046", "\u304c\u3063"),
        ("\u4fee\u590d\u767b\u5f55", "\u4fee\u767b"),
        ("Prefix", "fix"),
    ],
)
def test_a_task_is_not_found_by(title: str, typed: str) -> None:
    """The middle of a word, a word that is missing, another letter that only looks alike."""
    assert not fits(search_words(typed), terms(title))


def test_where_a_task_is_and_whose_can_not_be_typed() -> None:
    """Nobody finds a task by the id of its place or of who it is assigned to."""
    found = terms("Fix the header").split()
    assert source_term(7) in found
    assert owner_term(1, "a 1") in found
    for typed in ("#7", "@", owner_term(1, "a 1"), "a 1"):
        assert not fits(search_words(typed) or search_words("zzz"), " ".join(found))


def test_words_that_might_be_misspelled() -> None:
    """Neither numbers, nor keys, nor pairs of a script without spaces."""
    found = spoken_words(terms("Fix 2fa on \u767b\u5f55 of \u0417\u0430\u0433\u043e\u043b").split())
    assert found == {"fix", "web", "\u0437\u0430\u0433\u043e\u043b"}


def test_a_teams_words_know_of_every_beginning_in_letters() -> None:
    """As a term begins, so does a word; ``web12`` needs none where ``web`` is."""
    assert team_words([terms("Fix HTML5 of sign-in")]) == {
        *("fix", "html5", "sign", "signin", "web")
    }
    pick = random.Random(2)  # noqa: S311 - repeatable, not secret
    for _ in range(2000):
        held = terms("".join(pick.choices("abc7-_ \u00e4\u0434\u4fee\u0301", k=20))).split()
        words = team_words([" ".join(held)])
        for term in held:
            for end in range(3, len(term) + 1):
                if is_known_by_words(term[:end]):
                    assert any(word.startswith(term[:end]) for word in words), (term, held)


def test_the_words_of_many_tasks_are_those_of_each() -> None:
    """A page is looked at as a whole, and none of its words is missed; known ones are left out."""
    pick = random.Random(3)  # noqa: S311 - repeatable, not secret
    for _ in range(300):
        titles = ["".join(pick.choices("abc7-_ \u00e4\u0434\u4fee\u0301", k=20)) for _ in range(9)]
        page = [terms(title) for title in titles]
        known = set(pick.choices(" ".join(page).split(), k=9))
        each = (team_words([one], known) for one in page)
        assert team_words(page, known) == set().union(*each)


def test_whatever_a_title_holds_makes_terms_that_both_databases_take() -> None:
    """Single spaces, no quotes, no control characters; not too many, none too long."""
    pick = random.Random(1)  # noqa: S311 - repeatable, not secret
    for _ in range(3000):
        title = "".join(chr(pick.randrange(1, sys.maxunicode)) for _ in range(pick.randrange(30)))
        title = title.encode("utf-8", "replace").decode()
        made = terms(title).split(" ")
        assert "" not in made
        assert len(made) <= MOST_TERMS
        for term in made:
            assert len(term) <= 40
            assert not set(term) & set("'\"\\$\x00 ") or term[0] in "#@"
        for word in search_words(title):
            assert fits([word], " ".join(made))


def test_folding_is_the_same_twice() -> None:
    """What is folded stays as it is, so that typed and stored text meet."""
    pick = random.Random(2)  # noqa: S311 - repeatable, not secret
    for _ in range(3000):
        text = "".join(chr(pick.randrange(1, 0x3000)) for _ in range(10))
        assert fold(fold(text)) == fold(text)
