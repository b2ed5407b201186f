"""What a Slack message mentions (T9)."""

import pytest

from bot.domain.slack_text import LONGEST_MESSAGE
from bot.domain.tasks.mentions import MOST, Mentions, read_mentions


@pytest.mark.parametrize(
    ("said", "keys", "urls", "numbers"),
    [
        ("Can you look at TASK-12 today?", ("TASK-12",), (), ()),
        ("task-12, Task-12 and TASK-012", ("TASK-12",), (), ()),
        ("on branch feature/web-12-fix-header", ("WEB-12",), (), ()),
        ("*WEB-9* and `OPS-3`, (SHOP-4)", ("WEB-9", "OPS-3", "SHOP-4"), (), ()),
        ("WEB\u201112 with another dash", ("WEB-12",), (), ()),
        ("see <https://a.test/browse/WEB-12>", (), ("https://a.test/browse/WEB-12",), ()),
        (
            "<https://a.test/x?a=1&amp;b=2|WEB-12: Fix it>",
            ("WEB-12",),
            ("https://a.test/x?a=1&b=2",),
            (),
        ),
        (
            "<https://a.test/WEB-12|https://a.test/WEB-12>",
            (),
            ("https://a.test/WEB-12",),
            (),
        ),
        ("bare https://a.test/t/5. Then", (), ("https://a.test/t/5",), ()),
        ("#12 and #7, not C#8, &#35; or a/#9", (), (), (12, 7)),
        ("<#C0WEB|web> says <@U0ANA|ana> utf-8x", (), (), ()),
        ("", (), (), ()),
        ("1-2, A-1, -5, X--3", (), (), ()),
    ],
)
def test_keys_addresses_and_numbers(
    said: str, keys: tuple[str, ...], urls: tuple[str, ...], numbers: tuple[int, ...]
) -> None:
    """Each once, in order; what only looks alike is left alone."""
    found = read_mentions(said)
    assert (found.keys, found.urls, found.numbers) == (keys, urls, numbers)


def test_words_are_the_message_without_its_addresses() -> None:
    """To search by, and to be recognised."""
    found = read_mentions("The <https://a.test/1|menu> is\nbroken &amp; ugly")
    assert found == Mentions((), ("https://a.test/1",), (), "The menu is broken & ugly")


def test_a_long_list_is_cut_where_it_is_no_mention_any_more() -> None:
    """And the longest message is read in a moment."""
    said = " ".join(f"WEB-{number}" for number in range(1, 3000))
    found = read_mentions(said)
    assert len(found.keys) == MOST
    assert len(found.words) <= 300
    hard = "https://" * 4000 + "A1-" * 9000
    assert read_mentions((hard * 3)[: LONGEST_MESSAGE + 500]).numbers == ()
