"""Slack's text as the person meant it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.input_errors import TextTooLong
from bot.domain.slack_text import LONGEST_COMMAND, LONGEST_MESSAGE, as_typed, escape, plain
from tests.processor import seconds_of


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("&amp;lt; &quot;", "&lt; &quot;"),
        ("<#C1|web> <#C2> <@U1|ana> <@U2>", "#web #C2 @ana @U2"),
        ("&lt;@U1&gt;", "<@U1>"),
        ("<!here> <!subteam^S1|@devs>", "@here @devs"),
        ("see <https://a.test/?b=1&amp;c=2|a.test>", "see https://a.test/?b=1&c=2"),
        ("<https://a.test>: x", "https://a.test : x"),
        ("<mailto:a@b.test|a@b.test>", "a@b.test"),
        ("\u201cAcme\u201d \u2018Web\u2019 \u2013 \u2014 \u2212", "\"Acme\" 'Web' - - -"),
        ("\u00abAcme\u00bb \u201eWeb\u201c", '"Acme" "Web"'),
        ("a\u200bb\u202ec\u2066d\ufeffe\x00f\x1bg\xadh", "abcdefgh"),
        (" a\t\n\u00a0 b\u2028c ", "a b c"),
        ("e\u0301", "\u00e9"),
        ("\ud800x", "x"),
        ("\u05e9\u05dc\u05d5\u05dd \U0001f600", "\u05e9\u05dc\u05d5\u05dd \U0001f600"),
        ("< > & a<b", "< > & a<b"),
        ("", ""),
    ],
)
def test_escapes_marks_and_white_space_are_undone(text: str, meant: str) -> None:
    """Escapes marks and white space are undone."""
    assert plain(text) == meant


@given(
    st.text(st.one_of(st.sampled_from("<>&;|@#amplt \u200b\u0301\u0338\u2019"), st.characters()))
)
def test_plain_text_survives_being_sent_again(text: str) -> None:
    """Plain text survives being sent again."""
    once = plain(text)
    assert plain(escape(once)) == once


@given(st.text(st.one_of(st.sampled_from("\u2019\u2013\u0301<>&"), st.characters()), max_size=99))
def test_a_name_compares_as_it_arrives_from_slack(name: str) -> None:
    """However it is spelled in its tool."""
    assert as_typed(name) == plain(escape(name))


def test_too_much_text_is_refused_with_its_length() -> None:
    """Too much text is refused with its length."""
    with pytest.raises(TextTooLong) as refused:
        plain("x" * (LONGEST_COMMAND + 1))
    assert (refused.value.length, refused.value.limit) == (LONGEST_COMMAND + 1, LONGEST_COMMAND)


@pytest.mark.parametrize(
    "piece",
    [
        "x",
        "<",
        "<a|",
        "&",
        "&amp;",
        "\u0301\u0323",
        "\u200b",
        " ",
        "<@U1|",
        "x \u00e9",
        '"',
        "\u2019",
    ],
)
def test_the_longest_message_costs_nothing_noticeable(piece: str) -> None:
    """The longest message costs nothing noticeable."""
    text = "a" + (piece * LONGEST_MESSAGE)[: LONGEST_MESSAGE - 1]
    assert seconds_of(lambda: plain(text, limit=LONGEST_MESSAGE)) < 0.25
